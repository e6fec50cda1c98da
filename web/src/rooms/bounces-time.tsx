// This file shows refusals over time, by the hour up to three days and by the day above, and lets one choose a time.
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import type { Statistics } from '../api/feedback-model.ts';
import { statisticsQuery } from '../api/feedback-queries.ts';
import { useNow } from '../clock.ts';
import { A } from '../desk/a.tsx';
import type { CountBar } from '../desk/count-chart.tsx';
import { ErrorState } from '../desk/error-state.tsx';
import { Section } from '../desk/section.tsx';
import { Time, useFormat } from '../desk/time.tsx';
import { type AnswerFilters, paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { bouncesPartsWords } from '../words/bounces-parts.words.ts';
import { countsSearch, hoursOf, without } from './answer-search.ts';
import { refusedOf, turnsOf } from './bounces.log.ts';

const CountChart = lazy(() => import('../desk/count-chart.tsx').then((file) => ({ default: file.CountChart })));

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Up to here bars are hours: 72 of them can still be told apart on a phone. */
const BY_HOUR_MAX = 72;

/** Empty bars before the first one; further back nothing is drawn that nobody asked for. */
const BARS_MAX = 120;

export function BouncesTime({ filters }: { readonly filters: AnswerFilters }) {
  const words = useWords(bouncesPartsWords);
  const format = useFormat();
  const router = useRouter();
  const now = useNow();
  const byHour = hoursOf(filters, now) <= BY_HOUR_MAX;
  const stepMs = byHour ? HOUR_MS : DAY_MS;
  const search = useMemo(() => countsSearch(filters), [filters]);
  const query = useQuery(statisticsQuery(byHour ? 'hour' : 'day', search));
  const bars = useMemo(() => barsOf(query.data, stepMs, now), [query.data, stepMs, now]);
  const most = bars.reduce((before, bar) => (bar.all > before.all ? bar : before), { at: now, all: 0, part: 0 });
  const all = bars.reduce((sum, bar) => sum + bar.all, 0);
  const go = (fromMs: number, toMs: number) =>
    paths.bounces({ ...without(filters, 'after', 'time'), from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() });
  if (query.error !== null && query.data === undefined)
    return <ErrorState error={query.error} what={words.when} onRetry={() => void query.refetch()} />;
  return (
    <Section id="when" title={words.when} question={byHour ? words.whenHour : words.whenDay}>
      <Suspense fallback={<div className="chart-room" />}>
        <CountChart
          bars={bars}
          stepMs={stepMs}
          inks={['--depth-3', '--sea']}
          label={words.whenSentence(
            format.int(all),
            format.int(most.all),
            byHour ? format.moment(most.at, now) : words.onDay(format.calendarDay(most.at, now)),
          )}
          onPick={(from, to) => router.history.push(go(from, to))}
        />
      </Suspense>
      <p className="key">
        <span>
          <i className="bk" />
          {words.keyAll}
        </span>
        <span>
          <i className="tx" />
          {words.keyOurs}
        </span>
      </p>
      <details>
        <summary>{words.asTable}</summary>
        <table className="tbl">
          <thead>
            <tr>
              <th scope="col">{words.begins}</th>
              <th scope="col" className="num">
                {words.keyAll}
              </th>
              <th scope="col" className="num">
                {words.keyOurs}
              </th>
            </tr>
          </thead>
          <tbody>
            {bars.map((bar) => (
              <tr key={bar.at}>
                <td>
                  <A href={go(bar.at, bar.at + stepMs)}>
                    {byHour ? <Time at={new Date(bar.at).toISOString()} /> : format.calendarDay(bar.at, now)}
                  </A>
                </td>
                <td className="num">{format.cell(bar.all)}</td>
                <td className="num">{format.cell(bar.part)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </Section>
  );
}

/** Hours without anything are given too: a gap would look like no data. */
function barsOf(data: Statistics | undefined, stepMs: number, nowMs: number): CountBar[] {
  if (data === undefined) return [];
  const known = new Map(data.data.map((row) => [Date.parse(row.key), row]));
  const times = [...known.keys()].filter((at) => !Number.isNaN(at));
  const edge = (at: number) => Math.floor(at / stepMs) * stepMs;
  const last = edge(Math.min(nowMs, Date.parse(data.to) - 1));
  const first = Math.max(edge(Date.parse(data.from)), last - BARS_MAX * stepMs);
  const bars: CountBar[] = [];
  for (let at = Math.min(first, ...times); at <= Math.max(last, ...times); at += stepMs) {
    const row = known.get(at);
    bars.push({ at, all: row === undefined ? 0 : refusedOf(row), part: row === undefined ? 0 : turnsOf(row).ours });
  }
  return bars;
}
