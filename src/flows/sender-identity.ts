// This file says, before anything is handed in, as whom mail of a sender goes out: as it is, with From written anew, or not at all; and why, and what would be better.
import type { RouteDecision } from '../delivery/route.ts';
import type { Stream } from '../delivery/states.ts';
import type { Mailbox } from '../mail/address-list.ts';
import { rewrittenName } from '../mail/rewrite-from.ts';
import type { MaySend } from '../tenancy/may-send.ts';
import { identityOf } from './route-asked.ts';
import type { RoutingTable } from './routing-table.ts';
import type { SendingRights } from './sending-rights.ts';

export interface SenderIdentityDeps {
  readonly rights: Pick<SendingRights, 'check'>;
  readonly routing: () => Pick<RoutingTable, 'decide'>;
}

export type SenderTreatment = 'as-is' | 'rewrite' | 'held';

export interface TreatedSender {
  readonly treatment: SenderTreatment;
  /** What From becomes; null: it stays. */
  readonly rewrittenFrom: string | null;
  /** A sentence or two. */
  readonly why: string;
}

export interface PreviewedSender extends TreatedSender {
  /** From and Reply-To as readers see them; Reply-To is null when there is none. */
  readonly from: string;
  readonly replyTo: string | null;
  /** Null: the address may not stand in From at all. */
  readonly decision: RouteDecision | null;
  readonly better: string | null;
}

export interface SenderIdentity {
  /** How mail of a sender goes out now. */
  treat(
    tenantId: string,
    sender: { readonly address: string; readonly verified: boolean; readonly asked: boolean },
  ): Promise<TreatedSender>;
  preview(
    tenantId: string,
    message: { readonly from: Mailbox; readonly replyTo: Mailbox | null; readonly stream: Stream },
  ): Promise<PreviewedSender>;
}

/** A usual message; only its From matters here. */
const SIZE_BYTES = 4096;

export function makeSenderIdentity(deps: SenderIdentityDeps): SenderIdentity {
  function decide(tenantId: string, address: string, may: MaySend, stream: Stream): RouteDecision {
    return deps.routing().decide({
      tenantId,
      stream,
      fromDomain: address.slice(address.lastIndexOf('@') + 1).toLowerCase(),
      // What nobody wrote yet, nobody signed.
      ...identityOf(may, () => null),
      sizeBytes: SIZE_BYTES,
      refusedBy: [],
      mime: null,
    });
  }

  return {
    async treat(tenantId, { address, verified, asked }) {
      if (!verified) {
        const why = asked
          ? `Its owner was asked by mail; until somebody confirms it, mail from ${address} is refused.`
          : `Nobody has confirmed ${address} yet, so mail from it is refused. Have the confirmation mail sent, or let an operator vouch for it.`;
        return { treatment: 'held', rewrittenFrom: null, why };
      }
      const may = await deps.rights.check(tenantId, address);
      if (!may.allowed) return { treatment: 'held', rewrittenFrom: null, why: may.reason };
      return treatmentOf(decide(tenantId, address, may, 'transactional'), may);
    },
    async preview(tenantId, { from, replyTo, stream }) {
      const may = await deps.rights.check(tenantId, from.address);
      const asWritten = { from: shown(from.name, from.address), replyTo: replyTo && shown(replyTo.name, replyTo.address) };
      if (!may.allowed) {
        const better = 'Register it as a sender and have its owner confirm it, or use an address of a domain of your own.';
        return { ...asWritten, treatment: 'held', rewrittenFrom: null, why: may.reason, decision: null, better };
      }
      const decision = decide(tenantId, from.address, may, stream);
      const treated = treatmentOf(decision, may);
      const { rewrittenFrom } = treated;
      if (rewrittenFrom === null) return { ...treated, ...asWritten, decision, better: decision.better };
      return {
        ...treated,
        from: shown(rewrittenName(from.name, may.rewriting?.organisation ?? ''), rewrittenFrom),
        replyTo: asWritten.replyTo ?? asWritten.from,
        decision,
        better: decision.better,
      };
    },
  };
}

function treatmentOf(decision: RouteDecision, may: MaySend & { readonly allowed: true }): TreatedSender {
  const { rewrittenFrom = null, routeId, waits, heldBecause } = decision;
  if (heldBecause !== null) return { treatment: 'held', rewrittenFrom: null, why: heldBecause };
  if (rewrittenFrom !== null) {
    const why = `From is written anew as ${rewrittenFrom}, so that receivers can prove it; answers go to the person.`;
    return { treatment: 'rewrite', rewrittenFrom, why };
  }
  if (routeId === null && !waits) return { treatment: 'held', rewrittenFrom: null, why: 'No way is open for it.' };
  const why =
    may.domainName !== null
      ? `It belongs to the domain ${may.domainName} of this organisation.`
      : 'It goes out as it is, by a way that accepts a confirmed address.';
  return { treatment: 'as-is', rewrittenFrom: null, why };
}

/** As a person reads it. */
function shown(name: string | null, address: string): string {
  return name === null || name === '' ? address : `"${name.replace(/["\\]/g, '\\$&')}" <${address}>`;
}
