// This file has an organisation register addresses at free mailboxes: the desk asks their owners by mail, looking at the link changes nothing, its button works once, an
// old link no longer, and nobody's mailbox is flooded through the desk.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import pg from 'pg';
import PostalMime from 'postal-mime';
import { startSmtpHost } from '../fakes/smtp-host.ts';
import { inReverse, openDesk } from '../support/desk.ts';
import { until } from '../support/until.ts';

const PUBLIC = 'https://people.clubhouse.example';
const end = inReverse({ after });
const host = await startSmtpHost();
end.after(() => host.close());
const desk = await openDesk(end, { env: { PACKETBOAT_PUBLIC_URL: PUBLIC, PACKETBOAT_SYSTEM_FROM: 'Clubhouse <desk@clubhouse.example>' } });
await desk.smarthost(host.port);
const club = await desk.tenant('Rowing Club');
const database = new pg.Client({ connectionString: desk.databaseUrl });
await database.connect();
end.after(() => database.end());

/** The mails to an address, once there are so many. */
const mailsTo = (address: string, count: number) =>
  until(
    () => {
      const found = host.accepted.filter((mail) => mail.rcptTo[0] === address);
      return found.length === count ? found : null;
    },
    { what: `${count} mails to ${address}` },
  );

async function linkIn(mime: Buffer | undefined): Promise<string> {
  const { text, html } = await PostalMime.parse(mime ?? '');
  const link = /https:\/\/people\.clubhouse\.example(\/confirm\/[\w-]{43})\s/.exec(text ?? '')?.[1];
  assert.ok(link !== undefined, String(text));
  assert.ok(html?.includes(PUBLIC + link));
  return link;
}

const register = (address: string, body = {}) => desk.api('POST', `/v1/tenants/${club.id}/senders`, { address, ...body }, club.key);
const sendAs = (from: string) => desk.api('POST', '/v1/messages', { from, to: 'member@mailbox.test', subject: 'x', text: 'x' }, club.key);
const press = (path: string) =>
  fetch(`${desk.bootstrap.http_url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: '',
  });
const look = (path: string) => desk.api('GET', path, undefined, null);

it('confirms an address by the button behind the link, once', { timeout: 600_000 }, async () => {
  const address = 'treasurer@gmail.com';
  const { status, body: sender } = await register('Treasurer@gmail.com', { lang: 'de' });
  assert.equal(status, 201);
  assert.deepEqual([sender.address, sender.verified_at], [address, null]);
  assert.ok(Date.parse(sender.confirmation.expires_at) > Date.now() + 6 * 86_400_000);
  assert.equal((await sendAs(address)).body.code, 'SENDER_NOT_ALLOWED');

  const [mail] = await mailsTo(address, 1);
  const mime = mail?.mime ?? Buffer.alloc(0);
  const link = await linkIn(mime);
  assert.match(mime.toString(), /^From: Clubhouse <desk@clubhouse\.example>\r$/m);
  assert.match(mime.toString(), /^Auto-Submitted: auto-generated\r$/m);
  assert.match((await PostalMime.parse(mime)).subject ?? '', /^Darf Rowing Club von dieser Adresse schreiben\?$/);

  for (let n = 0; n < 3; n += 1) {
    const page = await look(link);
    assert.equal(page.status, 200);
    assert.match(page.body, /<html lang="de">.*<form method="post"><button/s);
    assert.match(page.headers.get('content-security-policy') ?? '', /sandbox allow-forms/, 'an origin of its own');
    assert.doesNotMatch(page.headers.get('content-security-policy') ?? '', /script-src|allow-same-origin/);
  }
  assert.equal((await sendAs(address)).body.code, 'SENDER_NOT_ALLOWED', 'looking confirms nothing');

  const [first, second] = await Promise.all([press(link), press(link)]);
  assert.deepEqual([first.status, second.status].sort(), [200, 410], 'of two at once one counts');
  const again = await press(link);
  assert.equal(again.status, 410);
  assert.match(await again.text(), /schon benutzt/);
  assert.equal((await look(link)).status, 410);
  const { body: list } = await desk.api('GET', `/v1/tenants/${club.id}/senders`, undefined, club.key);
  assert.deepEqual([list.data[0].verified_by, list.data[0].confirmation], ['mail', null]);
  const asked = await desk.api('POST', `/v1/senders/${sender.id}/confirmation`, undefined, club.key);
  assert.deepEqual([asked.status, asked.body.code], [409, 'STATE_FORBIDS']);
  const { body: audit } = await desk.api('GET', `/v1/audit?limit=20`);
  assert.equal(audit.data.filter((line: { action: string }) => line.action === 'sender.confirm').length, 1);
});

it('refuses links that expired, were never made, or whose sender is gone', { timeout: 600_000 }, async () => {
  const { body: late } = await register('late@gmx.de');
  const lateLink = await linkIn((await mailsTo('late@gmx.de', 1))[0]?.mime);
  await database.query(`update sender_confirmations set expires_at = now() - interval '1 second' where sender_id = $1`, [late.id]);
  assert.equal((await press(lateLink)).status, 410);
  assert.match((await look(lateLink)).body, /no longer works/);
  assert.equal((await sendAs('late@gmx.de')).body.code, 'SENDER_NOT_ALLOWED');

  const { body: gone } = await register('gone@gmx.de');
  const goneLink = await linkIn((await mailsTo('gone@gmx.de', 1))[0]?.mime);
  await desk.api('DELETE', `/v1/senders/${gone.id}`, undefined, club.key);
  await register('gone@gmx.de');
  assert.equal((await press(goneLink)).status, 410, 'a link is about the sender it was made for');

  const unknown = await fetch(`${desk.bootstrap.http_url}/confirm/${'x'.repeat(43)}`, { headers: { 'accept-language': 'de-AT' } });
  assert.equal(unknown.status, 404);
  assert.match(await unknown.text(), /Diesen Link gibt es nicht/);
  assert.equal((await press('/confirm/nonsense')).status, 404);
});

it('writes to an address three times a day at most, whoever asks', { timeout: 600_000 }, async () => {
  const address = 'victim@yahoo.com';
  const { body: sender } = await register(address);
  const resend = (id: string, key: string) => desk.api('POST', `/v1/senders/${id}/confirmation`, { lang: 'en' }, key);
  assert.equal((await resend(sender.id, club.key)).status, 200);
  const other = await desk.tenant('Chess Club');
  const { body: theirs } = await desk.api('POST', `/v1/tenants/${other.id}/senders`, { address }, other.key);
  assert.ok(theirs.confirmation);
  const refused = await resend(theirs.id, other.key);
  assert.deepEqual([refused.status, refused.body.code], [429, 'SENDER_CONFIRMATION_LIMIT']);
  // Registering it anew does not help.
  await desk.api('DELETE', `/v1/senders/${theirs.id}`, undefined, other.key);
  const { body: anew } = await desk.api('POST', `/v1/tenants/${other.id}/senders`, { address }, other.key);
  assert.equal(anew.confirmation, null);
  const mails = await mailsTo(address, 3);
  // Any of the links works, and then none does.
  const [one, two] = await Promise.all(mails.slice(0, 2).map((mail) => linkIn(mail.mime)));
  assert.equal((await press(one ?? '')).status, 200);
  assert.notEqual((await press(two ?? '')).status, 201);
  assert.equal((await desk.api('GET', `/v1/tenants/${club.id}/senders`, undefined, club.key)).body.data.at(-1).verified_by, 'mail');
});

it('keeps no token, and no content once a mail is a message', { timeout: 600_000 }, async () => {
  const left = `select state, sealed from system_mails where state <> 'accepted' or sealed is not null`;
  await until(async () => (await database.query(left)).rowCount === 0, { what: 'every mail to be a message' });
  const { rows: kept } = await database.query('select octet_length(token_hash) as bytes from sender_confirmations');
  assert.ok(kept.every((row) => row.bytes === 32));
  const { body } = await desk.api('GET', '/v1/messages?address=treasurer@gmail.com');
  assert.equal(body.data[0].tenant_name, 'Mail of the desk');
  await desk.quiet();
});
