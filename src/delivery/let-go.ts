// This file says why held mail goes out now: what ended, judged by what held it before and what the router says today.
import type { HeldFor } from './held-because.ts';

/** For programs and for other languages; the sentences below say it in English. */
export type LetGoCode =
  | 'sender-confirmed'
  | 'consent-given'
  | 'rewriting-allowed'
  | 'domain-verified'
  | 'key-published'
  | 'provider-verified'
  | 'room-again'
  | 'way-open';

export const LET_GO_SENTENCES: Readonly<Record<LetGoCode, string>> = {
  'sender-confirmed': 'The sender was confirmed.',
  'consent-given': 'The organisation agreed that From is written anew.',
  'rewriting-allowed': 'The operator allowed that From is written anew.',
  'domain-verified': 'The domain in From was verified.',
  'key-published': 'The next signing key of the domain is published.',
  'provider-verified': 'A provider verified the domain in From.',
  'room-again': 'There is room again in the day of the organisation for mail with From written anew.',
  'way-open': 'A way that can take it is open.',
};

/** What is true today of a message that may go. */
export interface OpenNow {
  /** A registered domain covers From; else it is a single sender. */
  readonly ofDomain: boolean;
  readonly domainAuthenticated: boolean;
  readonly rewritten: boolean;
  /** The way insists on a proven domain. */
  readonly wayNeedsProof: boolean;
}

/** Total: whatever held it, something can be said; "a way is open" is true of all. */
export function whyLetGo(was: HeldFor, now: OpenNow): LetGoCode {
  if (was === 'sender-not-allowed') return now.ofDomain ? 'domain-verified' : 'sender-confirmed';
  if (was === 'key-revoked' && now.domainAuthenticated) return 'key-published';
  if (was === 'rewriting-cap') return now.rewritten ? 'room-again' : 'way-open';
  if (now.rewritten) return was === 'rewriting-not-agreed' ? 'consent-given' : was === 'free-mailbox' ? 'rewriting-allowed' : 'way-open';
  if (was === '' || was === 'no-account' || was === 'every-account-out') return 'way-open';
  if (now.domainAuthenticated) return 'domain-verified';
  return was === 'domain-not-authenticated' && now.wayNeedsProof ? 'provider-verified' : 'way-open';
}
