// This file checks the fixed forms of `packetboat feedback` and `packetboat explain bounce`.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, test } from 'node:test';
import type { Command } from './command.ts';
import { explainCommand } from './explain.ts';
import { feedbackCommand } from './feedback.ts';

const folder = mkdtempSync(join(tmpdir(), 'packetboat-feedback-'));
after(() => rmSync(folder, { recursive: true, force: true }));

async function run(command: Command, args: string[], stdin = ''): Promise<{ status: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const collect = (add: (text: string) => void) => ({
    write: (chunk: unknown) => {
      add(String(chunk));
      return true;
    },
  });
  const status = await command.run(args, {
    stdin: Readable.from([Buffer.from(stdin)]),
    stdout: collect((text) => {
      out += text;
    }),
    stderr: collect((text) => {
      err += text;
    }),
    env: {},
    cwd: folder,
  });
  return { status, out, err };
}

const BOUNCE =
  'From: MAILER-DAEMON@x.example\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n' +
  'Final-Recipient: rfc822; a@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\r\n\r\n--b--\r\n';

test('feedback parse prints one JSON line a file in the fixed form', async () => {
  writeFileSync(join(folder, 'one.eml'), BOUNCE);
  writeFileSync(join(folder, 'two.eml'), 'From: a@example.com\r\nSubject: Hello\r\n\r\nHi\r\n');
  const { status, out, err } = await run(feedbackCommand, ['parse', '--json', 'one.eml', 'two.eml']);
  assert.deepEqual([status, err], [0, '']);
  const lines = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(lines, [
    {
      file: 'one.eml',
      kind: 'bounce',
      recipients: [
        {
          address: 'a@example.com',
          action: 'failed',
          status: '5.1.1',
          code: '550',
          class: 'invalid-recipient',
          fault: 'recipient',
          hard: true,
          suppress: true,
          diagnostic: '550 5.1.1 User unknown',
        },
      ],
      complaint: null,
    },
    { file: 'two.eml', kind: 'other', recipients: [], complaint: null },
  ]);
});

test('feedback parse reads stdin, and a file that is missing is an error that does not stop the others', async () => {
  const { status, out } = await run(feedbackCommand, ['parse', '-'], BOUNCE);
  assert.equal(status, 0);
  assert.match(out, /^-: bounce\n {2}a@example\.com {2}failed {2}invalid-recipient/);
  const missing = await run(feedbackCommand, ['parse', '--json', 'nowhere.eml', 'two.eml']);
  assert.equal(missing.status, 1);
  const { error } = JSON.parse(missing.err);
  assert.match(error.message, /nowhere\.eml does not exist/);
  assert.equal(error.code, 'CLI_USAGE');
  assert.equal(JSON.parse(missing.out).file, 'two.eml');
});

test('feedback reply classifies each line of stdin, escaped line breaks included', async () => {
  const { status, out } = await run(feedbackCommand, ['reply', '--json'], '550-5.1.1 no\\n550 5.1.1 such user\n450 4.2.0 Greylisted\n');
  assert.equal(status, 0);
  assert.deepEqual(
    out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
    [
      { code: '550', enhanced: '5.1.1', class: 'invalid-recipient', fault: 'recipient', bounce_type: 'hard', suppress: true },
      { code: '450', enhanced: '4.2.0', class: 'greylist', fault: 'receiver', bounce_type: 'soft', suppress: false },
    ],
  );
  assert.match((await run(feedbackCommand, ['reply'], '552 5.2.2 full\n')).out, /^mailbox-full {2}fault recipient {2}soft {2}no hold/);
});

test('explain bounce says it in words, with the rule that decided', async () => {
  const { status, out } = await run(explainCommand, ['bounce', '554 5.7.1 Client host [192.0.2.1] blocked using zen.spamhaus.org']);
  assert.equal(status, 0);
  assert.match(out, /refuses the machine our mail came from/);
  assert.match(out, /rule +\S+/);
  const json = JSON.parse((await run(explainCommand, ['bounce', '--json', '--stage', 'rcpt', '550 user unknown'])).out);
  assert.deepEqual([json.class, json.suppress, json.fault], ['invalid-recipient', true, 'recipient']);
  assert.deepEqual(Object.keys(json.words), ['volunteer', 'developer', 'next']);
  assert.match((await run(explainCommand, ['bounce', '--lang', 'de', '552 5.2.2 mailbox full'])).out, /Postfach ist voll/);
});

test('In German nothing but names stays English: what a command takes stands beside its word', async () => {
  const explained = (await run(explainCommand, ['bounce', '--lang', 'de', '550 5.1.1 User unknown'])).out;
  const labels = explained.trimEnd().split('\n').slice(-7);
  assert.deepEqual(
    labels.map((line) => line.split(/ {2,}/)),
    [
      ['Klasse', 'invalid-recipient'],
      ['Wer am Zug ist', 'Empfänger (recipient)'],
      ['Art', 'endgültig (hard)'],
      ['Sperre', 'diese Antwort allein sperrt die Adresse'],
      ['Regel', 'user-unknown'],
      ['Gefragt', 'nur unsere Regeln'],
      ['Codes', '550 5.1.1'],
    ],
  );
  writeFileSync(join(folder, 'de.eml'), BOUNCE);
  const parsed = await run(feedbackCommand, ['parse', '--lang', 'de', 'de.eml']);
  assert.equal(
    parsed.out,
    'de.eml: unzustellbar (bounce)\n  a@example.com  abgewiesen (failed)  invalid-recipient  am Zug: Empfänger (recipient)  sperrt die Adresse  550 5.1.1\n    550 5.1.1 User unknown\n',
  );
  assert.equal(parsed.err, 'Gefragte Regeln: nur unsere.\n');
  assert.match(
    (await run(feedbackCommand, ['reply', '--lang', 'de'], '552 5.2.2 full\n')).out,
    /am Zug: Empfänger \(recipient\) {2}vorübergehend \(soft\) {2}keine Sperre/,
  );
  await assert.rejects(run(feedbackCommand, ['parse', '--lang', 'tlh', 'de.eml']), { code: 'CLI_USAGE' });
});

const MOON = {
  id: 'moon',
  class: 'system',
  patterns: ['moon * (phase|quarter)'],
  sample: '550 5.1.1 user unknown in this moon phase',
};

test('The platform’s own rules in a file are asked first, and the output says so', async () => {
  writeFileSync(join(folder, 'rules.json'), JSON.stringify({ rules: [MOON] }));
  const own = ['--rules', 'rules.json'];
  const explained = (await run(explainCommand, ['bounce', ...own, MOON.sample])).out;
  assert.match(explained, /^rule +own\/moon$/m);
  assert.match(explained, /^asked +1 × rules\.json, then ours$/m);
  assert.match((await run(explainCommand, ['bounce', MOON.sample])).out, /^asked +our rules alone$/m);
  const json = JSON.parse((await run(explainCommand, ['bounce', '--json', ...own, MOON.sample])).out);
  assert.deepEqual([json.rule, json.own_rules], ['own/moon', { from: 'rules.json', count: 1 }]);
  const reply = await run(feedbackCommand, ['reply', '--json', ...own], `${MOON.sample}\n`);
  assert.equal(JSON.parse(reply.out).class, 'system');
  assert.equal(reply.err, 'Rules asked: 1 own ones of rules.json, then ours.\n');
  writeFileSync(join(folder, 'moon.eml'), BOUNCE.replace('User unknown', 'User unknown in this moon phase'));
  assert.equal(JSON.parse((await run(feedbackCommand, ['parse', '--json', ...own, 'moon.eml'])).out).recipients[0].class, 'system');
  const offline = await run(feedbackCommand, ['parse', '--json', 'moon.eml']);
  assert.deepEqual([JSON.parse(offline.out).recipients[0].class, offline.err], ['invalid-recipient', '']);
  assert.equal((await run(feedbackCommand, ['parse', 'moon.eml'])).err, 'Rules asked: ours alone.\n');
});

test('Rules that cannot be used are refused with the field that is wrong', async () => {
  const refused = (rules: unknown) => {
    writeFileSync(join(folder, 'wrong.json'), JSON.stringify(rules));
    return run(explainCommand, ['bounce', '--rules', 'wrong.json', '550 x']);
  };
  await assert.rejects(refused([{ ...MOON, class: 'lunar' }]), { code: 'FEEDBACK_RULE_INVALID', field: 'rules[0].class' });
  await assert.rejects(refused([{ ...MOON, sample: '550 the sun' }]), { code: 'FEEDBACK_RULE_INVALID', field: 'rules[0].sample' });
  await assert.rejects(refused({ some: 'thing' }), { code: 'FEEDBACK_RULE_INVALID', field: 'rules' });
  for (const args of [
    ['--rules', 'nowhere.json'],
    ['--rules', '-'],
    ['--rules', 'rules.json', '--desk'],
  ])
    await assert.rejects(run(explainCommand, ['bounce', ...args, '550 x']), { code: 'CLI_USAGE' });
});

test('What is not understood is refused', async () => {
  for (const args of [[], ['nonsense'], ['parse'], ['reply', 'file']])
    await assert.rejects(run(feedbackCommand, args), { code: 'CLI_USAGE' });
  for (const args of [[], ['bounce'], ['route', 'x'], ['bounce', '--stage', 'lunch', 'x'], ['bounce', '--lang', 'xx', 'x']])
    await assert.rejects(run(explainCommand, args), { code: 'CLI_USAGE' });
});

test('feedback parse reads the files of a folder and the mails of an mbox', async () => {
  mkdirSync(join(folder, 'mails/new'), { recursive: true });
  writeFileSync(join(folder, 'mails/new/2'), BOUNCE);
  writeFileSync(join(folder, 'mails/1.eml'), 'From: a@example.com\r\nSubject: Hello\r\n\r\nHi\r\n');
  writeFileSync(join(folder, 'mails/.hidden'), BOUNCE);
  const parsed = async (...args: string[]) => {
    const { status, out } = await run(feedbackCommand, ['parse', '--json', ...args]);
    assert.equal(status, 0);
    return out
      .trim()
      .split('\n')
      .map((line): [string, string] => [JSON.parse(line).file, JSON.parse(line).kind]);
  };
  assert.deepEqual(await parsed('mails'), [
    [join('mails', '1.eml'), 'other'],
    [join('mails', 'new', '2'), 'bounce'],
  ]);
  const letter = 'Subject: Minutes\n\nWe met.\n\nFrom Anna we heard at 10:30 that all is well.\n>From here 10:30\n';
  const mbox = `From MAILER-DAEMON Sun Nov 22 11:00:00 2026\n${BOUNCE}\nFrom anna@club.example Sun Nov 22 11:01:00 2026\n${letter}\n`;
  writeFileSync(join(folder, 'all.mbox'), mbox);
  assert.deepEqual(await parsed('--mbox', 'all.mbox'), [
    ['all.mbox', 'bounce'],
    ['all.mbox', 'other'],
  ]);
  assert.deepEqual((await parsed('all.mbox')).length, 1, 'a file is one mail unless it is said to be many');
  const { out } = await run(feedbackCommand, ['parse', '--json', '--mbox', '-'], mbox);
  assert.equal(out.trim().split('\n').length, 2);
});

test('explain bounce reads an answer of several lines on stdin', async () => {
  const { status, out } = await run(explainCommand, ['bounce', '--json', '-'], '550-5.2.2 The mailbox\r\n550 5.2.2 is full\r\n');
  assert.deepEqual([status, JSON.parse(out).class], [0, 'mailbox-full']);
});
