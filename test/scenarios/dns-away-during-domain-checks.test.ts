// This file takes the DNS away while domains are looked at: what was verified stays verified, what waits goes on waiting, mail goes on, and the next
// look comes soon.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import pg from 'pg';
import { type DeskHere, inReverse, openDesk } from '../support/desk.ts';
import { until } from '../support/until.ts';
import { type ZoneServer, zoneServer } from '../support/zone-server.ts';

const NAME = 'sailing-club-zone.test';
const end = inReverse({ after });
let dns: ZoneServer;
let desk: DeskHere;
let database: pg.Client;
let club: { id: string; key: string };

before(async () => {
  dns = await zoneServer(end, NAME);
  desk = await openDesk(end, { env: dns.env });
  database = new pg.Client({ connectionString: desk.databaseUrl });
  await database.connect();
  end.after(() => database.end());
  const { body: tenant } = await desk.api('POST', '/v1/tenants', { name: 'Sailing Club' });
  const { body: key } = await desk.api('POST', `/v1/tenants/${tenant.id}/credentials`, { kind: 'api_key' });
  club = { id: tenant.id, key: key.api_key };
});

it('keeps what was verified, and looks again soon', { timeout: 600_000 }, async () => {
  const register = async (name: string) => (await desk.api('POST', `/v1/tenants/${club.id}/domains`, { name }, club.key)).body;
  const show = async (id: string) => (await desk.api('GET', `/v1/domains/${id}`, undefined, club.key)).body;
  const domain = await register(NAME);
  const waiting = await register(`news.${NAME}`);
  dns.publish(domain.records);
  // The desk looks by itself; nobody asks.
  const due = () => database.query('update sending_domains set next_check_at = now()');
  await due();
  await until(async () => (await show(domain.id)).state === 'verified', { what: 'the domain to be verified' });

  dns.silent = true;
  const { checked_at: before } = await show(domain.id);
  await due();
  const away = await until(
    async () => {
      const shown = await show(domain.id);
      return shown.checked_at > before && shown;
    },
    { what: 'a look while nobody answers', everyMs: 200 },
  );
  assert.ok(away);
  assert.deepEqual([away.state, away.authenticated, away.breaks_at], ['verified', true, null]);
  const states = new Set(
    away.records.filter(({ needed }: { needed: string }) => needed === 'required').map((record: { state: string }) => record.state),
  );
  assert.deepEqual([...states], ['unreachable']);
  const minutes = (Date.parse(away.next_check_at) - Date.parse(away.checked_at)) / 60_000;
  assert.ok(minutes > 8 && minutes < 12, `${minutes} minutes`);
  assert.equal((await show(waiting.id)).state, 'pending');
  const { id } = await desk.hand({ from: `info@${NAME}`, to: 'member@mailbox.test', subject: 'x', text: 'x' }, club.key);
  await desk.settled(id, ['delivered']);
  const { body } = await until(
    async () => {
      const answer = await desk.api('GET', '/v1/events?type=domain.verified,domain.warning,domain.broken', undefined, club.key);
      return answer.body.data.length > 0 && answer;
    },
    { what: 'the event, which older transactions on the server hold back' },
  );
  assert.deepEqual(
    body.data.map(({ type }: { type: string }) => type),
    ['domain.verified'],
  );
});
