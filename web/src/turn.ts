// This file knows whose turn a fault is, which fault a class proves, and which held mail is nobody's turn.
import type { Fault } from './api/model.ts';

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

/** Reasons that the desk asks about again by itself. */
export const BY_ITSELF: ReadonlySet<string | null> = new Set([
  'no-route',
  'free-mailbox',
  'rewriting-not-agreed',
  'signed-by-author',
  'sender-not-allowed',
  'rewriting-cap',
]);
