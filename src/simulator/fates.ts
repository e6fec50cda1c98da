// This file lists the fates of the simulated mailboxes: the local part of an address under mailbox.test chooses one. The CLI prints this
// list and docs/SIMULATOR.md holds it too (a test compares them).
import type { ReplyName } from './replies.ts';

/** Every address of this domain and below it is a simulated mailbox. */
export const MAILBOX_DOMAIN = 'mailbox.test';

/** Things that happen to a message on its way, in words that no provider owns. */
export type Happening =
  | 'injected'
  | 'deferred'
  | 'delivered'
  | 'bounced'
  | 'late-bounced'
  | 'complained'
  | 'unsubscribed'
  | 'opened'
  | 'clicked'
  | 'autoreplied'
  | 'challenged'
  | 'answered'
  | 'suppressed'
  | 'generation-failed';

export interface Act {
  readonly happening: Happening;
  /** Wait since the act before, milliseconds at pace 1. */
  readonly afterMs: number;
  readonly reply?: ReplyName;
  /** The number in the local part ("slow-5") replaces this wait, in seconds. */
  readonly counted?: true;
  /** The mail lands in the spam folder. */
  readonly spam?: true;
  /** The receiver's queue tells the sender that it is late (plain SMTP: a report with Action: delayed). */
  readonly notice?: true;
}

/** What happens at the provider's own door, before anything is accepted (or just after). */
export type Door =
  | 'refuse-at-rcpt'
  | 'defer-at-rcpt'
  | 'refuse-at-data'
  | 'defer-at-data'
  | 'drop-accepted'
  | 'drop-refused'
  | 'hang'
  | 'foreign';

export interface Fate {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly sentence: string;
  /** What a number after the name sets ("slow-5"), in seconds. */
  readonly number?: string;
  readonly course: readonly Act[];
  readonly door?: Door;
  /** `twice`: every event is told again; `disordered`: the last event is told first. */
  readonly telling?: 'twice' | 'disordered';
}

/** One hop to a receiver that answers at once, before jitter. */
const TRANSIT_MS = 400;
/** First wait of a provider's queue after a temporary refusal; real ones take minutes. */
const RETRY_MS = 1_500;
/** What people and feedback loops take; real ones take hours. */
const PEOPLE_MS = 2_000;

const delivered: Act = { happening: 'delivered', afterMs: TRANSIT_MS };
const bounced = (reply: ReplyName): readonly Act[] => [{ happening: 'bounced', afterMs: TRANSIT_MS, reply }];
const after = (happening: Happening, reply?: ReplyName): Act => ({
  happening,
  afterMs: PEOPLE_MS,
  counted: true,
  ...(reply === undefined ? {} : { reply }),
});
const deferred = (reply: ReplyName, afterMs = TRANSIT_MS): Act => ({ happening: 'deferred', afterMs, reply });
const laterDelivered: Act = { happening: 'delivered', afterMs: RETRY_MS, counted: true };

/** What every receiver answers while the provider's IP is on a list. */
export const BLOCKED: Fate = {
  name: 'blocked',
  sentence: 'Refused because the sending IP is on a blocklist (554 5.7.1 blocked using …).',
  course: bounced('blocked'),
};

export const FATES: readonly Fate[] = [
  { name: 'member', sentence: 'Delivered into the inbox. Every name that is not in this list does the same.', course: [delivered] },
  // ── the address is wrong ───────────────────────────────────────────────────
  {
    name: 'bounce',
    aliases: ['unknown-user'],
    sentence: 'Refused for good: there is no such mailbox (550 5.1.1).',
    course: bounced('unknown-user'),
  },
  { name: 'inactive', sentence: 'Refused for good: the mailbox is disabled (550 5.2.1).', course: bounced('inactive') },
  {
    name: 'full',
    sentence: 'The mailbox is over quota: put off (452 4.2.2) twice, then refused (552 5.2.2).',
    number: 'until the last try',
    course: [
      { ...deferred('full-now'), notice: true },
      deferred('full-now', RETRY_MS),
      { happening: 'bounced', afterMs: RETRY_MS, reply: 'full', counted: true },
    ],
  },
  { name: 'bad-domain', sentence: 'Refused for good: the domain does not exist (550 5.1.2).', course: bounced('bad-domain') },
  { name: 'no-mail', sentence: 'Refused for good: the domain takes no mail at all, null MX (556 5.1.10).', course: bounced('no-mail') },
  // ── not now ────────────────────────────────────────────────────────────────
  {
    name: 'greylist',
    sentence: 'Put off at the first try (451 4.7.1), delivered at the second.',
    number: 'until the second try',
    course: [deferred('greylist'), laterDelivered],
  },
  {
    name: 'defer-once',
    sentence: 'Put off once for a fault of the receiver (451 4.3.0), then delivered.',
    number: 'until the second try',
    course: [deferred('try-later'), laterDelivered],
  },
  {
    name: 'delayed',
    sentence: 'Put off for so long that the sender is told of the delay (a report with Action: delayed), then delivered.',
    number: 'until it is delivered',
    course: [
      { ...deferred('try-later'), notice: true },
      { ...laterDelivered, afterMs: 2 * RETRY_MS },
    ],
  },
  {
    name: 'throttled',
    sentence: 'Put off twice because too much came at once (421 4.7.28), then delivered.',
    number: 'until the third try',
    course: [deferred('throttled'), deferred('throttled', RETRY_MS), laterDelivered],
  },
  {
    name: 'expired',
    sentence: 'Put off until the provider gives up (4.4.7 delivery time expired).',
    number: 'until the provider gives up',
    course: [
      { ...deferred('no-answer'), notice: true },
      deferred('no-answer', RETRY_MS),
      { happening: 'bounced', afterMs: RETRY_MS, reply: 'expired', counted: true },
    ],
  },
  {
    name: 'slow',
    sentence: 'Delivered after 30 seconds; slow-5 after 5 seconds.',
    number: 'until it is delivered',
    course: [{ happening: 'delivered', afterMs: 30_000, counted: true }],
  },
  // ── us, not them ───────────────────────────────────────────────────────────
  BLOCKED,
  { name: 'content', sentence: 'Refused as spam because of its content (554 5.7.1).', course: bounced('content') },
  { name: 'virus', sentence: 'Refused because a virus was found (554 5.7.0).', course: bounced('virus') },
  { name: 'too-large', sentence: 'Refused because the receiver takes no message of this size (552 5.3.4).', course: bounced('too-large') },
  {
    name: 'unauthenticated',
    sentence: 'Refused because SPF and DKIM do not prove the sender (550 5.7.26).',
    course: bounced('unauthenticated'),
  },
  { name: 'policy', sentence: 'Refused by a rule of the receiving site (550 5.7.1).', course: bounced('policy') },
  // ── delivered, and then ────────────────────────────────────────────────────
  { name: 'spam', sentence: 'Delivered into the spam folder; the sender only hears "delivered".', course: [{ ...delivered, spam: true }] },
  {
    name: 'complaint',
    sentence: 'Delivered; then the reader presses "this is spam" and the sender hears of it.',
    number: 'until the complaint',
    course: [delivered, after('complained')],
  },
  {
    name: 'late-bounce',
    sentence: 'Reported as delivered; then a bounce comes back after all (out of band, 550 5.1.1).',
    number: 'until the bounce',
    course: [delivered, after('late-bounced', 'unknown-user')],
  },
  {
    name: 'late-block',
    sentence: 'Reported as delivered; then the provider claims that our IP was refused (554 5.7.1), although the mail is in the inbox.',
    number: 'until the claim',
    course: [delivered, after('late-bounced', 'blocked')],
  },
  {
    name: 'false-block',
    sentence: 'Delivered; the provider first claims that our IP was refused (554 5.7.1), and tells of the delivery afterwards.',
    course: [delivered, { happening: 'bounced', afterMs: TRANSIT_MS, reply: 'blocked' }],
    telling: 'disordered',
  },
  {
    name: 'autoreply',
    sentence: 'Delivered; then an out-of-office answer comes back.',
    number: 'until the answer',
    course: [delivered, { ...after('autoreplied', 'auto-reply'), afterMs: PEOPLE_MS / 2 }],
  },
  {
    name: 'challenge',
    sentence: 'Held back by a program that asks the sender to confirm being a person (plain SMTP; nobody answers it).',
    number: 'until the question',
    course: [delivered, { ...after('challenged'), afterMs: PEOPLE_MS / 2 }],
  },
  {
    name: 'answer',
    sentence: 'Delivered; then the reader writes an answer, to the return path as some mail programs do (plain SMTP).',
    number: 'until the answer',
    course: [delivered, after('answered')],
  },
  {
    name: 'unsubscribe',
    sentence: 'Delivered; then the reader unsubscribes.',
    number: 'until then',
    course: [delivered, after('unsubscribed')],
  },
  { name: 'open', sentence: 'Delivered; then opened.', number: 'until it is opened', course: [delivered, after('opened')] },
  {
    name: 'click',
    sentence: 'Delivered; then opened and its first link clicked.',
    number: 'until it is opened',
    course: [delivered, after('opened'), { happening: 'clicked', afterMs: TRANSIT_MS }],
  },
  // ── odd tellings ───────────────────────────────────────────────────────────
  { name: 'silent', sentence: 'Accepted, then dropped: no mailbox gets it and no event ever comes.', course: [] },
  { name: 'duplicate', sentence: 'Delivered; every event is told twice.', course: [delivered], telling: 'twice' },
  {
    name: 'disorder',
    sentence: 'Put off, then delivered, then opened; the events are told in the opposite order.',
    course: [deferred('try-later'), { happening: 'delivered', afterMs: RETRY_MS / 2 }, { happening: 'opened', afterMs: TRANSIT_MS }],
    telling: 'disordered',
  },
  {
    name: 'suppressed',
    sentence: "Stands on the provider's own suppression list: never tried, each provider says so in its own way.",
    course: [{ happening: 'suppressed', afterMs: TRANSIT_MS, reply: 'suppressed' }],
  },
  // ── the provider's own door ────────────────────────────────────────────────
  {
    name: 'refuse-at-rcpt',
    sentence: 'The provider itself refuses the address: 550 at RCPT TO, a rejected or invalid recipient over an API.',
    course: bounced('unknown-user'),
    door: 'refuse-at-rcpt',
  },
  {
    name: 'defer-at-rcpt',
    sentence: 'The smarthost says 450 at the first RCPT TO and takes the next; over an API delivered like member.',
    course: [delivered],
    door: 'defer-at-rcpt',
  },
  {
    name: 'refuse-at-data',
    sentence: 'The provider refuses the message as a whole: 554 after DATA, a refused request over an API.',
    course: [],
    door: 'refuse-at-data',
  },
  {
    name: 'defer-at-data',
    sentence: 'The provider cannot take the message at the first try (451 after DATA, 503 over an API) and takes the next.',
    course: [delivered],
    door: 'defer-at-data',
  },
  {
    name: 'drop-accepted',
    sentence: 'The line breaks after the last byte and without an answer, yet the message was taken and is delivered.',
    course: [delivered],
    door: 'drop-accepted',
  },
  {
    name: 'drop-refused',
    sentence: 'The line breaks after the last byte and without an answer, and the message was not taken. The next try is taken.',
    course: [delivered],
    door: 'drop-refused',
  },
  {
    name: 'hang',
    sentence: 'The message is taken and delivered, but the answer never comes; the line closes after ten minutes.',
    number: 'until the line closes',
    course: [delivered],
    door: 'hang',
  },
];

/** Addresses outside mailbox.test: nobody real may believe that mail reached them. */
export const FOREIGN: Fate = {
  name: 'foreign',
  sentence: 'Any other domain is refused as not simulated (554 5.7.1 relay access denied): nothing ever leaves this machine.',
  course: bounced('foreign'),
  door: 'foreign',
};
