// This file checks the API of reports about domains over the real store: handing in, looking, sources and failures in words, the safe path, TLS, CSV, and what other
// organisations see of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type HttpDesk, httpDesk } from '../../../test/support/http-desk.ts';
import { feedback } from '../../../test/support/reports.ts';
import { clearOfMidnight } from '../../../test/support/turn-of-day.ts';

const DAY_S = 86_400;
await clearOfMidnight();
const todayS = Math.floor(Date.now() / 1000 / DAY_S) * DAY_S;
const dayOf = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 10);

interface Row {
  readonly ip: string;
  readonly count: number;
  readonly dkim?: { domain: string; selector?: string; result: string; aligned: boolean };
  readonly spf?: { domain: string; result: string; aligned: boolean };
  readonly reason?: string;
}

function report(domain: string, beginS: number, rows: readonly Row[], options: { id?: string; org?: string; p?: string } = {}): string {
  const { id = `r-${beginS}`, org = 'receiver.example', p = 'none' } = options;
  const result = (aligned: boolean | undefined) => (aligned ? 'pass' : 'fail');
  const records = rows.map(
    ({ ip, count, dkim, spf, reason }) =>
      `<record><row><source_ip>${ip}</source_ip><count>${count}</count><policy_evaluated><disposition>none</disposition><dkim>${result(dkim?.aligned)}</dkim>` +
      `<spf>${result(spf?.aligned)}</spf>${reason ? `<reason><type>${reason}</type></reason>` : ''}</policy_evaluated></row><identifiers><header_from>${domain}</header_from>` +
      `</identifiers><auth_results>${dkim ? `<dkim><domain>${dkim.domain}</domain><selector>${dkim.selector ?? 's'}</selector><result>${dkim.result}</result></dkim>` : ''}` +
      `${spf ? `<spf><domain>${spf.domain}</domain><result>${spf.result}</result></spf>` : ''}</auth_results></record>`,
  );
  return feedback(
    `<report_metadata><org_name>${org}</org_name><email>d@${org}</email><report_id>${id}</report_id><date_range><begin>${beginS}</begin><end>${beginS + DAY_S - 1}</end></date_range></report_metadata>` +
      `<policy_published><domain>${domain}</domain><p>${p}</p></policy_published>${records.join('')}`,
  );
}

async function hand(desk: HttpDesk, key: string, content: string | Buffer) {
  const { status, body } = await desk.ask('POST', '/v1/domain-reports', {
    key,
    body: Buffer.from(content),
    headers: { 'content-type': 'application/octet-stream' },
  });
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

test('what is handed in is listed, shown, and counted for its domain alone', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  const other = await desk.tenant('Other');
  const xml = report(club.domain, todayS - 2 * DAY_S, [
    { ip: '192.0.2.1', count: 3, spf: { domain: club.domain, result: 'pass', aligned: true } },
  ]);
  const taken = await hand(desk, club.key, gzipSync(xml));
  assert.deepEqual(taken.refused, []);
  const [{ id, state, outcome }] = taken.data;
  assert.deepEqual([state, outcome], ['counted', 'stored']);
  assert.equal((await hand(desk, club.key, xml)).data[0].outcome, 'duplicate');
  const { body: list } = await desk.ask('GET', `/v1/domain-reports?domain=${club.domain}&kind=aggregate&state=counted`, { key: club.key });
  assert.deepEqual(
    list.data.map((each: { id: string }) => each.id),
    [id],
  );
  assert.equal(list.data[0].duplicates, 1);
  const { body: shown } = await desk.ask('GET', `/v1/domain-reports/${id}`, { key: club.key });
  assert.equal(shown.rows[0].ip, '192.0.2.1');
  assert.deepEqual((await desk.ask('GET', '/v1/domain-reports', { key: other.key })).body.data, []);
  assert.equal((await desk.ask('GET', `/v1/domain-reports/${id}`, { key: other.key })).status, 404);

  // Somebody else's report about our domain changes nothing of ours.
  const stranger = await hand(desk, other.key, report(club.domain, todayS - 3 * DAY_S, [{ ip: '192.0.2.9', count: 900 }]));
  assert.deepEqual([stranger.data[0].state, stranger.data[0].why], ['quarantined', 'domain-unverified']);
  const { data: domains } = (await desk.ask('GET', `/v1/tenants/${club.id}/domains`)).body;
  const { body: view } = await desk.ask('GET', `/v1/domains/${domains[0].id}/dmarc`, { key: club.key });
  assert.deepEqual([view.messages, view.aligned], [3, 3]);
  assert.equal((await desk.ask('GET', `/v1/domains/${domains[0].id}/dmarc`, { key: other.key })).status, 404);
});

test('pages of reports follow each other, and a body without a report says so', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  for (let day = 1; day <= 5; day += 1)
    await hand(desk, club.key, report(club.domain, todayS - day * DAY_S, [{ ip: '192.0.2.1', count: day }]));
  const seen: string[] = [];
  let next: string | null = null;
  do {
    const { body } = await desk.ask('GET', `/v1/domain-reports?limit=2${next === null ? '' : `&after=${next}`}`, { key: club.key });
    seen.push(...body.data.map((each: { id: string }) => each.id));
    next = body.next;
  } while (next !== null);
  assert.equal(new Set(seen).size, 5);
  assert.deepEqual(
    (await hand(desk, club.key, 'Hello')).refused.map(({ code }: { code: string }) => code),
    ['REPORT_NOT_FOUND'],
  );
  const large = await desk.ask('POST', '/v1/domain-reports', {
    key: club.key,
    body: Buffer.alloc(26 * 1024 * 1024, ' '),
    headers: { 'content-type': 'text/xml' },
  });
  assert.deepEqual([large.status, large.body.code], [413, 'PAYLOAD_TOO_LARGE']);
});

test('a month of reports names every source, explains what fails, and finds the next safe step', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  const { data: domains } = (await desk.ask('GET', `/v1/tenants/${club.id}/domains`)).body;
  const id = domains[0].id;
  const { rows } = await desk.pool.query('select selector from dkim_keys where domain_id = $1', [id]);
  const ours = { domain: club.domain, selector: rows[0].selector, result: 'pass', aligned: true };
  for (let day = 1; day <= 28; day += 1) {
    await hand(
      desk,
      club.key,
      report(club.domain, todayS - day * DAY_S, [
        { ip: '192.0.2.1', count: 400, dkim: ours, spf: { domain: 'returns.desk.example', result: 'pass', aligned: false } },
        { ip: '198.51.100.7', count: 20, dkim: ours, spf: { domain: 'elsewhere.example', result: 'softfail', aligned: false } },
        ...(day % 9 === 0 ? [{ ip: `203.0.113.${day}`, count: 1 }] : []),
      ]),
    );
  }
  const { body: view } = await desk.ask('GET', `/v1/domains/${id}/dmarc`, { key: club.key });
  assert.equal(view.messages, 28 * 420 + 3);
  assert.deepEqual(
    view.sources.map(({ kind, messages }: { kind: string; messages: number }) => [kind, messages]),
    [
      ['ours', 11_200],
      ['forwarder', 560],
      ['unknown', 3],
    ],
  );
  assert.equal(view.failures[0].cause, 'nothing');
  assert.equal(view.safe_path.policy, 'none');
  assert.deepEqual(view.safe_path.blockers, []);
  assert.equal(view.safe_path.next.policy, 'quarantine');
  assert.equal(view.safe_path.next.record, `v=DMARC1; p=quarantine; np=reject; t=y; rua=mailto:d-token@returns.desk.example`);
  assert.match(view.safe_path.next.evidence, /^30 days, 11,763 messages, 99\.97 % aligned; the other 3: /);
  const { body: german } = await desk.ask('GET', `/v1/domains/${id}/dmarc?lang=de`, { key: club.key });
  assert.match(german.safe_path.next.evidence, /^30 Tage, 11\.763 Nachrichten, 99,97 % nachgewiesen/);

  // A scanner at the office, every day from one place: somebody has to decide about it first.
  for (let day = 1; day <= 12; day += 1) {
    const scanner = { ip: '203.0.113.200', count: 4, spf: { domain: club.domain, result: 'fail', aligned: false } };
    await hand(desk, club.key, report(club.domain, todayS - day * DAY_S, [scanner], { org: 'second.example' }));
  }
  const { body: stopped } = await desk.ask('GET', `/v1/domains/${id}/dmarc`, { key: club.key });
  assert.equal(stopped.safe_path.next, null);
  assert.deepEqual(
    stopped.safe_path.blockers.map(({ code, messages }: { code: string; messages: number }) => [code, messages]),
    [['unknown-steady', 48]],
  );

  // Whole months and the days around them add up to the same.
  const year = await desk.ask('GET', `/v1/domains/${id}/dmarc?from=${dayOf(todayS - 400 * DAY_S)}&to=${dayOf(todayS)}`, { key: club.key });
  assert.deepEqual(
    year.body.sources.map(({ messages }: { messages: number }) => messages),
    stopped.sources.map(({ messages }: { messages: number }) => messages),
  );
  const csv = await desk.ask('GET', `/v1/domains/${id}/dmarc/export`, { key: club.key });
  assert.match(csv.body, /^kind,source,messages,aligned/);
  assert.equal(csv.body.trim().split('\r\n').length, 1 + stopped.sources.length);
});

test('TLS reports are summed up, with what to do about each failure', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  const { data: domains } = (await desk.ask('GET', `/v1/tenants/${club.id}/domains`)).body;
  const begin = new Date((todayS - 2 * DAY_S) * 1000).toISOString();
  const end = new Date((todayS - DAY_S) * 1000 - 1000).toISOString();
  const summary = (total: number, failed: number) => ({ 'total-successful-session-count': total, 'total-failure-session-count': failed });
  await hand(
    desk,
    club.key,
    JSON.stringify({
      'organization-name': 'Receiver',
      'date-range': { 'start-datetime': begin, 'end-datetime': end },
      'report-id': 't1',
      policies: [
        {
          policy: { 'policy-type': 'sts', 'policy-domain': club.domain },
          summary: summary(90, 10),
          'failure-details': [
            { 'result-type': 'certificate-expired', 'receiving-mx-hostname': 'mx.club.example', 'failed-session-count': 10 },
          ],
        },
        { policy: { 'policy-type': 'sts', 'policy-domain': 'elsewhere.example' }, summary: summary(1000, 0) },
      ],
    }),
  );
  const { body } = await desk.ask('GET', `/v1/domains/${domains[0].id}/tls?lang=de`, { key: club.key });
  assert.deepEqual([body.sessions, body.failed], [100, 10]);
  assert.deepEqual([body.failures[0].result_type, body.failures[0].mx_host], ['certificate-expired', 'mx.club.example']);
  assert.match(body.failures[0].why, /abgelaufen/);
});

test('a doubtful report is accepted by hand, once', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  const { data } = await hand(desk, club.key, report(club.domain, todayS - DAY_S, [{ ip: '192.0.2.1', count: 5 }]));
  const again = await desk.ask('POST', `/v1/domain-reports/${data[0].id}/accept`, { key: club.key });
  assert.deepEqual([again.status, again.body.code], [409, 'STATE_FORBIDS']);
  await desk.pool.query(`update domain_reports set state = 'forged', why = 'mail-fail' where id = $1`, [data[0].id]);
  await desk.pool.query('delete from dmarc_days');
  const accepted = await desk.ask('POST', `/v1/domain-reports/${data[0].id}/accept`, { key: club.key });
  assert.equal(accepted.body.state, 'counted');
  assert.equal((await desk.pool.query('select messages::int as messages from dmarc_days')).rows[0].messages, 5);
});
