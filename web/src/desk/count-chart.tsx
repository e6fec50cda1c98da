// This file draws counts per hour or day as bars; a second series is drawn over the first, being part of it. Dragging over the chart picks a
// time, which the page keeps in its address; the table beside the chart picks the same by keyboard.
import { useMemo, useRef } from 'react';
import uPlot from 'uplot';
import { inkOf } from './chart-ink.ts';
import { useFormat } from './time.tsx';
import { usePlot } from './use-plot.ts';

export interface CountBar {
  /** Begin of the hour or day, milliseconds. */
  readonly at: number;
  readonly all: number;
  /** Of `all`. */
  readonly part: number;
}

interface CountChartProps {
  readonly bars: readonly CountBar[];
  readonly stepMs: number;
  /** The sentence for those who do not see it. */
  readonly label: string;
  /** Tokens of the two series. */
  readonly inks: readonly [all: string, part: string];
  readonly onPick?: (fromMs: number, toMs: number) => void;
}

const HEIGHT = 180;
/** Below this width labels would run into each other. */
const NARROW = 480;
/** A label nearer to the left edge than this would lose its beginning, pixels. */
const LABEL_EDGE = 36;
/** A drag shorter than this is a click, pixels. */
const DRAG_MIN = 6;
const HOUR_MS = 3_600_000;

export function CountChart({ bars, stepMs, label, inks, onPick }: CountChartProps) {
  const format = useFormat();
  const data = useMemo<uPlot.AlignedData>(
    () => [bars.map((bar) => bar.at / 1000), bars.map((bar) => bar.all), bars.map((bar) => bar.part)],
    [bars],
  );
  const latestPick = useRef(onPick);
  latestPick.current = onPick;
  const [allInk, partInk] = inks;
  const pick = (from: number, to: number) => latestPick.current?.(from, to);
  const box = usePlot(data, (element) => optionsOf(element, format, { stepMs, inks, pick }), [format, stepMs, allInk, partInk]);
  return <div ref={box} className="chart" role="img" aria-label={label} />;
}

interface How {
  readonly stepMs: number;
  readonly inks: readonly [string, string];
  readonly pick: (fromMs: number, toMs: number) => void;
}

function optionsOf(element: HTMLElement, format: ReturnType<typeof useFormat>, { stepMs, inks, pick }: How): uPlot.Options {
  const bars = uPlot.paths.bars?.({ size: [0.86, 72], gap: 1, align: 1 });
  const series = (token: string): uPlot.Series => ({
    fill: inkOf(element, token),
    width: 0,
    points: { show: false },
    ...(bars ? { paths: bars } : {}),
  });
  const ink = inkOf(element, '--ink-3');
  const font = `12px ${getComputedStyle(element).fontFamily}`;
  const step = stepMs / 1000;
  return {
    width: element.clientWidth,
    height: HEIGHT,
    cursor: { show: true, x: false, y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
    legend: { show: false },
    // Days are counted in UTC: a mark at the viewer's own midnight would name the day before or after the bar it stands under.
    ...(stepMs > HOUR_MS ? { tzDate: (second: number) => uPlot.tzDate(new Date(second * 1000), 'Etc/UTC') } : {}),
    padding: [8, 0, 0, 0],
    scales: {
      // Each bar stands on the hour or day that begins with it.
      x: { time: true, range: (_, from, to) => [from, to + step] },
      y: { range: (_, __, max) => [0, Math.max(max, 4) * 1.05] },
    },
    series: [{}, series(inks[0]), series(inks[1])],
    axes: [
      {
        stroke: ink,
        font,
        grid: { show: false },
        ticks: { show: false },
        size: 28,
        space: element.clientWidth < NARROW ? 90 : 110,
        values: (chart, at) => at.map((second) => (chart.valToPos(second, 'x') < LABEL_EDGE ? '' : labelOf(second * 1000, stepMs, format))),
      },
      {
        side: 1,
        stroke: ink,
        font,
        size: 52,
        ticks: { show: false },
        grid: { stroke: inkOf(element, '--line'), width: 1 },
        values: (_, at) => at.map((count) => (Number.isInteger(count) ? format.int(count) : '')),
      },
    ],
    hooks: {
      setSelect: [
        (chart) => {
          const { left, width } = chart.select;
          if (width < DRAG_MIN) return;
          const edge = (pixels: number) => Math.floor((chart.posToVal(pixels, 'x') * 1000) / stepMs) * stepMs;
          pick(edge(left), edge(left + width) + stepMs);
        },
      ],
    },
  };
}

function labelOf(ms: number, stepMs: number, format: ReturnType<typeof useFormat>): string {
  return stepMs > HOUR_MS ? format.calendarDay(ms, ms) : format.clock(ms);
}
