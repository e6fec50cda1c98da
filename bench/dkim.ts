// This file is `bench dkim`: ten thousand generated messages, signed with RSA and Ed25519, verified by two verifiers that are not ours (mailauth, opendkim);
// and what one signature costs beside the bare RSA operation.
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, hash, type KeyObject, sign } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { makeDkimSigner, makeManySigner } from '../src/mail/dkim.ts';
import { relaxedBody } from '../src/mail/dkim-canon.ts';
import { readHeaders } from '../src/mail/headers.ts';
import { oddMessages } from '../test/support/odd-messages.ts';
import { count, round, table } from './kit/figures.ts';
import type { Bench } from './kit/report.ts';

const TITLE = 'DKIM signatures';
const MESSAGES = 10_000;
const MESSAGES_QUICK = 300;
const SEED = 4;
const RUNS = 4_000;
const RUNS_QUICK = 200;
const NOW_MS = Date.UTC(2026, 4, 5, 8);
const DOMAIN = 'verein.example';
const OPENDKIM = '/usr/sbin/opendkim';
/** Files of one call; a command line has an end. */
const FILES_AT_ONCE = 500;

const rsaKey = generateKeyPairSync('rsa', { modulusLength: 2048 });
const edKey = generateKeyPairSync('ed25519');
const RECORDS: Readonly<Record<string, string>> = {
  [`rsa1._domainkey.${DOMAIN}`]: `v=DKIM1; k=rsa; p=${derOf(rsaKey.publicKey)}`,
  // RFC 8463 §4: the bare 32 bytes of the key.
  [`ed1._domainkey.${DOMAIN}`]: `v=DKIM1; k=ed25519; p=${derOf(edKey.publicKey, 12)}`,
};
const rsa = { domain: DOMAIN, selector: 'rsa1', privateKey: rsaKey.privateKey };
const ed = { domain: DOMAIN, selector: 'ed1', privateKey: edKey.privateKey };

interface Verified {
  readonly rsa: number;
  readonly ed25519: number;
}

export const benchDkim: Bench = async ({ quick }) => {
  const messages = fc.sample(oddMessages(DOMAIN), { numRuns: quick ? MESSAGES_QUICK : MESSAGES, seed: SEED });
  const mailauth = await byMailauth(messages);
  const opendkim = existsSync(OPENDKIM) ? await byOpendkim(messages) : null;
  const costs = await costsOf(quick ? RUNS_QUICK : RUNS);
  const whole = (verified: Verified | null) =>
    verified === null || (verified.rsa === messages.length && verified.ed25519 === messages.length);
  const words = (verified: Verified | null, kind: keyof Verified) =>
    verified === null ? 'not installed' : `${count(verified[kind])} of ${count(messages.length)}`;
  const body = [
    `${count(messages.length)} generated messages (seed ${SEED}; odd folding, blanks at ends, 8-bit text and addresses, lines up to 998, empty bodies, no final line break, fields up to 40 times) verify:`,
    '',
    table(
      ['signature', 'mailauth', 'opendkim'],
      [
        ['rsa-sha256, 2048 bits', words(mailauth, 'rsa'), words(opendkim, 'rsa')],
        ['ed25519-sha256', words(mailauth, 'ed25519'), words(opendkim, 'ed25519')],
      ],
    ),
    '',
    `CPU of the whole process (thread pool included) for one 4 KB message, the mean of ${count(quick ? RUNS_QUICK : RUNS)}:`,
    '',
    table(
      ['step', 'µs of CPU', 'of the bare RSA operation'],
      costs.map(([what, micros]) => [what, round(micros, 1), `${round((100 * micros) / (costs[0]?.[1] ?? 1))} %`]),
    ),
  ].join('\n');
  const faults = [...(whole(mailauth) ? [] : ['mailauth refused signatures']), ...(whole(opendkim) ? [] : ['opendkim refused signatures'])];
  return {
    sections: [{ part: '', title: TITLE, body }],
    json: { messages: messages.length, mailauth, opendkim, costs: Object.fromEntries(costs) },
    faults,
  };
};

async function byMailauth(messages: readonly Buffer[]): Promise<Verified> {
  const both = makeManySigner([rsa, ed]);
  const resolver = async (name: string) => {
    const record = RECORDS[name];
    if (record === undefined) throw Object.assign(new Error('no record'), { code: 'ENOTFOUND' });
    return [[record]];
  };
  const verified = { rsa: 0, ed25519: 0 };
  for (const raw of messages) {
    const { results } = await dkimVerify(await both.sign(raw, NOW_MS), { resolver });
    const passed = (selector: string) => results.some((each) => each.selector === selector && each.status.result === 'pass');
    if (passed('rsa1')) verified.rsa += 1;
    if (passed('ed1')) verified.ed25519 += 1;
  }
  return verified;
}

async function byOpendkim(messages: readonly Buffer[]): Promise<Verified> {
  const folder = mkdtempSync(join(tmpdir(), 'packetboat-bench-dkim-'));
  try {
    const config = join(folder, 'opendkim.conf');
    writeFileSync(
      join(folder, 'dns'),
      Object.entries(RECORDS)
        .map(([host, record]) => `${host} ${record}\n`)
        .join(''),
    );
    writeFileSync(config, `Mode v\nTestDNSData file:${join(folder, 'dns')}\nSyslog no\n`);
    const run = async (signer: { sign(mime: Buffer, nowMs: number): Promise<Buffer> }) => {
      let good = 0;
      for (let at = 0; at < messages.length; at += FILES_AT_ONCE) {
        const files = await Promise.all(
          messages.slice(at, at + FILES_AT_ONCE).map(async (raw, index) => {
            const file = join(folder, `${index}.eml`);
            const signed = await signer.sign(raw, NOW_MS);
            // It reads mail as it comes over SMTP, which gives the last line its end.
            writeFileSync(file, signed.toString('latin1').endsWith('\r\n') ? signed : Buffer.concat([signed, Buffer.from('\r\n')]));
            return file;
          }),
        );
        const said = execFileSync(OPENDKIM, ['-x', config, '-t', files.join(',')], { stdio: 'pipe', encoding: 'utf8' });
        good += said.split('\n').filter((line) => line.endsWith('succeeded')).length;
      }
      return good;
    };
    return { rsa: await run(makeDkimSigner(rsa)), ed25519: await run(makeDkimSigner(ed)) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function costsOf(runs: number): Promise<[string, number][]> {
  const line = 'The treasurer asks whether the fees of this year have been paid, thank you.\r\n';
  const mime = Buffer.from(
    `From: "Verein" <info@${DOMAIN}>\r\nTo: member@mailbox.test\r\nSubject: Fees\r\nDate: Tue, 05 May 2026 08:00:00 +0000\r\nMessage-ID: <1@${DOMAIN}>\r\n` +
      `MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n${line.repeat(49)}`,
  );
  const spaced = Buffer.from(mime.toString('latin1').replaceAll(', ', ',  '), 'latin1');
  const body = mime.subarray(readHeaders(mime).bodyStart);
  const spacedBody = spaced.subarray(readHeaders(spaced).bodyStart);
  const [one, other, both] = [makeDkimSigner(rsa), makeDkimSigner(ed), makeManySigner([rsa, ed])];
  return [
    ['bare RSA-2048, prepared key', await cpuMicros(runs, () => void sign('sha256', body, rsaKey.privateKey))],
    ['DKIM rsa-sha256, all in', await cpuMicros(runs, () => one.sign(mime, NOW_MS))],
    ['DKIM ed25519-sha256, all in', await cpuMicros(runs, () => other.sign(mime, NOW_MS))],
    ['DKIM both, all in', await cpuMicros(runs, () => both.sign(mime, NOW_MS))],
    ['body canonicalised and hashed', await cpuMicros(runs * 5, () => hash('sha256', relaxedBody(body), 'base64'))],
    ['the same with double blanks', await cpuMicros(runs * 5, () => hash('sha256', relaxedBody(spacedBody), 'base64'))],
  ];
}

/** CPU microseconds of the whole process per call, after a warm-up. */
async function cpuMicros(runs: number, run: () => unknown): Promise<number> {
  for (let i = 0; i < runs / 10; i += 1) await run();
  const before = process.cpuUsage();
  for (let i = 0; i < runs; i += 1) await run();
  const used = process.cpuUsage(before);
  return (used.user + used.system) / runs;
}

function derOf(key: KeyObject, skip = 0): string {
  return key.export({ type: 'spki', format: 'der' }).subarray(skip).toString('base64');
}
