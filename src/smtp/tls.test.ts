import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { connect, createServer } from 'node:tls';
import { type Log, silentLog } from '../log.ts';
import { makeSelfSigned } from './self-signed.ts';
import { loadTls } from './tls.ts';

const NOW_MS = Date.parse('2026-11-20T12:00:00Z');
const stillClock = { monotonicMs: () => 0 };

describe('a self-signed certificate', () => {
  const made = makeSelfSigned({ names: ['mail.example.org', 'localhost', '127.0.0.1', '::1'], nowMs: NOW_MS, days: 3_650 });
  const certificate = new X509Certificate(made.certificate);

  it('is read, verified by its own key and valid for its names', () => {
    assert.equal(certificate.subject, 'CN=mail.example.org');
    assert.equal(certificate.subjectAltName, 'DNS:mail.example.org, DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1');
    assert.ok(certificate.verify(certificate.publicKey));
    assert.equal(certificate.checkHost('localhost'), 'localhost');
    assert.equal(certificate.checkIP('127.0.0.1'), '127.0.0.1');
    assert.equal(certificate.checkHost('elsewhere.example'), undefined);
    assert.equal(certificate.ca, false);
  });

  it('is valid from the day before for as long as asked, past 2049 too', () => {
    assert.equal(certificate.validFromDate.toISOString(), '2026-11-19T12:00:00.000Z');
    assert.equal(certificate.validToDate.toISOString(), '2036-11-17T12:00:00.000Z');
    const long = new X509Certificate(makeSelfSigned({ names: ['a.example'], nowMs: NOW_MS, days: 20_000 }).certificate);
    assert.equal(long.validToDate.getTime(), NOW_MS + 20_000 * 86_400_000);
  });

  it('never has the serial number of another', () => {
    const again = new X509Certificate(makeSelfSigned({ names: ['a.example'], nowMs: NOW_MS, days: 1 }).certificate);
    assert.notEqual(again.serialNumber, certificate.serialNumber);
  });

  it('convinces a client that trusts it', async () => {
    const fresh = makeSelfSigned({ names: ['localhost'], nowMs: Date.now(), days: 1 });
    const server = createServer({ cert: fresh.certificate, key: fresh.key }, (socket) => socket.end('hello'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const bound = server.address();
    assert.ok(bound !== null && typeof bound === 'object');
    const socket = connect({ port: bound.port, host: '127.0.0.1', servername: 'localhost', ca: fresh.certificate });
    let heard = '';
    for await (const chunk of socket) heard += String(chunk);
    assert.equal(heard, 'hello');
    server.close();
  });
});

describe('loadTls', () => {
  const one = makeSelfSigned({ names: ['one.example'], nowMs: NOW_MS, days: 1 });
  const two = makeSelfSigned({ names: ['two.example'], nowMs: NOW_MS, days: 1 });

  it('takes PEM text', () => {
    const tls = loadTls(one, { clock: stillClock, log: silentLog });
    assert.equal(tls.context(), tls.context());
  });

  it('takes files, and takes them up again when they were renewed and work', () => {
    const folder = mkdtempSync(join(tmpdir(), 'packetboat-tls-'));
    const files = { certificate: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
    let now = 0;
    let writes = 0;
    const put = (pair: { certificate: string; key: string }) => {
      writeFileSync(files.certificate, pair.certificate);
      writeFileSync(files.key, pair.key);
      writes += 1;
      utimesSync(files.certificate, writes, writes);
      utimesSync(files.key, writes, writes);
    };
    put(one);
    const tls = loadTls(files, { clock: { monotonicMs: () => now }, log: silentLog });
    const first = tls.context();
    put(two);
    assert.equal(tls.context(), first, 'not looked at yet');
    now += 61_000;
    const second = tls.context();
    assert.notEqual(second, first);
    put({ certificate: one.certificate, key: two.key });
    now += 61_000;
    assert.equal(tls.context(), second, 'a pair that does not fit is not taken up');
    rmSync(folder, { recursive: true });
    now += 61_000;
    assert.equal(tls.context(), second, 'nor are files that are gone');
  });

  it('says once that a new pair does not work, and takes up the next one that does, through symbolic links too', () => {
    const folder = mkdtempSync(join(tmpdir(), 'packetboat-tls-'));
    const put = (name: string, pair: { certificate: string; key: string }) => {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'cert.pem'), pair.certificate);
      writeFileSync(join(folder, name, 'key.pem'), pair.key);
    };
    const lead = (name: string) => {
      symlinkSync(name, join(folder, 'next'));
      renameSync(join(folder, 'next'), join(folder, 'live'));
    };
    const half = one.certificate.slice(0, one.certificate.length / 2);
    put('one', one);
    put('half', { certificate: half, key: one.key });
    put('cut-chain', { certificate: one.certificate + half, key: one.key });
    put('mixed', { certificate: two.certificate, key: one.key });
    put('two', two);
    lead('one');
    let now = 0;
    const said: string[] = [];
    const hear = (line: { event: string }) => void said.push(line.event);
    const tls = loadTls(
      { certificate: join(folder, 'live/cert.pem'), key: join(folder, 'live/key.pem') },
      // What a log takes in is of many forms; these two are the ones this file writes.
      { clock: { monotonicMs: () => now }, log: { ...silentLog, info: hear, error: hear } as unknown as Log },
    );
    const look = () => {
      now += 1_000;
      return tls.pair();
    };
    const first = tls.pair();
    assert.equal(look(), first);
    for (const broken of ['half', 'cut-chain', 'mixed']) {
      lead(broken);
      assert.equal(look(), first, broken);
      assert.equal(look(), first, broken);
    }
    lead('two');
    assert.equal(look().cert, two.certificate);
    rmSync(folder, { recursive: true });
    assert.equal(look().cert, two.certificate);
    const unusable = 'tls_certificate_unusable';
    assert.deepEqual(said, [unusable, unusable, unusable, 'tls_certificate_renewed', unusable]);
  });

  for (const [because, source] of [
    ['a file that is not there', { certificate: '/nonexistent/cert.pem', key: '/nonexistent/key.pem' }],
    ['text that is no certificate', { certificate: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', key: one.key }],
    ['a key of another certificate', { certificate: one.certificate, key: two.key }],
  ] as const) {
    it(`refuses ${because}`, () => {
      assert.throws(() => loadTls(source, { clock: stillClock, log: silentLog }), { code: 'CONFIG_INVALID' });
    });
  }
});
