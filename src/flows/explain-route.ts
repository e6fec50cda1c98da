// This file answers which way a message would go, and why, before there is one.
import type { RouteDecision } from '../delivery/route.ts';
import type { Stream } from '../delivery/states.ts';
import { domainOf, type MayNotCode } from '../tenancy/may-send.ts';
import { identityOf } from './route-asked.ts';
import type { RoutingTable } from './routing-table.ts';
import type { SendingRights } from './sending-rights.ts';

export interface ExplainRouteDeps {
  readonly rights: Pick<SendingRights, 'check'>;
  readonly routing: () => Pick<RoutingTable, 'decide'>;
  readonly mailboxProvider: (domain: string) => string;
}

/** `because` in English. */
export type Explained =
  | ({ readonly allowed: true } & RouteDecision)
  | { readonly allowed: false; readonly code: MayNotCode; readonly because: string };

export function makeExplainRoute(
  deps: ExplainRouteDeps,
): (question: { tenantId: string; from: string; to: string; stream: Stream; sizeBytes: number }) => Promise<Explained> {
  return async ({ tenantId, from, to, stream, sizeBytes }) => {
    const may = await deps.rights.check(tenantId, from);
    if (!may.allowed) return { allowed: false, code: may.code, because: may.reason };
    const decision = deps.routing().decide({
      tenantId,
      stream,
      fromDomain: domainOf(from),
      // What nobody wrote yet, nobody signed.
      ...identityOf(may, () => null),
      sizeBytes,
      refusedBy: [],
      mime: null,
      mailboxProvider: deps.mailboxProvider(domainOf(to)),
    });
    return { allowed: true, ...decision };
  };
}
