// This file has people and machines write to a From that was written anew: a person's answer reaches the person behind it, once, under a From that receivers can prove; a
// circle ends, machines and strangers' inventions go nowhere, and an address that nobody has any more is refused.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { createTransport } from 'nodemailer';
import PostalMime from 'postal-mime';
import { type AcceptedMail, startSmtpHost } from '../fakes/smtp-host.ts';
import { inReverse, openDesk } from '../support/desk.ts';
import { clearOfMidnight } from '../support/turn-of-day.ts';
import { until } from '../support/until.ts';

await clearOfMidnight();
const end = inReverse({ after });
const host = await startSmtpHost();
end.after(() => host.close());
const desk = await openDesk(end, { env: { PACKETBOAT_REWRITE_DOMAIN: 'club-mail.test', PACKETBOAT_REWRITE_DAILY_CAP: '2' } });
await desk.route([await desk.smarthost(host.port)]);
const club = await desk.tenant('Rowing Club');
const PERSON = 'maria@gmx.de';
const ANEW = 'maria@rowing-club.club-mail.test';
const FRIEND = 'friend@home.test';
const { body: sender } = await desk.api('POST', `/v1/tenants/${club.id}/senders`, { address: PERSON });
await desk.api('PUT', `/v1/tenants/${club.id}/rewriting`, { allowed: true });
await desk.api('PUT', `/v1/tenants/${club.id}/rewriting`, { consented: true }, club.key);
const transport = createTransport({ host: '127.0.0.1', port: desk.bootstrap.inbound_port, ignoreTLS: true });
end.after(async () => transport.close());

const write = (headers: string, { from = FRIEND, to = ANEW, body = 'I will be there. Ü' } = {}) =>
  transport.sendMail({
    envelope: { from, to: [to] },
    raw: `${headers}\r\nMessage-ID: <${host.accepted.length}.${Math.random()}@home.test>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${body}\r\n`,
  });
const toPerson = (count: number): Promise<AcceptedMail[]> =>
  until(
    () => {
      const found = host.accepted.filter((mail) => mail.rcptTo[0] === PERSON);
      return found.length === count ? found : null;
    },
    { what: `${count} mails to the person` },
  );
/** The newest mails that came in, once so many are read. */
const read = (count: number) =>
  until(
    async () => {
      const { body } = await desk.api('GET', '/v1/inbound-mails?limit=100', undefined, club.key);
      // biome-ignore lint/suspicious/noExplicitAny: each is asserted where it is used.
      const mails: any[] = body.data;
      return mails.length === count && mails.every((mail) => mail.outcome !== 'waiting') ? mails : null;
    },
    { what: `${count} mails to be read` },
  );

it('brings a person’s answer to the person', { timeout: 600_000 }, async () => {
  const { id } = await desk.hand({ from: PERSON, to: FRIEND, subject: 'Regatta', text: 'We start at nine.' }, club.key);
  await desk.settled(id, ['handed_over']);
  const sent = await PostalMime.parse(host.accepted.find((mail) => mail.rcptTo[0] === FRIEND)?.mime ?? '');
  assert.deepEqual([sent.from?.address, sent.from?.name], [ANEW, 'Rowing Club']);

  await write(`From: =?utf-8?Q?J=C3=B6rg?= <${FRIEND}>\r\nTo: ${ANEW}\r\nSubject: Re: Regatta`);
  const [first] = await toPerson(1);
  const answer = await PostalMime.parse(first?.mime ?? '');
  assert.deepEqual([answer.from?.address, answer.from?.name], [ANEW, 'Jörg via Rowing Club'], 'under a From that receivers can prove');
  assert.deepEqual(
    answer.replyTo?.map((each) => [each.address, each.name]),
    [[FRIEND, 'Jörg']],
  );
  assert.equal(answer.text?.trim(), 'I will be there. Ü');
  const [mail] = await read(1);
  assert.deepEqual([mail.outcome, mail.kind, mail.matched_by, mail.note], ['forwarded', 'other', null, null]);
  await desk.api('POST', `/v1/inbound-mails/${mail.id}/replay`, undefined, club.key);
  await until(async () => (await desk.api('GET', `/v1/inbound-mails/${mail.id}`)).body.times_read === 2, { what: 'it to be read again' });
  await toPerson(1);
});

it('counts answers against no cap, and forwards a signed one', { timeout: 600_000 }, async () => {
  // The cap is 2 recipients a day: one is used.
  for (const n of [1, 2, 3]) await write(`From: f${n}@home.test\r\nSubject: Re: Regatta ${n}`, { from: `f${n}@home.test` });
  await write(`From: ${FRIEND}\r\nSubject: Re: signed`, { body: '-----BEGIN PGP SIGNED MESSAGE-----\r\n\r\nYes.' });
  await toPerson(5);
  await read(5);
});

it('ends circles, and leaves machines where they are', { timeout: 600_000 }, async () => {
  const last = (await toPerson(5)).at(-1);
  // The person's mailbox forwards everything back to where it came from.
  await transport.sendMail({ envelope: { from: PERSON, to: [ANEW] }, raw: last?.mime ?? '' });
  const [circle] = await read(6);
  assert.deepEqual([circle.outcome, circle.note], ['kept', 'This desk forwarded it before.']);
  await write(`From: ${FRIEND}\r\nSubject: Re: Regatta\r\nX-Desk-Forwarded: 2; elsewhere.test`);
  assert.match((await read(7))[0].note, /forwarded too often/);
  await write(`From: ${PERSON}\r\nSubject: to myself`, { from: PERSON });
  assert.match((await read(8))[0].note, /comes from the address that answers go to/);
  await write(`From: ${FRIEND}\r\nSubject: Newsletter\r\nList-Id: <news.home.test>`);
  assert.match((await read(9))[0].note, /automatic/);
  await write(`From: ${FRIEND}\r\nSubject: Away\r\nAuto-Submitted: auto-replied`);
  assert.equal((await read(10))[0].kind, 'auto-reply');
  assert.equal((await toPerson(5)).length, 5);
});

it('refuses what nobody has, or has any more', { timeout: 600_000 }, async () => {
  for (const to of [
    'nobody@rowing-club.club-mail.test',
    'maria@chess-club.club-mail.test',
    'maria@club-mail.test',
    'x@a.b.club-mail.test',
  ]) {
    await assert.rejects(write(`From: ${FRIEND}\r\nSubject: x`, { to }), /550 5\.1\.1/, to);
  }
  await write(`From: ${FRIEND}\r\nSubject: capitals`, { to: 'MARIA@Rowing-Club.CLUB-MAIL.test' });
  await toPerson(6);
  await desk.api('DELETE', `/v1/senders/${sender.id}`, undefined, club.key);
  await assert.rejects(write(`From: ${FRIEND}\r\nSubject: x`), /550 5\.1\.1/);
  // Another person of the same local part never gets the answers of the first.
  await desk.api('POST', `/v1/tenants/${club.id}/senders`, { address: 'maria@yahoo.com' });
  const { body } = await desk.api('GET', `/v1/tenants/${club.id}/senders`, undefined, club.key);
  assert.equal(body.data[0].rewritten_from, 'maria-2@rowing-club.club-mail.test');
  await assert.rejects(write(`From: ${FRIEND}\r\nSubject: x`), /550 5\.1\.1/);
  await desk.quiet();
});
