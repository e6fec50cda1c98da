// This file prints how well received mails and replies are read, measured on a folder of labelled ones: the figures of issue 3, a table per class with precision
// and recall, and the largest confusions. Rules are made while looking at the misses of one half; the other half says whether they generalise.
// Run: node scripts/feedback-table.ts FOLDER [--half develop|check] [--misses]
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { explainReply } from '../src/feedback/classify.ts';
import { readFeedbackMail } from '../src/feedback/from-mail.ts';
import { CLASS_FAULT } from '../src/feedback/vocabulary.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { half: { type: 'string' }, misses: { type: 'boolean', default: false } },
});
const folder = positionals[0] ?? '';
if (!existsSync(folder)) {
  console.error('Name the folder with the labelled mails: node scripts/feedback-table.ts FOLDER [--half develop|check] [--misses]');
  process.exit(2);
}

/** The half of a mail or a reply is settled by the hash of its name: neither its content nor our taste decides. */
const halfOf = (name: string) => ((createHash('sha256').update(name).digest()[0] ?? 0) % 2 === 0 ? 'develop' : 'check');
const inHalf = (name: string) => values.half === undefined || halfOf(name) === values.half;

interface Tally {
  readonly counts: Map<string, { right: number; of: number }>;
  readonly pairs: Map<string, number>;
  readonly misses: string[];
}
const tally = (): Tally => ({ counts: new Map(), pairs: new Map(), misses: [] });

function count(into: Tally, what: string, right: boolean, miss: () => string): void {
  const counter = into.counts.get(what) ?? { right: 0, of: 0 };
  counter.of += 1;
  if (right) counter.right += 1;
  else into.misses.push(`${what}: ${miss()}`);
  into.counts.set(what, counter);
}

function rows<T>(name: string): T[] {
  const lines = readFileSync(join(folder, name), 'utf8').trim().split('\n');
  return lines.map((line): T => JSON.parse(line));
}
const lower = (addresses: readonly string[]) => [...new Set(addresses.map((address) => address.toLowerCase()))].sort().join(' ');

interface BounceRow {
  file: string;
  kind: string;
  expected: {
    recipient: string;
    class: string;
    class_alt?: string[];
    hardbounce: boolean;
    status: string;
    action?: string;
    reason: string;
    diagnostic: string;
  }[];
  final_recipient_fields?: string[];
}
const KINDS: Readonly<Record<string, readonly string[]>> = {
  bounce: ['bounce', 'delayed'],
  complaint: ['complaint'],
  delivered: ['delivered'],
  'auto-reply': ['auto-reply', 'other'],
  'not-a-bounce': ['other', 'auto-reply'],
};

function bounces(): void {
  const all = tally();
  let falseHard = 0;
  for (const row of rows<BounceRow>('bounces/index.jsonl').filter(({ file }) => inHalf(file))) {
    const mail = readFeedbackMail(readFileSync(join(folder, 'bounces/emails', row.file)));
    count(all, 'kind', KINDS[row.kind]?.includes(mail.kind) ?? false, () => `${row.file} ${row.kind}, read ${mail.kind}`);
    const named = lower(mail.recipients.map((one) => one.address));
    const reported = row.kind === 'bounce' || row.kind === 'delivered' ? row.expected : [];
    const wanted = lower(reported.map((one) => one.recipient));
    const exact = named === wanted || named === lower(row.final_recipient_fields ?? ['-']);
    count(all, 'recipients', exact, () => `${row.file} ${wanted}, read ${named}`);
    for (const [index, want] of reported.entries()) {
      const got = mail.recipients.find((one) => one.address.toLowerCase() === want.recipient.toLowerCase()) ?? mail.recipients[index];
      const about = () =>
        `${row.file} ${want.class} (${want.reason}) status ${want.status || '-'} hard ${want.hardbounce}, read ${got?.class} ${got?.action} ${got?.code} ${got?.status} hard ${got?.hard} by ${got?.rule}\n    they: ${want.diagnostic}\n    we:   ${got?.diagnostic}`;
      const rightClass = got?.class === want.class || (want.class_alt?.includes(got?.class ?? '') ?? false);
      count(all, 'class', rightClass, about);
      const pair = `${want.class} → ${rightClass ? want.class : got?.class}`;
      all.pairs.set(pair, (all.pairs.get(pair) ?? 0) + 1);
      count(all, 'hard', got?.hard === want.hardbounce, about);
      if (got?.hard && !want.hardbounce) falseHard += 1;
      if (want.status !== '') count(all, 'status', got?.status === want.status, about);
    }
  }
  print('bounces', all);
  const verdicts = all.counts.get('hard')?.of ?? 0;
  console.log(`  false hard ${falseHard} of ${verdicts} (${((100 * falseHard) / verdicts).toFixed(1)} %)\n`);
}

function flufl(): void {
  const all = tally();
  interface Row {
    file: string;
    expected: { permanent: string[]; temporary: string[] } | null;
  }
  for (const { file, expected } of rows<Row>('bounces-flufl/index.jsonl').filter((row) => inHalf(row.file))) {
    const mail = readFeedbackMail(readFileSync(join(folder, 'bounces-flufl/emails', file)));
    const wanted = lower([...(expected?.permanent ?? []), ...(expected?.temporary ?? [])]);
    const named = lower(mail.recipients.map((one) => one.address));
    count(all, 'recipients', named === wanted, () => `${file} ${wanted}, read ${mail.kind} ${named}`);
    const failed = lower(mail.recipients.flatMap((one) => (one.action === 'failed' ? [one.address] : [])));
    count(
      all,
      'permanent',
      failed === lower(expected?.permanent ?? []),
      () => `${file} ${lower(expected?.permanent ?? [])}, read ${failed}`,
    );
  }
  print('second corpus of bounces', all);
}

/** Classes whose fault is neither the recipient's nor the receiver's. */
const OURS = new Set(Object.entries(CLASS_FAULT).flatMap(([name, fault]) => (fault === 'recipient' || fault === 'receiver' ? [] : [name])));

function replies(): void {
  const all = tally();
  const wronglyHeld: string[] = [];
  interface Row {
    reply: string;
    class: string;
    bounce_type: string;
    quality: string;
  }
  for (const row of rows<Row>('smtp-replies/replies.jsonl').filter(({ reply }) => inHalf(reply))) {
    const { verdict, rule } = explainReply(row.reply);
    const about = () =>
      `${row.class} ${row.bounce_type} (${row.quality}), read ${verdict.class} ${verdict.bounceType} by ${rule}: ${row.reply}`;
    count(all, 'class', verdict.class === row.class, about);
    count(all, 'hard/soft/block', verdict.bounceType === row.bounce_type, about);
    const pair = `${row.class} → ${verdict.class}`;
    all.pairs.set(pair, (all.pairs.get(pair) ?? 0) + 1);
    if (verdict.suppress && OURS.has(row.class)) wronglyHeld.push(row.reply);
  }
  print('SMTP replies', all);
  console.log(
    `  replies about us that would hold an address: ${wronglyHeld.length}${wronglyHeld.map((reply) => `\n    ${reply}`).join('')}\n`,
  );
}

/** The same mail with lines that end in LF, CRLF and CR alone means the same. */
function lineEndsAgree(raw: Buffer): boolean {
  const text = raw.toString('latin1').replace(/\r\n?/g, '\n');
  const [lf, ...others] = ['\n', '\r\n', '\r'].map((end) =>
    JSON.stringify(readFeedbackMail(Buffer.from(text.replaceAll('\n', end), 'latin1'))),
  );
  return others.every((other) => other === lf);
}

function complaints(all: Tally): void {
  interface Row {
    file: string;
    expected: Readonly<Record<string, unknown>>;
  }
  for (const { file, expected } of rows<Row>('complaints/index.jsonl').filter((row) => inHalf(row.file))) {
    const mail = readFeedbackMail(readFileSync(join(folder, 'complaints/emails', file)));
    count(all, 'complaints', (mail.kind === 'complaint') === Object.keys(expected).length > 0, () => `${file} read ${mail.kind}`);
    if (mail.complaint === null) continue;
    const { type, userAgent, sourceIp, arrivalDate, recipients } = mail.complaint;
    const fields = {
      feedback_type: type,
      user_agent: userAgent,
      source_ip: sourceIp,
      arrival_date: arrivalDate,
      original_rcpt: recipients,
    };
    for (const [name, got] of Object.entries(fields)) {
      const want = expected[name];
      if (want !== undefined)
        count(all, 'complaint fields', JSON.stringify(got) === JSON.stringify(want), () => `${file} ${name} ${want}, read ${got}`);
    }
  }
}

function others(): void {
  const all = tally();
  complaints(all);
  for (const name of ['bounces/emails', 'bounces-flufl/emails', 'complaints/emails', 'auto-replies/emails', 'malformed'])
    for (const file of readdirSync(join(folder, name)).filter(inHalf))
      count(all, 'line ends agree', lineEndsAgree(readFileSync(join(folder, name, file))), () => `${name}/${file}`);
  for (const { file } of rows<{ file: string }>('auto-replies/index.jsonl').filter((row) => inHalf(row.file))) {
    const { kind } = readFeedbackMail(readFileSync(join(folder, 'auto-replies/emails', file)));
    count(all, 'no bounce', kind === 'other' || kind === 'auto-reply', () => `${file} read ${kind}`);
  }
  for (const file of readdirSync(join(folder, 'malformed')).filter(inHalf)) {
    const { kind } = readFeedbackMail(readFileSync(join(folder, 'malformed', file)));
    count(all, 'malformed', kind === 'other' || kind === 'auto-reply', () => `${file} read ${kind}`);
  }
  print('others', all);
}

function print(title: string, all: Tally): void {
  console.log(`── ${title} (${values.half ?? 'all'})`);
  for (const [what, { right, of }] of all.counts)
    console.log(`  ${what.padEnd(16)} ${right} of ${of} (${((100 * right) / of).toFixed(1)} %)`);
  if (all.pairs.size > 0) printClasses(all.pairs);
  if (values.misses) for (const miss of all.misses) console.log(`  ✖ ${miss}`);
}

function printClasses(pairs: ReadonlyMap<string, number>): void {
  const names = [...new Set([...pairs.keys()].flatMap((pair) => pair.split(' → ')))].sort();
  const sum = (test: (want: string, got: string) => boolean) =>
    [...pairs].reduce((total, [pair, times]) => {
      const [want = '', got = ''] = pair.split(' → ');
      return total + (test(want, got) ? times : 0);
    }, 0);
  console.log(`  ${'class'.padEnd(22)}${'labelled'.padStart(9)}${'read'.padStart(6)}${'precision'.padStart(11)}${'recall'.padStart(9)}`);
  for (const name of names) {
    const labelled = sum((want) => want === name);
    const got = sum((_, read) => read === name);
    const both = pairs.get(`${name} → ${name}`) ?? 0;
    const share = (of: number) => (of === 0 ? '–' : `${((100 * both) / of).toFixed(0)} %`);
    console.log(
      `  ${name.padEnd(22)}${String(labelled).padStart(9)}${String(got).padStart(6)}${share(got).padStart(11)}${share(labelled).padStart(9)}`,
    );
  }
  const confusions = [...pairs].filter(([pair]) => new Set(pair.split(' → ')).size === 2).sort((a, b) => b[1] - a[1]);
  for (const [pair, times] of confusions.slice(0, 12)) console.log(`    ${times} × ${pair}`);
}

bounces();
flufl();
replies();
others();
