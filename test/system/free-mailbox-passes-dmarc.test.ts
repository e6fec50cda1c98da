// This file has a treasurer write from a free mailbox whose domain rejects what others send in its name. Through the desk, a real Postfix and a real Dovecot the mail
// arrives with DMARC pass, as an independent verifier (mailauth) judges it; the answer reaches the treasurer, and the bounce comes to us.
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { authenticate } from 'mailauth';
import { createTransport } from 'nodemailer';
import PostalMime from 'postal-mime';
import { fieldsOf, postalWorld, postalWorldMissing, RETURN_PATH_HOST } from '../support/postal-world.ts';
import { until } from '../support/until.ts';

const skip = postalWorldMissing();
const PERSON = 'maria.berg@gmx.de';
const MEMBER = 'member@seed.test';
const REWRITING = 'club-mail.test';

describe('a free mailbox passes DMARC', { skip }, async () => {
  if (skip) return;
  const { desk, dovecot, postfix, account, club } = await postalWorld(
    { after },
    {
      mailboxes: [MEMBER, PERSON],
      env: { PACKETBOAT_REWRITE_DOMAIN: REWRITING, PACKETBOAT_DNS_SERVERS: '127.0.0.1:1' },
      domains: { dovecot: ['gmx.de'], inbound: [`.${REWRITING}`] },
    },
  );
  await desk.route([account]);
  const { body: tenant } = await desk.api('POST', '/v1/tenants', { name: 'Ruderclub Blau-Weiß' });
  const { body: login } = await desk.api('POST', `/v1/tenants/${tenant.id}/credentials`, { kind: 'smtp' });
  const { body: apiKey } = await desk.api('POST', `/v1/tenants/${tenant.id}/credentials`, { kind: 'api_key' });
  await desk.api('POST', `/v1/tenants/${tenant.id}/senders`, { address: PERSON });
  await desk.api('PUT', `/v1/tenants/${tenant.id}/rewriting`, { allowed: true });
  await desk.api('PUT', `/v1/tenants/${tenant.id}/rewriting`, { consented: true }, apiKey.api_key);
  const ANEW = 'maria.berg@ruderclub-blau-weiss.club-mail.test';

  // The DNS as the operator and the mailbox provider publish it.
  const { body: rewriting } = await desk.api('GET', '/v1/rewriting');
  const zone = new Map<string, string>([
    ...rewriting.records
      .filter((record: { type: string }) => record.type === 'TXT')
      .map((record: { host: string; value: string }): [string, string] => [record.host, record.value]),
    ['_dmarc.gmx.de', 'v=DMARC1; p=reject'],
    [RETURN_PATH_HOST, 'v=spf1 ip4:192.0.2.25 -all'],
  ]);
  const resolver = async (name: string, type: string) => {
    const value = zone.get(name);
    if (type === 'TXT' && value !== undefined) return [[value]];
    throw Object.assign(new Error(`no ${type} of ${name}`), { code: 'ENOTFOUND' });
  };
  /** What a receiver makes of a mail that comes from our smarthost. */
  const judge = async (mail: Buffer, sender: string) => {
    const { dmarc, dkim, spf } = await authenticate(mail, { ip: '192.0.2.25', helo: 'smarthost.test', sender, resolver, disableArc: true });
    assert.ok(dmarc !== false && spf !== false);
    return {
      dmarc: dmarc.status.result,
      policy: dmarc.policy,
      spf: spf.status.result,
      dkim: dkim.results.map((result) => `${result.signingDomain} ${result.status.result}`),
    };
  };
  const arrived = (address: string, count: number) =>
    until(
      async () => {
        const mails = await dovecot.arrived(address);
        return mails.length === count ? mails : null;
      },
      { what: `${count} mails for ${address}` },
    );
  const raw = [
    `From: "Maria Berg" <${PERSON}>`,
    `To: ${MEMBER}`,
    'Subject: =?utf-8?Q?Einladung_zur_Gr=C3=BCnkohlwanderung?=',
    'Date: Sat, 21 Nov 2026 18:00:00 +0000',
    'Message-ID: <1@web.gmx.net>',
    `DKIM-Signature: v=1; a=rsa-sha256; d=gmx.de; s=s31663417; h=from:to; bh=x; b=x`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    'Wir treffen uns um neun am Bootshaus. Grüße',
    '',
  ].join('\r\n');
  const transport = createTransport({
    host: '127.0.0.1',
    port: desk.bootstrap.smtp_port,
    requireTLS: true,
    tls: { rejectUnauthorized: false },
    auth: { user: login.smtp_username, pass: login.smtp_password },
  });
  after(() => transport.close());

  it('arrives with DMARC pass, where the same mail as it is would be rejected', { timeout: 600_000 }, async () => {
    await transport.sendMail({ envelope: { from: PERSON, to: [MEMBER] }, raw });
    const [mail = Buffer.alloc(0)] = await arrived(MEMBER, 1);
    const returnPath = (fieldsOf(mail).get('return-path')?.[0] ?? '').slice(1, -1);
    assert.match(returnPath, new RegExp(`^b-[a-z2-7]{48}@${RETURN_PATH_HOST}$`));
    assert.deepEqual(await judge(mail, returnPath), { dmarc: 'pass', policy: 'reject', spf: 'pass', dkim: [`${REWRITING} pass`] });
    assert.equal((await judge(Buffer.from(raw), returnPath)).dmarc, 'fail', 'as it is');
    const read = await PostalMime.parse(mail);
    assert.deepEqual([read.from?.address, read.from?.name], [ANEW, 'Maria Berg via Ruderclub Blau-Weiß']);
    assert.deepEqual(
      read.replyTo?.map((each) => [each.address, each.name]),
      [[PERSON, 'Maria Berg']],
    );
    assert.match(read.text ?? '', /Grüße/);
  });

  it('brings the answer to the person, also one that ignores Reply-To', { timeout: 600_000 }, async () => {
    // Another server of the world, which found the desk by the MX of the rewriting domain.
    const world = createTransport({ host: '127.0.0.1', port: desk.bootstrap.inbound_port, ignoreTLS: true });
    after(() => world.close());
    await world.sendMail({
      envelope: { from: MEMBER, to: [ANEW] },
      raw: `From: Member <${MEMBER}>\r\nTo: ${ANEW}\r\nSubject: Re: Einladung\r\nMessage-ID: <2@seed.test>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nGern.\r\n`,
    });
    const [mail = Buffer.alloc(0)] = await arrived(PERSON, 1);
    const read = await PostalMime.parse(mail);
    assert.deepEqual([read.from?.address, read.replyTo?.[0]?.address], [ANEW, MEMBER]);
    assert.equal(read.text?.trim(), 'Gern.');
    const returnPath = (fieldsOf(mail).get('return-path')?.[0] ?? '').slice(1, -1);
    assert.equal((await judge(mail, returnPath)).dmarc, 'pass');
  });

  it('hears the bounce, and holds the address that does not exist', { timeout: 600_000 }, async () => {
    const info = await transport.sendMail({
      envelope: { from: PERSON, to: ['nobody@seed.test'] },
      raw: raw.replace(MEMBER, 'nobody@seed.test'),
    });
    assert.match(info.response, /^250 2\.0\.0/);
    const { body } = await desk.api('GET', '/v1/messages?address=nobody@seed.test', undefined, apiKey.api_key);
    const shown = await desk.settled(body.data[0].id, ['bounced']);
    assert.equal(shown.recipients[0]?.reason, 'invalid-recipient');
    const { body: holds } = await desk.api('GET', '/v1/suppressions?address=nobody@seed.test', undefined, apiKey.api_key);
    assert.equal(holds.data[0]?.reason, 'invalid-recipient');
    assert.equal((await dovecot.arrived(PERSON)).length, 1, 'no bounce went to the person');
  });

  it('leaves nothing anywhere', { timeout: 600_000 }, async () => {
    await desk.quiet();
    await until(async () => (await postfix.queued()).length === 0, { what: 'Postfix to be empty' });
    assert.ok(club.id);
  });
});
