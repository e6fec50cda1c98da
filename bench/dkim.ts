// This file measures one DKIM signature of a 4 KB message: ours, its parts, and the bare RSA operation below it. Run: node bench/dkim.ts
import { generateKeyPairSync, hash, sign } from 'node:crypto';
import { makeDkimSigner } from '../src/mail/dkim.ts';
import { relaxedBody } from '../src/mail/dkim-canon.ts';
import { readHeaders } from '../src/mail/headers.ts';

const RUNS = 2000;
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ed25519 = generateKeyPairSync('ed25519').privateKey;
const line = 'The treasurer asks whether the fees of this year have been paid, thank you.\r\n';
const mime = Buffer.from(
  `From: "Verein" <info@verein.example>\r\nTo: member@mailbox.test\r\nSubject: Fees\r\nDate: Tue, 05 May 2026 08:00:00 +0000\r\nMessage-ID: <1@verein.example>\r\n` +
    `MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n${line.repeat(49)}`,
);
const spaced = Buffer.from(mime.toString('latin1').replaceAll(', ', ',  '), 'latin1');

const rsa = makeDkimSigner({ domain: 'verein.example', selector: 's1', privateKey });
const ed = makeDkimSigner({ domain: 'verein.example', selector: 's2', privateKey: ed25519 });
const body = mime.subarray(readHeaders(mime).bodyStart);
const spacedBody = spaced.subarray(readHeaders(spaced).bodyStart);

const rows: [string, number][] = [
  ['body canonicalised and hashed, plain', await cpuMicros(20_000, () => hash('sha256', relaxedBody(body), 'base64'))],
  ['body canonicalised and hashed, double blanks', await cpuMicros(20_000, () => hash('sha256', relaxedBody(spacedBody), 'base64'))],
  ['bare RSA-2048, prepared key', await cpuMicros(RUNS, () => void sign('sha256', body, privateKey))],
  ['DKIM rsa-sha256, all in (thread pool included)', await cpuMicros(RUNS, () => rsa.sign(mime, 0))],
  ['DKIM ed25519-sha256, all in (thread pool included)', await cpuMicros(RUNS, () => ed.sign(mime, 0))],
];
for (const [what, micros] of rows) console.log(`${micros.toFixed(1).padStart(8)} µs CPU  ${what} (${mime.length} bytes)`);

/** CPU microseconds of the whole process per call, after a warm-up. */
async function cpuMicros(runs: number, run: () => unknown): Promise<number> {
  for (let i = 0; i < runs / 10; i += 1) await run();
  const before = process.cpuUsage();
  for (let i = 0; i < runs; i += 1) await run();
  const used = process.cpuUsage(before);
  return (used.user + used.system) / runs;
}
