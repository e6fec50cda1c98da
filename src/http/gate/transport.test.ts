import assert from 'node:assert/strict';
import { test } from 'node:test';
import { httpDesk, standingClock } from '../../../test/support/http-desk.ts';
import type { HttpConfig } from '../deps.ts';

const STRANGER = '203.0.113.9';
const PAGE = { accept: 'text/html,application/xhtml+xml' };
const HTTPS: Partial<HttpConfig> = { https: { port: () => 8443 }, publicUrl: null };

test('Where the desk speaks HTTPS, keys and passwords come over plain HTTP from this machine and from trusted proxies only', async (t) => {
  const desk = await httpDesk(t, { settings: { ...HTTPS, trustedProxies: ['10.0.0.0/8'] } });
  const key = { authorization: `Bearer ${desk.operatorKey}` };
  const cookie = { cookie: `packetboat_session=${'a'.repeat(43)}` };
  const logIn = { 'content-type': 'application/json' };
  const rows = [
    ['a key of another machine', STRANGER, 'POST', '/v1/tenants', key, 403],
    ['a key that only reads', STRANGER, 'GET', '/v1/tenants', key, 403],
    ['a key for metrics', STRANGER, 'GET', '/metrics', { authorization: 'Bearer a-token-for-metrics' }, 403],
    ['a session', STRANGER, 'GET', '/v1/session', cookie, 403],
    ['a password', STRANGER, 'POST', '/v1/session', logIn, 403],
    ['a key that says it wants a page', STRANGER, 'GET', '/v1/tenants', { ...key, ...PAGE }, 403],
    ['this machine', '127.0.0.1', 'GET', '/v1/tenants', key, 200],
    ['a trusted proxy', '10.0.0.7', 'GET', '/v1/tenants', { ...key, 'x-forwarded-for': STRANGER, 'x-forwarded-proto': 'https' }, 200],
    ['a trusted proxy that says nothing', '10.0.0.7', 'GET', '/v1/tenants', key, 200],
    ['a proxy nobody named', STRANGER, 'GET', '/v1/tenants', { ...key, 'x-forwarded-proto': 'https' }, 403],
    ['a monitor', STRANGER, 'GET', '/health', PAGE, 200],
    ['the description', STRANGER, 'GET', '/openapi.json', {}, 200],
    [
      'a webhook of a provider, with its password',
      STRANGER,
      'POST',
      '/hooks/abcdefghijklmnopqrstuvwx',
      { authorization: 'Basic eDp5' },
      200,
    ],
  ] as const;
  for (const [what, remoteAddress, method, url, headers, status] of rows) {
    const answer = await desk.app.inject({ method, url, headers, remoteAddress, ...(headers === logIn ? { payload: '{}' } : {}) });
    assert.equal(answer.statusCode, status, `${what}: ${answer.body}`);
    if (status !== 403) continue;
    const problem = answer.json();
    assert.equal(problem.code, 'TLS_REQUIRED', what);
    assert.match(
      problem.hint,
      what.startsWith('a proxy') ? /PACKETBOAT_TRUSTED_PROXIES/ : /https:\/\/localhost:8443.*replace the key/,
      what,
    );
  }
});

test('Browsers are led to https, to the public address where there is one, and never in a circle', async (t) => {
  const desk = await httpDesk(t, { settings: HTTPS });
  const publicDesk = await httpDesk(t, { settings: { ...HTTPS, publicUrl: 'https://mail.example.org' } });
  const go = (of: typeof desk, url: string, headers: Record<string, string>) =>
    of.app.inject({ url, headers: { ...PAGE, ...headers }, remoteAddress: STRANGER });
  const rows = [
    [desk, '/messages/1?state=held', { host: 'desk.example.org:8480' }, 'https://desk.example.org:8443/messages/1?state=held'],
    [desk, '/', { host: '[2001:db8::1]' }, 'https://[2001:db8::1]:8443/'],
    [desk, '//elsewhere.example/', { host: 'desk.example.org' }, 'https://desk.example.org:8443//elsewhere.example/'],
    [desk, '/', { host: 'a"onload=' }, 'https://localhost:8443/'],
    [publicDesk, '/confirm/abc', { host: 'anything.example' }, 'https://mail.example.org/confirm/abc'],
  ] as const;
  for (const [of, url, headers, to] of rows) {
    const answer = await go(of, url, headers);
    assert.equal(answer.statusCode, 308, url);
    assert.equal(answer.headers.location, to);
    assert.equal(answer.headers['cache-control'], 'no-store');
    assert.equal(answer.headers['strict-transport-security'], undefined);
  }
  const behind = await go(desk, '/', { 'x-forwarded-proto': 'https' });
  assert.equal(behind.statusCode, 403, 'a proxy nobody named would lead here again for ever');
  assert.equal((await desk.app.inject({ url: '/', headers: PAGE, remoteAddress: '127.0.0.1' })).statusCode, 200);
});

test('Without HTTPS plain HTTP is as it was, and a trusted proxy makes cookies Secure and browsers stay', async (t) => {
  const desk = await httpDesk(t, { settings: { trustedProxies: ['10.0.0.7'], publicUrl: null } });
  const key = { authorization: `Bearer ${desk.operatorKey}` };
  assert.equal((await desk.app.inject({ url: '/v1/tenants', headers: key, remoteAddress: STRANGER })).statusCode, 200);
  const ask = async (remoteAddress: string, proto: string, host = 'mail.example.org') => {
    const headers = { host, 'x-forwarded-for': STRANGER, 'x-forwarded-proto': proto, ...key };
    const answer = await desk.app.inject({ method: 'DELETE', url: '/v1/session', headers, remoteAddress });
    return [answer.headers['strict-transport-security'] !== undefined, String(answer.headers['set-cookie']).endsWith('; Secure')];
  };
  assert.deepEqual(await ask('10.0.0.7', 'https'), [true, true]);
  assert.deepEqual(await ask('10.0.0.7', 'http'), [false, false]);
  assert.deepEqual(await ask(STRANGER, 'https'), [false, false], 'a stranger is not believed');
  assert.deepEqual(await ask('10.0.0.7', 'https', 'localhost:8443'), [false, true], 'nobody pins the name of this machine');
  assert.deepEqual(await ask('10.0.0.7', 'https', '127.0.0.1'), [false, true]);
});

test('Wrong passwords count for the client behind a trusted proxy, not for the proxy', async (t) => {
  const desk = await httpDesk(t, { clock: standingClock, settings: { trustedProxies: ['10.0.0.7'] } });
  const guess = async (client: string, login: string) => {
    const headers = { 'content-type': 'application/json', 'x-forwarded-for': client };
    const payload = JSON.stringify({ login, password: 'wrong' });
    return (await desk.app.inject({ method: 'POST', url: '/v1/session', headers, payload, remoteAddress: '10.0.0.7' })).statusCode;
  };
  for (let tries = 0; tries < 5; tries += 1) assert.equal(await guess('192.0.2.1', 'owner'), 401);
  assert.equal(await guess('192.0.2.1', 'owner'), 429);
  assert.equal(await guess('192.0.2.2', 'owner'), 401, 'another client is not locked out with it');
});
