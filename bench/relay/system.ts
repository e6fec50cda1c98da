// This file says what the relay benchmark needs of a system under test, and runs one load through it with clock and CPU meter running.
import { setTimeout as delay } from 'node:timers/promises';
import { endedChildrenCpu, treeCpu } from '../kit/cpu.ts';
import { limitFor, runSource } from '../kit/load.ts';
import type { Load, Sink } from '../kit/load-shapes.ts';
import { until } from '../kit/wait.ts';
import type { Workshop } from '../kit/workshop.ts';

export interface RelaySystem {
  readonly name: string;
  /** Where mail is handed in. */
  readonly port: number;
  readonly from: string;
  /** What it hands over to; replaced when the witness of a signed run had the port. */
  sink(): Sink;
  /** Roots of the process trees whose CPU time is the system's. */
  roots(): number[];
  /** True once nothing is left to do: every message taken in has its outcome on disk. `messages`: taken in since `mark`. */
  settled(mark: Mark, messages: number): Promise<boolean>;
  /** Where the system stands before a load. */
  mark(): Promise<Mark>;
}

/** What a system needs to know later about the moment before a load. */
export type Mark = number;

export interface Run {
  readonly system: string;
  readonly messages: number;
  /** From the first connection to the last message in the sink and its outcome on disk. */
  readonly seconds: number;
  /** Until the source had all its answers: accepted, not delivered. */
  readonly acceptedSeconds: number;
  /** CPU-seconds of the system. */
  readonly cpuS: number;
  /** The same with source and sink, which are not the system's but share its machine. */
  readonly cpuWithLoadS: number;
}

/** What a system still writes after the last message (background writers) belongs to that message. */
const TRAIL_MS = 1_000;
/** Looks cost the machine something: often enough for a run of seconds. */
const LOOK_MS = 25;

export type Source = (load: Load) => Promise<void>;

/** Runs one load through a system. `source` defaults to smtp-source. */
export async function runLoad(shop: Workshop, system: RelaySystem, load: Omit<Load, 'port' | 'from'>, source?: Source): Promise<Run> {
  const sink = system.sink();
  const already = sink.taken();
  const mark = await system.mark();
  const whole = { ...load, port: system.port, from: system.from };
  const cpuBefore = treeCpu(system.roots());
  const sinkBefore = treeCpu([sink.pid]);
  const sourcesBefore = endedChildrenCpu();
  const startMs = performance.now();
  let acceptedMs = 0;
  const submitted = (source ?? ((given: Load) => runSource(shop, given)))(whole).then(() => {
    acceptedMs = performance.now();
  });
  const limitMs = limitFor(load.messages);
  await submitted;
  await until(`${system.name} to hand over ${load.messages} messages`, () => sink.taken() - already >= load.messages, {
    limitMs,
    everyMs: LOOK_MS,
  });
  await until(`${system.name} to settle`, () => system.settled(mark, load.messages), { limitMs, everyMs: LOOK_MS });
  const endMs = performance.now();
  await delay(TRAIL_MS);
  const cpuS = treeCpu(system.roots()) - cpuBefore;
  const loadS = treeCpu([sink.pid]) - sinkBefore + endedChildrenCpu() - sourcesBefore;
  const extra = sink.taken() - already - load.messages;
  if (extra !== 0) throw new Error(`${system.name} handed over ${extra} messages too many`);
  return {
    system: system.name,
    messages: load.messages,
    seconds: (endMs - startMs) / 1000,
    acceptedSeconds: (acceptedMs - startMs) / 1000,
    cpuS,
    cpuWithLoadS: cpuS + loadS,
  };
}
