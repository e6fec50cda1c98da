// This file is the life of a recipient as a total table: every (state, happening) pair has a row, most say "ignore, because …".
//
// Happenings of our own side: claimed, handed-over, refused, deferred, not-sent, lost (the line broke after acceptance was possible, or the
// node died), expired, on-hold, held, released (released-ahead: before its send_at), cancelled, resend. Happenings the world reports, early, late, twice, in any order:
// said-delivered, said-bounced, said-deferred, said-rejected (the provider took it and then refused it itself), said-taken (it speaks of it as of
// something it has), rerouted (a reported refusal
// that lies with us and not with the recipient, so another account takes it; delivery/reroute.ts says when).
//
// Rules behind the table:
// - A final answer of the receiver (delivered, bounced) beats everything we only believe (submitting, uncertain, handed_over, queued again).
// - A late bounce moves delivered → bounced (out-of-band); a late "delivered" never moves bounced back, because receivers that accept and
//   bounce report in that order, and events arrive shuffled.
// - A reported refusal reroutes only what we believe handed over: once anything else was said, it stands.
// - cancelled, suppressed, expired and failed were ours to decide; only proof of delivery corrects them, since it means the mail is out.
import type { RecipientState } from './states.ts';

export const HAPPENINGS = [
  'claimed',
  'handed-over',
  'refused-by-receiver',
  'refused-by-provider',
  'deferred',
  'not-sent',
  'lost',
  'expired',
  'on-hold',
  'held',
  'released',
  'released-ahead',
  'cancelled',
  'resend',
  'said-delivered',
  'said-bounced',
  'said-deferred',
  'said-rejected',
  'said-taken',
  'rerouted',
] as const;

export type Happening = (typeof HAPPENINGS)[number];

export type Transition = { readonly next: RecipientState } | { readonly ignore: string };

const go = (next: RecipientState): Transition => ({ next });
const no = (because: string): Transition => ({ ignore: because });

const OVER = no('its fate is settled already');
const NOT_WAITING = no('it is not waiting for a hand-over');
const NOT_ON_WIRE = no('no hand-over of it is open');
const TOO_LATE = no('it has left already');
const NOT_HELD = no('it is not held');
const NOT_UNCERTAIN = no('nothing about it is uncertain');
const NO_DOUBT = no('what the provider does on its way says nothing new');
const TWICE = no('it is in this state already');

type Row = Readonly<Record<Happening, Transition>>;

/** What the receiver says about something we have or may have handed over. */
const NEWS = {
  'said-delivered': go('delivered'),
  'said-bounced': go('bounced'),
  'said-rejected': go('failed'),
  'said-deferred': no('the provider goes on trying'),
  'said-taken': NO_DOUBT,
} as const;

const WAITING: Row = {
  claimed: go('submitting'),
  'handed-over': NOT_ON_WIRE,
  'refused-by-receiver': NOT_ON_WIRE,
  'refused-by-provider': NOT_ON_WIRE,
  deferred: NOT_ON_WIRE,
  'not-sent': NOT_ON_WIRE,
  lost: NOT_ON_WIRE,
  expired: go('expired'),
  'on-hold': go('suppressed'),
  held: go('held'),
  released: NOT_HELD,
  'released-ahead': NOT_HELD,
  cancelled: go('cancelled'),
  resend: NOT_UNCERTAIN,
  // News about an earlier attempt that we believed lost.
  ...NEWS,
  'said-rejected': no('it waits for another try, which an earlier refusal does not stop'),
  rerouted: no('it waits for another try already'),
};

const OPEN: Row = {
  claimed: no('it is on the wire already'),
  'handed-over': go('handed_over'),
  'refused-by-receiver': go('bounced'),
  'refused-by-provider': go('failed'),
  deferred: go('deferred'),
  'not-sent': go('queued'),
  lost: go('uncertain'),
  expired: no('its hand-over is open; the outcome decides'),
  'on-hold': no('its hand-over is open; the outcome decides'),
  held: go('held'),
  released: NOT_HELD,
  'released-ahead': NOT_HELD,
  cancelled: no('it is on the wire; it cannot be called back'),
  resend: NOT_UNCERTAIN,
  ...NEWS,
  // Its lease is in use: a second hand-over under the same lease could take the answer of the first.
  rerouted: no('its hand-over is open; the outcome decides'),
};

const SETTLED: Row = {
  claimed: NOT_WAITING,
  'handed-over': OVER,
  'refused-by-receiver': OVER,
  'refused-by-provider': OVER,
  deferred: OVER,
  'not-sent': OVER,
  lost: OVER,
  expired: OVER,
  'on-hold': OVER,
  held: OVER,
  released: NOT_HELD,
  'released-ahead': NOT_HELD,
  cancelled: TOO_LATE,
  resend: NOT_UNCERTAIN,
  'said-delivered': OVER,
  'said-bounced': OVER,
  'said-deferred': OVER,
  'said-rejected': OVER,
  'said-taken': NO_DOUBT,
  rerouted: OVER,
};

const TABLE: Readonly<Record<RecipientState, Row>> = {
  scheduled: WAITING,
  queued: WAITING,
  deferred: WAITING,
  submitting: OPEN,
  uncertain: {
    ...OPEN,
    resend: go('queued'),
    lost: TWICE,
    cancelled: go('cancelled'),
    'on-hold': go('suppressed'),
    expired: go('expired'),
    // Only the account it was meant for can know it: another copy of it would be one too many.
    'said-taken': go('handed_over'),
    rerouted: no('nobody can tell how often it went out; the doubt is settled first'),
  },
  held: {
    ...WAITING,
    claimed: no('what holds it has to end first'),
    released: go('queued'),
    'released-ahead': go('scheduled'),
    held: TWICE,
  },
  handed_over: { ...SETTLED, ...NEWS, 'handed-over': TWICE, rerouted: go('queued') },
  delivered: {
    ...SETTLED,
    'said-delivered': TWICE,
    'said-bounced': go('bounced'),
    'said-rejected': no('a delivery was reported; a refusal by the provider cannot undo it'),
  },
  bounced: {
    ...SETTLED,
    'said-bounced': TWICE,
    'said-delivered': no('the receiver refused it after taking it; the order of reports means nothing'),
  },
  failed: { ...SETTLED, 'said-delivered': go('delivered'), 'said-bounced': go('bounced'), 'said-rejected': TWICE },
  expired: { ...SETTLED, 'said-delivered': go('delivered'), 'said-bounced': go('bounced') },
  suppressed: { ...SETTLED, 'said-delivered': go('delivered'), 'said-bounced': go('bounced') },
  cancelled: { ...SETTLED, 'said-delivered': go('delivered'), 'said-bounced': go('bounced') },
};

/** The next state, or why nothing changes. Total: every pair has an answer. */
export function transition(state: RecipientState, happening: Happening): Transition {
  return TABLE[state][happening];
}

/** States from which `happening` leads somewhere, with where: for statements that move many rows at once. */
export function movesOf(happening: Happening): { from: RecipientState; to: RecipientState }[] {
  // Object.keys of TABLE are exactly the states.
  return (Object.keys(TABLE) as RecipientState[]).flatMap((from) => {
    const row = TABLE[from][happening];
    return 'next' in row ? [{ from, to: row.next }] : [];
  });
}
