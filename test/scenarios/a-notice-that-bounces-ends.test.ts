// This file has an application that only knows mail hear of failures at its own envelope sender (CiviCRM's addresses): once per recipient, from the null sender,
// in words of the right type, never for our fault in the recipient's name, and never where backscatter or a circle could come of it. A notice that is refused itself ends.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { createTransport } from 'nodemailer';
import { startSmtpHost } from '../fakes/smtp-host.ts';
import { openDesk } from '../support/desk.ts';
import { until } from '../support/until.ts';

const REFUSALS: Readonly<Record<string, string>> = {
  'gone@member.test': '550 5.1.1 <gone@member.test>: Recipient address rejected: User unknown',
  'listed@member.test': '554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using zen.spamhaus.org',
};

it('tells the application, and nobody else', { timeout: 600_000 }, async () => {
  const host = await startSmtpHost();
  after(() => host.close());
  host.answer = (stage, { line }) => {
    if (stage !== 'rcpt') return undefined;
    if (line.includes('<b.1.3.dead@civi.club.test>')) return '550 5.1.1 no such address here';
    return Object.entries(REFUSALS).find(([address]) => line.includes(`<${address}>`))?.[1];
  };
  const desk = await openDesk({ after });
  await desk.smarthost(host.port);
  const club = await desk.tenant('Rowing Club', { name: 'club.test' });
  const set = await desk.api('PUT', `/v1/tenants/${club.id}/bounce-notices`, { enabled: true }, club.key);
  assert.deepEqual([set.status, set.body.enabled, set.body.classes], [200, true, null]);
  const { body: login } = await desk.api('POST', `/v1/tenants/${club.id}/credentials`, { kind: 'smtp' });
  const { submission } = { submission: desk.bootstrap.smtp_port };
  const transport = createTransport({
    host: '127.0.0.1',
    port: submission,
    ignoreTLS: true,
    auth: { user: login.smtp_username, pass: login.smtp_password },
  });
  const hand = (mailFrom: string, to: string, headers = '') =>
    transport.sendMail({
      envelope: { from: mailFrom, to: [to] },
      raw: `From: office@club.test\r\nTo: ${to}\r\n${headers}Subject: Regatta\r\n\r\nWe start at nine.\r\n`,
    });
  await hand('b.1.1.aaaa@civi.club.test', 'gone@member.test', 'X-CiviMail-Bounce: b.1.1.aaaa@civi.club.test\r\n');
  await hand('b.1.2.bbbb@civi.club.test', 'listed@member.test');
  // Refused itself: the null sender hears nothing of it.
  await hand('b.1.3.dead@civi.club.test', 'listed@member.test');
  // Backscatter, a null sender, an automatic mail, the recipient's own address, and one of our own return paths.
  await hand('victim@elsewhere.test', 'listed@member.test');
  await hand('', 'listed@member.test');
  await hand('b.1.4.cccc@civi.club.test', 'listed@member.test', 'Auto-Submitted: auto-replied\r\n');
  await hand(`b-${'a'.repeat(48)}@returns.packetboat.test`, 'listed@member.test');
  transport.close();

  const notices = await until(
    async () => {
      const { body } = await desk.api('GET', `/v1/tenants/${club.id}/bounce-notices`, undefined, club.key);
      // biome-ignore lint/suspicious/noExplicitAny: each is asserted below.
      const last: any[] = body.last;
      return last.length === 6 && last.every(({ state }) => state !== 'due') ? last : null;
    },
    { what: 'every notice to have ended' },
  );
  const fate = (to: string) => notices.find((each) => each.to.startsWith(to));
  assert.deepEqual([fate('b.1.1')?.state, fate('b.1.1')?.class], ['handed_over', 'invalid-recipient']);
  assert.deepEqual([fate('b.1.2')?.state, fate('b.1.2')?.class], ['handed_over', 'ip-reputation']);
  assert.equal(fate('b.1.3')?.state, 'dead');
  assert.match(fate('b.1.3')?.reply, /no such address here/);
  assert.match(fate('victim@')?.reply, /elsewhere\.test is not a verified domain/);
  assert.match(fate('b.1.4')?.reply, /automatic itself/);
  assert.match(fate('b-aaaa')?.reply, /a return path of ours/);

  const came = host.accepted.filter((mail) => mail.mailFrom === '');
  assert.deepEqual(came.map((mail) => mail.rcptTo[0]).sort(), ['b.1.1.aaaa@civi.club.test', 'b.1.2.bbbb@civi.club.test']);
  const [unknown, listed] = ['b.1.1', 'b.1.2'].map((to) => came.find((mail) => mail.rcptTo[0]?.startsWith(to))?.mime.toString() ?? '');
  assert.match(unknown ?? '', /^Final-Recipient: rfc822; gone@member\.test$/m);
  assert.match(unknown ?? '', /User unknown/);
  assert.match(unknown ?? '', /^X-CiviMail-Bounce: b\.1\.1\.aaaa@civi\.club\.test$/m);
  assert.doesNotMatch(listed ?? '', /blocked|spamhaus|User unknown/i);
  assert.match(listed ?? '', /No fault of the recipient/);
  await desk.quiet();
});

it('says nothing where nobody asked for it', { timeout: 600_000 }, async () => {
  const host = await startSmtpHost({ answer: (stage) => (stage === 'rcpt' ? '550 5.1.1 User unknown' : undefined) });
  after(() => host.close());
  const desk = await openDesk({ after });
  await desk.smarthost(host.port);
  const { id } = await desk.hand({ from: desk.bootstrap.demo_tenant.from, to: 'gone@member.test', subject: 'x', text: 'y' });
  await desk.settled(id, ['bounced']);
  const { body } = await desk.api('GET', `/v1/tenants/${desk.bootstrap.demo_tenant.id}/bounce-notices`);
  assert.deepEqual([body.enabled, body.last], [false, []]);
});

it('ends what waits when the application wants to hear no more', { timeout: 600_000 }, async () => {
  const host = await startSmtpHost();
  after(() => host.close());
  // The application's server is away for a while, so its notice waits.
  host.answer = (stage, { line }) =>
    stage !== 'rcpt' ? undefined : line.includes('<gone@') ? REFUSALS['gone@member.test'] : '451 4.3.2 come back later';
  const desk = await openDesk({ after });
  await desk.smarthost(host.port);
  const club = await desk.tenant('Chess Club', { name: 'chess.test' });
  const settings = `/v1/tenants/${club.id}/bounce-notices`;
  await desk.api('PUT', settings, { enabled: true }, club.key);
  const message = { mail_from: 'b.2.1.aaaa@chess.test', recipients: ['gone@member.test'] };
  const raw = Buffer.from('From: office@chess.test\r\nTo: gone@member.test\r\nSubject: Match\r\n\r\nAt six.\r\n').toString('base64');
  assert.equal((await desk.api('POST', '/v1/messages', { ...message, raw }, club.key)).status, 202);
  // biome-ignore lint/suspicious/noExplicitAny: each field is asserted below.
  const last = async (): Promise<any> => (await desk.api('GET', settings, undefined, club.key)).body.last[0];
  await until(async () => /come back later/.test((await last())?.reply ?? ''), { what: 'the notice to be put off' });
  assert.equal((await last()).state, 'due');
  const { body } = await desk.api('PUT', settings, { enabled: false }, club.key);
  assert.deepEqual([body.last[0].state, body.last[0].reply], ['dropped', 'The organisation switched notices off.']);
  assert.equal(host.accepted.filter((mail) => mail.mailFrom === '').length, 0);
  await desk.quiet();
});
