// This file checks the words of people about sources over the real store: said, listed, taken back, kept from hiding our own mail, and kept from other organisations.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type HttpDesk, httpDesk } from '../../../test/support/http-desk.ts';
import { feedback } from '../../../test/support/reports.ts';
import { clearOfMidnight } from '../../../test/support/turn-of-day.ts';
import { withTenant } from '../../store/scope.ts';
import { listJudgements } from '../../store/source-judgements.ts';

const DAY_S = 86_400;
await clearOfMidnight();
const todayS = Math.floor(Date.now() / 1000 / DAY_S) * DAY_S;

interface Row {
  readonly ip: string;
  readonly count: number;
  /** Selector of a signature of the domain that holds. */
  readonly selector?: string;
  /** Domain of the envelope. */
  readonly envelope?: string;
}

/** A month of daily reports, each with the same rows. */
async function month(desk: HttpDesk, club: { key: string; domain: string }, rows: readonly Row[], org = 'receiver.example') {
  for (let day = 1; day <= 20; day += 1) {
    const begin = todayS - day * DAY_S;
    const records = rows.map(({ ip, count, selector, envelope }) => {
      const signed =
        selector === undefined ? '' : `<dkim><domain>${club.domain}</domain><selector>${selector}</selector><result>pass</result></dkim>`;
      const sent = envelope === undefined ? '' : `<spf><domain>${envelope}</domain><result>fail</result></spf>`;
      return (
        `<record><row><source_ip>${ip}</source_ip><count>${count}</count><policy_evaluated><disposition>none</disposition><dkim>${selector === undefined ? 'fail' : 'pass'}</dkim>` +
        `<spf>fail</spf></policy_evaluated></row><identifiers><header_from>${club.domain}</header_from></identifiers><auth_results>${signed}${sent}</auth_results></record>`
      );
    });
    const xml = feedback(
      `<report_metadata><org_name>${org}</org_name><email>d@${org}</email><report_id>${begin}</report_id><date_range><begin>${begin}</begin><end>${begin + DAY_S - 1}</end></date_range></report_metadata>` +
        `<policy_published><domain>${club.domain}</domain><p>none</p></policy_published>${records.join('')}`,
    );
    const headers = { 'content-type': 'application/octet-stream' };
    const { status } = await desk.ask('POST', '/v1/domain-reports', { key: club.key, body: Buffer.from(xml), headers });
    assert.equal(status, 200);
  }
}

async function domainOf(desk: HttpDesk, club: { id: string }) {
  const { data } = (await desk.ask('GET', `/v1/tenants/${club.id}/domains`)).body;
  const { rows } = await desk.pool.query('select selector from dkim_keys where domain_id = $1', [data[0].id]);
  return { url: `/v1/domains/${data[0].id}/dmarc`, id: data[0].id as string, selector: rows[0].selector as string };
}

interface Source {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly carries_ours: boolean;
  readonly why: string;
  readonly judgement: { verdict: string; note: string; said_by: string; holds: boolean } | null;
}

test('a scanner and an impostor are told apart by a person, and the safe path follows', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  const { url, id, selector } = await domainOf(desk, club);
  await month(desk, club, [
    { ip: '192.0.2.1', count: 600, selector },
    { ip: '203.0.113.200', count: 4 },
    { ip: '198.51.100.66', count: 30 },
  ]);
  const look = async (query = '') => (await desk.ask('GET', `${url}${query}`, { key: club.key })).body;
  const before = await look();
  assert.deepEqual(
    before.safe_path.blockers.map(({ code }: { code: string }) => code),
    ['unknown-steady', 'unknown-steady'],
  );
  const named = (name: string) => before.sources.find((source: Source) => source.name === name) as Source;
  const [impostor, scanner] = [named('198.51.100.0/24'), named('203.0.113.0/24')];
  const say = (source: Source, body: unknown) => desk.ask('PUT', `${url}/sources/${source.id}`, { key: club.key, body });
  const said = await say(impostor, { verdict: 'not-ours', note: '' });
  assert.equal(said.status, 200, JSON.stringify(said.body));
  assert.match(said.body.said_by, /^credential:/);
  await say(scanner, { verdict: 'not-ours' });
  await say(scanner, { verdict: 'ours', note: 'the scanner at the office' });

  const after = await look();
  assert.deepEqual(after.not_ours, { sources: 1, messages: 600, aligned: 0 });
  assert.deepEqual(
    after.safe_path.blockers.map(({ code, messages, why }: { code: string; messages: number; why: string }) => [code, messages, why]),
    [
      [
        'judged-ours-fails',
        80,
        '80 messages from the scanner at the office failed, and somebody said here that it is yours; a stricter policy would lose them.',
      ],
    ],
  );
  assert.match(
    after.safe_path.evidence,
    /^30 days, 12,080 messages, 99\.33 % aligned; the other 80: the scanner at the office \(80\)\. 600 more are from a source you marked as not yours\.$/,
  );
  assert.equal(after.sources.find((source: Source) => source.name === scanner.name).judgement.note, 'the scanner at the office');
  assert.equal(after.failures.find(({ source }: { source: string }) => source === scanner.name).label, 'the scanner at the office');
  const german = (await desk.ask('GET', url, { key: club.key, headers: { 'accept-language': 'de' } })).body;
  assert.match(german.safe_path.evidence, /^30 Tage.*die Sie als fremd bezeichnet haben\.$/);
  const csv = await desk.ask('GET', `${url}/export`, { key: club.key });
  assert.match(csv.body, /,ours,the scanner at the office\r\n/);

  const { body: list } = await desk.ask('GET', `${url}/sources`, { key: club.key });
  assert.deepEqual(
    list.data.map(({ name, verdict }: { name: string; verdict: string }) => [name, verdict]),
    [
      ['198.51.100.0/24', 'not-ours'],
      ['203.0.113.0/24', 'ours'],
    ],
  );
  // Days without either: what was said is still there to be taken back.
  const quiet = await look('?from=2020-01-01&to=2020-01-31');
  assert.deepEqual(
    quiet.sources.map(({ id: source, why }: Source) => [source, why]),
    [
      [impostor.id, 'Nothing was reported from it in these days.'],
      [scanner.id, 'Nothing was reported from it in these days.'],
    ],
  );
  const audit = await desk.pool.query(`select action from audit_log where subject = $1 order by id`, [id]);
  assert.equal(audit.rows.filter(({ action }) => action === 'dmarc-source.judge').length, 3);

  assert.equal((await desk.ask('DELETE', `${url}/sources/${impostor.id}`, { key: club.key })).status, 204);
  assert.equal((await desk.ask('DELETE', `${url}/sources/${impostor.id}`, { key: club.key })).status, 404);
  assert.equal((await look()).safe_path.blockers.length, 2);
});

test('nobody hides a way of ours that fails', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  const { url, selector } = await domainOf(desk, club);
  await month(desk, club, [{ ip: '192.0.2.1', count: 600, selector }]);
  const look = async () => (await desk.ask('GET', url, { key: club.key })).body.sources as Source[];
  const say = (source: string, verdict: string) => desk.ask('PUT', `${url}/sources/${source}`, { key: club.key, body: { verdict } });
  const [first] = await look();
  assert.ok(first);
  assert.equal(first.carries_ours, true);
  const refused = await say(first.id, 'not-ours');
  assert.deepEqual([refused.status, refused.body.code], [409, 'SOURCE_IS_OURS']);
  assert.match(refused.body.detail, /carries mail of this desk for club\.example/);
  assert.match(refused.body.hint, /Mend/);
  assert.equal((await say(first.id, 'ours')).status, 200);

  // One that only strangers used until now, and that carries our mail from tomorrow on.
  await month(desk, club, [{ ip: '198.51.100.66', count: 5 }], 'second.example');
  const stranger = (await look()).find(({ kind }) => kind === 'unknown');
  assert.ok(stranger);
  assert.equal((await say(stranger.id, 'not-ours')).status, 200);
  await month(desk, club, [{ ip: '198.51.100.66', count: 5, envelope: 'returns.desk.example' }], 'third.example');
  const now = (await look()).find(({ id }) => id === stranger.id);
  assert.deepEqual([now?.judgement?.verdict, now?.judgement?.holds], ['not-ours', false]);
  assert.match(now?.why ?? '', /but it carries mail of this desk, so it counts/);
  assert.equal((await desk.ask('GET', url, { key: club.key })).body.not_ours.messages, 0);
});

test('what does not exist, other organisations, and notes of several lines', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  const other = await desk.tenant('Other');
  const { url, id } = await domainOf(desk, club);
  await month(desk, club, [{ ip: '198.51.100.66', count: 30 }]);
  const [source] = (await desk.ask('GET', url, { key: club.key })).body.sources as Source[];
  assert.ok(source);
  const put = (address: string, key: string, body: unknown) => desk.ask('PUT', address, { key, body });
  assert.equal((await put(`${url}/sources/${'0'.repeat(32)}`, club.key, { verdict: 'ours' })).status, 404);
  assert.equal((await put(`${url}/sources/nothing`, club.key, { verdict: 'ours' })).status, 404);
  assert.equal((await put(`${url}/sources/${source.id}`, other.key, { verdict: 'ours' })).status, 404);
  assert.equal((await put(`${url}/sources/${source.id}`, club.key, { verdict: 'ours', note: 'a\nb' })).status, 422);
  assert.equal((await put(`${url}/sources/${source.id}`, club.key, { verdict: 'theirs' })).status, 422);
  assert.equal((await put(`${url}/sources/${source.id}`, desk.operatorKey, { verdict: 'ours' })).status, 200);
  assert.equal((await desk.ask('DELETE', `${url}/sources/${source.id}`, { key: other.key })).status, 404);
  // The second wall: whatever a query names, another organisation's rows are not there.
  const key = { tenantId: club.id, domainId: id };
  assert.deepEqual(await withTenant(desk.pool, other.id, (db) => listJudgements(db, key)), []);
  assert.equal((await withTenant(desk.pool, club.id, (db) => listJudgements(db, key))).length, 1);
});
