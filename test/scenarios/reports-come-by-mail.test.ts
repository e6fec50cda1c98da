// This file has receivers, a forger and a stranger write to the reporting address of a domain: what is proven counts, once; what repeats, contradicts, cannot be proven or is about
// somebody else's domain stands apart; a failure report leaves no recipient behind.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { createTransport } from 'nodemailer';
import { openDesk } from '../support/desk.ts';
import { REPORTER, reporterWorld } from '../support/report-mails.ts';
import { REPORT } from '../support/reports.ts';
import { until } from '../support/until.ts';

const CLUB = 'rowers.example';
const report = (id: string, domain = CLUB) => REPORT.replaceAll('verein.example', domain).replace('r-1', id);

const FAILURE = `From: dmarc@${REPORTER}
To: reports@desk.example
Subject: FW: a failure
Message-ID: <f1@${REPORTER}>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary=b

--b
Content-Type: text/plain

A message failed.
--b
Content-Type: message/feedback-report

Feedback-Type: auth-failure
User-Agent: Receiver/1
Version: 1
Auth-Failure: dmarc
Reported-Domain: ${CLUB}
Source-IP: 203.0.113.9
Original-Mail-From: <someone@elsewhere.example>
Original-Rcpt-To: <secret.member@${REPORTER}>

--b
Content-Type: text/rfc822-headers

From: Office <office@${CLUB}>
To: secret.member@${REPORTER}
Subject: For secret.member@${REPORTER} only
Message-ID: <o1@elsewhere.example>

--b--
`;

it('counts what is proven and keeps the rest apart', { timeout: 600_000 }, async () => {
  const world = await reporterWorld({ after });
  const desk = await openDesk(
    { after },
    { env: { PACKETBOAT_DNS_SERVERS: `127.0.0.1:${world.dns.port}`, PACKETBOAT_REPORT_HOST: 'reports.desk.example' } },
  );
  const club = await desk.tenant('Club', { name: CLUB });
  const { body: domains } = await desk.api('GET', `/v1/domains?name=${CLUB}`);
  const path = `/v1/domains/${domains.data[0].id}/dmarc?from=2025-01-01&to=2025-01-31`;
  const { report_address: address } = (await desk.api('GET', path, undefined, club.key)).body;
  assert.match(address, /^d-[a-z2-7]{48}@reports\.desk\.example$/);
  const transport = createTransport({ host: '127.0.0.1', port: desk.bootstrap.inbound_port, ignoreTLS: true });
  after(() => transport.close());
  const write = (raw: Buffer, to = address) => transport.sendMail({ envelope: { from: `bounces@${REPORTER}`, to: [to] }, raw });
  // biome-ignore lint/suspicious/noExplicitAny: each is asserted where it is used.
  const reports = async (): Promise<any[]> => (await desk.api('GET', '/v1/domain-reports?limit=100', undefined, club.key)).body.data;
  const arrived = (id: string) =>
    until(async () => (await reports()).find((each) => each.report_id === id) ?? null, { what: `report ${id} to be stored` });

  await assert.rejects(write(await world.mail(report('x')), address.replace(/^d-./, 'd-7')), /550/, 'an invented address is refused');

  await write(await world.mail(report('genuine')));
  const genuine = await arrived('genuine');
  assert.deepEqual([genuine.state, genuine.authentication, genuine.submitter, genuine.source], ['counted', 'pass', REPORTER, 'mail']);

  await write(await world.mail(report('genuine')));
  await until(async () => ((await reports())[0]?.duplicates === 1 ? true : null), { what: 'the repetition to be noticed' });
  await write(await world.mail(report('genuine').replace('<count>7', '<count>9000')));
  await until(async () => (await reports()).find(({ state }) => state === 'conflict') ?? null, { what: 'the contradiction to be noticed' });

  await write(await world.mail(report('forged'), { signed: false }));
  assert.deepEqual([(await arrived('forged')).state, (await arrived('forged')).why], ['forged', 'mail-fail']);
  // A proven mail of one who claims to be another.
  const claimed = report('claimed').replace('Receiver', 'google.com').replace('d@receiver.example', 'noreply@google.com');
  await write(await world.mail(claimed, { subject: 'Report Domain: x Submitter: google.com Report-ID: <1>' }));
  assert.deepEqual([(await arrived('claimed')).state, (await arrived('claimed')).why], ['forged', 'mail-mismatch']);

  await write(await world.mail(report('stranger', 'somebody-else.test')));
  assert.deepEqual([(await arrived('stranger')).state, (await arrived('stranger')).why], ['quarantined', 'domain-unverified']);

  await write(await world.sign(FAILURE));
  const failure = await arrived(`<f1@${REPORTER}>`);
  assert.equal(failure.state, 'counted');
  const { body: shown } = await desk.api('GET', `/v1/domain-reports/${failure.id}`, undefined, club.key);
  assert.deepEqual([shown.detail.source_ip, shown.detail.from], ['203.0.113.9', `Office <office@${CLUB}>`]);
  assert.doesNotMatch(JSON.stringify(shown), /secret\.member/);
  const { body: raw } = await desk.api('GET', `/v1/inbound-mails/${failure.inbound_mail_id}/raw`, undefined, club.key);
  assert.doesNotMatch(String(raw), /secret\.member/);

  const { body: view } = await desk.api('GET', path, undefined, club.key);
  assert.deepEqual([view.messages, view.aligned], [7, 7]);
  assert.deepEqual(view.uncounted, { conflict: 1, forged: 2 });

  // Once the other domain is verified, what waited counts.
  const { body: made } = await desk.api('POST', `/v1/tenants/${club.id}/domains`, { name: 'somebody-else.test', authenticated: true });
  await until(async () => ((await arrived('stranger')).state === 'counted' ? true : null), {
    what: 'the waiting report to count',
  });
  const { body: other } = await desk.api('GET', `/v1/domains/${made.id}/dmarc?from=2025-01-01&to=2025-01-31`, undefined, club.key);
  assert.equal(other.messages, 7);
});
