// This file has people and machines answer to return paths: a person's answer goes on to those who wrote the message, once, from an address of theirs; a storm of
// automatic answers, challenges, circles and mails without a sender go nowhere.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { createTransport } from 'nodemailer';
import { type AcceptedMail, startSmtpHost } from '../fakes/smtp-host.ts';
import { openDesk } from '../support/desk.ts';
import { until } from '../support/until.ts';

const FRIEND = 'friend@home.test';

it('sends on what a person wrote, and nothing else', { timeout: 600_000 }, async () => {
  const host = await startSmtpHost();
  after(() => host.close());
  const desk = await openDesk({ after });
  await desk.smarthost(host.port);
  const club = await desk.tenant('Rowing Club', { name: 'club.test' });
  const transport = createTransport({ host: '127.0.0.1', port: desk.bootstrap.inbound_port, ignoreTLS: true });
  after(() => transport.close());
  /** Hands a message over and answers the return path it left with. */
  const sent = async (message: object, to = FRIEND): Promise<string> => {
    const before = host.accepted.length;
    const { id } = await desk.hand(
      { from: 'Office <office@club.test>', to, subject: 'Regatta', text: 'We start at nine.', ...message },
      club.key,
    );
    await desk.settled(id, ['handed_over']);
    return host.accepted.slice(before).find((mail) => mail.rcptTo[0] === to)?.mailFrom ?? '';
  };
  const answer = (to: string, headers: string, from = FRIEND) =>
    transport.sendMail({
      envelope: { from, to: [to] },
      raw: `${headers}\r\nMessage-ID: <${Math.random()}@home.test>\r\n\r\nI will be there. Ü\r\n`,
    });
  /** What the newest mails were read as, once none waits. */
  const read = (count: number) =>
    until(
      async () => {
        const { body } = await desk.api('GET', `/v1/inbound-mails?limit=100`, undefined, club.key);
        // biome-ignore lint/suspicious/noExplicitAny: each is asserted where it is used.
        const mails: any[] = body.data;
        return mails.length === count && mails.every((mail) => mail.outcome !== 'waiting') ? mails : null;
      },
      { what: `${count} mails to be read` },
    );
  const arrived = (address: string): Promise<AcceptedMail> =>
    until(() => host.accepted.find((mail) => mail.rcptTo[0] === address) ?? null, { what: `mail for ${address}` });

  // A person: to Reply-To of the message, from an address of the organisation, answers go back to the person.
  const path = await sent({ reply_to: 'captain@club.test' });
  await answer(
    path,
    `From: =?utf-8?Q?J=C3=B6rg?= <${FRIEND}>\r\nTo: <${path}>\r\nSubject: Re: Regatta\r\nDKIM-Signature: v=1; d=home.test`,
  );
  const mime = (await arrived('captain@club.test')).mime.toString();
  assert.match(mime, /^From: =\?utf-8\?B\?[^?]+\?= <office@club\.test>$/m);
  assert.match(Buffer.from(/^From: =\?utf-8\?B\?([^?]+)/m.exec(mime)?.[1] ?? '', 'base64').toString(), /^Jörg via Rowing Club$/);
  assert.match(mime, /^Reply-To: .*<friend@home\.test>$/m);
  assert.match(mime, /^Subject: Re: Regatta$/m);
  assert.match(mime, /^X-Desk-Forwarded: 1; returns\.packetboat\.test$/m);
  assert.match(mime, /I will be there\. Ü/);
  assert.ok(!mime.includes(path), 'the signed return path is nobody else’s to know');
  assert.doesNotMatch(mime, /d=home\.test/);
  const [first] = await read(1);
  assert.deepEqual([first.kind, first.outcome, first.note], ['other', 'forwarded', null]);
  const [recipient] = (await desk.message(first.forwarded_message_id)).recipients;
  assert.equal(recipient?.address, 'captain@club.test', 'it is a message like any other');
  await desk.api('POST', `/v1/inbound-mails/${first.id}/replay`, undefined, club.key);
  await until(async () => (await desk.api('GET', `/v1/inbound-mails/${first.id}`)).body.times_read === 2, { what: 'it to be read again' });
  assert.equal(host.accepted.filter((mail) => mail.rcptTo[0] === 'captain@club.test').length, 1, 'read twice, sent on once');

  // What went on comes back: by a rule of the captain's mailbox, to the return path it had.
  const forwarded = host.accepted.find((mail) => mail.rcptTo[0] === 'captain@club.test');
  await transport.sendMail({ envelope: { from: 'captain@club.test', to: [forwarded?.mailFrom ?? ''] }, raw: forwarded?.mime ?? '' });
  const [circle] = await read(2);
  assert.deepEqual([circle.outcome, circle.note], ['kept', 'This desk forwarded it before.']);

  // Machines.
  await answer(path, `From: ${FRIEND}\r\nSubject: Hello`, '');
  await answer(path, `From: ${FRIEND}\r\nSubject: Newsletter\r\nList-Id: <news.home.test>`);
  await answer(path, `From: ${FRIEND}\r\nSubject: Away\r\nAuto-Submitted: auto-replied`);
  const machines = (await read(5)).slice(0, 3);
  assert.deepEqual(
    machines.map((mail) => [mail.kind, mail.outcome]),
    [
      ['auto-reply', 'recorded'],
      ['other', 'kept'],
      ['other', 'kept'],
    ],
  );
  assert.match(machines[1].note, /automatic: it has a list-id header/);
  assert.match(machines[2].note, /null sender/);

  // Nobody reads no-reply, and the organisation named no other address: it stays, until one is named.
  const quiet = await sent({ from: 'no-reply@club.test' });
  await answer(quiet, `From: ${FRIEND}\r\nSubject: Re: Regatta`);
  assert.match((await read(6))[0].note, /No address for answers is known/);
  const foreign = await desk.api('PUT', `/v1/tenants/${club.id}/reply-forwarding`, { enabled: true, to: 'x@elsewhere.test' }, club.key);
  assert.deepEqual([foreign.status, foreign.body.code], [403, 'SENDER_NOT_ALLOWED']);
  await desk.api('PUT', `/v1/tenants/${club.id}/reply-forwarding`, { enabled: true, to: 'board@club.test' }, club.key);
  await answer(quiet, `From: ${FRIEND}\r\nSubject: Re: Regatta`);
  await arrived('board@club.test');
  await desk.api('PUT', `/v1/tenants/${club.id}/reply-forwarding`, { enabled: false }, club.key);
  await answer(quiet, `From: ${FRIEND}\r\nSubject: Re: Regatta`);
  assert.match((await read(8))[0].note, /not forwarded for this organisation/);

  // A storm of automatic answers to one return path is told to come back later; nothing of it goes on.
  const stormed = await sent({}, 'storm@home.test');
  const before = host.accepted.length;
  let taken = 0;
  let refused = 0;
  const storm = () =>
    answer(stormed, 'From: storm@home.test\r\nSubject: Automatic reply: Regatta\r\nAuto-Submitted: auto-replied').then(
      () => {
        taken += 1;
      },
      (error) => {
        assert.match(error.message, /451 4\.7\.1 Too many mails come to this return path/);
        refused += 1;
      },
    );
  // Many at once, and again until the door has had enough: how many that takes depends on how long the minute is on this machine.
  while (refused === 0) await Promise.all(Array.from({ length: 10 }, storm));
  assert.ok(taken >= 20, `only ${taken} were taken before the first was refused`);
  await read(8 + taken);
  assert.equal(host.accepted.length, before);
  await desk.quiet();
});
