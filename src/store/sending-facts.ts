// This file reads, in one statement, what the may-send decision needs to know about a From address.
import type { DomainState, SendingFacts } from '../tenancy/may-send.ts';
import type { Queryable } from './scope.ts';

/** The tenant's domains among `domains`, and its sender with exactly this address (lower case). Two index probes. */
export async function readSendingFacts(
  db: Queryable,
  tenantId: string,
  from: { domains: readonly string[]; sender: string },
): Promise<SendingFacts> {
  const { rows } = await db.query<{ id: string; name: string; authenticated: boolean; state: DomainState | null; verified: boolean }>({
    name: 'sending-facts',
    text: `select id, name, authenticated, state, false as verified from sending_domains where tenant_id = $1 and name = any($2::text[])
      union all
      select id, address, false, null, verified_at is not null from senders where tenant_id = $1 and address = $3`,
    values: [tenantId, from.domains, from.sender],
  });
  const sender = rows.find((row) => row.state === null);
  return {
    domains: rows.flatMap(({ id, name, authenticated, state }) => (state === null ? [] : { id, name, authenticated, state })),
    sender: sender ? { verified: sender.verified } : null,
  };
}
