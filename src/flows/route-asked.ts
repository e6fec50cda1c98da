// This file says what the router is asked: about a message, or about its recipients at one mailbox provider.
import type { RouteQuestion } from '../delivery/route.ts';

export type Question = Omit<RouteQuestion, 'nowMs' | 'carries'> & {
  readonly mime: Buffer | null;
  readonly tenantId: string;
  /** Of the recipient, where the question is about one: a route it refuses comes last. */
  readonly mailboxProvider?: string;
};

/** A question about recipients of one mailbox provider. */
export type ReceiverQuestion = Question & { readonly mailboxProvider: string };
