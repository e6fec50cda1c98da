// This file has the treasurer of a club write from a free mailbox: nothing is written anew before the operator allows it and the club agrees; then it is, visibly before
// anything is handed in; what the author signed is held; and a new club has a number of recipients a day.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import PostalMime from 'postal-mime';
import { type AcceptedMail, startSmtpHost } from '../fakes/smtp-host.ts';
import { inReverse, openDesk } from '../support/desk.ts';
import { clearOfMidnight } from '../support/turn-of-day.ts';
import { until } from '../support/until.ts';

await clearOfMidnight();
const end = inReverse({ after });
const host = await startSmtpHost();
end.after(() => host.close());
const desk = await openDesk(end, {
  env: {
    PACKETBOAT_REWRITE_DOMAIN: 'club-mail.test',
    PACKETBOAT_REWRITE_DAILY_CAP: '20',
    PACKETBOAT_DNS_SERVERS: '127.0.0.1:1',
    PACKETBOAT_RETRY_TRANSACTIONAL: '1s 2s; max 60m',
  },
});
const smarthost = await desk.smarthost(host.port);
await desk.route([smarthost]);
const club = await desk.tenant('Ruderclub Grün-Weiß');
const FROM = 'maria.berg+club@gmail.com';
const ANEW = 'maria.berg-club@ruderclub-gruen-weiss.club-mail.test';
const { body: sender } = await desk.api('POST', `/v1/tenants/${club.id}/senders`, { address: FROM });

const put = (body: object, key?: string) => desk.api('PUT', `/v1/tenants/${club.id}/rewriting`, body, key);
const mail = (to: string, more: object = {}) => ({
  from: `Maria Berg <${FROM}>`,
  to,
  subject: 'Regatta',
  text: 'We start at nine.',
  ...more,
});
const preview = (body: object = {}) => desk.api('POST', '/v1/senders/preview', { from: `Maria Berg <${FROM}>`, ...body }, club.key);
const arrived = (address: string): Promise<AcceptedMail> =>
  until(() => host.accepted.find((each) => each.rcptTo[0] === address) ?? null, { what: `mail for ${address}` });
const heldWith = async (id: string) => {
  const [recipient] = (await desk.message(id)).recipients;
  return [recipient?.state, recipient?.reason];
};

it('holds the mail and says what would help, until operator and organisation agree', { timeout: 600_000 }, async () => {
  const refused = await put({ allowed: true }, club.key);
  assert.deepEqual([refused.status, refused.body.code], [403, 'SCOPE_MISSING'], 'only the operator allows it');

  const first = await desk.hand(mail('one@home.test'), club.key);
  assert.deepEqual(await heldWith(first.id), ['held', 'free-mailbox']);
  const before = await preview();
  assert.deepEqual([before.body.treatment, before.body.from], ['held', `"Maria Berg" <${FROM}>`]);
  assert.match(before.body.better, /operator can allow that From is written anew/);

  assert.equal((await put({ allowed: true })).status, 200);
  const second = await desk.hand(mail('two@home.test'), club.key);
  assert.deepEqual(await heldWith(second.id), ['held', 'rewriting-not-agreed']);
  const [held] = (await desk.message(second.id)).recipients;
  assert.match(held?.decision?.heldBecause ?? '', /has to agree first.*goes out by itself/);
  const { body: listed } = await desk.api('GET', `/v1/tenants/${club.id}/senders`, undefined, club.key);
  assert.deepEqual([listed.data[0].treatment, listed.data[0].rewritten_from], ['held', null]);

  const ofClub = async () => (await desk.api('GET', '/v1/held-messages', undefined, club.key)).body.data;
  const waiting = await until(async () => ((await ofClub())[0]?.messages === 2 ? ofClub() : null), {
    what: 'both messages to be asked about',
  });
  assert.deepEqual(
    waiting.map((each: Record<string, unknown>) => [each['from'], each['stream'], each['waits_for'], each['messages']]),
    [[FROM, 'transactional', 'rewriting-not-agreed', 2]],
  );
  const { body: counted } = await desk.api('GET', `/v1/tenants/${club.id}/rewriting`, undefined, club.key);
  assert.deepEqual([counted.held_for_allowance, counted.held_for_consent, counted.held_for_cap], [0, 2, 0]);
  const { body: withCounts } = await desk.api('GET', `/v1/tenants/${club.id}/senders`, undefined, club.key);
  assert.equal(withCounts.data[0].held_messages, 2);
  assert.match(await desk.command('messages', 'held', '--tenant', club.id), /2 +the organisation to agree to a new From +maria/);
  assert.match(await desk.command('senders', 'rewriting', '--tenant', club.id), /messages wait +2 for the organisation to agree/);
  const stranger = await desk.tenant('Choir');
  assert.deepEqual((await desk.api('GET', '/v1/held-messages', undefined, stranger.key)).body, { data: [], next: null });

  const { body: agreed } = await put({ consented: true }, club.key);
  assert.deepEqual([agreed.allowed, agreed.consented, agreed.domain], [true, true, 'ruderclub-gruen-weiss.club-mail.test']);
  assert.match(agreed.consented_by, /^credential:/);
  assert.ok(Date.parse(agreed.consented_at) <= Date.now());
  assert.equal(host.accepted.length, 0, 'nothing left before');

  const after = await preview();
  assert.deepEqual([after.body.treatment, after.body.from], ['rewrite', `"Maria Berg via Ruderclub Grün-Weiß" <${ANEW}>`]);
  assert.equal(after.body.reply_to, `"Maria Berg" <${FROM}>`);
  assert.equal(after.body.route.rewrittenFrom, ANEW);
  assert.match(after.body.why, /receivers can prove it/);
  assert.equal((await preview({ reply_to: 'board@gmx.de' })).body.reply_to, 'board@gmx.de');
  assert.doesNotMatch(JSON.stringify(after.body), /host \d+/, 'accounts are not named');

  await arrived('one@home.test');
  await arrived('two@home.test');
  const { recipients } = await desk.message(second.id);
  const released = recipients[0]?.events.find((event) => event.type === 'released');
  assert.deepEqual(
    [released?.data?.['by'], released?.data?.['why'], released?.data?.['says']],
    ['desk', 'consent-given', 'The organisation agreed that From is written anew.'],
  );
});

it('writes From anew, signs it, keeps the person in Reply-To and drops what would be broken', { timeout: 600_000 }, async () => {
  const raw = [
    `From: =?utf-8?Q?Maria_B=C3=A9rg?= <${FROM}>`,
    `Sender: ${FROM}`,
    'To: three@home.test',
    'Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=',
    'DKIM-Signature: v=1; a=rsa-sha256; d=gmail.com; s=x; h=from; bh=x; b=x',
    'ARC-Seal: i=1; a=rsa-sha256; cv=none; d=google.com; s=x; b=x',
    'Authentication-Results: mx.google.com; dkim=pass',
    'Message-ID: <abc@mail.gmail.com>',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'Body   stays.  ',
    '',
  ].join('\r\n');
  const { id } = await desk.hand({ raw: Buffer.from(raw).toString('base64'), recipients: ['three@home.test'] }, club.key);
  const { mime, mailFrom } = await arrived('three@home.test');
  const read = await PostalMime.parse(mime);
  assert.deepEqual([read.from?.address, read.from?.name], [ANEW, 'Maria Bérg via Ruderclub Grün-Weiß']);
  assert.deepEqual(
    read.replyTo?.map((each) => [each.address, each.name]),
    [[FROM, 'Maria Bérg']],
  );
  assert.equal(read.messageId, '<abc@mail.gmail.com>');
  assert.ok(mime.toString().endsWith('\r\n\r\nBody   stays.  \r\n'));
  const text = mime.toString();
  assert.doesNotMatch(text, /d=gmail\.com|^ARC-|^Authentication-Results|^Sender:/im);
  assert.equal(text.match(/^DKIM-Signature:/gim)?.length, 1);
  assert.match(mailFrom, /^b-[a-z2-7]{48}@returns\.packetboat\.test$/, 'bounces come to us');

  const { body: domain } = await desk.api('GET', '/v1/rewriting');
  const key = domain.records.find((record: { purpose: string }) => record.purpose === 'dkim');
  const resolver = async (name: string) => {
    if (name === key.host) return [[key.value]];
    throw Object.assign(new Error('no record'), { code: 'ENOTFOUND' });
  };
  const { results } = await dkimVerify(mime, { resolver });
  assert.deepEqual(
    results.map((result) => [result.signingDomain, result.status.result, result.status.aligned]),
    [['club-mail.test', 'pass', 'club-mail.test']],
  );
  const [recipient] = (await desk.message(id)).recipients;
  const decision = recipient?.decision as unknown as { rewrittenFrom: string; betterCode: string };
  assert.deepEqual([decision.rewrittenFrom, decision.betterCode], [ANEW, 'own-domain']);

  await desk.hand(mail('four@home.test', { reply_to: 'Board <board@gmx.de>' }), club.key);
  const kept = await PostalMime.parse((await arrived('four@home.test')).mime);
  assert.deepEqual(
    kept.replyTo?.map((each) => each.address),
    ['board@gmx.de'],
    'a Reply-To of the caller wins',
  );
});

it('holds what the author signed or encrypted', { timeout: 600_000 }, async () => {
  const part = (type: string, body: string) =>
    `From: ${FROM}\r\nTo: x@home.test\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: ${type}\r\n\r\n${body}`;
  const inner = 'Content-Type: text/plain\r\n\r\nhello\r\n';
  const forms: [string, string][] = [
    [
      'S/MIME',
      part(
        'multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256; boundary=b',
        `--b\r\n${inner}--b\r\nContent-Type: application/pkcs7-signature\r\n\r\nx\r\n--b--\r\n`,
      ),
    ],
    ['S/MIME', part('application/pkcs7-mime; smime-type=signed-data; name=smime.p7m', 'AAAA\r\n')],
    [
      'PGP',
      part(
        'multipart/signed; protocol="application/pgp-signature"; boundary=b',
        `--b\r\n${inner}--b\r\nContent-Type: application/pgp-signature\r\n\r\nx\r\n--b--\r\n`,
      ),
    ],
    ['PGP', part('text/plain', '-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n\r\nhello\r\n')],
    ['PGP', part('multipart/mixed; boundary=b', `--b\r\nContent-Type: multipart/encrypted; boundary=c\r\n\r\n--c--\r\n--b--\r\n`)],
  ];
  for (const [name, raw] of forms) {
    const { id } = await desk.hand({ raw: Buffer.from(raw).toString('base64'), recipients: ['signed@home.test'] }, club.key);
    assert.deepEqual(await heldWith(id), ['held', 'signed-by-author'], raw);
    const [recipient] = (await desk.message(id)).recipients;
    assert.match(recipient?.decision?.heldBecause ?? '', new RegExp(`signed or encrypted with ${name}.*Hand it in without`));
  }
  assert.ok(!host.accepted.some((each) => each.rcptTo[0] === 'signed@home.test'));
});

it('gives a new organisation so many recipients a day, and more when the operator says so', { timeout: 600_000 }, async () => {
  const { body: now } = await desk.api('GET', `/v1/tenants/${club.id}/rewriting`, undefined, club.key);
  assert.equal(now.daily_cap, 20);
  const many = Array.from({ length: 21 - now.used_today }, (_, n) => `m${n}@home.test`);
  const refused = await desk.api('POST', '/v1/messages', { ...mail('x@home.test'), to: many }, club.key);
  assert.deepEqual([refused.status, refused.body.code], [429, 'REWRITING_CAP_REACHED']);
  const fits = await desk.api('POST', '/v1/messages', { ...mail('x@home.test'), to: many.slice(1) }, club.key);
  assert.equal(fits.status, 202);
  assert.equal((await desk.api('POST', '/v1/messages', mail('y@home.test'), club.key)).status, 429);
  assert.equal((await put({ daily_cap: 50 })).body.daily_cap, 50);
  // The same key again takes no further place.
  const once = { 'idempotency-key': 'one' };
  for (let n = 0; n < 3; n += 1) assert.equal((await desk.api('POST', '/v1/messages', mail('y@home.test'), club.key, once)).status, 202);
  await until(async () => (await desk.api('GET', `/v1/tenants/${club.id}/rewriting`)).body.used_today === 21, {
    what: 'places to be given back',
  });

  // Taken back, it counts at once.
  await put({ consented: false }, club.key);
  const { id } = await desk.hand(mail('z@home.test'), club.key);
  assert.deepEqual(await heldWith(id), ['held', 'rewriting-not-agreed']);
  assert.ok(sender.id);
  await desk.quiet();
});

it('refuses a rewriting domain that shares its good name with the platform', async () => {
  const env = { PACKETBOAT_REWRITE_DOMAIN: 'clubs.packetboat.test' };
  await assert.rejects(openDesk({ after }, { env }), /same registrable domain as returns\.packetboat\.test/);
  const told = await openDesk({ after }, { env: { ...env, PACKETBOAT_REWRITE_DOMAIN_SHARED: 'true' } });
  await told.close();
});
