// This file checks our DKIM signatures with two verifiers that are not ours: mailauth on thousands of generated messages, opendkim on hundreds.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { makeDkimSigner } from './dkim.ts';
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

// ── messages with everything that breaks canonicalisation ────────────────────────────────────────────────────────────────────
const blank = fc.constantFrom(' ', '  ', '\t', ' \t ');
const word = fc.oneof(
  fc.stringMatching(/^[!-9;-~]{1,12}$/),
  fc.constantFrom('Grüße', 'Müßiggang', '日本語', 'Ünïcode', 'naïve\u00a0x', '🐈'),
);
const fold = fc.constantFrom('\r\n ', '\r\n\t', ' \r\n  ', '\r\n \t ');
const value = fc
  .array(fc.tuple(word, fc.oneof({ weight: 3, arbitrary: blank }, { weight: 1, arbitrary: fold })), { minLength: 1, maxLength: 12 })
  .map((pieces) => pieces.map(([text, gap], index) => (index === pieces.length - 1 ? text : text + gap)).join(''));
const name = fc.constantFrom(
  'Subject',
  'SUBJECT',
  'to',
  'Cc',
  'Reply-To',
  'Message-ID',
  'X-Other',
  'List-Unsubscribe',
  'Feedback-ID',
  'Content-Type',
  'Received',
);
const separator = fc.constantFrom(': ', ':', ':   ', ':\t', ':\r\n ');
const trailing = fc.constantFrom('', '', ' ', ' \t');
const header = fc.tuple(name, separator, value, trailing).map((parts) => `${parts.join('')}\r\n`);
const line = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        trailing,
        value.map((text) => text.replace(/\r\n/g, '')),
        trailing,
      )
      .map((parts) => parts.join('')),
  },
  { weight: 2, arbitrary: fc.constantFrom('', ' ', '\t', '.', '..', ' .') },
  { weight: 1, arbitrary: fc.integer({ min: 60, max: 990 }).map((length) => 'x'.repeat(length)) },
);
const body = fc
  .tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom('', '\r\n', '\r\n\r\n\r\n'))
  .map(([lines, end]) => lines.join('\r\n') + end);
const message = fc
  .tuple(fc.array(header, { maxLength: 10 }), fc.array(header, { maxLength: 6 }), body)
  .map(([before, behind, text]) => Buffer.from(`${before.join('')}From: "Verein" <info@${DOMAIN}>\r\n${behind.join('')}\r\n${text}`));

async function verdictOf(signed: Buffer): Promise<string> {
  const resolver = async (queried: string) => {
    const record = RECORDS[queried];
    if (record === undefined) throw Object.assign(new Error('no record'), { code: 'ENOTFOUND' });
    return [[record]];
  };
  const { results } = await dkimVerify(signed, { resolver });
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
