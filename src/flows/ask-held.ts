// This file asks for held mail what the door asked: may the sender, is a way open? First for a kind of messages at once, which costs the same for one as for fifty thousand;
// then, where that is open, for each message with everything that is special about it.
import { type HeldFor, heldReason, type IdentityReason } from '../delivery/held-because.ts';
import { type LetGoCode, whyLetGo } from '../delivery/let-go.ts';
import type { RouteDecision } from '../delivery/route.ts';
import { authorSignature } from '../mail/author-signature.ts';
import type { HeldKind } from '../store/held-messages.ts';
import { domainOf, type MaySend } from '../tenancy/may-send.ts';
import { routeOf } from './placing.ts';
import { identityOf, type Question } from './route-asked.ts';
import type { RoutingTable } from './routing-table.ts';
import type { SendingRights } from './sending-rights.ts';

export interface AskHeldDeps {
  readonly rights: Pick<SendingRights, 'check'>;
  readonly routing: () => Pick<RoutingTable, 'decide' | 'route'>;
}

export type HeldAnswer =
  | {
      readonly kind: 'held';
      readonly code: HeldFor;
      readonly reason: IdentityReason;
      /** Null: the router was not asked. */
      readonly decision: RouteDecision | null;
    }
  | { readonly kind: 'open'; readonly decision: RouteDecision; readonly routeId: number; readonly why: LetGoCode };

/** Asks for one message of a kind: its bytes, or null for a small, unsigned one as most are. */
export type AskHeld = (mime: Buffer | null) => HeldAnswer;

/** A usual message. */
const SIZE_BYTES = 4096;

/** Looks up the rights of the sender once; what comes back asks the router. */
export async function askHeld(deps: AskHeldDeps, kind: HeldKind): Promise<AskHeld> {
  const may = await deps.rights.check(kind.tenantId, kind.fromAddress);
  return (mime) => answerOf(deps, kind, may, mime);
}

function answerOf({ routing }: AskHeldDeps, kind: HeldKind, may: MaySend, mime: Buffer | null): HeldAnswer {
  if (!may.allowed) return { kind: 'held', code: 'sender-not-allowed', reason: 'sender-not-allowed', decision: null };
  // What is held for a signature has one; which, the message itself says.
  const signedWith = () => (mime ? authorSignature(mime) : kind.code === 'signed-by-author' ? 'S/MIME' : null);
  const question: Question = {
    tenantId: kind.tenantId,
    stream: kind.stream,
    fromDomain: domainOf(kind.fromAddress),
    ...identityOf(may, signedWith),
    sizeBytes: mime?.length ?? SIZE_BYTES,
    refusedBy: [],
    mime,
  };
  const decision = routing().decide(question);
  const routeId = routeOf(decision);
  if (routeId === null) {
    const code = decision.heldCode ?? 'no-account';
    return { kind: 'held', code, reason: heldReason(code, may.freeMailbox), decision };
  }
  const why = whyLetGo(kind.code, {
    ofDomain: may.domainId !== null,
    domainAuthenticated: may.domainAuthenticated,
    rewritten: decision.rewrittenFrom !== undefined,
    wayNeedsProof: routing().route(routeId)?.adapter.capabilities.needsAuthenticatedDomain === true,
  });
  return { kind: 'open', decision, routeId, why };
}
