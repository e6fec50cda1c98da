// This file is the simulated internet itself: it takes messages from the providers' doors, lets each recipient's fate happen in time,
// keeps what arrives, and has the provider tell the desk.
import type { Clock } from '../clock.ts';
import type { ProviderKind } from '../delivery/provider.ts';
import type { IdMint } from '../ids.ts';
import type { Account } from './accounts.ts';
import type { Agenda } from './agenda.ts';
import { type FateChoice, fateOf } from './fate-choice.ts';
import { BLOCKED, type Door } from './fates.ts';
import type { History } from './history.ts';
import type { Journal, OpenJourney } from './journal.ts';
import { type DialectFacts, failedGeneration, type Journey, type Parcel, planSteps, type Step, suppressedSteps } from './journey.ts';
import { type MailType, stops } from './lists.ts';
import type { Mailboxes } from './mailboxes.ts';
import type { Outage } from './outages.ts';

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
  /** For providers whose suppression lists tell the kinds of mail apart. */
  readonly mailType?: MailType;
  readonly subaccount?: string;
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
  readonly outage: (provider: ProviderKind) => Outage | null;
  readonly restored: readonly OpenJourney[];
  /** Something happened to a recipient, for the first time. */
  readonly happened: (journey: Journey, step: Step) => void;
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
  const traffic = new Traffic(deps);
  const firstTries = new Set<string>();
  return {
    clock: deps.clock,
    mint: deps.mint,
    pace: deps.pace,
    random: deps.random,
    history: deps.history,
    mailboxes: deps.mailboxes,
    room: (recipients, bytes) => traffic.room(recipients, bytes),
    accept: (submission) => traffic.accept(submission),
    door(address, tryKey) {
      const { fate, seconds } = fateOf(address);
      if (fate.door === undefined) return null;
      const once = fate.door === 'defer-at-rcpt' || fate.door === 'defer-at-data' || fate.door === 'drop-refused';
      if (once && firstTries.delete(tryKey)) return null;
      if (once && firstTries.size < FIRST_TRIES_MAX) firstTries.add(tryKey);
      return { door: fate.door, seconds };
    },
    open: () => traffic.open,
    openJourneys: () => traffic.journeys(),
    idle: () => traffic.idle(),
  };
}

/** Everything that is on its way: lets each step happen at its time, has it told, and forgets what is over. */
class Traffic {
  readonly #deps: WorldDeps;
  readonly #live = new Map<string, Live>();
  #parcelBytes = 0;
  #waiters: (() => void)[] = [];

  constructor(deps: WorldDeps) {
    this.#deps = deps;
    const notBeforeMs = deps.clock.nowMs() + RESTORE_GRACE_MS * deps.pace;
    for (const { journey, told } of deps.restored) {
      this.#begin({ journey, render: null, parcel: null, next: 0, outstanding: 0, told, happened: 0 }, notBeforeMs);
    }
  }

  get open(): number {
    return this.#live.size;
  }

  room(recipients: number, bytes: number): boolean {
    return this.#live.size + recipients <= OPEN_MAX && this.#parcelBytes + bytes <= PARCELS_MAX_BYTES;
  }

  journeys(): OpenJourney[] {
    return [...this.#live.values()].map(({ journey, told }) => ({ journey, told }));
  }

  idle(): Promise<void> {
    return this.#live.size === 0 ? Promise.resolve() : new Promise((resolve) => this.#waiters.push(resolve));
  }

  accept(submission: Submission): void {
    const lives = submission.recipients.map((recipient) => makeLive(submission, recipient, this.#deps)).filter((live) => live !== null);
    if (lives.length === 0) return;
    const parcel: Parcel = { bytes: submission.sizeBytes, held: lives.length };
    this.#parcelBytes += parcel.bytes;
    for (const live of lives) this.#begin({ ...live, parcel }, 0);
    // After they are live: a journal that rewrites itself just now asks for everything that is.
    this.#deps.journal().began(lives.map((live) => live.journey));
  }

  #begin(live: Live, notBeforeMs: number): void {
    this.#live.set(live.journey.id, live);
    this.#schedule(live, notBeforeMs);
  }

  #schedule(live: Live, notBeforeMs: number): void {
    const step = live.journey.steps[live.next];
    if (step !== undefined) this.#deps.agenda.at(Math.max(step.tellMs, notBeforeMs), () => this.#advance(live));
  }

  #advance(live: Live): void {
    const index = live.next;
    const step = live.journey.steps[index];
    if (step === undefined) return;
    live.next += 1;
    this.#schedule(live, 0);
    if ((live.told >> index) & 1) this.#finish(live);
    else {
      this.#happen(live, step);
      live.outstanding += 1;
      this.#deps.tellers[live.journey.provider](live.journey, step, () => this.#told(live, index));
    }
  }

  /** A step that is told twice still happens once. */
  #happen(live: Live, step: Step): void {
    if ((live.happened >> step.n) & 1) return;
    live.happened |= 1 << step.n;
    this.#deps.history.add({ journey: live.journey, step });
    this.#deps.happened(live.journey, step);
    if (step.happening === 'delivered' && live.render !== null) this.#deps.mailboxes.put(arrival(live.journey, step, live.render()));
  }

  #told(live: Live, index: number): void {
    live.outstanding -= 1;
    live.told |= 1 << index;
    if (live.journey.steps.length > 1) this.#deps.journal().told(live.journey.id, index);
    this.#finish(live);
  }

  #finish(live: Live): void {
    if (live.next < live.journey.steps.length || live.outstanding > 0) return;
    this.#live.delete(live.journey.id);
    this.#drop(live.parcel);
    this.#deps.journal().ended(live.journey.id);
    if (this.#live.size > 0) return;
    const woken = this.#waiters;
    this.#waiters = [];
    for (const wake of woken) wake();
  }

  #drop(parcel: Parcel | null): void {
    if (parcel === null) return;
    parcel.held -= 1;
    if (parcel.held === 0) this.#parcelBytes -= parcel.bytes;
  }
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
  const { account, mailType: type, subaccount = '' } = submission;
  const entry = stops(account, recipient.address, { nowMs: deps.clock.nowMs(), type, subaccount });
  if (entry !== null || recipient.stopped === 'suppressed') return suppressedSteps(startMs);
  const choice = choiceOf(recipient.address, deps.outage(account.provider));
  return planSteps({ choice, startMs, pace: deps.pace, random: deps.random });
}

/** Receivers refuse a listed IP before they look whether there is such a mailbox. */
function choiceOf(address: string, outage: Outage | null): FateChoice {
  if (outage?.kind !== 'blocklisted') return fateOf(address);
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
  return outage.at === null || outage.at === domain ? { fate: BLOCKED, seconds: null } : fateOf(address);
}

function arrival(journey: Journey, step: Step, mime: Buffer) {
  const trace =
    `Return-Path: <${journey.mailFrom}>\r\nDelivered-To: ${journey.recipient}\r\n` +
    `Received: from ${journey.provider}.sim.test by mx.mailbox.test with ESMTP id ${journey.messageId};\r\n\t${new Date(step.atMs).toUTCString()}\r\n`;
  const { recipient: address, provider, mailFrom, subject } = journey;
  return { address, folder: step.spam ? ('spam' as const) : ('inbox' as const), atMs: step.atMs, provider, mailFrom, subject, trace, mime };
}
