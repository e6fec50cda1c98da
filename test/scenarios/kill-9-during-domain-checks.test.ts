// This file kills a desk while it looks at domains: what it had in hand is due again after the lease, every domain is verified in the end, and its
// organisation hears of that exactly once.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import pg from 'pg';
import type { ToPublish } from '../support/changing-zone.ts';
import { inReverse, startDesk } from '../support/desk.ts';
import { until } from '../support/until.ts';
import { zoneServer } from '../support/zone-server.ts';

const APEX = 'kill-club-zone.test';
const DOMAINS = 10;

it('looks again at what was in hand, and tells once', { timeout: 600_000 }, async () => {
  const end = inReverse({ after });
  const dns = await zoneServer(end, APEX);
  const desk = await startDesk(end, { env: dns.env });
  const database = new pg.Client({ connectionString: desk.databaseUrl });
  await database.connect();
  end.after(() => database.end());
  const { body: tenant } = await desk.api('POST', '/v1/tenants', { name: 'Kill Club' });
  const { body: key } = await desk.api('POST', `/v1/tenants/${tenant.id}/credentials`, { kind: 'api_key' });
  const records: ToPublish[] = [];
  for (let n = 0; n < DOMAINS; n += 1) {
    const { body } = await desk.api('POST', `/v1/tenants/${tenant.id}/domains`, { name: `c${n}.${APEX}` }, key.api_key);
    records.push(...body.records);
  }
  dns.publish(records);
  dns.silent = true;
  const count = async (where: string) => {
    const { rows } = await database.query(`select count(*)::int as n from sending_domains where tenant_id = $1 and ${where}`, [tenant.id]);
    return rows[0].n;
  };
  await database.query('update sending_domains set next_check_at = now() where tenant_id = $1', [tenant.id]);
  await until(async () => (await count("next_check_at > now() + interval '5 minutes'")) > 0, {
    what: 'domains to be taken in hand',
  });
  // Usually before the first look has ended. One that has found nobody to ask by then is due again like one that was in hand.
  await desk.kill('SIGKILL');
  dns.silent = false;
  await desk.start();
  // A quarter of an hour later.
  await database.query("update sending_domains set next_check_at = next_check_at - interval '15 minutes' where tenant_id = $1", [
    tenant.id,
  ]);
  await until(async () => (await count("state = 'verified' and authenticated")) === DOMAINS, {
    what: 'every domain to be verified',
  });
  const { rows } = await database.query(
    "select data ->> 'domain' as domain from events where tenant_id = $1 and type = 'domain.verified'",
    [tenant.id],
  );
  assert.equal(rows.length, DOMAINS);
  assert.equal(new Set(rows.map(({ domain }) => domain)).size, DOMAINS);
});
