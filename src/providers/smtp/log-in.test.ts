// This file tests log-ins by access token at a fake host, and at the smtp-server library, which this project did not write.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { hostAndClient, letter, only, smtpClient } from '../../../test/fakes/smtp-client.ts';
import type { AccessTokens, TokenAnswer, TokenQuestion } from '../../delivery/access-tokens.ts';

const USER = 'club,team=1@mailbox.example';
const settings = { username: USER, token_url: 'https://login.example/token', client_id: 'desk' };
const secret = { refresh_token: 'refresh' };

/** Gives tokens out in their order; the last one stays. */
function tokens(...given: readonly (string | TokenAnswer)[]): AccessTokens & { readonly asked: TokenQuestion[] } {
  const asked: TokenQuestion[] = [];
  const left = [...given];
  let current = left.shift();
  return {
    asked,
    get: async (question) => {
      asked.push(question);
      if (question.refused !== undefined && question.refused === current) current = left.shift() ?? current;
      if (current === undefined) throw new Error('no token was given to the test');
      return typeof current === 'string' ? { ok: true, token: current } : current;
    },
  };
}

const good = (token: string) => ({ tokenGood: (user: string, given: string) => user === USER && given === token });

describe('a log-in by access token', () => {
  for (const mechanism of ['OAUTHBEARER', 'XOAUTH2']) {
    for (const [length, token] of [
      ['a short', 'short-token'],
      ['a long', 'x'.repeat(3_000)],
    ] as const) {
      it(`carries ${length} token by ${mechanism}`, async () => {
        const accessTokens = tokens(token);
        const host = { ...good(token), mechanisms: ['PLAIN', mechanism] };
        await using world = await hostAndClient({ host, settings, secret, accessTokens });
        assert.equal(only(await world.client.send(letter('a@mailbox.example'))).kind, 'handed_over');
        const command = world.host.heard[1]?.line ?? '';
        assert.ok(command.startsWith(`AUTH ${mechanism}`));
        assert.ok(command.length <= 510, 'a command ends at 512 octets');
        assert.equal(accessTokens.asked[0]?.ownerId, 'account-1');
        assert.deepEqual(accessTokens.asked[0]?.grant.refreshToken, 'refresh');
      });
    }
  }

  it('takes the mechanism of the standard where both are offered', async () => {
    await using world = await hostAndClient({ host: good('t'), settings, secret, accessTokens: tokens('t') });
    await world.client.send(letter('a@mailbox.example'));
    assert.match(world.host.heard[1]?.line ?? '', /^AUTH OAUTHBEARER /);
  });

  it('replaces a token that the host refuses once, in the same session', async () => {
    const accessTokens = tokens('old', 'new');
    await using world = await hostAndClient({ host: good('new'), settings, secret, accessTokens });
    assert.equal(only(await world.client.send(letter('a@mailbox.example'))).kind, 'handed_over');
    assert.deepEqual(
      accessTokens.asked.map(({ refused }) => refused),
      [undefined, 'old'],
    );
    assert.equal(world.host.sessions, 1);
  });

  it('says that a person has to look when a new token is refused, too', async () => {
    const accessTokens = tokens('old', 'new', 'newer');
    await using world = await hostAndClient({ host: good('none of these'), settings, secret, accessTokens });
    const result = await world.client.send(letter('a@mailbox.example'));
    assert.deepEqual([only(result).kind, result.account?.kind], ['not_sent', 'misconfigured']);
    assert.match(result.account?.reason ?? '', /535 5\.7\.8 token refused, status invalid_token.*issued just now.*scope/s);
    assert.equal(accessTokens.asked.length, 2);
    assert.ok(!JSON.stringify(result).includes('newer'));
  });

  it('passes on why there is no token', async () => {
    for (const kind of ['misconfigured', 'unreachable'] as const) {
      const accessTokens = tokens({ ok: false, kind, reason: 'The endpoint says no.', retryAfterMs: 7_000 });
      await using world = await hostAndClient({ host: good('x'), settings, secret, accessTokens });
      const result = await world.client.send(letter('a@mailbox.example'));
      assert.equal(only(result).kind, 'not_sent');
      assert.deepEqual(result.account, { kind, reason: 'The endpoint says no.', retryAfterMs: 7_000 });
      assert.ok(!world.host.heard.some(({ line }) => /^(AUTH|MAIL)/.test(line)));
    }
  });

  it('needs a host that offers it, and tells whoever has a password only about it', async () => {
    await using passwords = await hostAndClient({
      host: { login: { username: USER, password: 'p' } },
      settings,
      secret,
      accessTokens: tokens('t'),
    });
    const refused = await passwords.client.send(letter('a@mailbox.example'));
    assert.match(refused.account?.reason ?? '', /offers PLAIN, LOGIN without TLS; AUTH OAUTHBEARER or XOAUTH2 is needed/);
    await using modern = await hostAndClient({ host: good('t'), settings: { username: USER }, secret: { password: 'p' } });
    const told = await modern.client.send(letter('a@mailbox.example'));
    assert.match(told.account?.reason ?? '', /AUTH PLAIN or LOGIN is needed\. It takes access tokens/);
  });

  it('leaves a host that has trouble of its own alone, with the token it has', async () => {
    const accessTokens = tokens('t', 'u');
    let down = true;
    const answer = (stage: string) => (stage === 'auth' && down ? '454 4.7.0 try again' : undefined);
    await using world = await hostAndClient({ host: { ...good('t'), answer }, settings, secret, accessTokens });
    assert.equal(only(await world.client.send(letter('a@mailbox.example'))).kind, 'deferred');
    down = false;
    world.skip(60_000);
    assert.equal(only(await world.client.send(letter('a@mailbox.example'))).kind, 'handed_over');
    assert.ok(accessTokens.asked.every(({ refused }) => refused === undefined));
  });

  it('a look logs in, hands nothing over, and says what is wrong', async () => {
    await using world = await hostAndClient({ host: good('t'), settings, secret, accessTokens: tokens('t') });
    assert.equal(await world.client.check?.(), null);
    await using wrong = await hostAndClient({ host: good('t'), settings, secret, accessTokens: tokens('u') });
    assert.equal((await wrong.client.check?.())?.kind, 'misconfigured');
    assert.deepEqual([world.host.accepted, wrong.host.accepted], [[], []]);
  });

  it('is understood by the smtp-server library', { timeout: 60_000 }, async () => {
    const users: string[] = [];
    const server = new SMTPServer({
      authMethods: ['XOAUTH2'],
      allowInsecureAuth: true,
      disabledCommands: ['STARTTLS'],
      disableReverseLookup: true,
      onAuth: (auth, _session, done) => {
        if (auth.accessToken !== 'fresh') return done(null, { data: { status: '401', schemes: 'bearer' } });
        users.push(auth.username ?? '');
        return done(null, { user: auth.username });
      },
      onData: (stream, _session, done) => {
        stream.resume();
        stream.on('end', () => done(null));
      },
    });
    const listening = server.listen(0, '127.0.0.1');
    await once(listening, 'listening');
    const address = listening.address();
    assert.ok(address !== null && typeof address === 'object');
    const client = smtpClient(address.port, { settings, secret, accessTokens: tokens('stale', 'fresh') });
    assert.equal(only(await client.send(letter('a@mailbox.example'))).kind, 'handed_over');
    assert.deepEqual(users, [USER]);
    await client.close();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
});
