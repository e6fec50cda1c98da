// This file says why the router holds a message, each time with its way out.
import { heldForFrom, type RewritingCode, type RewritingQuestion } from './rewriting-gate.ts';

/** Why nothing is eligible. */
export type HeldCode =
  | 'no-account'
  | 'free-mailbox'
  | 'domain-not-authenticated'
  | 'every-account-out'
  | 'key-revoked'
  | 'rewriting-not-agreed'
  | 'signed-by-author';

/** What a recipient is held for that waits for its From: in `recipients.reason`. Mail held for another reason waits for a person. */
export const IDENTITY_REASONS = [
  'no-route',
  'free-mailbox',
  'rewriting-not-agreed',
  'signed-by-author',
  'sender-not-allowed',
  'rewriting-cap',
] as const;

export type IdentityReason = (typeof IDENTITY_REASONS)[number];

/** What holds a message: the router, the rights of its sender, or the places of the organisation's day. '': nobody asked yet. */
export type HeldFor = HeldCode | 'sender-not-allowed' | 'rewriting-cap' | '';

/** The reason that stands in a recipient's row for a code of the router. */
export function heldReason(code: HeldCode | null, freeMailbox: boolean): IdentityReason {
  if (code === 'rewriting-not-agreed' || code === 'signed-by-author') return code;
  return freeMailbox ? 'free-mailbox' : 'no-route';
}

/** The sentence for a code. */
export function heldBecause(code: HeldCode, { fromDomain, rewriting }: { fromDomain: string; rewriting?: RewritingQuestion }): string {
  if (code !== 'rewriting-not-agreed' && code !== 'signed-by-author') return HELD[code](fromDomain);
  return rewriting ? heldForFrom(code, fromDomain, rewriting) : '';
}

/** Each with its way out. */
const HELD: Readonly<Record<Exclude<HeldCode, RewritingCode>, (domain: string) => string>> = {
  'no-account': () => 'No provider account is set for this mail. Add one, or name one in the routing.',
  'free-mailbox': (domain) =>
    `From is an address at ${domain}, which forbids others to send in its name. Use an address of a domain of your own.`,
  'domain-not-authenticated': (domain) =>
    `${domain} is not authenticated, and every account of the order insists on it. Publish its records, or add an account that takes verified addresses.`,
  'key-revoked': (domain) =>
    `The signing key of ${domain} was revoked, and its policy has receivers turn away mail that is not signed. Publish the record of the next key; then it goes out by itself.`,
  'every-account-out': () =>
    'Every account of the order is paused or cannot carry this message. It goes out by itself when one can; the decision says what each lacks.',
};
