// This file draws a rate as a point in the band of what is likely, against lines that matter.
import type { CSSProperties } from 'react';
import type { Rate } from '../format.ts';

interface WhiskerProps {
  readonly rate: Rate;
  /** The line to stay below, and the one never to cross. */
  readonly lines: readonly [number, number];
  /** The sentence for those who do not see it. */
  readonly label: string;
}

/** The drawing reaches this far beyond the last line, so that both lines stand inside it. */
const BEYOND = 1.5;

export function Whisker({ rate, lines: [good, stop], label }: WhiskerProps) {
  const reach = Math.max(stop * BEYOND, rate.value * 1.1);
  const place = (part: number) => `${(Math.min(1, Math.max(0, part / reach)) * 100).toFixed(2)}%`;
  return (
    <span className="whisk" role="img" aria-label={label}>
      <i className="band" style={at(place(rate.low), place(Math.min(rate.high, reach) - rate.low))} />
      <i className="line" style={at(place(good))} />
      <i className="line stop" style={at(place(stop))} />
      <i className="point" style={at(place(rate.value))} />
    </span>
  );
}

function at(left: string, wide?: string): CSSProperties {
  // React's types do not know custom properties.
  return { '--at': left, ...(wide === undefined ? {} : { '--wide': wide }) } as CSSProperties;
}
