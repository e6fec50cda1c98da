// This file checks what the words of people about sources change: which messages count, which step is safe, and what the evidence says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../../test/support/property.ts';
import { LANGUAGES } from '../../language.ts';
import type { RecordTrace } from '../domain-reports/trace.ts';
import { type Judgement, type Judgements, sourceId, sourceKey, VERDICTS } from './judgement.ts';
import { type SeenPolicy, safePath } from './safe-path.ts';
import type { OwnMarks, SourceRow } from './source.ts';
import { FAILURE_CAUSES, summarise } from './summary.ts';
import { domainWords, evidenceText, wordsOfBlocker, wordsOfFailure, wordsOfSource } from './words.ts';

const OWN: OwnMarks = { domain: 'club.example', selectors: new Set(['pb7']), envelopeHosts: ['returns.desk.example'] };
const NOTHING: RecordTrace = {
  ...{ headerFrom: 'club.example', dkimDomain: null, dkimSelector: null, dkimResult: 'none', dkimAligned: false },
  ...{ spfDomain: null, spfResult: 'none', spfAligned: false, disposition: 'none', reasons: '' },
};
const row = (trace: Partial<RecordTrace>, more: Partial<SourceRow> = {}): SourceRow => ({
  ...{ ip: '192.0.2.1', ptr: null, messages: 1, days: 1 },
  ...more,
  trace: { ...NOTHING, ...trace },
});
const SIGNED = { dkimDomain: 'club.example', dkimSelector: 'pb7', dkimResult: 'pass', dkimAligned: true };
const OURS = row(SIGNED, { ptr: 'mta1.sparkpostmail.com', messages: 12_427, days: 28 });
const scanner = (messages: number, ip = '198.51.100.9') => row({}, { ip, messages, days: 20 });
const impostor = (messages: number) => row({}, { ip: '203.0.113.66', ptr: 'vps66.cheap.example', messages, days: 25 });
const SCANNER = { kind: 'unknown', name: '198.51.100.0/24' } as const;
const IMPOSTOR = { kind: 'unknown', name: 'cheap.example' } as const;
const said = (...all: readonly [source: { kind: 'unknown' | 'provider' | 'ours'; name: string }, Judgement][]): Judgements =>
  new Map(all.map(([source, judgement]) => [sourceKey(source), judgement]));
const OFFICE: Judgement = { verdict: 'ours', note: 'the scanner at the office' };
const FOREIGN: Judgement = { verdict: 'not-ours', note: '' };
const NONE: SeenPolicy = { p: 'none', testing: false, sinceDays: 30 };
const pathOf = (rows: readonly SourceRow[], judgements: Judgements) =>
  safePath(NONE, { days: 30, reportedDays: 28, groups: summarise(rows, OWN, judgements).groups });
const outcome = ({ next, blockers }: ReturnType<typeof pathOf>) => next?.policy ?? blockers.map(({ code }) => code).join(' ');

const PATHS: readonly [what: string, rows: readonly SourceRow[], judgements: Judgements, expected: string][] = [
  ['an impostor nobody judged', [OURS, impostor(310)], said(), 'unknown-steady'],
  ['an impostor that was judged', [OURS, impostor(310)], said([IMPOSTOR, FOREIGN]), 'quarantine'],
  ['a scanner that fails', [OURS, scanner(60)], said([SCANNER, OFFICE]), 'judged-ours-fails'],
  ['a scanner that failed four times', [OURS, scanner(4)], said([SCANNER, OFFICE]), 'quarantine'],
  [
    'a scanner that fails from everywhere and on few days is missed as well',
    [OURS, ...[1, 2, 3, 4, 5, 6].map((n) => row({}, { ip: `198.51.100.${n}`, messages: 3, days: 2 }))],
    said([SCANNER, OFFICE]),
    'judged-ours-fails',
  ],
  [
    'the accounting software at a provider that signs nothing',
    [OURS, row({}, { ptr: 'mail1.google.com', messages: 500, days: 1 })],
    said([{ kind: 'provider', name: 'Google' }, OFFICE]),
    'judged-ours-fails',
  ],
  ['nothing is left that counts', [impostor(310)], said([IMPOSTOR, FOREIGN]), 'few-messages'],
  [
    'a route of ours that fails everywhere, hidden',
    [
      OURS,
      row(
        { ...SIGNED, dkimResult: 'fail', dkimAligned: false },
        { ip: '203.0.113.66', ptr: 'vps66.cheap.example', messages: 310, days: 25 },
      ),
    ],
    said([IMPOSTOR, FOREIGN]),
    'unknown-steady',
  ],
  [
    'the same by our return path',
    [OURS, row({ spfDomain: 'returns.desk.example', spfResult: 'fail' }, { ptr: 'vps66.cheap.example', messages: 310, days: 25 })],
    said([IMPOSTOR, FOREIGN]),
    'unknown-steady',
  ],
  [
    'our own failing mail, hidden',
    [OURS, row({ spfDomain: 'returns.desk.example', spfResult: 'pass' }, { ptr: 'mta2.sparkpostmail.com', messages: 900 })],
    said([{ kind: 'ours', name: 'SparkPost' }, FOREIGN]),
    'own-mail-fails',
  ],
];

for (const [what, rows, judgements, expected] of PATHS) {
  test(`safe path: ${what} → ${expected}`, () => assert.equal(outcome(pathOf(rows, judgements)), expected));
}

test('the evidence counts what counts and names the rest', () => {
  const rows = [OURS, scanner(4), impostor(310)];
  const both = pathOf(rows, said([SCANNER, OFFICE], [IMPOSTOR, FOREIGN]));
  assert.equal(
    evidenceText(both, 'en'),
    '30 days, 12,431 messages, 99.96 % aligned; the other 4: the scanner at the office (4). 310 more are from a source you marked as not yours.',
  );
  assert.equal(
    evidenceText(both, 'de'),
    '30 Tage, 12.431 Nachrichten, 99,96 % nachgewiesen; die übrigen 4: the scanner at the office (4). 310 weitere kamen von einer Quelle, die Sie als fremd bezeichnet haben.',
  );
  assert.match(
    evidenceText(pathOf(rows, said()), 'en'),
    /^30 days, 12,741 messages, 97\.53 % aligned; the other 314: cheap\.example \(310\)/,
  );
  const passing = row({ spfDomain: 'club.example', spfResult: 'pass', spfAligned: true }, { ptr: 'a.cheap.example', messages: 7 });
  assert.match(
    evidenceText(pathOf([OURS, impostor(3), passing], said([IMPOSTOR, FOREIGN])), 'en'),
    /10 more .* 7 of those pass all the same/,
  );
});

test('what was said about a network stays true when its name becomes known, and about a name when its addresses change', () => {
  const named = row({}, { ip: '198.51.100.9', ptr: 'scan.office.example', messages: 6, days: 20 });
  const [first] = summarise([named], OWN, said([SCANNER, OFFICE])).groups;
  assert.deepEqual([first?.name, first?.judgement], [SCANNER.name, OFFICE]);
  const judged = said([{ kind: 'unknown', name: 'office.example' }, OFFICE], [SCANNER, FOREIGN]);
  const [second] = summarise([named], OWN, judged).groups;
  assert.deepEqual([second?.name, second?.judgement], ['office.example', OFFICE], 'what was said about the name itself comes first');
  const [moved] = summarise([{ ...named, ip: '192.0.2.200' }], OWN, judged).groups;
  assert.equal(moved?.judgement, OFFICE);
});

test('a source has one id wherever it is seen, and what is not one source has none', () => {
  assert.match(sourceId(SCANNER) ?? '', /^[0-9a-f]{32}$/);
  assert.equal(sourceId({ ...SCANNER }), sourceId(SCANNER));
  assert.notEqual(sourceId({ kind: 'provider', name: 'Google' }), sourceId({ kind: 'forwarder', name: 'Google' }));
  assert.equal(sourceId({ kind: 'unknown', name: '?' }), null);
});

test('words of people never take mail with our marks out of the evidence, and never open a step by calling something ours', () => {
  const trace = fc.record({
    ...{ headerFrom: fc.constant('club.example'), dkimDomain: fc.constantFrom(null, 'club.example', 'other.example') },
    ...{ dkimSelector: fc.constantFrom(null, 'pb7', 's1'), dkimResult: fc.constantFrom('pass', 'fail', 'none'), dkimAligned: fc.boolean() },
    ...{ spfDomain: fc.constantFrom(null, 'club.example', 'returns.desk.example'), spfResult: fc.constantFrom('pass', 'fail') },
    ...{ spfAligned: fc.boolean(), disposition: fc.constant('none'), reasons: fc.constantFrom('', 'forwarded') },
  });
  const rows = fc.array(
    fc.record({
      ...{ ip: fc.constantFrom(null, '192.0.2.1', '198.51.100.7', '209.85.220.41'), ptr: fc.constantFrom(null, 'a.cheap.example') },
      ...{ messages: fc.nat(900), days: fc.nat(30), trace },
    }),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(rows, fc.constantFrom(...VERDICTS), (given, verdict) => {
      const all = summarise(given, OWN).groups;
      const judgements = new Map(all.map((group) => [sourceKey(group), { verdict, note: '' }]));
      const path = pathOf(given, judgements);
      const marked = all.filter(({ ownMarks }) => ownMarks > 0).reduce((sum, { messages }) => sum + messages, 0);
      assert.ok(path.facts.messages >= marked);
      assert.equal(
        path.facts.messages + path.facts.notOurs.messages,
        given.reduce((sum, { messages }) => sum + messages, 0),
      );
      if (verdict === 'ours' && pathOf(given, said()).next === null) assert.equal(path.next, null);
    }),
  );
});

test('everything about judged sources is said in every language', () => {
  const judgements = said([SCANNER, OFFICE], [IMPOSTOR, FOREIGN]);
  const { groups, failures } = summarise([OURS, scanner(60), impostor(310)], OWN, judgements);
  const sentences = LANGUAGES.map((language) => {
    const { judged } = domainWords(language);
    const fixes = FAILURE_CAUSES.map((cause) => judged.oursNext(cause, { source: 'a', domain: 'b' }));
    const path = pathOf([OURS, scanner(60), impostor(310)], judgements);
    return [
      ...fixes,
      judged.bearsOurMarks('a'),
      judged.unseen.why,
      judged.oursPassing('a').why,
      ...Object.values(judged.notOursPassing('3', 'a')),
      ...Object.values(judged.notOursFailing('a')),
      ...groups.map((group) => wordsOfSource(group, 'club.example', language).why),
      ...failures.map((failure) => wordsOfFailure(failure, 'club.example', language).next),
      ...path.blockers.map((blocker) => wordsOfBlocker(blocker, language).why),
      evidenceText(path, language),
    ];
  });
  const [first, ...others] = sentences;
  for (const other of others)
    for (const [at, sentence] of other.entries()) {
      assert.ok(sentence.length > 5);
      assert.notEqual(sentence, first?.[at]);
    }
});
