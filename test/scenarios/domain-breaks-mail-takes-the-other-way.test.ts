// This file takes a domain's DKIM record away behind the desk's back: everybody is told while mail still goes as before, then the domain breaks and
// mail takes the account that asks for no proof, with the reason written down; when the record is back, mail takes the better way again.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import pg from 'pg';
import type { ToPublish } from '../support/changing-zone.ts';
import { type DeskHere, inReverse, openDesk } from '../support/desk.ts';
import { until } from '../support/until.ts';
import { type ZoneServer, zoneServer } from '../support/zone-server.ts';

const NAME = 'rowing-club-zone.test';
const end = inReverse({ after });
const account = new Map<string, string>();
let dns: ZoneServer;
let desk: DeskHere;
let database: pg.Client;
let club: { id: string; key: string };
let domain: { id: string; records: (ToPublish & { purpose: string })[] };

before(async () => {
  dns = await zoneServer(end, NAME);
  desk = await openDesk(end, { env: dns.env });
  database = new pg.Client({ connectionString: desk.databaseUrl });
  await database.connect();
  end.after(() => database.end());
  const { body } = await desk.api('GET', '/v1/provider-accounts');
  for (const { id, provider } of body.data) account.set(provider, id);
  await desk.route([account.get('sparkpost') ?? '', account.get('elastic-email') ?? '']);
  const { body: tenant } = await desk.api('POST', '/v1/tenants', { name: 'Rowing Club', contact_email: 'treasurer@mailbox.test' });
  const { body: key } = await desk.api('POST', `/v1/tenants/${tenant.id}/credentials`, { kind: 'api_key' });
  club = { id: tenant.id, key: key.api_key };
  domain = (await desk.api('POST', `/v1/tenants/${club.id}/domains`, { name: NAME }, club.key)).body;
});

/** Looks now, whoever asked a moment ago. */
async function check() {
  await database.query('update sending_domains set asked_at = null');
  const { status, body } = await desk.api('POST', `/v1/domains/${domain.id}/check`, undefined, club.key);
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

/** The account that took a message of the club, and how the other was judged. */
async function hand(n: number) {
  const { id } = await desk.hand({ from: `info@${NAME}`, to: `member+${n}@mailbox.test`, subject: `${n}`, text: 'x' }, club.key);
  const [recipient] = (await desk.settled(id, ['delivered'])).recipients;
  return { id, took: recipient?.account_id, decision: recipient?.decision };
}

it('takes the first account while the domain is verified', { timeout: 600_000 }, async () => {
  dns.publish(domain.records);
  const { state, authenticated, records } = await check();
  assert.deepEqual([state, authenticated], ['verified', true], JSON.stringify(records));
  assert.equal((await hand(1)).took, account.get('sparkpost'));
});

it('warns when a record is gone, while mail goes on as before', { timeout: 600_000 }, async () => {
  dns.publish(domain.records.filter(({ purpose }) => purpose !== 'dkim'));
  const { state, authenticated, breaks_at: breaksAt, records } = await check();
  assert.deepEqual([state, authenticated], ['warning', true]);
  const hours = (Date.parse(breaksAt) - Date.now()) / 3_600_000;
  // The desk's clock is the database's and ours is not the same to the millisecond.
  assert.ok(hours > 71 && hours < 72.5, `${hours} hours`);
  assert.equal(records.find(({ purpose }: { purpose: string }) => purpose === 'dkim').mistake.code, 'not-published');
  assert.equal((await hand(2)).took, account.get('sparkpost'));
  await until(async () => (await desk.simulator.mailbox('treasurer@mailbox.test')).length === 2, {
    what: 'the contact to hear that the domain was ready and has to be mended',
  });
  const titles = async () => (await desk.api('GET', '/v1/overview')).body.needs_person.map((need: { title: string }) => need.title);
  await until(async () => (await titles()).includes('A sending domain is about to break.'), { what: 'operators to be told' });
});

it('takes the other account once the domain is broken, and says what would help', { timeout: 600_000 }, async () => {
  // Three days later.
  await database.query("update sending_domains set breaks_at = now() - interval '1 second' where id = $1", [domain.id]);
  const { state, authenticated } = await check();
  assert.deepEqual([state, authenticated], ['broken', false]);
  const { id, took, decision } = await hand(3);
  assert.equal(took, account.get('elastic-email'));
  const judged = decision?.judgements.find(({ chosen }) => !chosen);
  assert.match(judged?.because ?? '', new RegExp(`${NAME} is not authenticated`));
  assert.match(decision?.better ?? '', new RegExp(`^Authenticate ${NAME} \\(SPF and DKIM\\) and this mail can take `));
  const { body: shown } = await desk.api('GET', `/v1/messages/${id}`, undefined, club.key);
  assert.ok(!JSON.stringify(shown).includes(account.get('sparkpost') ?? ''), 'names of accounts stay the platform’s business');
  assert.equal((await desk.api('GET', '/v1/domains?state=broken')).body.data.length, 1);
});

it('takes the first account again when the record is back, and the whole story can be read', { timeout: 600_000 }, async () => {
  dns.publish(domain.records);
  // What is not there is remembered for some seconds.
  await until(async () => (await check()).state === 'verified', { what: 'the record to be seen again', everyMs: 1_000 });
  assert.equal((await hand(4)).took, account.get('sparkpost'));
  const { body } = await until(
    async () => {
      const answer = await desk.api('GET', '/v1/events?type=domain.verified,domain.warning,domain.broken', undefined, club.key);
      return answer.body.data.length >= 4 && answer;
    },
    { what: 'the whole story, which older transactions on the server hold back' },
  );
  const story = body.data.map(({ type }: { type: string }) => type);
  assert.deepEqual(story, ['domain.verified', 'domain.warning', 'domain.broken', 'domain.verified']);
  assert.equal(body.data[2].data.domain, NAME);
  assert.equal(body.data[2].data.records[0].purpose, 'dkim');
  await desk.quiet();
});
