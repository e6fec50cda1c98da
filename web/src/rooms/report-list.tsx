// This file lists the reports that came, and takes one as a file.
import { type ReactNode, useMemo } from 'react';
import type { Page } from '../api/model.ts';
import type { DomainReport } from '../api/reports-model.ts';
import type { Column } from '../desk/column.ts';
import { DataTable } from '../desk/data-table.tsx';
import { Empty } from '../desk/empty.tsx';
import { Pages } from '../desk/pages.tsx';
import { Section } from '../desk/section.tsx';
import { TableFoot } from '../desk/table-foot.tsx';
import { Time, useFormat } from '../desk/time.tsx';
import { paths, type ReportFilters } from '../paths.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { reportKinds, reportReasons, reportStates, reportWords } from '../words/reports.words.ts';
import { HandInReport } from './hand-in-report.tsx';

interface ReportListProps {
  readonly page: Page<DomainReport>;
  readonly filters: ReportFilters;
  readonly chips: ReactNode;
}

export function ReportList({ page, filters, chips }: ReportListProps) {
  const words = useWords(reportWords);
  const { role } = usePerson();
  const filtered = Object.keys(filters).length > 0;
  return (
    <Section id="list" title={words.received} question={words.receivedQuestion}>
      <div className="stack">
        {chips}
        {page.data.length === 0 ? (
          <Empty title={filtered ? words.lineNoMatch : words.lineNone}>{filtered ? words.noMatchHow : words.noneHow}</Empty>
        ) : (
          <Rows page={page} filters={filters} />
        )}
        {role === 'viewer' ? null : (
          <details>
            <summary>{words.hand}</summary>
            <HandInReport tenantId={filters.tenant ?? null} />
          </details>
        )}
      </div>
    </Section>
  );
}

function Rows({ page, filters }: { page: Page<DomainReport>; filters: ReportFilters }) {
  const words = useWords(reportWords);
  const columns = useColumns(filters);
  const { after: _, ...base } = filters;
  return (
    <div>
      <div className="sheet">
        <DataTable
          caption={words.caption}
          rows={page.data}
          columns={columns}
          rowId={(report) => report.id}
          rowHref={(report) => paths.report(report.id)}
          bad={(report) => report.state === 'forged' || report.state === 'conflict'}
        />
      </div>
      <TableFoot
        shown={page.data.length}
        more={page.next !== null || filters.after !== undefined}
        pages={
          <Pages
            first={filters.after === undefined ? null : paths.reports(base)}
            next={page.next === null ? null : paths.reports({ ...base, after: page.next })}
            newestFirst
          />
        }
      />
    </div>
  );
}

function useColumns(filters: ReportFilters): Column<DomainReport>[] {
  const words = useWords(reportWords);
  const kinds = useWords(reportKinds);
  const states = useWords(reportStates);
  const reasons: Readonly<Record<string, string>> = useWords(reportReasons);
  const format = useFormat();
  return useMemo(() => {
    const { after: _, ...base } = filters;
    return [
      { id: 'reporter', head: words.reporter, cell: (report) => report.org_name ?? words.nobody },
      {
        id: 'domain',
        head: words.about,
        cell: (report) => (
          <span className="any">
            {report.domain}
            <br />
            <span className="small faint">{kinds[report.kind]}</span>
          </span>
        ),
        filter: (report) => (report.domain === null ? null : paths.reports({ ...base, domain: report.domain })),
      },
      {
        id: 'state',
        head: words.state,
        cell: (report) => (
          <>
            <span className={report.state === 'counted' ? 'mute' : undefined}>{states[report.state]}</span>
            {report.why === null ? null : (
              <>
                <br />
                <span className="small faint">{reasons[report.why] ?? report.why}</span>
              </>
            )}
          </>
        ),
        filter: (report) => paths.reports({ ...base, state: report.state }),
      },
      { id: 'messages', head: words.messages, cell: (report) => format.cell(report.messages), num: true },
      { id: 'proven', head: words.proven, cell: (report) => format.cell(report.passed), num: true },
      { id: 'day', head: words.day, cell: (report) => (report.begin_at === null ? '·' : <Time at={report.begin_at} />) },
    ];
  }, [words, kinds, states, reasons, format, filters]);
}
