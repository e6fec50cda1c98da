// This file checks how settings are read, and that docs/CONFIG.md says what the table says.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { renderConfigPage } from '../scripts/docs/config-page.ts';
import { configAsData, loadConfig, printConfig, SETTINGS, variableName } from './config.ts';
import { AppError } from './errors.ts';

const nothing = () => undefined;

test('without any variable every setting has its default', () => {
  const config = loadConfig({}, nothing);
  assert.equal(config.httpHost, '127.0.0.1');
  assert.deepEqual([config.httpPort, config.submissionPort, config.inboundPort], [8480, 2587, 2525]);
  assert.equal(config.databaseUrl, null);
  assert.equal(config.messageSizeMaxBytes, 26_214_400);
  assert.deepEqual(config.roles, ['http', 'submission', 'inbound', 'dispatch', 'jobs', 'dns']);
  assert.deepEqual(config.retryTransactional, {
    stepsMs: [1, 5, 15, 30, 60, 120, 240].map((minutes) => minutes * 60_000),
    lifetimeMs: 86_400_000,
  });
  assert.equal(config.logAddresses, false);
});

test('each example is a value that the setting takes', () => {
  for (const [name, entry] of Object.entries(SETTINGS)) {
    if (/^(tls|https)_(cert|key)$/.test(name)) continue;
    assert.doesNotThrow(() => loadConfig({ [variableName(name)]: entry.example }, nothing), name);
  }
});

test('a variable wins over the file, the file over the default, and both forms of file are read', () => {
  const json = JSON.stringify({ http_port: 1001, submission_port: 1002, log_addresses: true, roles: ['http', 'jobs'] });
  const lines = '# ours\nexport PACKETBOAT_HTTP_PORT=1001\nsubmission_port = "1002"\nLOG_ADDRESSES=yes\nPACKETBOAT_ROLES=http,jobs\n';
  for (const file of [json, lines]) {
    const config = loadConfig({ PACKETBOAT_CONFIG: '/etc/p', PACKETBOAT_HTTP_PORT: '2001' }, (path) =>
      path === '/etc/p' ? file : undefined,
    );
    assert.deepEqual([config.httpPort, config.submissionPort, config.inboundPort], [2001, 1002, 2525]);
    assert.equal(config.logAddresses, true);
    assert.deepEqual(config.roles, ['http', 'jobs']);
  }
});

test('DATABASE_URL is read too, and the variable with our name wins', () => {
  const DATABASE_URL = 'postgresql://a@b/c';
  assert.equal(loadConfig({ DATABASE_URL }, nothing).databaseUrl, DATABASE_URL);
  assert.equal(loadConfig({ DATABASE_URL, PACKETBOAT_DATABASE_URL: 'postgres://x/y' }, nothing).databaseUrl, 'postgres://x/y');
});

test('a name that holds an SPF record may begin with an underscore', () => {
  assert.equal(loadConfig({ PACKETBOAT_SPF_INCLUDE: '_spf.Example.org' }, nothing).spfInclude, '_spf.example.org');
});

test('a wrong value is refused with what to write instead', () => {
  const cases = [
    [{ PACKETBOAT_HTTP_PORT: 'eighty' }, /PACKETBOAT_HTTP_PORT: write a whole number from 0 to 65535 \(it is "eighty"\)/],
    [{ PACKETBOAT_HTPP_PORT: '80' }, /no setting PACKETBOAT_HTPP_PORT\. Did you mean PACKETBOAT_HTTP_PORT\?/],
    [{ PACKETBOAT_COMPLETELY_ELSE_THAN_ANY: '80' }, /no setting PACKETBOAT_COMPLETELY_ELSE_THAN_ANY\.$/],
    [{ PACKETBOAT_LOG_ADDRESSES: 'maybe' }, /write "true" or "false"/],
    [{ PACKETBOAT_SIMULATOR: 'of' }, /write one of: auto, on, off/],
    [{ PACKETBOAT_ROLES: 'http,mail' }, /write some of: http, submission/],
    [{ PACKETBOAT_ROLES: '' }, /write some of/],
    [{ PACKETBOAT_RETRY_BULK: '5m 1h' }, /write waits and a lifetime/],
    [{ PACKETBOAT_RETRY_BULK: '0m; max 1h' }, /write waits and a lifetime/],
    [{ PACKETBOAT_PUBLIC_URL: 'mail.example.org' }, /write an origin such as/],
    [{ PACKETBOAT_RETURN_PATH_HOST: 'localhost' }, /write a domain name/],
    [{ PACKETBOAT_SPF_INCLUDE: 'include:spf.example' }, /write a name/],
    [{ PACKETBOAT_TLS_CERT: '/a.pem' }, /give both or neither/],
    [{ PACKETBOAT_HTTPS_KEY: '/a.pem' }, /PACKETBOAT_HTTPS_CERT and PACKETBOAT_HTTPS_KEY: give both or neither/],
    [{ PACKETBOAT_TRUSTED_PROXIES: '10.0.0.0/33' }, /"10\.0\.0\.0\/33" is none/],
    [{ PACKETBOAT_TRUSTED_PROXIES: 'proxy.example.org' }, /write addresses or networks/],
    [{ PACKETBOAT_DATABASE_URL: 'mysql://u:hush@h/d' }, /write postgresql:.*\(it is "\*\*\*"\)/],
    [{ PACKETBOAT_CONFIG: '/nowhere' }, /cannot be read/],
  ] as const;
  for (const [env, expected] of cases) {
    assert.throws(
      () => loadConfig(env, nothing),
      (error) => {
        assert.ok(error instanceof AppError && error.code === 'CONFIG_INVALID');
        assert.match(error.message, expected);
        return true;
      },
    );
  }
});

test('the public address is the one that is set, else that of an HTTPS door which the world can reach and trust', () => {
  const own = { PACKETBOAT_HOSTNAME: 'desk.example.org', PACKETBOAT_HTTPS_CERT: '/c.pem', PACKETBOAT_HTTPS_KEY: '/k.pem' };
  const open = { ...own, PACKETBOAT_HTTPS_HOST: '0.0.0.0', PACKETBOAT_HTTPS_PORT: '443' };
  const rows = [
    [{}, null],
    [open, 'https://desk.example.org'],
    [{ ...open, PACKETBOAT_HTTPS_PORT: '8443' }, 'https://desk.example.org:8443'],
    [{ ...open, PACKETBOAT_HTTPS_PORT: '0' }, null],
    [{ ...open, PACKETBOAT_HTTPS_HOST: '127.0.0.1' }, null],
    [{ ...open, PACKETBOAT_HTTPS_CERT: '', PACKETBOAT_HTTPS_KEY: '' }, null],
    [{ ...open, PACKETBOAT_HOSTNAME: 'desk.packetboat.test' }, null],
    [{ ...open, PACKETBOAT_PUBLIC_URL: 'https://mail.example.org/' }, 'https://mail.example.org'],
    [own, null],
  ] as const;
  for (const [env, expected] of rows) assert.equal(loadConfig(env, nothing).publicUrl, expected, JSON.stringify(env));
});

test('all wrong settings are named at once', () => {
  assert.throws(() => loadConfig({ PACKETBOAT_HTTP_PORT: 'x', PACKETBOAT_SIMULATOR: 'y' }, nothing), /HTTP_PORT.*SIMULATOR/);
});

test('a wrong line or key of the file is named with the file', () => {
  const read = (content: string) => () => loadConfig({ PACKETBOAT_CONFIG: '/etc/p' }, () => content);
  assert.throws(read('http_port 80'), /\/etc\/p line 1/);
  assert.throws(read('http_prt=80'), /http_prt in \/etc\/p\. Did you mean/);
  assert.throws(read('{"http_port":'), /not valid JSON/);
});

test('secrets are not printed, and what is printed can be read again', () => {
  const env = { PACKETBOAT_METRICS_TOKEN: 'a-very-secret-token', PACKETBOAT_DATABASE_URL: 'postgresql://u:hush@h/d' };
  const config = loadConfig(env, nothing);
  const page = printConfig(config);
  assert.doesNotMatch(page + JSON.stringify(configAsData(config)), /hush|very-secret/);
  const again = Object.fromEntries(
    page.split('\n').flatMap((line) => (/^PACKETBOAT_/.test(line) && !line.endsWith('***') ? [line.split('=')] : [])),
  );
  assert.deepEqual(loadConfig({ ...again, ...env }, nothing), config);
});

test('docs/CONFIG.md names every setting, and only settings', () => {
  assert.equal(readFileSync(new URL('../docs/CONFIG.md', import.meta.url), 'utf8'), renderConfigPage(), 'run "node scripts/docs.ts"');
});
