// This file says what one recipient's way through the simulated internet is: who sent it, what will happen to it and when. Planning is
// pure; the world (world.ts) lets it happen.
import type { ProviderKind } from '../delivery/provider.ts';
import type { FateChoice } from './fate-choice.ts';
import type { Act, Happening } from './fates.ts';
import type { ReplyName } from './replies.ts';

export interface Step {
  /** Number of the event: two steps with one number tell the same event twice. */
  readonly n: number;
  readonly happening: Happening;
  /** When it happens, milliseconds since 1970; the event carries this time. */
  readonly atMs: number;
  /** When the provider tells of it. */
  readonly tellMs: number;
  readonly reply: ReplyName | null;
  readonly spam: boolean;
  readonly notice: boolean;
  /** Temporary refusals that came before. */
  readonly retries: number;
}

/** A message in the hands of a provider, shared by all its recipients. */
export interface Parcel {
  readonly bytes: number;
  /** Journeys that still hold it. */
  held: number;
}

/** What a provider dialect remembers of a recipient for its events; plain JSON, because it goes into the state file. */
export type DialectFacts = Readonly<Record<string, unknown>>;

export interface Journey {
  readonly id: string;
  readonly provider: ProviderKind;
  /** Key of the account within the provider. */
  readonly accountKey: string;
  readonly recipient: string;
  readonly mailFrom: string;
  readonly from: string;
  readonly subject: string;
  readonly sizeBytes: number;
  readonly acceptedMs: number;
  /** The provider's id of the hand-over. */
  readonly transactionId: string;
  /** The provider's id of this recipient's message. */
  readonly messageId: string;
  readonly facts: DialectFacts;
  /** In the order they are told. */
  readonly steps: readonly Step[];
}

export interface Plan {
  readonly choice: FateChoice;
  readonly startMs: number;
  /** Factor on every wait except numbers written in the address. */
  readonly pace: number;
  /** 0 ≤ n < 1. */
  readonly random: () => number;
}

/** Events told again or in the wrong order come this much later. */
const ECHO_MS = 600;

/** Lays out when everything happens to one recipient and when it is told. */
export function planSteps(plan: Plan): Step[] {
  const { course, telling } = plan.choice.fate;
  if (course.length === 0) return [];
  const steps: Step[] = [step({ happening: 'injected', afterMs: 0 }, { n: 0, atMs: plan.startMs, retries: 0 })];
  let atMs = plan.startMs;
  let retries = 0;
  for (const [index, act] of course.entries()) {
    atMs += waitMs(act, index, plan);
    steps.push(step(act, { n: index + 1, atMs, retries }));
    if (act.happening === 'deferred') retries += 1;
  }
  const echoMs = ECHO_MS * plan.pace;
  if (telling === 'twice') return [...steps, ...steps.map((one) => ({ ...one, tellMs: atMs + echoMs }))].sort(byTelling);
  if (telling === 'disordered') {
    return steps.map((one, index) => ({ ...one, tellMs: atMs + echoMs * (steps.length - 1 - index) })).sort(byTelling);
  }
  return steps;
}

/** The only thing that happens when a provider cannot build the message. */
export function failedGeneration(atMs: number): Step[] {
  return [step({ happening: 'generation-failed', afterMs: 0 }, { n: 0, atMs, retries: 0 })];
}

/** A recipient on the provider's own list: taken, never tried. */
export function suppressedSteps(atMs: number): Step[] {
  return [
    step({ happening: 'injected', afterMs: 0 }, { n: 0, atMs, retries: 0 }),
    step({ happening: 'suppressed', afterMs: 0, reply: 'suppressed' }, { n: 1, atMs, retries: 0 }),
  ];
}

function step(act: Act, at: { n: number; atMs: number; retries: number }): Step {
  const { happening, reply = null, spam = false, notice = false } = act;
  return { n: at.n, happening, atMs: at.atMs, tellMs: at.atMs, reply, spam, notice, retries: at.retries };
}

function waitMs(act: Act, index: number, plan: Plan): number {
  if (act.counted === true && plan.choice.seconds !== null) return plan.choice.seconds * 1_000;
  // Only the first hop varies: the events of a crowd should not come in one lump, while orders inside a course stay what they are.
  const jitter = index === 0 && act.counted !== true ? 0.5 + plan.random() : 1;
  return Math.round(act.afterMs * plan.pace * jitter);
}

function byTelling(a: Step, b: Step): number {
  return a.tellMs - b.tellMs;
}
