// This file runs two systems turn by turn (P, D, P, D …), so that whatever the machine does meanwhile meets both, and compares each pair.

import { median, round } from '../kit/figures.ts';
import type { Load } from '../kit/load-shapes.ts';
import type { Workshop } from '../kit/workshop.ts';
import { type RelaySystem, type Run, runLoad, type Source } from './system.ts';

export interface Contender {
  readonly system: RelaySystem;
  /** Messages before counting: a JIT needs some thousands, a C program needs its processes started. */
  readonly warmUp: number;
  readonly source?: Source;
}

export interface Comparison {
  readonly what: string;
  readonly base: readonly Run[];
  readonly ours: readonly Run[];
  /** Median over the pairs of ours ÷ base, delivered per second; null without a base. */
  readonly ratioDelivered: number | null;
}

export interface Summary {
  readonly system: string;
  readonly deliveredPerS: number;
  readonly acceptedPerS: number;
  readonly cpuPer1000: number;
  readonly cpuWithLoadPer1000: number;
}

export type LoadShape = Omit<Load, 'port' | 'from' | 'messages'>;

export interface RoundsOptions {
  readonly what: string;
  readonly base: Contender | null;
  readonly ours: Contender;
  readonly load: LoadShape;
  readonly messages: number;
  readonly pairs: number;
  /** Called around each counted run of ours. */
  readonly watch?: <T>(run: () => Promise<T>) => Promise<T>;
}

export async function compare(shop: Workshop, options: RoundsOptions): Promise<Comparison> {
  const { what, base, ours, load, messages, pairs } = options;
  const contenders = base ? [base, ours] : [ours];
  const one = ({ system, source }: Contender, count: number) => runLoad(shop, system, { ...load, messages: count }, source);
  for (const each of contenders) if (each.warmUp > 0) await one(each, each.warmUp);
  const runs: { base: Run[]; ours: Run[] } = { base: [], ours: [] };
  for (let pair = 0; pair < pairs; pair += 1) {
    if (base) runs.base.push(tell(shop, what, await one(base, messages)));
    const watch = options.watch ?? (<T>(run: () => Promise<T>) => run());
    runs.ours.push(tell(shop, what, await watch(() => one(ours, messages))));
  }
  const ratios = runs.ours.map((run, pair) => {
    const other = runs.base[pair];
    return other ? rate(run) / rate(other) : Number.NaN;
  });
  return { what, ...runs, ratioDelivered: base ? round(median(ratios)) : null };
}

export function summary(runs: readonly Run[]): Summary | null {
  const [first] = runs;
  if (!first) return null;
  const of = (value: (run: Run) => number) => median(runs.map(value));
  return {
    system: first.system,
    deliveredPerS: of(rate),
    acceptedPerS: of((run) => run.messages / run.acceptedSeconds),
    cpuPer1000: of((run) => (run.cpuS / run.messages) * 1000),
    cpuWithLoadPer1000: of((run) => (run.cpuWithLoadS / run.messages) * 1000),
  };
}

function rate(run: Run): number {
  return run.messages / run.seconds;
}

function tell(shop: Workshop, what: string, run: Run): Run {
  const perS = Math.round(rate(run));
  shop.say(
    `${what.padEnd(22)} ${run.system.padEnd(20)} ${String(perS).padStart(6)} delivered/s  ${((run.cpuS / run.messages) * 1000).toFixed(3)} CPU-s/1,000`,
  );
  return run;
}
