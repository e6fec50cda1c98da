// This file checks which return-path host mail gets: the domain's own while it is known to be published, else the platform's.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mailRows } from '../../test/support/mail-rows.ts';
import { until } from '../../test/support/until.ts';
import { silentLog } from '../log.ts';
import { makeReturnPathHosts } from './return-path-hosts.ts';

test('a published host is used for its domain and the names below it, of this organisation, and while it is freshly known', async (t) => {
  const { pool, db, tenantId } = await mailRows(t);
  t.after(() => db.close());
  await pool.query(
    `insert into sending_domains (tenant_id, id, name, return_path_host) values
       ($1, gen_random_uuid(), 'club.example', 'bounce.club.example'), ($1, gen_random_uuid(), 'other.example', null)`,
    [tenantId],
  );
  let nowMs = 1_000_000;
  const hosts = makeReturnPathHosts({ pool, clock: { monotonicMs: () => nowMs }, log: silentLog });
  assert.equal(hosts.of(tenantId, 'club.example'), null, 'the first message does not wait for the list');
  await until(() => hosts.of(tenantId, 'club.example') !== null, { what: 'the list to be read' });
  assert.equal(hosts.of(tenantId, 'club.example'), 'bounce.club.example');
  assert.equal(hosts.of(tenantId, 'news.club.example'), 'bounce.club.example');
  assert.equal(hosts.of(tenantId, 'other.example'), null);
  assert.equal(hosts.of('00000000-0000-7000-8000-000000000000', 'club.example'), null);
  await pool.query('update sending_domains set return_path_host = null');
  nowMs += 60_001;
  assert.equal(hosts.of(tenantId, 'club.example'), null, 'what is old is not trusted');
  await until(() => hosts.of(tenantId, 'club.example') === null, { what: 'the list to be read again' });
});
