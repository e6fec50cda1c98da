// This file reads the log lines of Reports and of single senders in every situation, in both languages.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dmarcOf, makeReports } from '../../mock/reports-world.ts';
import { said } from '../../mock/said.ts';
import { makeWorld } from '../../mock/world.ts';
import type { DomainReport } from '../api/reports-model.ts';
import { formats } from '../format.ts';
import { dmarcLine, logLine, reportLine } from './reports.log.ts';
import { sendersLine } from './senders.log.ts';

const NOW = Date.parse('2026-03-12T13:32:05Z');
const [english, german] = [formats('en', 'Europe/Berlin'), formats('de', 'Europe/Berlin')];
const reports = makeReports(NOW);
const [counted, forged, tls, waiting] = reports;
assert.ok(counted && forged && tls && waiting);

describe('the log line of Reports', () => {
  const rows: readonly (readonly [because: string, data: readonly DomainReport[], filtered: boolean, expected: RegExp])[] = [
    ['some do not count', [counted, forged, waiting], false, /^Two of 3 reports shown do not count\.$/],
    ['one does not', [counted, forged], false, /^One of 2 reports shown does not count\.$/],
    ['each counts', [counted, tls], false, /^Two reports are shown, and each counts\.$/],
    ['one came', [counted], false, /^One report came, and it counts\.$/],
    ['none came', [], false, /^No receiver has reported yet\.$/],
    ['none fits', [], true, /^No report fits\.$/],
  ];
  for (const [because, data, filtered, expected] of rows) {
    it(because, () => {
      const page = { data, next: null };
      assert.match(said(logLine({ page, filtered }, english)), expected);
      assert.notEqual(said(logLine({ page, filtered }, english)), said(logLine({ page, filtered }, german)));
    });
  }

  it('has a sentence for one report of every state and kind', () => {
    for (const state of ['counted', 'quarantined', 'forged', 'conflict'] as const)
      for (const kind of ['aggregate', 'failure', 'tlsrpt'] as const)
        for (const why of [null, 'domain-unverified'])
          assert.notEqual(
            said(reportLine({ ...counted, state, kind, why }, english)),
            said(reportLine({ ...counted, state, kind, why }, german)),
          );
  });
});

describe('the log line of what reports say about a domain', () => {
  const view = dmarcOf('', NOW, 30);
  const blocker = { code: 'few-days', source: null, messages: 0, why: '', next_step: '' };
  const path = { ...view.safe_path, next: null };
  const rows: readonly (readonly [because: string, view: Parameters<typeof dmarcLine>[0], expected: RegExp])[] = [
    ['nobody reported', { ...view, messages: 0, aligned: 0 }, /^No receiver reported/],
    ['the next step is safe', view, /messages in its name are proven; a stricter policy is safe\.$/],
    [
      'what is not theirs does not count',
      { ...view, messages: 1_310, aligned: 1_000, not_ours: { sources: 1, messages: 310, aligned: 0 } },
      /^All 1,000 messages/,
    ],
    ['all is proven', { ...view, aligned: view.messages }, /^All /],
    [
      'something stands before it',
      { ...view, safe_path: { ...path, blockers: [blocker, blocker] } },
      /two things stand before a stricter policy\.$/,
    ],
    ['the path ends', { ...view, safe_path: { ...path, blockers: [] } }, /as strict as can be\.$/],
  ];
  for (const [because, data, expected] of rows) {
    it(because, () => {
      assert.match(said(dmarcLine(data, english)), expected);
      assert.notEqual(said(dmarcLine(data, english)), said(dmarcLine(data, german)));
    });
  }
});

describe('the log line of single senders', () => {
  const senders = makeWorld(NOW).senders;
  const [rewritten, asked, , plain] = senders;
  assert.ok(rewritten && asked && plain);
  const rows = [
    ['somebody has to confirm', senders, /^Two addresses wait for the owner to confirm\.$/],
    [
      'a confirmed one cannot be used',
      [{ ...rewritten, treatment: 'held' as const }, plain],
      /^One confirmed address cannot be used as it stands\.$/,
    ],
    ['From is written anew', [rewritten, plain], /From of one is written anew\.$/],
    ['all as they are', [plain, plain], /^Mail leaves from all two addresses as it is\.$/],
    ['one as it is', [plain], /^Mail leaves from the one address as it is\.$/],
    ['none', [], /^No single address/],
  ] as const;
  for (const [because, data, expected] of rows) {
    it(because, () => {
      assert.match(said(sendersLine(data, english)), expected);
      assert.notEqual(said(sendersLine(data, english)), said(sendersLine(data, german)));
    });
  }
});
