import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError } from '../../errors.ts';
import { parseSmtpAccount } from './settings.ts';

const GOOD = { host: 'mail.example', port: 587, tls: 'starttls' };
const LOGIN = { username: 'club' };
const PASSWORD = { password: 'secret' };

describe('settings of a smarthost account', () => {
  it('needs only host, port and tls, and fills in the rest', () => {
    const { settings, secret } = parseSmtpAccount({ settings: GOOD, secret: {} });
    assert.deepEqual(secret, {});
    assert.deepEqual(settings, {
      ...GOOD,
      connections: 10,
      messages_per_connection: 1000,
      verify_certificate: true,
      allow_plaintext_auth: false,
      timeouts: {
        connect_ms: 30_000,
        greeting_ms: 60_000,
        mail_ms: 300_000,
        data_ms: 120_000,
        block_ms: 180_000,
        dot_ms: 600_000,
        idle_ms: 60_000,
      },
    });
  });

  const refused: readonly (readonly [settings: unknown, secret: unknown, field: string, because: string])[] = [
    [{ ...GOOD, host: undefined }, {}, 'settings.host', 'a host is needed'],
    [{ ...GOOD, host: 'smtp://mail.example' }, {}, 'settings.host', 'not an address of the web'],
    [{ ...GOOD, host: 'mail.example\r\nx' }, {}, 'settings.host', 'no line breaks'],
    [{ ...GOOD, port: 0 }, {}, 'settings.port', 'no such port'],
    [{ ...GOOD, port: '587' }, {}, 'settings.port', 'a number'],
    [{ ...GOOD, tls: 'yes' }, {}, 'settings.tls', 'one of three'],
    [{ ...GOOD, connections: 101 }, {}, 'settings.connections', 'the limit is 100'],
    [{ ...GOOD, messages_per_connection: -1 }, {}, 'settings.messages_per_connection', '0 is unlimited'],
    [{ ...GOOD, ca: 'none' }, {}, 'settings.ca', 'PEM'],
    [{ ...GOOD, ca: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' }, {}, 'settings.ca', 'PEM around nothing'],
    [{ ...GOOD, helo: 'two words' }, {}, 'settings.helo', 'one word'],
    [{ ...GOOD, timeouts: { dot_ms: 1 } }, {}, 'settings.timeouts.dot_ms', 'shorter than any answer'],
    [{ ...GOOD, timeouts: { quit_ms: 1000 } }, {}, 'settings.timeouts.quit_ms', 'unknown'],
    [{ ...GOOD, base_url: 'x' }, {}, 'settings.base_url', 'unknown'],
    [GOOD, { api_key: 'x' }, 'secret.api_key', 'unknown'],
    [{ ...GOOD, ...LOGIN }, {}, 'secret.password', 'a name without a password'],
    [GOOD, PASSWORD, 'settings.username', 'a password without a name'],
    [{ ...GOOD, ...LOGIN }, { password: 'a\nb' }, 'secret.password', 'no line breaks'],
    [{ ...GOOD, ...LOGIN, tls: 'none' }, PASSWORD, 'settings.tls', 'the password would cross the network in clear'],
    [{ ...GOOD, ...LOGIN, tls: 'none', host: '127.0.0.1.evil.example' }, PASSWORD, 'settings.tls', 'a name that only looks like loopback'],
    ['x', {}, 'settings', 'not an object'],
  ];
  for (const [settings, secret, field, because] of refused) {
    it(`refuses ${field}: ${because}`, () => {
      assert.throws(
        () => parseSmtpAccount({ settings, secret }),
        (error: unknown) =>
          error instanceof AppError &&
          error.code === 'PROVIDER_SETTINGS_INVALID' &&
          error.field === field &&
          error.message.startsWith(field),
      );
    });
  }

  for (const host of ['127.0.0.1', '127.9.9.9', 'localhost', '::1']) {
    it(`lets a password go in clear to ${host}`, () => {
      assert.equal(parseSmtpAccount({ settings: { ...GOOD, ...LOGIN, tls: 'none', host }, secret: PASSWORD }).secret['password'], 'secret');
    });
  }

  it('lets a password go in clear elsewhere only when that is said', () => {
    const settings = { ...GOOD, ...LOGIN, tls: 'none', allow_plaintext_auth: true };
    assert.equal(parseSmtpAccount({ settings, secret: PASSWORD }).settings.tls, 'none');
  });

  it('holds a log-in by access token whole: what is missing is named, and what another log-in left is dropped', () => {
    const token = { ...GOOD, ...LOGIN, token_url: 'https://login.example/token', client_id: 'desk' };
    const field = (settings: object, secret: object) => {
      try {
        parseSmtpAccount({ settings, secret });
        return null;
      } catch (error) {
        return error instanceof AppError ? error.field : error;
      }
    };
    const table: readonly (readonly [settings: object, secret: object, field: string | null])[] = [
      [token, { refresh_token: 'r' }, null],
      [token, { refresh_token: 'r', client_secret: 's' }, null],
      [token, {}, 'secret.refresh_token'],
      [token, PASSWORD, 'secret.refresh_token'],
      [{ ...token, grant: 'client_credentials' }, { client_secret: 's' }, null],
      [{ ...token, grant: 'client_credentials' }, { refresh_token: 'r' }, 'secret.client_secret'],
      [{ ...token, client_id: undefined }, { refresh_token: 'r' }, 'settings.client_id'],
      [{ ...token, username: undefined }, { refresh_token: 'r' }, 'settings.username'],
      [{ ...token, token_url: 'http://login.example/token' }, { refresh_token: 'r' }, 'settings.token_url'],
      [{ ...token, token_url: 'http://127.0.0.1:9/token' }, { refresh_token: 'r' }, null],
      [{ ...token, token_url: 'https://a:b@login.example/' }, { refresh_token: 'r' }, 'settings.token_url'],
      [{ ...token, scope: 'two  blanks' }, { refresh_token: 'r' }, 'settings.scope'],
      [{ ...token, tls: 'none' }, { refresh_token: 'r' }, 'settings.tls'],
      [{ ...token, client_id: 'a b' }, { refresh_token: 'r' }, 'settings.client_id'],
      [token, { refresh_token: 'r\u0001' }, 'secret.refresh_token'],
      [{ ...GOOD, ...LOGIN, client_id: 'desk' }, PASSWORD, 'settings.token_url'],
      [GOOD, { refresh_token: 'r' }, 'settings.token_url'],
    ];
    for (const [settings, secret, expected] of table) assert.equal(field(settings, secret), expected, JSON.stringify([settings, secret]));
    const both = { ...PASSWORD, refresh_token: 'r' };
    const byToken = parseSmtpAccount({ settings: token, secret: both });
    assert.deepEqual([byToken.secret, byToken.settings.grant], [{ refresh_token: 'r' }, 'refresh_token']);
    assert.deepEqual(parseSmtpAccount({ settings: { ...GOOD, ...LOGIN }, secret: both }).secret, PASSWORD);
  });
});
