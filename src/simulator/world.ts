// This file is the simulated internet itself: it takes messages from the providers' doors, lets each recipient's fate happen in time,
// keeps what arrives, and has the provider tell the desk.
import type { Clock } from '../clock.ts';
import type { ProviderKind } from '../delivery/provider.ts';
import type { IdMint } from '../ids.ts';
import type { Account } from './accounts.ts';
import type { Agenda } from './agenda.ts';
import { type Door, fateOf } from './fates.ts';
import type { History } from './history.ts';
import type { Journal, OpenJourney } from './journal.ts';
import { type DialectFacts, failedGeneration, type Journey, type Parcel, planSteps, type Step, suppressedSteps } from './journey.ts';
import type { Mailboxes } from './mailboxes.ts';

/** Has a provider tell of one step; calls `told` once when that is done or given up. */
export type Teller = (journey: Journey, step: Step, told: () => void) => void;

export interface SubmittedRecipient {
  readonly address: string;
  readonly mailFrom: string;
  readonly messageId: string;
  readonly facts: DialectFacts;
  /** The mail as the provider forwards it; asked when it arrives. */
  readonly render: () => Buffer;
  /** The provider takes it and then never tries: it cannot build the message, or its own rules forbid the recipient. */
  readonly stopped?: 'generation-failed' | 'suppressed';
}

/** A message that a provider accepted. */
export interface Submission {
  readonly account: Account;
  readonly from: string;
  readonly subject: string;
  /** Size of one copy, bytes. */
  readonly sizeBytes: number;
  readonly transactionId: string;
  /** Scheduled, or held back by the provider: when its way begins, milliseconds since 1970. */
  readonly startMs?: number;
  readonly recipients: readonly SubmittedRecipient[];
}

export interface World {
  readonly clock: Clock;
  readonly mint: IdMint;
  readonly pace: number;
  readonly random: () => number;
  readonly history: History;
  readonly mailboxes: Mailboxes;
  /** False when so much is on its way that a provider has to say "later". */
  room(recipients: number, bytes: number): boolean;
  accept(submission: Submission): void;
  /** What the provider's own door does with this address now; fates that act at a first try only are asked once per try. */
  door(address: string, tryKey: string): { door: Door; seconds: number | null } | null;
  open(): number;
  openJourneys(): OpenJourney[];
  /** Resolves when nothing is on its way any more and everything was told. */
  idle(): Promise<void>;
}

export interface WorldDeps {
  readonly clock: Clock;
  readonly mint: IdMint;
  readonly pace: number;
  readonly random: () => number;
  readonly agenda: Agenda;
  readonly history: History;
  readonly mailboxes: Mailboxes;
  readonly journal: () => Journal;
  readonly tellers: Readonly<Record<ProviderKind, Teller>>;
  readonly restored: readonly OpenJourney[];
}

/** Recipients under way at once; at about 1 KB each this bounds memory, and no rehearsal needs more. */
const OPEN_MAX = 100_000;
/** Bytes of message text under way at once. */
const PARCELS_MAX_BYTES = 200 * 1024 * 1024;
/** Addresses whose first try is remembered. */
const FIRST_TRIES_MAX = 10_000;
/** Answers left over from before a restart wait for the desk's doors to open again. */
const RESTORE_GRACE_MS = 1_000;

interface Live {
  readonly journey: Journey;
  readonly render: (() => Buffer) | null;
  readonly parcel: Parcel | null;
  next: number;
  outstanding: number;
  /** Bits of steps told, and of events that happened. */
  told: number;
  happened: number;
}

/** Makes the world and lets go on what a journal remembered. */
export function makeWorld(deps: WorldDeps): World {
  const { clock, agenda, history, mailboxes } = deps;
  const open = new Map<string, Live>();
  const firstTries = new Set<string>();
  let parcelBytes = 0;
  let waiters: (() => void)[] = [];

  const drop = (parcel: Parcel | null) => {
    if (parcel === null) return;
    parcel.held -= 1;
    if (parcel.held === 0) parcelBytes -= parcel.bytes;
  };
  const finish = (live: Live) => {
    if (live.next < live.journey.steps.length || live.outstanding > 0) return;
    open.delete(live.journey.id);
    drop(live.parcel);
    deps.journal().ended(live.journey.id);
    if (open.size > 0) return;
    const woken = waiters;
    waiters = [];
    for (const wake of woken) wake();
  };
  const advance = (live: Live) => {
    const index = live.next;
    const step = live.journey.steps[index];
    if (step === undefined) return;
    live.next += 1;
    schedule(live);
    if ((live.told >> index) & 1) return finish(live);
    if (((live.happened >> step.n) & 1) === 0) {
      live.happened |= 1 << step.n;
      history.add({ journey: live.journey, step });
      if (step.happening === 'delivered' && live.render !== null) mailboxes.put(arrival(live.journey, step, live.render()));
    }
    live.outstanding += 1;
    deps.tellers[live.journey.provider](live.journey, step, () => {
      live.outstanding -= 1;
      live.told |= 1 << index;
      if (live.journey.steps.length > 1) deps.journal().told(live.journey.id, index);
      finish(live);
    });
  };
  const schedule = (live: Live, notBeforeMs = 0) => {
    const step = live.journey.steps[live.next];
    if (step !== undefined) agenda.at(Math.max(step.tellMs, notBeforeMs), () => advance(live));
  };
  for (const { journey, told } of deps.restored) {
    const live: Live = { journey, render: null, parcel: null, next: 0, outstanding: 0, told, happened: 0 };
    open.set(journey.id, live);
    schedule(live, clock.nowMs() + RESTORE_GRACE_MS * deps.pace);
  }

  return {
    clock,
    mint: deps.mint,
    pace: deps.pace,
    random: deps.random,
    history,
    mailboxes,
    room: (recipients, bytes) => open.size + recipients <= OPEN_MAX && parcelBytes + bytes <= PARCELS_MAX_BYTES,
    accept(submission) {
      const lives = submission.recipients.map((recipient) => makeLive(submission, recipient, deps)).filter((live) => live !== null);
      if (lives.length === 0) return;
      const parcel: Parcel = { bytes: submission.sizeBytes, held: lives.length };
      parcelBytes += parcel.bytes;
      deps.journal().began(lives.map((live) => live.journey));
      for (const one of lives) {
        const live = { ...one, parcel };
        open.set(live.journey.id, live);
        schedule(live);
      }
    },
    door(address, tryKey) {
      const { fate, seconds } = fateOf(address);
      if (fate.door === undefined) return null;
      const once = fate.door === 'defer-at-rcpt' || fate.door === 'defer-at-data' || fate.door === 'drop-refused';
      if (once && firstTries.delete(tryKey)) return null;
      if (once && firstTries.size < FIRST_TRIES_MAX) firstTries.add(tryKey);
      return { door: fate.door, seconds };
    },
    open: () => open.size,
    openJourneys: () => [...open.values()].map(({ journey, told }) => ({ journey, told })),
    idle: () => (open.size === 0 ? Promise.resolve() : new Promise((resolve) => waiters.push(resolve))),
  };
}

function makeLive(submission: Submission, recipient: SubmittedRecipient, deps: WorldDeps): Live | null {
  const acceptedMs = deps.clock.nowMs();
  const startMs = Math.max(submission.startMs ?? acceptedMs, acceptedMs);
  const steps = stepsOf(submission, recipient, startMs, deps);
  if (steps.length === 0) return null;
  const journey: Journey = {
    id: deps.mint.next(),
    provider: submission.account.provider,
    accountKey: submission.account.key,
    recipient: recipient.address,
    mailFrom: recipient.mailFrom,
    from: submission.from,
    subject: submission.subject,
    sizeBytes: submission.sizeBytes,
    acceptedMs,
    transactionId: submission.transactionId,
    messageId: recipient.messageId,
    facts: recipient.facts,
    steps,
  };
  return { journey, render: recipient.render, parcel: null, next: 0, outstanding: 0, told: 0, happened: 0 };
}

function stepsOf(submission: Submission, recipient: SubmittedRecipient, startMs: number, deps: WorldDeps): Step[] {
  if (recipient.stopped === 'generation-failed') return failedGeneration(startMs);
  const listed = submission.account.suppressed.has(recipient.address.toLowerCase());
  if (listed || recipient.stopped === 'suppressed') return suppressedSteps(startMs);
  return planSteps({ choice: fateOf(recipient.address), startMs, pace: deps.pace, random: deps.random });
}

function arrival(journey: Journey, step: Step, mime: Buffer) {
  const trace =
    `Return-Path: <${journey.mailFrom}>\r\nDelivered-To: ${journey.recipient}\r\n` +
    `Received: from ${journey.provider}.sim.test by mx.mailbox.test with ESMTP id ${journey.messageId};\r\n\t${new Date(step.atMs).toUTCString()}\r\n`;
  const { recipient: address, provider, mailFrom, subject } = journey;
  return { address, folder: step.spam ? ('spam' as const) : ('inbox' as const), atMs: step.atMs, provider, mailFrom, subject, trace, mime };
}
