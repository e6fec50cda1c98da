// This file shows by day how much mail went in the name of a domain, and how much of it is proven; also where the reports themselves are.
import { lazy, Suspense, useMemo } from 'react';
import type { DmarcView } from '../api/reports-model.ts';
import { A } from '../desk/a.tsx';
import { Copy } from '../desk/copy.tsx';
import type { CountBar } from '../desk/count-chart.tsx';
import { Empty } from '../desk/empty.tsx';
import { Section } from '../desk/section.tsx';
import { useFormat } from '../desk/time.tsx';
import { paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { dmarcWords } from '../words/reports.words.ts';

const CountChart = lazy(() => import('../desk/count-chart.tsx').then((file) => ({ default: file.CountChart })));
const DAY_MS = 86_400_000;
/** A year and a day; longer times are not offered. */
const DAYS_MAX = 366;

interface DmarcVolumeProps {
  readonly view: DmarcView;
  readonly id: string;
  /** What the view was asked by. */
  readonly search: Readonly<Record<string, string>>;
  readonly name: string | null;
}

export function DmarcVolume({ view, id, search, name }: DmarcVolumeProps) {
  const words = useWords(dmarcWords);
  const format = useFormat();
  const uncounted = Object.values(view.uncounted).reduce((sum, count) => sum + count, 0);
  return (
    <Section
      id="volume"
      title={words.volume}
      question={words.volumeQuestion}
      actions={
        <>
          {name === null ? null : (
            <A className="btn" href={paths.reports({ domain: name })}>
              {words.toReports}
            </A>
          )}
          <a className="btn quiet" href={`/v1/domains/${id}/dmarc/export?${new URLSearchParams(search)}`} download="dmarc-sources.csv">
            {words.csv}
          </a>
        </>
      }
    >
      <div className="stack">
        {view.messages === 0 ? <Empty title={words.lineNone}>{words.noneHow}</Empty> : <Volume view={view} />}
        {uncounted === 0 ? null : (
          <p>
            {words.uncounted(uncounted, format.int(uncounted))}{' '}
            {name === null ? null : <A href={paths.reports({ domain: name })}>{words.lookWhy}</A>}
          </p>
        )}
        {view.report_address === null ? null : (
          <p>
            {words.address} <Copy text={view.report_address} what={words.address} />
          </p>
        )}
      </div>
    </Section>
  );
}

function Volume({ view }: { view: DmarcView }) {
  const words = useWords(dmarcWords);
  const format = useFormat();
  const bars = useMemo(() => barsOf(view), [view]);
  const most = bars.reduce((before, bar) => (bar.all > before.all ? bar : before), { at: Date.parse(view.from), all: 0, part: 0 });
  const label = words.chart(
    format.int(view.messages),
    format.int(view.aligned),
    format.int(most.all),
    format.calendarDay(most.at, most.at),
  );
  return (
    <>
      <Suspense fallback={<div className="chart-room" />}>
        <CountChart bars={bars} stepMs={DAY_MS} inks={['--shoal-line', '--sea']} label={label} />
      </Suspense>
      <p className="key">
        <span>
          <i className="un" />
          {words.keyNot}
        </span>
        <span>
          <i className="tx" />
          {words.keyProven}
        </span>
      </p>
      <details>
        <summary>{words.asTable}</summary>
        <table className="tbl">
          <thead>
            <tr>
              <th scope="col">{words.day}</th>
              <th scope="col" className="num">
                {words.keyAll}
              </th>
              <th scope="col" className="num">
                {words.keyProven}
              </th>
            </tr>
          </thead>
          <tbody>
            {view.days.map((day) => (
              <tr key={day.day}>
                <td>{format.calendarDay(Date.parse(day.day), Date.parse(view.to))}</td>
                <td className="num">{format.cell(day.messages)}</td>
                <td className="num">{format.cell(day.aligned)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  );
}

/** Every day of the time asked for, so that one day alone is not drawn as if it were all. */
function barsOf(view: DmarcView): CountBar[] {
  const known = new Map(view.days.map((day) => [Date.parse(day.day), day]));
  const bars: CountBar[] = [];
  for (let at = Date.parse(view.from); at <= Date.parse(view.to) && bars.length < DAYS_MAX; at += DAY_MS) {
    const day = known.get(at);
    bars.push({ at, all: day?.messages ?? 0, part: day?.aligned ?? 0 });
  }
  return bars;
}
