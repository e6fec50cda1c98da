// This file keeps a uPlot chart in a box: drawn anew for another theme, as wide as the page allows, fed when the data changes.
import { type RefObject, useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { useScreen } from '../screen.ts';

/** Answers the box to draw in. `options` is called for every drawing; `redraw` lists what it depends on, the theme apart. */
export function usePlot(
  data: uPlot.AlignedData,
  options: (element: HTMLElement) => uPlot.Options,
  redraw: readonly unknown[],
): RefObject<HTMLDivElement | null> {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const { theme } = useScreen();
  const latest = useRef({ data, options });
  latest.current = { data, options };
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme means other colours, so the chart is drawn anew.
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const draw = () => {
      plot.current?.destroy();
      plot.current = new uPlot(latest.current.options(element), latest.current.data, element);
    };
    draw();
    const sized = new ResizeObserver(() => {
      const height = plot.current?.height;
      if (height !== undefined) plot.current?.setSize({ width: element.clientWidth, height });
    });
    sized.observe(element);
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', draw);
    return () => {
      sized.disconnect();
      dark.removeEventListener('change', draw);
      plot.current?.destroy();
      plot.current = null;
    };
  }, [theme, ...redraw]);
  useEffect(() => {
    plot.current?.setData(data);
  }, [data]);
  return box;
}
