// This file turns attempts and events of one recipient into the steps of a passage: what we did, what they said, what comes next. Pure.
import type { Fault, Recipient, RecipientState } from './api/model.ts';
import type { GlyphName } from './desk/glyphs.tsx';
import { isOf } from './same-answer.ts';
import { faultOfClass } from './turn.ts';

export type StepKind =
  | 'taken'
  | 'offered'
  | 'accepted'
  | 'refused'
  | 'rerouted'
  | 'deferred'
  | 'line-broke'
  | 'unknown'
  | 'delivered'
  | 'bounced'
  | 'failed'
  | 'expired'
  | 'held'
  | 'suppressed'
  | 'cancelled'
  | 'released'
  | 'complained'
  | 'unsubscribed'
  | 'opened'
  | 'clicked'
  | 'news'
  | 'next'
  | 'you';

export interface Step {
  readonly kind: StepKind;
  readonly glyph: GlyphName;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Name of the provider account, where one took part. */
  readonly account: string | null;
  /** Their own words, complete. */
  readonly said: string | null;
  readonly class: string | null;
  readonly fault: Fault | null;
  /** The provider's label where it says something of its own. */
  readonly label: string | null;
  /** The rule that read their words. */
  readonly rule: string | null;
  /** Why the desk let it go by itself; a key of passageWords. */
  readonly why: LetGo | null;
  /** What it was held for until its time ran out. */
  readonly heldFor: string | null;
  /** Event type as it came, for kinds we have no words for. */
  readonly type: string | null;
  /** Earlier times of the same thing, said in the same words. */
  readonly again: readonly number[];
  /** It has not happened yet. */
  readonly later: boolean;
}

const LET_GO = [
  'sender-confirmed',
  'consent-given',
  'rewriting-allowed',
  'domain-verified',
  'key-published',
  'provider-verified',
  'room-again',
  'way-open',
] as const;
export type LetGo = (typeof LET_GO)[number];

const EVENT_KIND: Readonly<Record<string, StepKind>> = {
  delivered: 'delivered',
  bounced: 'bounced',
  rejected: 'failed',
  failed: 'failed',
  rerouted: 'rerouted',
  deferred: 'deferred',
  expired: 'expired',
  held: 'held',
  suppressed: 'suppressed',
  cancelled: 'cancelled',
  released: 'released',
  complained: 'complained',
  unsubscribed: 'unsubscribed',
  opened: 'opened',
  clicked: 'clicked',
};
/** Say nothing that the steps around them do not say. */
const SILENT = new Set(['queued', 'accepted', 'submitting', 'injected']);
const GLYPH: Readonly<Record<StepKind, GlyphName>> = {
  taken: 'queued',
  offered: 'submitting',
  accepted: 'handed_over',
  refused: 'bounced',
  rerouted: 'bounced',
  deferred: 'deferred',
  'line-broke': 'queued',
  unknown: 'uncertain',
  delivered: 'delivered',
  bounced: 'bounced',
  failed: 'failed',
  expired: 'expired',
  held: 'held',
  suppressed: 'suppressed',
  cancelled: 'cancelled',
  released: 'queued',
  complained: 'complained',
  unsubscribed: 'complained',
  opened: 'delivered',
  clicked: 'delivered',
  news: 'handed_over',
  next: 'queued',
  you: 'held',
};
/** The clock of a provider that tells whole seconds, milliseconds. */
export const COARSE_MS = 1_000;
/** Steps in which class and the provider's own label say more than the step itself. */
export const TELLING: ReadonlySet<StepKind> = new Set(['refused', 'rerouted', 'deferred', 'bounced', 'failed', 'expired', 'held', 'news']);
const WAITING: ReadonlySet<RecipientState> = new Set(['scheduled', 'queued', 'deferred']);

/** The steps in order of time; the last may lie ahead. `takenMs`: when the message was taken in. */
export function stepsOf(recipient: Recipient, takenMs: number): Step[] {
  const attempts = recipient.attempts.flatMap((attempt, index): Step[] => {
    const rerouted = attempt.outcome === 'refused' && index < recipient.attempts.length - 1;
    return [
      step('offered', Date.parse(attempt.started_at), { account: attempt.account_name }),
      step(outcomeKind(attempt.outcome, rerouted, recipient.state), Date.parse(attempt.ended_at), {
        account: attempt.account_name,
        said: attempt.reply,
        class: attempt.class,
        fault: faultOfClass(attempt.class),
      }),
    ];
  });
  const events = recipient.events.flatMap((event): Told[] => {
    const at = Date.parse(event.at);
    if (SILENT.has(event.type)) return [];
    const own = recipient.attempts.some((attempt) => isOf(attempt, event));
    // That it was the last try is said by no attempt; its words are.
    if (own && event.type === 'expired') return [{ told: step('expired', at, {}), heardMs: at }];
    if (own) return [];
    const data = event.data ?? {};
    const heldFor = event.type === 'expired' ? text(data['held_for']) : null;
    // Nobody answered what was held until it expired, so no class of an answer is said.
    const name = heldFor === null ? text(data[event.type === 'held' ? 'reason' : 'class']) : null;
    const told = step(EVENT_KIND[event.type] ?? 'news', at, {
      account: text(data['account']),
      said: text(data['diagnostic']) ?? text(data['reply']),
      class: name,
      // The API speaks in our own faults; a word we do not know is shown as no fault.
      fault: heldFor === null && event.type !== 'held' ? ((text(data['fault']) as Fault | null) ?? faultOfClass(name)) : null,
      why: LET_GO.find((code) => code === data['why']) ?? null,
      heldFor,
      label: text(data['provider_label']) ?? text(data['providerLabel']),
      rule: text(data['rule']),
      type: event.type,
    });
    return [{ told, heardMs: heardMs(event.id) }];
  });
  const past = [step('taken', takenMs, {}), ...inOrder(attempts, events, takenMs)];
  return [...gathered(past), ...ahead(recipient, past.at(-1)?.at ?? takenMs)];
}

/** A name for each step that no other has: providers tell whole seconds, so the same may happen twice at one time. */
export function namesOf(steps: readonly Step[]): readonly string[] {
  const times = new Map<string, number>();
  return steps.map(({ kind, at }) => {
    const name = `${kind}${at}`;
    const before = times.get(name) ?? 0;
    times.set(name, before + 1);
    return `${name} ${before}`;
  });
}

/** A step that somebody told us of, and when we heard it. */
interface Told {
  readonly told: Step;
  readonly heardMs: number;
}

/** Our ids begin with the time at which they were made (RFC 9562 §5.7). */
function heardMs(id: string): number {
  const [, high, low] = /^([0-9a-f]{8})-([0-9a-f]{4})-7/.exec(id) ?? [];
  return high === undefined ? Number.POSITIVE_INFINITY : Number.parseInt(`${high}${low}`, 16);
}

/**
 * Providers tell whole seconds, so what followed a hand-over can seem to have come before it: an event stands after every attempt that began
 * within its second, and before what we did when we had heard it.
 */
function inOrder(attempts: readonly Step[], events: readonly Told[], takenMs: number): Step[] {
  const place = ({ told: { at }, heardMs: heard }: Told) => {
    if (at % COARSE_MS !== 0) return at;
    const within = attempts.filter((attempt) => attempt.at < at + COARSE_MS).map((attempt) => attempt.at);
    return Math.max(at, takenMs, Math.min(Math.max(at, ...within), heard));
  };
  const placed = [...attempts.map((row) => ({ row, at: row.at })), ...events.map((row) => ({ row: row.told, at: place(row) }))];
  return placed.sort((a, b) => a.at - b.at).map(({ row }) => row);
}

/** The same answer again and again becomes one step that counts. */
function gathered(steps: readonly Step[]): Step[] {
  const out: Step[] = [];
  for (const next of steps) {
    const last = out.at(-1);
    const before = out.at(-2);
    const repeats =
      last?.kind === 'offered' &&
      before?.kind === 'deferred' &&
      next.kind === 'deferred' &&
      before.account === next.account &&
      before.said === next.said;
    if (repeats) out.splice(-2, 2, { ...next, again: [...before.again, before.at] });
    else out.push(next);
  }
  return out;
}

function ahead(recipient: Recipient, lastMs: number): Step[] {
  if (recipient.state === 'held') return [step('you', lastMs, { later: true, type: recipient.reason })];
  if (!WAITING.has(recipient.state) || recipient.next_at === null) return [];
  return [step('next', Date.parse(recipient.next_at), { later: true, glyph: recipient.state })];
}

function outcomeKind(outcome: string, rerouted: boolean, state: RecipientState): StepKind {
  if (outcome === 'handed_over') return 'accepted';
  if (outcome === 'deferred') return 'deferred';
  if (outcome === 'not_sent') return 'line-broke';
  if (outcome === 'unknown') return 'unknown';
  if (rerouted) return 'rerouted';
  return state === 'bounced' ? 'bounced' : 'refused';
}

function step(kind: StepKind, at: number, more: Partial<Step>): Step {
  return {
    kind,
    glyph: GLYPH[kind],
    at,
    account: null,
    said: null,
    class: null,
    fault: null,
    label: null,
    rule: null,
    why: null,
    heldFor: null,
    type: null,
    again: [],
    later: false,
    ...more,
  };
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
