// This file asks the router about a stored message: the same question whether it is claimed again or was just refused somewhere.
import type { MaySend } from '../tenancy/may-send.ts';
import type { Outgoing } from './outgoing.ts';
import { identityOf, type Question } from './route-asked.ts';

/** The question for a message whose sender may (or no longer may) use its From; `refusedBy` are accounts that are out for the recipient. */
export function routeQuestion(
  message: Outgoing,
  may: MaySend,
  recipient: { readonly refusedBy: readonly string[]; readonly mailboxProvider: string },
): Question {
  return {
    tenantId: message.tenantId,
    stream: message.stream,
    fromDomain: message.fromDomain,
    ...identityOf(may, message.signedWith),
    sizeBytes: message.raw.length,
    refusedBy: recipient.refusedBy,
    mailboxProvider: recipient.mailboxProvider,
    mime: message.raw,
  };
}
