// This file turns what the API says about a recipient into words, glyph and turn.
import type { Fault, Recipient } from './api/model.ts';
import type { Format } from './format.ts';
import { stateWord } from './states.ts';
import { classNames, pillWords } from './words/mail.ts';
import { pick } from './words/words.ts';

export type Turn = 'theirs' | 'sender' | 'ours' | 'rule';

const TURN_OF = {
  recipient: 'theirs',
  receiver: 'theirs',
  content: 'sender',
  authentication: 'sender',
  'sender-reputation': 'ours',
  capacity: 'ours',
  operator: 'ours',
  policy: 'rule',
} as const satisfies Record<Fault, Turn>;

/** Whose turn it is to mend a fault. */
export function turnOf(fault: Fault): Turn {
  return TURN_OF[fault];
}

const FAULT_OF: Readonly<Record<string, Fault>> = {
  'invalid-recipient': 'recipient',
  'inactive-mailbox': 'recipient',
  'mailbox-full': 'recipient',
  'bad-domain': 'recipient',
  'domain-not-accepting': 'recipient',
  greylist: 'receiver',
  network: 'receiver',
  expired: 'receiver',
  system: 'receiver',
  protocol: 'receiver',
  tls: 'receiver',
  'relay-denied': 'receiver',
  'spam-content': 'content',
  content: 'content',
  virus: 'content',
  'message-too-large': 'content',
  'ip-reputation': 'sender-reputation',
  'auth-failure': 'authentication',
  'rate-limited': 'capacity',
  policy: 'policy',
  'sender-rejected': 'policy',
  'recipient-filtered': 'policy',
  operator: 'operator',
};

/** The fault a class proves by default; null for none. The server's own word wins where it gives one. */
export function faultOfClass(name: string | null): Fault | null {
  return name === null ? null : (FAULT_OF[name] ?? null);
}

/** A class, hold reason or code in words; what has no words yet stands as it came. */
export function reasonWords(reason: string | null, format: Format): string | null {
  if (reason === null || reason === '') return null;
  const names: Readonly<Record<string, string>> = pick(classNames, format.lang);
  return names[reason] ?? reason;
}

/** Where somebody stands who reads a pill: at the operator's desk or in a tenant organisation. */
export type Reader = 'operator' | 'tenant';

type PillRecipient = Pick<Recipient, 'state' | 'state_at' | 'next_at' | 'reason' | 'marks' | 'attempts'>;

/** The words of a recipient's pill: what it is and what comes next. `bornMs`: when the message was taken in. */
export function pillText(recipient: PillRecipient, bornMs: number, format: Format, reader: Reader, nowMs: number): string {
  const say = pick(pillWords, format.lang);
  const why = reasonWords(recipient.reason, format);
  const due = recipient.next_at === null ? null : Date.parse(recipient.next_at);
  const dueWords = due !== null && due > nowMs ? format.when(due, nowMs) : null;
  const ahead = due !== null && due > nowMs ? format.ahead(due, nowMs) : null;
  const lapse = format.lapse(Math.max(0, Date.parse(recipient.state_at) - bornMs));
  const account = recipient.attempts.at(-1)?.account_name ?? null;
  const plain = reader === 'tenant';
  const because = why ?? stateWord(recipient.state, format).toLowerCase();
  switch (recipient.state) {
    case 'scheduled':
      return ahead === null ? (plain ? say.plainWay : say.queued) : say.leaves(ahead);
    case 'queued':
      if (plain) return say.plainWay;
      return ahead === null ? say.queued : say.queuedUntil(ahead);
    case 'submitting':
      return plain ? say.plainWay : say.submitting;
    case 'handed_over':
      if (plain) return say.plainHandedOver;
      return recipient.marks.includes('silent') ? say.handedOverSilent : say.handedOver;
    case 'delivered':
      return plain ? say.plainArrived : say.deliveredAfter(lapse);
    case 'deferred':
      if (dueWords === null || ahead === null) return plain ? say.plainWay : say.deferred;
      return plain ? say.plainAgain(ahead) : say.deferredUntil(dueWords);
    case 'held':
      if (plain) return say.plainHeld;
      return why === null ? say.heldPlain : say.held(why);
    case 'uncertain':
      if (plain) return say.plainUncertain;
      return account === null ? say.uncertainPlain : say.uncertain(account);
    case 'bounced':
      return plain ? say.plainBounced(because) : say.bounced(because);
    case 'failed':
      return plain ? say.plainFailed(because) : say.failed(because);
    case 'expired':
      return plain ? say.plainExpired(lapse) : say.expiredAfter(lapse);
    case 'suppressed':
      return plain ? say.plainSuppressed(because) : say.suppressed(because);
    case 'cancelled':
      return say.cancelled;
  }
}
