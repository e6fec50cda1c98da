// This file says who of those who did something belongs to an organisation: what others did is told to it as done by the platform.
import type { Queryable } from './scope.ts';

/** Whose names an organisation does not see. `gone`: a person or credential that nobody can look up any more. */
export type ActorOwner = 'own' | 'platform' | 'gone';

/** Owners of actors as the audit log names them (`person:<login>`, `credential:<id>`); others (`desk`, `confirmation:…`) are nobody's secret and left out. */
export async function actorOwners(db: Queryable, tenantId: string, actors: readonly string[]): Promise<Map<string, ActorOwner>> {
  const { rows } = await db.query<{ actor: string; owner: ActorOwner }>(
    `select a.actor, case when owned.tenant_id = $1 then 'own' when owned.known then 'platform' else 'gone' end as owner
     from (select distinct unnest($2::text[]) as actor) a
     left join lateral (
       select o.tenant_id, true as known from operators o where a.actor like 'person:%' and o.login = substr(a.actor, 8)
       union all select c.tenant_id, true from credentials c where c.id = case when a.actor ~ '^credential:[0-9a-f-]{36}$' then substr(a.actor, 12)::uuid end
       limit 1
     ) owned on true
     where a.actor like 'person:%' or a.actor like 'credential:%'`,
    [tenantId, actors],
  );
  return new Map(rows.map(({ actor, owner }) => [actor, owner]));
}

/** What stands for everybody of the platform where organisations read it. */
export const PLATFORM = 'platform';

/** Log-in names and credentials of the platform are its own business, and so are those that cannot be told from them any more. */
export function seenActor(actor: string, owners: ReadonlyMap<string, ActorOwner>): string {
  const owner = owners.get(actor);
  return owner === 'platform' ? PLATFORM : owner === 'gone' ? actor.slice(0, actor.indexOf(':')) : actor;
}
