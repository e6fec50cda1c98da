// This file is the list on Messages: newest first, live, each row leading to its message.
import { useRouter } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { MessageRow } from '../api/model.ts';
import { A } from '../desk/a.tsx';
import { Button } from '../desk/button.tsx';
import type { Column } from '../desk/column.ts';
import { DataTable } from '../desk/data-table.tsx';
import { Empty } from '../desk/empty.tsx';
import { useLiveRows } from '../desk/live-rows.ts';
import { Pages } from '../desk/pages.tsx';
import { StatePill } from '../desk/state-pill.tsx';
import { TableFoot } from '../desk/table-foot.tsx';
import { ThinBar } from '../desk/thin-bar.tsx';
import { Time, useFormat } from '../desk/time.tsx';
import { sayResult } from '../desk/toast.tsx';
import { type MessageFilters, paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { fullCounts, isState } from '../states.ts';
import { messagesWords } from '../words/messages.words.ts';
import { streamNames } from '../words/states.words.ts';
import { tableWords } from '../words/table.words.ts';
import { FirstCredential } from './first-credential.tsx';

const idOf = (row: MessageRow) => row.id;

interface MessageListProps {
  readonly rows: readonly MessageRow[];
  readonly next: string | null;
  readonly filters: MessageFilters;
  readonly search: Readonly<Record<string, string>>;
}

export function MessageList({ rows, next, filters, search }: MessageListProps) {
  const words = useWords(messagesWords);
  const desk = useWords(tableWords);
  const format = useFormat();
  const router = useRouter();
  const columns = useColumns(filters);
  const live = useLiveRows(rows, JSON.stringify(search), idOf);
  const filtered = Object.keys(filters).length > 0;
  if (rows.length === 0) return <Nothing filters={filters} next={next} />;
  const older = next === null ? null : paths.messages({ ...filters, after: next });
  return (
    <div className="bar">
      {live.waiting === 0 ? null : (
        <div className="fresh-bar" role="status">
          <Button onClick={() => live.show()}>{desk.freshRows(format.int(live.waiting))}</Button>
        </div>
      )}
      <div className="sheet">
        <DataTable
          caption={words.caption}
          rows={live.rows}
          columns={columns}
          rowId={idOf}
          rowHref={(row) => paths.message(row.id)}
          fresh={live.fresh}
          {...(filtered ? { onEscape: () => router.history.push(paths.messages()) } : {})}
        />
      </div>
      <TableFoot
        shown={live.rows.length}
        more={older !== null || filters.after !== undefined}
        pages={<Pages first={filters.after === undefined ? null : paths.messages(without(filters, 'after'))} next={older} newestFirst />}
        onCsv={() => {
          sayResult(desk.csvWorking);
          void import('./messages-csv.ts').then((file) => file.exportMessages(search));
        }}
      />
    </div>
  );
}

function Nothing({ filters, next }: { filters: MessageFilters; next: string | null }) {
  const words = useWords(messagesWords);
  if (next !== null) {
    return (
      <div className="bar">
        <Empty
          title={words.windowEmpty}
          actions={
            <A className="btn main" href={paths.messages({ ...filters, after: next })}>
              {words.lookOn}
            </A>
          }
        />
      </div>
    );
  }
  const filtered = Object.keys(filters).length > 0;
  return (
    <div className="bar">
      {filtered ? (
        <Empty
          title={words.emptyTitle}
          actions={
            <A className="btn" href={paths.messages()}>
              {words.clear}
            </A>
          }
        >
          {words.emptyHow}
        </Empty>
      ) : (
        <FirstCredential title={words.firstTitle} how={words.firstHow} make={words.makeCredential} />
      )}
    </div>
  );
}

function useColumns(filters: MessageFilters): Column<MessageRow>[] {
  const words = useWords(messagesWords);
  const streams = useWords(streamNames);
  const format = useFormat();
  const { ofTenant } = usePerson();
  return useMemo(() => {
    const base = without(filters, 'after');
    const columns: Column<MessageRow>[] = [
      {
        id: 'message',
        head: words.message,
        cell: (row) => (
          <>
            {row.subject === '' ? words.noSubject : row.subject}
            <br />
            <span className="small faint">{row.from}</span>
          </>
        ),
      },
      {
        id: 'to',
        head: words.to,
        cell: (row) => (
          <>
            {row.first_recipient}
            {row.recipient_count > 1 ? <span className="faint"> {words.andOthers(format.int(row.recipient_count - 1))}</span> : null}
          </>
        ),
        filter: (row) => (row.first_recipient === null ? null : paths.messages({ ...base, address: row.first_recipient })),
      },
      { id: 'state', head: words.state, cell: (row) => <States row={row} />, filter: (row) => stateFilter(row, base) },
      {
        id: 'tenant',
        head: words.tenant,
        cell: (row) => row.tenant_name,
        filter: (row) => paths.messages({ ...base, tenant: row.tenant_id }),
      },
      {
        id: 'stream',
        head: words.stream,
        cell: (row) => <span className="mute">{streams[row.stream]}</span>,
        filter: (row) => paths.messages({ ...base, stream: row.stream }),
        fine: () => true,
      },
      { id: 'at', head: words.takenIn, cell: (row) => <Time at={row.created_at} /> },
    ];
    return ofTenant ? columns.filter((column) => column.id !== 'tenant') : columns;
  }, [filters, words, streams, format, ofTenant]);
}

/** One recipient or one fate: its pill. Several fates: the bar and the worst in words. */
function States({ row }: { row: MessageRow }) {
  const format = useFormat();
  const there = Object.entries(row.states).filter(([state, count]) => isState(state) && count > 0);
  const only = there.length === 1 ? there[0]?.[0] : undefined;
  if (only !== undefined && isState(only)) return <StatePill state={only} calm={only === 'delivered'} />;
  if (there.length === 0) return null;
  const counts = fullCounts(row.states);
  return (
    <>
      <ThinBar counts={counts} total={row.recipient_count} />
      <span className="small faint">{format.of(counts.delivered, row.recipient_count)}</span> <StatePill state="delivered" bare />
    </>
  );
}

function stateFilter(row: MessageRow, base: MessageFilters): string | null {
  const state = Object.keys(row.states)[0];
  return state === undefined ? null : paths.messages({ ...base, state });
}

function without(filters: MessageFilters, name: keyof MessageFilters): MessageFilters {
  return Object.fromEntries(Object.entries(filters).filter(([key]) => key !== name));
}
