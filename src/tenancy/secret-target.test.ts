import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wantSecretAgain } from './secret-target.ts';

const SMTP = { host: 'smtp.host.example', port: 587, tls: 'starttls', username: 'desk', verify_certificate: true };
const API = { base_url: 'https://api.host.example/v1', region: 'eu' };
const TOKENS = { ...SMTP, token_url: 'https://login.host.example/token', client_id: 'a' };

const ROWS: readonly [before: object, change: object, secret: string[], given: string[], wanted: string | null, because: string][] = [
  [SMTP, { host: 'smtp.evil.example' }, ['password'], [], 'secret.password', 'another host'],
  [SMTP, { host: 'smtp.evil.example' }, ['password'], ['password'], null, 'it is given'],
  [SMTP, { host: 'SMTP.Host.Example' }, ['password'], [], null, 'names have no case'],
  [SMTP, { host: 'smtp.evil.example' }, [], [], null, 'there is none'],
  [SMTP, { port: 2525 }, ['password'], [], 'secret.password', 'another program may listen there'],
  [SMTP, { tls: 'implicit' }, ['password'], [], null, 'as well guarded'],
  [SMTP, { tls: 'none' }, ['password'], [], 'secret.password', 'in clear'],
  [{ ...SMTP, tls: 'none' }, { tls: 'starttls' }, ['password'], [], null, 'better guarded'],
  [SMTP, { verify_certificate: false }, ['password'], [], 'secret.password', 'anybody may answer'],
  [SMTP, { username: 'other', connections: 3, ca: 'pem' }, ['password'], [], null, 'the same server'],
  [API, { base_url: 'https://api.evil.example/v1' }, ['api_key', 'webhook_key'], [], 'secret.api_key', 'another host'],
  [API, { base_url: 'https://api.evil.example/v1' }, ['api_key', 'webhook_key'], ['api_key'], null, 'the webhook key goes nowhere'],
  [API, { base_url: 'https://api.host.example:8443/v1' }, ['api_key'], [], 'secret.api_key', 'another port'],
  [API, { base_url: 'http://api.host.example/v1' }, ['api_key'], [], 'secret.api_key', 'another scheme'],
  [API, { base_url: 'https://api.host.example/v2', region: 'us' }, ['api_key'], [], null, 'the same server'],
  [TOKENS, { token_url: 'https://login.evil.example/token' }, ['refresh_token'], [], 'secret.refresh_token', 'another endpoint'],
  [TOKENS, { token_url: 'https://login.evil.example/token' }, ['client_secret'], ['client_secret'], null, 'it is given'],
  [TOKENS, { host: 'smtp.evil.example' }, ['refresh_token'], [], 'secret.refresh_token', 'its access tokens go there'],
  [SMTP, { token_url: 'https://login.host.example/token' }, ['refresh_token'], ['refresh_token'], null, 'a token in place of a password'],
];

for (const [before, change, kept, given, wanted, because] of ROWS) {
  test(`${JSON.stringify(change)} with ${kept.join() || 'no secret'}${given.length > 0 ? ' given' : ''}: ${because}`, () => {
    const record = (names: string[]) => Object.fromEntries(names.map((name) => [name, 'x']));
    const ask = () =>
      wantSecretAgain({ before: { ...before }, after: { ...before, ...change }, secret: record(kept), given: record(given) });
    if (wanted === null) assert.doesNotThrow(ask);
    else assert.throws(ask, { code: 'SECRET_WANTED_AGAIN', field: wanted });
  });
}
