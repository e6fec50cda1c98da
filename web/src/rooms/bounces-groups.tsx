// This file counts refusals by one thing at a time: reason, fault, mailbox provider, domain, tenant, stream, account.
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Grouping, StatisticsRow } from '../api/feedback-model.ts';
import { statisticsQuery } from '../api/feedback-queries.ts';
import { useClassNames, useProviderNames } from '../class-words.ts';
import { A } from '../desk/a.tsx';
import { Button } from '../desk/button.tsx';
import { csvText, downloadCsv } from '../desk/csv.ts';
import { Empty } from '../desk/empty.tsx';
import { ErrorState } from '../desk/error-state.tsx';
import { FaultTag } from '../desk/fault-tag.tsx';
import { Section } from '../desk/section.tsx';
import { Switch } from '../desk/switch.tsx';
import { useFormat } from '../desk/time.tsx';
import { type AnswerFilters, paths } from '../paths.ts';
import { knownRate } from '../rate.ts';
import { useWords } from '../screen.ts';
import { isFault } from '../states.ts';
import { bouncesPartsWords } from '../words/bounces-parts.words.ts';
import { streamNames } from '../words/states.words.ts';
import { capital } from '../words/words.ts';
import { countsSearch, without } from './answer-search.ts';
import { refusedOf } from './bounces.log.ts';

/** Groups shown; with more a table is for the file. */
const GROUPS_MAX = 25;

const WAYS = ['class', 'fault', 'mailbox_provider', 'domain', 'tenant', 'stream', 'account'] as const satisfies readonly Grouping[];
type Way = (typeof WAYS)[number];

export function BouncesGroups({ filters }: { readonly filters: AnswerFilters }) {
  const words = useWords(bouncesPartsWords);
  const router = useRouter();
  const way = WAYS.find((one) => one === filters.by) ?? 'class';
  const names: Record<Way, string> = {
    class: words.byClass,
    fault: words.byFault,
    mailbox_provider: words.byProvider,
    domain: words.byDomain,
    tenant: words.byTenant,
    stream: words.byStream,
    account: words.byAccount,
  };
  return (
    <Section id="groups" title={words.groups} question={words.groupsQuestion}>
      <div className="stack">
        <Switch<Way>
          label={words.groupBy}
          value={way}
          options={WAYS.map((one) => [one, names[one]])}
          onChange={(by) => router.navigate({ href: paths.bounces({ ...filters, by }), replace: true, resetScroll: false })}
        />
        <Groups way={way} head={names[way]} filters={filters} />
      </div>
    </Section>
  );
}

function Groups({ way, head, filters }: { way: Way; head: string; filters: AnswerFilters }) {
  const words = useWords(bouncesPartsWords);
  const format = useFormat();
  const search = useMemo(() => countsSearch(filters), [filters]);
  const query = useQuery(statisticsQuery(way, search));
  const rows = useMemo(
    () => (query.data?.data ?? []).filter((row) => refusedOf(row) > 0).sort((a, b) => refusedOf(b) - refusedOf(a)),
    [query.data],
  );
  if (query.data === undefined)
    return query.error === null ? (
      <p className="faint">{words.listWait}</p>
    ) : (
      <ErrorState error={query.error} what={words.groups} onRetry={() => void query.refetch()} />
    );
  if (rows.length === 0) return <Empty title={words.nothing} />;
  const shown = rows.slice(0, GROUPS_MAX);
  const all = rows.reduce((sum, row) => sum + refusedOf(row), 0);
  // A reason or a fault has no recipients written to that it would be a rate of.
  const whole = way !== 'class' && way !== 'fault';
  return (
    <div>
      <div className="sheet">
        <table className="tbl flow">
          <caption className="sr">{words.groups}</caption>
          <thead>
            <tr>
              <th scope="col">{capital(head)}</th>
              <th scope="col" className="num">
                {words.refused}
              </th>
              <th scope="col" className="num">
                {whole ? words.of : words.share}
              </th>
              {whole ? (
                <th scope="col" className="num">
                  {words.rate}
                </th>
              ) : null}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <GroupRow key={row.key} row={row} way={way} filters={filters} all={all} whole={whole} />
            ))}
          </tbody>
        </table>
      </div>
      <div className="tblfoot">
        <span className="btns">
          {rows.length > shown.length ? <span>{words.groupsMore(format.int(shown.length), format.int(rows.length))}</span> : null}
          <Button kind="quiet" onClick={() => exportGroups(way, rows, search)}>
            {words.csv}
          </Button>
        </span>
      </div>
    </div>
  );
}

interface RowProps {
  readonly row: StatisticsRow;
  readonly way: Way;
  readonly filters: AnswerFilters;
  readonly all: number;
  readonly whole: boolean;
}

function GroupRow({ row, way, filters, all, whole }: RowProps) {
  const words = useWords(bouncesPartsWords);
  const format = useFormat();
  const { key } = row;
  const rate = knownRate(row.bounce_rate);
  return (
    <tr>
      <td className="head" data-l="">
        {key === '' ? (
          <GroupName row={row} way={way} />
        ) : (
          <A href={`${paths.bounces({ ...without(filters, 'after'), [way]: key })}#list`}>
            <GroupName row={row} way={way} />
          </A>
        )}
      </td>
      <td className="num" data-l={words.refused}>
        {format.int(refusedOf(row))}
      </td>
      <td className="num" data-l={whole ? words.of : words.share}>
        {whole ? format.int(row.accepted) : format.rate({ value: refusedOf(row) / all, low: 0, high: 0, n: all })}
      </td>
      {whole ? (
        <td className="num" data-l={words.rate}>
          {rate === null ? '·' : format.rate(rate)}
          {rate === null || format.between(rate) === null ? null : (
            <>
              <br />
              <span className="small faint">{format.between(rate)}</span>
            </>
          )}
        </td>
      ) : null}
    </tr>
  );
}

function GroupName({ row, way }: { row: StatisticsRow; way: Way }) {
  const words = useWords(bouncesPartsWords);
  const streams: Readonly<Record<string, string>> = useWords(streamNames);
  const className = useClassNames();
  const providerName = useProviderNames();
  const { key } = row;
  if (way === 'fault' && isFault(key)) return <FaultTag fault={key} />;
  if (way === 'class') return key === '' ? words.others : className(key);
  if (way === 'stream') return streams[key] ?? key;
  if (way === 'mailbox_provider') return providerName(key);
  return row.label === '' ? words.others : row.label;
}

function exportGroups(way: Way, rows: readonly StatisticsRow[], search: Readonly<Record<string, string>>): void {
  const head = [way, 'label', 'accepted', 'handed_over', 'delivered', 'bounced', 'failed', 'expired', 'complained'];
  const name = ['refusals-by', way, ...Object.entries(search).map(([key, value]) => `${key}-${value}`)].join('_');
  downloadCsv(
    name,
    csvText(
      head,
      rows.map((row) => [
        row.key,
        row.label,
        row.accepted,
        row.handed_over,
        row.delivered,
        row.bounced,
        row.failed,
        row.expired,
        row.complained,
      ]),
    ),
  );
}
