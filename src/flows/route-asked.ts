// This file says what the router is asked: about a message, or about its recipients at one mailbox provider.
import type { RouteQuestion } from '../delivery/route.ts';
import type { MaySend } from '../tenancy/may-send.ts';

export type Question = Omit<RouteQuestion, 'nowMs' | 'carries'> & {
  readonly mime: Buffer | null;
  readonly tenantId: string;
  /** Of the recipient, where the question is about one: a route it refuses comes last. */
  readonly mailboxProvider?: string;
};

/** A question about recipients of one mailbox provider. */
export type ReceiverQuestion = Question & { readonly mailboxProvider: string };

type Identity = Pick<Question, 'domainAuthenticated' | 'freeMailbox' | 'identity' | 'rewriting'>;

/** What follows from who may send. `signedWith` says what the author signed the message with; asked only where From could be written anew. */
export function identityOf(may: MaySend, signedWith: () => 'S/MIME' | 'PGP' | null): Identity {
  if (!may.allowed) return { domainAuthenticated: false, freeMailbox: false };
  const { domainAuthenticated, freeMailbox, identity, rewriting } = may;
  if (identity) return { domainAuthenticated, freeMailbox, identity };
  if (!rewriting) return { domainAuthenticated, freeMailbox };
  const looks = rewriting.possible && rewriting.allowed && rewriting.address !== null;
  return { domainAuthenticated, freeMailbox, rewriting: { ...rewriting, signedWith: looks ? signedWith() : null } };
}
