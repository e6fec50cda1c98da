// This file reads the log line of Provider accounts in every situation, in both languages.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { said } from '../../mock/said.ts';
import { makeWorld } from '../../mock/world.ts';
import { formats } from '../format.ts';
import { logLine } from './accounts.log.ts';

const [english, german] = [formats('en', 'Europe/Berlin'), formats('de', 'Europe/Berlin')];
const [some] = makeWorld(Date.parse('2026-03-12T13:32:05Z')).accounts;
assert.ok(some);
const accounts = (...healths: readonly string[]) =>
  healths.map((health) => ({ ...some, name: 'Mandrill', state: 'active' as const, health }));

describe('the log line of Provider accounts', () => {
  const rows: readonly (readonly [because: string, healths: readonly string[], en: RegExp, de: RegExp])[] = [
    ['none', [], /^There is no way out yet/, /^Es gibt noch keinen Weg/],
    ['all well', ['well', 'well', 'well'], /^All three accounts are well\.$/, /^Allen drei Konten geht es gut\.$/],
    ['some unwell', ['well', 'degraded', 'degraded'], /^All three accounts carry mail; two are unwell\.$/, /; zwei geht es nicht gut\.$/],
    [
      'one of two unwell',
      ['well', 'degraded'],
      /^Both accounts carry mail; one is unwell\.$/,
      /^Beide Konten tragen Post; einem geht es nicht gut\.$/,
    ],
    [
      'the only one unwell',
      ['degraded'],
      /^The one account carries mail; it is unwell\.$/,
      /^Das eine Konto trägt Post; ihm geht es nicht gut\.$/,
    ],
    ['one rests', ['well', 'unreachable'], /^Mandrill rests: .* The others carry its mail\.$/, /^Mandrill ruht: /],
    ['all rest', ['unreachable', 'quota'], /^Every account rests; /, /^Alle Konten ruhen; /],
  ];
  for (const [because, healths, en, de] of rows) {
    it(because, () => {
      const page = { data: accounts(...healths), next: null };
      assert.match(said(logLine(page, english)), en);
      assert.match(said(logLine(page, german)), de);
    });
  }
});
