// This file lists refusals: the receiver's own words, our reading with the rule that decided, what to do next, and what became of it.
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Bounce } from '../api/feedback-model.ts';
import { bouncesQuery } from '../api/feedback-queries.ts';
import { useClassNames, useEndedWords } from '../class-words.ts';
import { A } from '../desk/a.tsx';
import { Button } from '../desk/button.tsx';
import type { Column } from '../desk/column.ts';
import { DataTable } from '../desk/data-table.tsx';
import { Empty } from '../desk/empty.tsx';
import { ErrorState } from '../desk/error-state.tsx';
import { FaultTag } from '../desk/fault-tag.tsx';
import { useLiveRows } from '../desk/live-rows.ts';
import { Pages } from '../desk/pages.tsx';
import { StatePill } from '../desk/state-pill.tsx';
import { TableFoot } from '../desk/table-foot.tsx';
import { Time, useFormat } from '../desk/time.tsx';
import { sayResult } from '../desk/toast.tsx';
import { type AnswerFilters, paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { faultOf } from '../states.ts';
import { bouncesPartsWords } from '../words/bounces-parts.words.ts';
import { tableWords } from '../words/table.words.ts';
import { listSearch, without } from './answer-search.ts';

const idOf = (row: Bounce) => row.id;

export function BouncesList({ filters }: { readonly filters: AnswerFilters }) {
  const words = useWords(bouncesPartsWords);
  const desk = useWords(tableWords);
  const format = useFormat();
  const search = useMemo(() => listSearch(filters), [filters]);
  const query = useQuery(bouncesQuery(search));
  const columns = useColumns(filters);
  const live = useLiveRows(query.data?.data ?? [], JSON.stringify(search), idOf);
  if (query.data === undefined)
    return query.error === null ? (
      <p className="faint bar">{words.listWait}</p>
    ) : (
      <div className="bar">
        <ErrorState error={query.error} what={words.listWhat} onRetry={() => void query.refetch()} />
      </div>
    );
  if (query.data.data.length === 0)
    return (
      <div className="bar">
        <Empty title={words.nothing}>{words.nothingHow}</Empty>
      </div>
    );
  const next = query.data.next;
  return (
    <div className="bar">
      <h2 className="sub">{words.list}</h2>
      <p className="mute">{words.listQuestion}</p>
      {live.waiting === 0 ? null : (
        <div className="fresh-bar" role="status">
          <Button onClick={() => live.show(document.getElementById('list'))}>{desk.freshRows(format.int(live.waiting))}</Button>
        </div>
      )}
      <div className="sheet mt-3">
        <DataTable
          caption={words.listCaption}
          rows={live.rows}
          columns={columns}
          rowId={idOf}
          rowHref={(row) => paths.message(row.message_id, { recipient: row.recipient_id })}
          fresh={live.fresh}
        />
      </div>
      <TableFoot
        shown={live.rows.length}
        more={next !== null || filters.after !== undefined}
        pages={
          <Pages
            first={filters.after === undefined ? null : `${paths.bounces(without(filters, 'after'))}#list`}
            next={next === null ? null : `${paths.bounces({ ...filters, after: next })}#list`}
            newestFirst
          />
        }
        onCsv={() => {
          sayResult(desk.csvWorking);
          void import('./answers-csv.ts').then((file) => file.exportBounces(search));
        }}
      />
    </div>
  );
}

function useColumns(filters: AnswerFilters): Column<Bounce>[] {
  const words = useWords(bouncesPartsWords);
  const { ofTenant } = usePerson();
  return useMemo(() => {
    const base = without(filters, 'after');
    const columns: Column<Bounce>[] = [
      {
        id: 'recipient',
        head: words.recipient,
        cell: (row) => (
          <>
            {row.address}
            <br />
            <span className="small faint">{row.subject === '' ? words.noSubject : row.subject}</span>
          </>
        ),
        filter: (row) => paths.bounces({ ...base, address: row.address }),
      },
      { id: 'said', head: words.said, cell: (row) => <Said row={row} /> },
      {
        id: 'read',
        head: words.read,
        cell: (row) => <Read row={row} />,
        filter: (row) => (row.class === null ? null : paths.bounces({ ...base, class: row.class })),
      },
      {
        id: 'tenant',
        head: words.tenant,
        cell: (row) => row.tenant_name,
        filter: (row) => paths.bounces({ ...base, tenant: row.tenant_id }),
      },
      { id: 'at', head: words.at, cell: (row) => <Time at={row.at} /> },
      { id: 'now', head: words.now, cell: (row) => <Now row={row} /> },
    ];
    return ofTenant || filters.tenant !== undefined ? columns.filter((column) => column.id !== 'tenant') : columns;
  }, [filters, words, ofTenant]);
}

/** What came over the wire, whole. */
function Said({ row }: { row: Bounce }) {
  const words = useWords(bouncesPartsWords);
  if (row.diagnostic === null || row.diagnostic === '') return <span className="faint">{words.saidNothing}</span>;
  return <span className="wire">{row.diagnostic}</span>;
}

function Read({ row }: { row: Bounce }) {
  const words = useWords(bouncesPartsWords);
  const className = useClassNames();
  const classWords = useEndedWords()(row.class);
  const { ofTenant } = usePerson();
  const fault = faultOf(row.fault);
  const short = row.class === null ? null : className(row.class);
  return (
    <>
      {fault === null ? short : <FaultTag fault={fault}>{short ?? undefined}</FaultTag>}
      {classWords === null ? null : (
        <p className="small">
          {ofTenant ? classWords.volunteer : classWords.developer} <b>{words.next}:</b> {classWords.next}
        </p>
      )}
      {ofTenant ? null : (
        <p className="small faint">
          {[row.rule === null ? '' : words.ruleNamed(row.rule), row.provider_label === null ? '' : words.providerSays(row.provider_label)]
            .filter((part) => part !== '')
            .join(', ')}
        </p>
      )}
    </>
  );
}

function Now({ row }: { row: Bounce }) {
  const words = useWords(bouncesPartsWords);
  return (
    <>
      <StatePill state={row.state} calm={row.state === 'delivered'} />
      {row.held ? (
        <>
          <br />
          <A className="small" href={paths.holds({ address: row.address })}>
            {words.onHold}
          </A>
        </>
      ) : null}
    </>
  );
}
