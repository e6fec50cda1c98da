// This file is the evidence on Complaints: each receiver's rate with what is likely against the two lines, and the list.
import { useMemo } from 'react';
import type { Complaint, ComplaintRate, ComplaintRates } from '../api/feedback-model.ts';
import type { Page } from '../api/model.ts';
import { useProviderNames } from '../class-words.ts';
import type { Column } from '../desk/column.ts';
import { DataTable } from '../desk/data-table.tsx';
import { Empty } from '../desk/empty.tsx';
import { Pages } from '../desk/pages.tsx';
import { Section } from '../desk/section.tsx';
import { TableFoot } from '../desk/table-foot.tsx';
import { Time, useFormat } from '../desk/time.tsx';
import { sayResult } from '../desk/toast.tsx';
import { Whisker } from '../desk/whisker.tsx';
import { providerNameIn } from '../mailbox-providers.ts';
import { type AnswerFilters, paths } from '../paths.ts';
import { knownRate } from '../rate.ts';
import { useScreen, useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { complaintsWords } from '../words/complaints.words.ts';
import { tableWords } from '../words/table.words.ts';
import { without } from './answer-search.ts';

interface PartsProps {
  readonly page: Page<Complaint>;
  readonly rates: ComplaintRates | null;
  readonly filters: AnswerFilters;
  readonly search: Readonly<Record<string, string>>;
}

export function ComplaintParts({ page, rates, filters, search }: PartsProps) {
  return (
    <>
      {rates === null ? null : <Rates rates={rates} />}
      <List page={page} filters={filters} search={search} />
    </>
  );
}

function Rates({ rates }: { rates: ComplaintRates }) {
  const words = useWords(complaintsWords);
  const format = useFormat();
  const { good, stop } = rates.lines;
  const percent = (part: number) => format.share(part * 10_000, 10_000);
  return (
    <Section id="rates" title={words.rates} question={words.ratesQuestion(percent(good), percent(stop))}>
      {rates.data.length === 0 ? (
        <Empty title={words.noRates} />
      ) : (
        <div className="sheet">
          <table className="tbl flow">
            <caption className="sr">{words.rates}</caption>
            <thead>
              <tr>
                <th scope="col">{words.provider}</th>
                <th scope="col" className="num">
                  {words.rate}
                </th>
                <th scope="col" className="num">
                  {words.of}
                </th>
                <th scope="col">{words.rates}</th>
                <th scope="col">{words.verdict}</th>
              </tr>
            </thead>
            <tbody>
              {rates.data.map((row) => (
                <RateRow key={row.mailbox_provider} row={row} good={good} stop={stop} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  );
}

function RateRow({ row, good, stop }: { row: ComplaintRate; good: number; stop: number }) {
  const words = useWords(complaintsWords);
  const format = useFormat();
  const providerName = useProviderNames();
  const rate = knownRate(row.rate);
  const verdicts = { good: words.good, watch: words.watch2, stop: words.stop2, 'too-little': words['too-little'] };
  // One among few is said as it is, and never drawn as a rate.
  const few = rate === null || format.between(rate) === null;
  return (
    <tr className={row.verdict === 'stop' ? 'bad' : undefined}>
      <td className="head" data-l="">
        {providerName(row.mailbox_provider)}
      </td>
      <td className="num" data-l={words.rate}>
        {few ? format.of(row.complained, row.rate.n) : format.rate(rate)}
      </td>
      <td className="num" data-l={words.of}>
        {format.int(row.rate.n)}
      </td>
      <td data-l={words.rates} className={few ? 'fine' : undefined}>
        {few ? null : <Whisker rate={rate} lines={[good, stop]} label={words.drawn(format.rate(rate), format.between(rate) ?? '')} />}
      </td>
      <td data-l={words.verdict}>{verdicts[row.verdict]}</td>
    </tr>
  );
}

const idOf = (row: Complaint) => row.id;

function List({ page, filters, search }: Pick<PartsProps, 'page' | 'filters' | 'search'>) {
  const words = useWords(complaintsWords);
  const desk = useWords(tableWords);
  const columns = useColumns(filters);
  return (
    <Section id="list" title={words.list}>
      {page.data.length === 0 ? (
        <Empty title={words.emptyTitle}>{words.emptyHow}</Empty>
      ) : (
        <>
          <div className="sheet">
            <DataTable
              caption={words.caption}
              rows={page.data}
              columns={columns}
              rowId={idOf}
              rowHref={(row) => paths.message(row.message_id, { recipient: row.recipient_id })}
            />
          </div>
          <TableFoot
            shown={page.data.length}
            more={page.next !== null || filters.after !== undefined}
            pages={
              <Pages
                first={filters.after === undefined ? null : paths.complaints(without(filters, 'after'))}
                next={page.next === null ? null : paths.complaints({ ...filters, after: page.next })}
                newestFirst
              />
            }
            onCsv={() => {
              sayResult(desk.csvWorking);
              void import('./answers-csv.ts').then((file) => file.exportComplaints(search));
            }}
          />
        </>
      )}
    </Section>
  );
}

function useColumns(filters: AnswerFilters): Column<Complaint>[] {
  const words = useWords(complaintsWords);
  const { ofTenant } = usePerson();
  const { lang } = useScreen();
  return useMemo(() => {
    const base = without(filters, 'after');
    const columns: Column<Complaint>[] = [
      {
        id: 'reader',
        head: words.reader,
        cell: (row) => row.address,
        filter: (row) => paths.complaints({ ...base, address: row.address }),
      },
      {
        id: 'mailing',
        head: words.mailing,
        cell: (row) => (
          <>
            {row.subject === '' ? words.noSubject : row.subject}
            {row.tags.length === 0 ? null : (
              <>
                <br />
                <span className="small faint">{row.tags.join(', ')}</span>
              </>
            )}
          </>
        ),
      },
      {
        id: 'via',
        head: words.via,
        cell: (row) => providerNameIn(row.mailbox_provider, lang),
        filter: (row) => paths.complaints({ ...base, mailbox_provider: row.mailbox_provider }),
      },
      {
        id: 'tenant',
        head: words.tenant,
        cell: (row) => row.tenant_name,
        filter: (row) => paths.complaints({ ...base, tenant: row.tenant_id }),
      },
      { id: 'at', head: words.at, cell: (row) => <Time at={row.at} /> },
    ];
    return ofTenant || filters.tenant !== undefined ? columns.filter((column) => column.id !== 'tenant') : columns;
  }, [filters, words, ofTenant, lang]);
}
