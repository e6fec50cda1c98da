import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeCertificate } from '../../../test/fakes/certificate.ts';
import { hostAndClient, letter, only } from '../../../test/fakes/smtp-client.ts';
import type { HostOptions } from '../../../test/fakes/smtp-host.ts';

const DAY_MS = 86_400_000;
const now = Date.now();
const span = { notBeforeMs: now - DAY_MS, notAfterMs: now + DAY_MS };
const GOOD = makeCertificate({ names: ['127.0.0.1', 'localhost'], ...span });
const FOREIGN = makeCertificate({ names: ['other.example'], ...span });
const EXPIRED = makeCertificate({ names: ['127.0.0.1'], notBeforeMs: now - 2 * DAY_MS, notAfterMs: now - DAY_MS });
const LOGIN = { username: 'club', password: 'päss word' };
const A = 'a@mailbox.example';

for (const tls of ['starttls', 'implicit'] as const) {
  describe(`TLS, ${tls}`, { timeout: 120_000 }, () => {
    it('hands over under a certificate of the given authority', async () => {
      await using world = await hostAndClient({ host: { tls, certificate: GOOD }, settings: { tls, ca: GOOD.cert } });
      const mime = Buffer.from(`Subject: x\r\n\r\n${'A line of text, and another.\r\n'.repeat(20_000)}`);
      const results = await Promise.all([letter(A), letter(A, { mime }), letter(A)].map((item) => world.client.send(item)));
      assert.deepEqual(
        results.map((result) => only(result).kind),
        ['handed_over', 'handed_over', 'handed_over'],
        JSON.stringify(results),
      );
      assert.deepEqual(
        world.host.accepted.map((mail) => mail.tls),
        [true, true, true],
      );
      assert.deepEqual(world.host.accepted[1]?.mime, mime);
    });

    it('resumes the TLS session in the next connection', async () => {
      const settings = { tls, ca: GOOD.cert, messages_per_connection: 1 };
      await using world = await hostAndClient({ host: { tls, certificate: GOOD }, settings });
      for (let n = 0; n < 3; n += 1) assert.equal(only(await world.client.send(letter(A))).kind, 'handed_over');
      assert.equal(world.host.sessions, 3);
      assert.ok(world.host.resumed >= 1);
    });

    const bad: readonly (readonly [because: string, certificate: typeof GOOD, ca: string | undefined])[] = [
      ['a certificate of no known authority', GOOD, undefined],
      ['a certificate of another authority', GOOD, FOREIGN.cert],
      ['a certificate for another name', FOREIGN, FOREIGN.cert],
      ['an expired certificate', EXPIRED, EXPIRED.cert],
    ];
    for (const [because, certificate, ca] of bad) {
      it(`does not hand over under ${because}, nor name the recipient`, async () => {
        const settings = { tls, username: LOGIN.username, ...(ca === undefined ? {} : { ca }) };
        await using world = await hostAndClient({
          host: { tls, certificate, login: LOGIN },
          settings,
          secret: { password: LOGIN.password },
        });
        const result = await world.client.send(letter(A));
        assert.deepEqual([only(result).kind, result.account?.kind], ['not_sent', 'unreachable'], JSON.stringify(result));
        assert.match(only(result).reply, /certificate|altnames/i);
        assert.ok(!world.host.heard.some(({ line }) => /^(MAIL|RCPT|AUTH)/.test(line)));
      });
    }

    it('hands over under any certificate when the settings say so', async () => {
      await using world = await hostAndClient({ host: { tls, certificate: EXPIRED }, settings: { tls, verify_certificate: false } });
      assert.equal(only(await world.client.send(letter(A))).kind, 'handed_over');
    });

    it('logs in inside TLS', async () => {
      const settings = { tls, ca: GOOD.cert, username: LOGIN.username };
      await using world = await hostAndClient({
        host: { tls, certificate: GOOD, login: LOGIN },
        settings,
        secret: { password: LOGIN.password },
      });
      assert.equal(only(await world.client.send(letter(A))).kind, 'handed_over');
    });
  });
}

describe('STARTTLS', { timeout: 120_000 }, () => {
  const settings = { tls: 'starttls', ca: GOOD.cert, username: LOGIN.username };
  const secret = { password: LOGIN.password };
  const host: HostOptions = { tls: 'starttls', certificate: GOOD, login: LOGIN };

  it('asks again what is offered, and believes nothing that was said in clear', async () => {
    const answer: HostOptions['answer'] = (stage) =>
      stage === 'starttls' ? { raw: '220 go ahead\r\n250-evil\r\n250 SIZE 1\r\n250 half' } : undefined;
    await using world = await hostAndClient({ host: { ...host, answer }, settings, secret });
    const result = await world.client.send(letter(A));
    assert.equal(only(result).kind, 'handed_over', JSON.stringify(result));
    assert.equal(world.host.heard.filter(({ line }) => line.startsWith('EHLO')).length, 2);
  });

  it('that is not offered means no hand-over and no password in clear', async () => {
    await using world = await hostAndClient({ host: { login: LOGIN }, settings, secret });
    const result = await world.client.send(letter(A));
    assert.deepEqual([only(result).kind, result.account?.kind], ['not_sent', 'misconfigured']);
    assert.deepEqual(
      world.host.heard.map(({ line }) => line.slice(0, 4)),
      ['EHLO'],
    );
  });

  it('that is refused for now is a host out of order', async () => {
    const answer: HostOptions['answer'] = (stage) => (stage === 'starttls' ? '454 4.7.0 TLS not available' : undefined);
    await using world = await hostAndClient({ host: { ...host, answer }, settings, secret });
    const result = await world.client.send(letter(A));
    assert.deepEqual([only(result).kind, result.account?.kind], ['deferred', 'unreachable']);
  });
});

describe('logging in', { timeout: 120_000 }, () => {
  const settings = { username: LOGIN.username };
  const secret = { password: LOGIN.password };

  for (const mechanisms of [['PLAIN', 'LOGIN'], ['LOGIN'], ['CRAM-MD5', 'PLAIN']]) {
    it(`works where ${mechanisms.join(' and ')} is offered`, async () => {
      await using world = await hostAndClient({ host: { login: LOGIN, mechanisms }, settings, secret });
      assert.equal(only(await world.client.send(letter(A))).kind, 'handed_over');
    });
  }

  for (const [because, host] of [
    ['no mechanism we know', { login: LOGIN, mechanisms: ['GSSAPI'] }],
    ['no log-in at all', {}],
  ] as const) {
    it(`is a matter for the settings where ${because} is offered`, async () => {
      await using world = await hostAndClient({ host, settings, secret });
      const result = await world.client.send(letter(A));
      assert.deepEqual([only(result).kind, result.account?.kind], ['not_sent', 'misconfigured']);
    });
  }

  it('never puts the password into what is stored', async () => {
    await using world = await hostAndClient({
      host: { login: LOGIN, answer: (stage) => (stage === 'auth' ? '535 5.7.8 no' : undefined) },
      settings,
      secret,
    });
    const stored = JSON.stringify(await world.client.send(letter(A)));
    assert.ok(!stored.includes(LOGIN.password) && !stored.includes(Buffer.from(LOGIN.password).toString('base64')));
  });
});
