// This file lets a club ask receivers to refuse mail that cannot be proven: from then on its mail takes the way that proves it, although another one comes
// first in the order; the decision says why, and the verdict on every way says which records would help.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import pg from 'pg';
import type { ToPublish } from '../support/changing-zone.ts';
import { type DeskHere, inReverse, openDesk } from '../support/desk.ts';
import { until } from '../support/until.ts';
import { type ZoneServer, zoneServer } from '../support/zone-server.ts';

const NAME = 'chess-club-zone.test';
const end = inReverse({ after });
const account = new Map<string, string>();
let dns: ZoneServer;
let desk: DeskHere;
let database: pg.Client;
let key: string;
let domain: { id: string; records: (ToPublish & { purpose: string })[] };

before(async () => {
  dns = await zoneServer(end, NAME);
  desk = await openDesk(end, { env: dns.env });
  database = new pg.Client({ connectionString: desk.databaseUrl });
  await database.connect();
  end.after(() => database.end());
  const { body } = await desk.api('GET', '/v1/provider-accounts');
  for (const { id, provider } of body.data) account.set(provider, id);
  await desk.route([account.get('elastic-email') ?? '', account.get('smtp') ?? '']);
  const { body: tenant } = await desk.api('POST', '/v1/tenants', { name: 'Chess Club' });
  key = (await desk.api('POST', `/v1/tenants/${tenant.id}/credentials`, { kind: 'api_key' })).body.api_key;
  domain = (await desk.api('POST', `/v1/tenants/${tenant.id}/domains`, { name: NAME }, key)).body;
});

/** Publishes our records with a policy, and looks until it is seen. */
async function publish(policy: string, leftOut: readonly string[] = []): Promise<void> {
  const ours = domain.records.filter(({ purpose }) => !leftOut.includes(purpose));
  dns.publish(ours.map((record) => (record.purpose === 'dmarc' ? { ...record, value: `v=DMARC1; p=${policy}` } : record)));
  await until(
    async () => {
      await database.query('update sending_domains set asked_at = null');
      await desk.api('POST', `/v1/domains/${domain.id}/check`, undefined, key);
      return (await alignment(key)).policy?.p === policy;
    },
    { what: `the policy ${policy} to be seen`, everyMs: 1_000 },
  );
}

async function alignment(as?: string) {
  const { status, body } = await desk.api('GET', `/v1/domains/${domain.id}/alignment`, undefined, as);
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

/** What a message took, and how the others were judged. */
async function hand(n: number) {
  const { id } = await desk.hand({ from: `info@${NAME}`, to: `member+${n}@mailbox.test`, subject: `${n}`, text: 'x' }, key);
  const [recipient] = (await desk.settled(id, ['delivered', 'handed_over'])).recipients;
  return {
    took: recipient?.account_id,
    codes: recipient?.decision?.judgements.map(({ code }) => code),
    better: recipient?.decision?.better,
  };
}

it('keeps to the order while nobody is asked to act', { timeout: 600_000 }, async () => {
  await publish('none');
  const { took } = await hand(1);
  assert.equal(took, account.get('elastic-email'));
});

it('takes the way that proves the mail once the policy is strict, and says what would open the other', { timeout: 600_000 }, async () => {
  await publish('reject');
  const { took, codes, better } = await hand(2);
  assert.equal(took, account.get('smtp'));
  assert.deepEqual(codes, ['unproven', 'chosen']);
  assert.match(better ?? '', /^Publish the records of/);
});

it('shows the verdict on every way, with words in both languages, and names of accounts to operators only', {
  timeout: 600_000,
}, async () => {
  const { policy, data } = await alignment();
  assert.deepEqual(policy, { p: 'reject', adkim: 'relaxed', aspf: 'relaxed' });
  const short = data.map((way: { provider: string; dmarc: string; asks: string; takes: string[]; dkim: { code: string } }) =>
    [way.provider, way.dkim.code, way.dmarc, way.asks, way.takes.join('+')].join(' '),
  );
  assert.deepEqual(short, ['elastic-email provider-does-not-know fail refusal ', 'smtp our-signature pass nothing transactional+bulk']);
  assert.ok(data.every((way: { account?: string; seen: unknown }) => way.account && way.seen === null));
  const german = await desk.api('GET', `/v1/domains/${domain.id}/alignment?lang=de`, undefined, key);
  assert.match(german.body.data[1].words.headline, /^Empfänger können prüfen/);
  assert.ok(!JSON.stringify(german.body).includes('account'), 'an organisation sees no account');
  const said = await desk.command('domains', 'alignment', NAME);
  assert.match(said, /DMARC policy reject/);
  assert.match(said, /Receivers can prove that this mail is from chess-club-zone\.test\./);
});

it('sends by what there is when nothing proves the mail', { timeout: 600_000 }, async () => {
  await desk.route([account.get('elastic-email') ?? '']);
  const { took, codes } = await hand(3);
  assert.equal(took, account.get('elastic-email'));
  assert.deepEqual(codes, ['only-way-unproven']);
  await desk.quiet();
});
