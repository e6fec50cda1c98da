// This file draws bars per minute: in above, out below one waterline. uPlot does the drawing; this wrapper gives it our tokens, a size that
// follows the page, and a sentence for those who do not see it.
import { useMemo } from 'react';
import uPlot from 'uplot';
import type { Overview } from '../api/model.ts';
import { inkOf } from './chart-ink.ts';
import { useFormat } from './time.tsx';
import { usePlot } from './use-plot.ts';

type FlowMinute = Overview['flow'][number];

const HEIGHT = 200;
/** Below this width a label per quarter of an hour would run into the next. */
const NARROW = 480;
/** Room for the half of the first and the last bar, seconds. */
const HALF_BAR_S = 30;

export function FlowChart({ minutes, label }: { readonly minutes: readonly FlowMinute[]; readonly label: string }) {
  const format = useFormat();
  const data = useMemo(() => dataOf(minutes), [minutes]);
  const box = usePlot(data, (element) => optionsOf(element, format), [format]);
  return <div ref={box} className="chart" role="img" aria-label={label} />;
}

/** Taken in together, taken in transactional (drawn over it), handed over below zero. */
function dataOf(minutes: readonly FlowMinute[]): uPlot.AlignedData {
  return [
    minutes.map((row) => Date.parse(row.minute) / 1000),
    minutes.map((row) => row.transactional + row.bulk),
    minutes.map((row) => row.transactional),
    minutes.map((row) => -row.handed_over),
  ];
}

function optionsOf(element: HTMLElement, format: ReturnType<typeof useFormat>): uPlot.Options {
  const bars = uPlot.paths.bars?.({ size: [0.86, 14], gap: 1 });
  const series = (token: string): uPlot.Series => ({
    fill: inkOf(element, token),
    width: 0,
    points: { show: false },
    ...(bars ? { paths: bars } : {}),
  });
  const ink = inkOf(element, '--ink-3');
  const narrow = element.clientWidth < NARROW;
  // The face of the page; uPlot draws on a canvas, which does not inherit it.
  const font = `12px ${getComputedStyle(element).fontFamily}`;
  return {
    width: element.clientWidth,
    height: HEIGHT,
    cursor: { show: false },
    legend: { show: false },
    padding: [8, 0, 0, 0],
    scales: {
      x: { time: true, range: (_, from, to) => [from - HALF_BAR_S, to + HALF_BAR_S] },
      y: { range: (_, min, max) => even(Math.max(-min, max, 5)) },
    },
    series: [{}, series('--depth-3'), series('--sea'), series('--depth-2')],
    axes: [
      {
        stroke: ink,
        font,
        grid: { show: false },
        ticks: { show: false },
        size: 28,
        space: narrow ? 90 : 140,
        values: (_, at) => at.map((second) => format.clock(second * 1000)),
      },
      {
        side: 1,
        stroke: ink,
        font,
        size: 52,
        ticks: { show: false },
        grid: { stroke: inkOf(element, '--line'), width: 1 },
        values: (_, at) => at.map((count) => format.int(Math.abs(count))),
      },
    ],
    hooks: { draw: [(chart) => waterline(chart, inkOf(element, '--ink'))] },
  };
}

/** The line that parts in from out. */
function waterline(chart: uPlot, ink: string): void {
  const y = Math.round(chart.valToPos(0, 'y', true));
  chart.ctx.fillStyle = ink;
  chart.ctx.fillRect(chart.bbox.left, y, chart.bbox.width, Math.max(1, Math.round(devicePixelRatio)));
}

/** The same reach above and below, so that equal bars are equal. */
function even(reach: number): [number, number] {
  return [-reach * 1.05, reach * 1.05];
}
