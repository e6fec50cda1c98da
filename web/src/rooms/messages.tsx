// This file is Messages: search by address, subject, id, state, stream, tenant and time; newest first, live. For people of a tenant it is
// "Find a person".
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import { useSearch } from '../address.ts';
import { messagesQuery } from '../api/mail-queries.ts';
import type { MessageRow } from '../api/model.ts';
import { tenantsQuery } from '../api/sender-queries.ts';
import { useNow } from '../clock.ts';
import { A } from '../desk/a.tsx';
import { Button } from '../desk/button.tsx';
import type { Column } from '../desk/column.ts';
import { DataTable } from '../desk/data-table.tsx';
import { Empty } from '../desk/empty.tsx';
import { useLiveRows } from '../desk/live-rows.ts';
import { AskedPage } from '../desk/page.tsx';
import { Pages } from '../desk/pages.tsx';
import { StatePill } from '../desk/state-pill.tsx';
import { TableFoot } from '../desk/table-foot.tsx';
import { ThinBar } from '../desk/thin-bar.tsx';
import { Time, useFormat } from '../desk/time.tsx';
import { sayResult } from '../desk/toast.tsx';
import { RoomCrumb } from '../frame/room-crumb.tsx';
import { type MessageFilters, paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { fullCounts, isState } from '../states.ts';
import { messagesWords } from '../words/messages.words.ts';
import { streamNames } from '../words/states.words.ts';
import { tableWords } from '../words/table.words.ts';
import { logLine } from './messages.log.ts';

export { logLine };

const SearchBar = lazy(() => import('./messages-search.tsx').then((file) => ({ default: file.SearchBar })));
const HOURS = { '1h': 1, '24h': 24, '7d': 168, '30d': 720 } as const;
const idOf = (row: MessageRow) => row.id;

export function Messages() {
  const words = useWords(messagesWords);
  const format = useFormat();
  const now = useNow();
  const { ofTenant } = usePerson();
  const filters = useFilters();
  const search = useMemo(() => apiSearch(filters), [filters]);
  const query = useQuery(messagesQuery(search));
  const tenants = useQuery({ ...tenantsQuery, enabled: !ofTenant });
  const tenantName = tenants.data?.data.find((tenant) => tenant.id === filters.tenant)?.name ?? null;
  return (
    <AskedPage
      title={ofTenant ? words.findPerson : words.title}
      query={query}
      what={words.what}
      asking={words.asking}
      crumb={<RoomCrumb href={paths.messages()} title={ofTenant ? words.findPerson : words.title} />}
      line={(page) => logLine({ page, filters, tenantName, nowMs: now }, format)}
      lineWaits={filters.tenant !== undefined && tenants.isLoading}
      above={
        <Suspense fallback={<div className="find-row" />}>
          <SearchBar filters={filters} tenants={tenants.data?.data ?? []} />
        </Suspense>
      }
    >
      {(page) => <List rows={page.data} next={page.next} filters={filters} search={search} />}
    </AskedPage>
  );
}

interface ListProps {
  readonly rows: readonly MessageRow[];
  readonly next: string | null;
  readonly filters: MessageFilters;
  readonly search: Readonly<Record<string, string>>;
}

function List({ rows, next, filters, search }: ListProps) {
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
        <Empty
          title={words.firstTitle}
          actions={
            <A className="btn" href={paths.newCredential()}>
              {words.makeCredential}
            </A>
          }
        >
          {words.firstHow}
        </Empty>
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

/** The filters of the address, without empty ones. */
function useFilters(): MessageFilters {
  const search = useSearch();
  return useMemo(() => {
    const names = ['address', 'subject', 'id', 'state', 'stream', 'sender', 'waits_for', 'tenant', 'time', 'after'] as const;
    return Object.fromEntries(names.flatMap((name) => (search[name] ? [[name, search[name]]] : [])));
  }, [search]);
}

export function without(filters: MessageFilters, name: keyof MessageFilters): MessageFilters {
  return Object.fromEntries(Object.entries(filters).filter(([key]) => key !== name));
}

/** The same filters as the API names them. The time's edge is cut to the minute, so that asking again asks the same question. */
function apiSearch({ tenant, time, ...rest }: MessageFilters): Record<string, string> {
  const hours = time !== undefined && time in HOURS ? HOURS[time as keyof typeof HOURS] : null;
  const from = hours === null ? null : new Date(Math.floor(Date.now() / 60_000) * 60_000 - hours * 3_600_000).toISOString();
  return {
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
    ...(tenant === undefined ? {} : { tenant_id: tenant }),
    ...(from === null ? {} : { from }),
  };
}
