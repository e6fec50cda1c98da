// This file checks our DKIM signatures with two verifiers that are not ours: mailauth on thousands of generated messages, opendkim on hundreds.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { oddMessages } from '../../test/support/odd-messages.ts';
import { fc } from '../../test/support/property.ts';
import { makeDkimSigner, makeManySigner } from './dkim.ts';
import { relaxedBody, relaxedHeader } from './dkim-canon.ts';

const NOW_MS = Date.UTC(2026, 4, 5, 8);
const DOMAIN = 'verein.example';
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ed25519 = generateKeyPairSync('ed25519');
const rsaSigner = makeDkimSigner({ domain: DOMAIN, selector: 'rsa1', privateKey: rsa.privateKey });
const edSigner = makeDkimSigner({ domain: DOMAIN, selector: 'ed1', privateKey: ed25519.privateKey });

const RECORDS: Readonly<Record<string, string>> = {
  [`rsa1._domainkey.${DOMAIN}`]: `v=DKIM1; k=rsa; p=${derOf(rsa.publicKey)}`,
  // RFC 8463 §4: the bare 32 bytes of the key.
  [`ed1._domainkey.${DOMAIN}`]: `v=DKIM1; k=ed25519; p=${derOf(ed25519.publicKey, 12)}`,
};

function derOf(key: KeyObject, skip = 0): string {
  return key.export({ type: 'spki', format: 'der' }).subarray(skip).toString('base64');
}

const message = oddMessages(DOMAIN);

async function resolverOf(queried: string): Promise<string[][]> {
  const record = RECORDS[queried];
  if (record === undefined) throw Object.assign(new Error('no record'), { code: 'ENOTFOUND' });
  return [[record]];
}

async function verdictOf(signed: Buffer): Promise<string> {
  const { results } = await dkimVerify(signed, { resolver: resolverOf });
  assert.equal(results.length, 1);
  return `${results[0]?.status.result} ${results[0]?.status.comment ?? ''}`.trim();
}

test('mailauth verifies RSA signatures of generated messages', async () => {
  await fc.assert(
    fc.asyncProperty(message, async (raw) => {
      assert.equal(await verdictOf(await rsaSigner.sign(raw, NOW_MS)), 'pass');
    }),
    { numRuns: 2000 },
  );
});

test('mailauth verifies Ed25519 signatures of generated messages', async () => {
  await fc.assert(
    fc.asyncProperty(message, async (raw) => {
      assert.equal(await verdictOf(await edSigner.sign(raw, NOW_MS)), 'pass');
    }),
    { numRuns: 1000 },
  );
});

test('two signatures over one message verify each by itself, RSA on top', async () => {
  const both = makeManySigner([
    { domain: DOMAIN, selector: 'rsa1', privateKey: rsa.privateKey },
    { domain: DOMAIN, selector: 'ed1', privateKey: ed25519.privateKey },
  ]);
  await fc.assert(
    fc.asyncProperty(message, async (raw) => {
      const { results } = await dkimVerify(await both.sign(raw, NOW_MS), { resolver: resolverOf });
      assert.deepEqual(
        results.map(({ selector, status }) => `${selector} ${status.result}`),
        ['rsa1 pass', 'ed1 pass'],
      );
    }),
    { numRuns: 500 },
  );
  const signed = (await both.sign(Buffer.from(`From: a@${DOMAIN}\r\n\r\nx\r\n`), NOW_MS)).toString('latin1');
  assert.ok(signed.indexOf('a=rsa-sha256') < signed.indexOf('a=ed25519-sha256'));
});

test('the named hard cases verify: empty body, only line breaks, no final line break, blanks at ends, 8-bit text', async () => {
  const head = `From: <info@${DOMAIN}>\r\nSubject: x\r\n`;
  for (const text of [
    '',
    '\r\n',
    '\r\n\r\n\r\n',
    'x',
    'x \t',
    ' ',
    ' \r\n',
    'x\r\n \r\n\t\r\n',
    '\ta\t b  \r\n',
    'Grüße\r\n',
    '\r\nx',
    'x'.repeat(998),
  ]) {
    assert.equal(await verdictOf(await rsaSigner.sign(Buffer.from(`${head}\r\n${text}`), NOW_MS)), 'pass', JSON.stringify(text));
  }
  // A message that ends with its headers.
  assert.equal(await verdictOf(await rsaSigner.sign(Buffer.from(`${head}\r\n`), NOW_MS)), 'pass');
});

test('a header added, doubled or changed on the way breaks the signature', async () => {
  const raw = Buffer.from(`From: <info@${DOMAIN}>\r\nSubject: x\r\nTo: a@b.example\r\n\r\nHello\r\n`);
  const signed = (await rsaSigner.sign(raw, NOW_MS)).toString('latin1');
  const changes = [
    `From: <other@evil.example>\r\n${signed}`,
    signed.replace('Subject: x\r\n', 'Subject: x\r\nSubject: y\r\n'),
    `List-Unsubscribe: <https://evil.example/>\r\n${signed}`,
    signed.replace('Hello', 'Hallo'),
    signed.replace('To: a@', 'To: b@'),
  ];
  for (const changed of changes) assert.notEqual(await verdictOf(Buffer.from(changed, 'latin1')), 'pass', changed);
  // A trace header does no harm.
  assert.equal(await verdictOf(Buffer.from(`Received: from a by b\r\n${signed}`, 'latin1')), 'pass');
});

test('the signature field keeps its lines short and names our domain, selector and time', async () => {
  const field = (await rsaSigner.signature(Buffer.from(`From: a@${DOMAIN}\r\n\r\nx`), NOW_MS)).toString('latin1');
  for (const part of field.split('\r\n')) assert.ok(part.length <= 100, part);
  assert.match(field, /^DKIM-Signature: v=1; a=rsa-sha256; c=relaxed\/relaxed; d=verein\.example; s=rsa1; t=1777968000;/);
  assert.ok(field.endsWith('\r\n'));
});

test('keys that receivers would ignore are refused when the signer is made', () => {
  const short = generateKeyPairSync('rsa', { modulusLength: 512 }).privateKey;
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  for (const privateKey of [short, ec]) assert.throws(() => makeDkimSigner({ domain: DOMAIN, selector: 's', privateKey }), RangeError);
  const pem = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  assert.equal(makeDkimSigner({ domain: DOMAIN, selector: 's', privateKey: pem }).algorithm, 'rsa-sha256');
});

test('relaxed forms are those of RFC 6376 §3.4.5', () => {
  assert.equal(relaxedHeader('A', ' X\r\n'), 'a:X');
  assert.equal(relaxedHeader('B ', ' Y\t\r\n\tZ  \r\n'), 'b:Y Z');
  assert.equal(relaxedBody(Buffer.from(' C \r\nD \t E\r\n\r\n\r\n')).toString(), ' C\r\nD E\r\n');
  assert.equal(relaxedBody(Buffer.from('')).toString(), '');
});

// ── opendkim ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────
const OPENDKIM = '/usr/sbin/opendkim';
const skip = existsSync(OPENDKIM) ? false : 'opendkim is not installed (Debian package opendkim)';
const folder = mkdtempSync(join(tmpdir(), 'packetboat-dkim-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('opendkim verifies the signatures of generated messages', { skip }, async () => {
  const dns = join(folder, 'dns');
  const config = join(folder, 'opendkim.conf');
  writeFileSync(
    dns,
    Object.entries(RECORDS)
      .map(([host, record]) => `${host} ${record}\n`)
      .join(''),
  );
  writeFileSync(config, `Mode v\nTestDNSData file:${dns}\nSyslog no\n`);
  const files: string[] = [];
  // A milter only ever sees mail from SMTP, where the last line has its end; opendkim does not add a missing one.
  const readable = message.filter((raw) => raw.toString('latin1').endsWith('\r\n'));
  for (const [index, raw] of fc.sample(readable, 400).entries()) {
    const file = join(folder, `${index}.eml`);
    writeFileSync(file, await rsaSigner.sign(raw, NOW_MS));
    files.push(file);
  }
  const said = execFileSync(OPENDKIM, ['-x', config, '-t', files.join(',')], { stdio: 'pipe', encoding: 'utf8' });
  const failed = said.split('\n').filter((text) => !text.endsWith('succeeded') && text !== '');
  assert.deepEqual(failed, []);
  assert.equal(said.split('\n').filter((text) => text.endsWith('succeeded')).length, files.length);
});
