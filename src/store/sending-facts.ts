// This file reads, in one statement, what the may-send decision needs to know about a From address.
import type { DomainState, SendingFacts } from '../tenancy/may-send.ts';
import type { Queryable } from './scope.ts';

interface FactRow {
  readonly id: string;
  readonly name: string;
  readonly authenticated: boolean;
  /** Null: a sender. */
  readonly state: DomainState | null;
  readonly verified: boolean;
  readonly dmarc: string[] | null;
  readonly inherited: string | null;
  readonly signs: boolean;
  readonly keyRevoked: boolean;
  readonly returnPathHost: string | null;
}

/** The tenant's domains among `domains`, and its sender with exactly this address (lower case). Two index probes, and one for the key of each domain. */
export async function readSendingFacts(
  db: Queryable,
  tenantId: string,
  from: { domains: readonly string[]; sender: string },
): Promise<SendingFacts> {
  const { rows } = await db.query<FactRow>({
    name: 'sending-facts',
    text: `select id, name, authenticated, state, false as verified, surroundings -> 'dmarc' as dmarc, sights -> 'dmarc' -> 'found' ->> 0 as inherited,
        exists (select from dkim_keys k where k.domain_id = sending_domains.id and k.state = 'active') as signs,
        exists (select from dkim_keys k where k.domain_id = sending_domains.id and k.algorithm = 'rsa-sha256' and k.compromised) and not exists
          (select from dkim_keys k where k.domain_id = sending_domains.id and k.algorithm = 'rsa-sha256' and k.state = 'active') as "keyRevoked",
        return_path_host as "returnPathHost"
      from sending_domains where tenant_id = $1 and name = any($2::text[])
      union all
      select id, address, false, null, verified_at is not null, null, null, false, false, null from senders where tenant_id = $1 and address = $3`,
    values: [tenantId, from.domains, from.sender],
  });
  const sender = rows.find((row) => row.state === null);
  return {
    domains: rows.flatMap(({ state, verified: _, dmarc, ...row }) => (state === null ? [] : { ...row, state, dmarc: dmarc ?? [] })),
    sender: sender ? { verified: sender.verified } : null,
  };
}
