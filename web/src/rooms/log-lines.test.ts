// This file reads every log line in every situation: one sentence or two, at most 25 words, a full stop, in both languages.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { classWords, countsOf, makeAnswered, RATES } from '../../mock/answers-world.ts';
import { makeMockApi } from '../../mock/api.ts';
import { rowOf } from '../../mock/letters.ts';
import { said } from '../../mock/said.ts';
import { makeWorld } from '../../mock/world.ts';
import { messageOf } from '../api/message.ts';
import { RECIPIENT_STATES } from '../api/model.ts';
import type { Overview } from '../api/schema.gen.ts';
import { formats } from '../format.ts';
import { logLine as bouncesLine, tenantLogLine as peopleLine } from './bounces.log.ts';
import { logLine as complaintsLine } from './complaints.log.ts';
import { logLine as policyLine, ruleSentence } from './hold-policy.log.ts';
import { logLine as holdsLine } from './holds.log.ts';
import { logLine as homeLine, tenantLogLine } from './home.log.ts';
import { logLine as messageLine } from './message.log.ts';
import { logLine as messagesLine } from './messages.log.ts';

const NOW = Date.parse('2026-03-12T13:32:05Z');
const LANGS = [formats('en', 'Europe/Berlin'), formats('de', 'Europe/Berlin')];
const world = makeWorld(NOW);
const names = new Map(world.accounts.map((account) => [account.id, account.name]));

function overview(change: Partial<Overview>): Overview {
  const answer = makeMockApi(() => NOW)({ method: 'GET', url: new URL('http://x/v1/overview'), cookie: 'mock_session=owner', body: {} });
  // The mock answers what the API description says.
  return { ...(answer.body as Overview), ...change };
}

describe('the log line of Home', () => {
  const base = overview({});
  const well = base.accounts.map((account) => ({ ...account, health: 'well' }));
  const ill = base.accounts.map((account) => ({ ...account, health: 'unreachable' }));
  const none = { ...base.last_24h, recipients: 0 };
  const rows: readonly (readonly [because: string, data: Partial<Overview>, expected: RegExp])[] = [
    ['a ledger that does not balance comes first', { ledger: { difference: -3, checked_at: null } }, /ledger is off: 3 recipients/],
    ['one account rests', {}, /Mandrill rests; other ways carry its mail\. Two things need a person\./],
    ['every account rests', { accounts: ill }, /No way out is open/],
    [
      'several rest',
      { accounts: ill.map((account, index) => (index === 0 ? { ...account, health: 'well' } : account)) },
      /three ways out rest/,
    ],
    ['there is no account', { accounts: [] }, /no way out yet/],
    ['transactional mail waits', { accounts: well, oldest_waiting: { transactional_s: 372, bulk_s: null } }, /waited up to 6:12/],
    ['all is well', { accounts: well, needs_person: [] }, /^Mail is moving by every way; nothing is lost\.$/],
    ['nothing came in yet', { accounts: well, last_24h: none, taken_in_last_minute: 0, needs_person: [] }, /no mail has come in yet/],
    [
      'it is quiet',
      {
        accounts: well,
        taken_in_last_minute: 0,
        handed_over_last_minute: 0,
        oldest_waiting: { transactional_s: null, bulk_s: null },
        needs_person: [],
      },
      /It is quiet/,
    ],
  ];
  for (const [because, data, expected] of rows) {
    it(because, () => {
      const [english, german] = LANGS.map((format) => said(homeLine({ ...base, ...data }, format)));
      assert.match(english ?? '', expected);
      assert.notEqual(english, german);
    });
  }

  it('speaks to a tenant of its own mail only', () => {
    const all = { ...base.last_24h, recipients: 10, states: { ...base.last_24h.states } };
    for (const state of RECIPIENT_STATES) all.states = { ...all.states, [state]: state === 'delivered' ? 10 : 0 };
    assert.match(said(tenantLogLine({ ...base, last_24h: all }, LANGS[0] ?? formats('en'))), /All 10 recipients/);
    for (const format of LANGS) said(tenantLogLine(base, format));
  });

  it('frightens nobody where plain SMTP tells of no delivery', () => {
    const none = Object.fromEntries(RECIPIENT_STATES.map((state) => [state, 0]));
    const day = (states: object) => ({
      ...base,
      last_24h: { ...base.last_24h, recipients: 4, states: { ...base.last_24h.states, ...none, ...states } },
    });
    const [english, german] = LANGS.map((format) => said(tenantLogLine(day({ handed_over: 3, bounced: 1 }), format)));
    assert.match(english ?? '', /Handed over .*3 of 4.*nothing of that came back/);
    assert.match(german ?? '', /übergeben: .*3 von 4.*nichts davon/);
  });
});

describe('the log line of one message', () => {
  for (const detail of world.messages.slice(0, 20)) {
    it(`tells where "${detail.subject}" to ${detail.recipients[0]?.address} is`, () => {
      for (const ofTenant of [false, true]) for (const format of LANGS) said(messageLine(messageOf(detail, names, ofTenant), format, NOW));
    });
  }
  it('tells every state of one recipient, with and without a time, in both languages', () => {
    const [template] = world.messages;
    assert.ok(template);
    const first = messageOf(template, names, false).recipients[0];
    assert.ok(first);
    for (const state of RECIPIENT_STATES) {
      for (const next_at of [null, new Date(NOW + 90_000_000).toISOString()]) {
        for (const reason of [
          null,
          'mailbox-full',
          'A sentence of the router that is rather longer than anybody would like to read as a headline.',
        ]) {
          for (const format of LANGS)
            said(messageLine({ created_at: template.created_at, recipients: [{ ...first, state, next_at, reason }] }, format, NOW));
        }
      }
    }
  });
});

describe('the log line of the list', () => {
  const page = { data: world.messages.slice(0, 50).map(rowOf), next: null };
  const filters = [
    {},
    { address: 'member@mailbox.test' },
    { subject: 'a subject that goes on and on and on without an end in sight' },
    { state: 'handed_over', time: '24h' },
    { id: 'x', stream: 'bulk' },
    { address: 'a@b.test', subject: 'x', state: 'held', stream: 'bulk', tenant: 't', time: '7d' },
    { after: 'cursor' },
  ];
  for (const one of filters) {
    it(`says what ${JSON.stringify(one)} found`, () => {
      for (const data of [page.data, page.data.slice(0, 1), []]) {
        for (const next of [null, 'more']) {
          for (const format of LANGS)
            said(messagesLine({ page: { data, next }, filters: one, tenantName: 'Verein [Nord](#x) e. V.', nowMs: NOW }, format));
        }
      }
    });
  }
});

describe('the log lines of answers', () => {
  const answered = makeAnswered(NOW);
  const filters = [
    {},
    { time: '24h' },
    { from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z' },
    { class: 'mailbox-full' },
    { fault: 'content' },
  ];
  const totals = [
    countsOf('', [], 0),
    countsOf('', [], 284_900),
    countsOf('', answered.bounces.slice(0, 1), 7),
    countsOf('', answered.bounces, 41_208),
  ];
  for (const one of filters) {
    it(`Bounces and People to fix, by ${JSON.stringify(one)}`, () => {
      for (const total of totals)
        for (const format of LANGS) for (const line of [bouncesLine, peopleLine]) said(line({ total, filters: one }, format));
    });
    it(`Complaints, by ${JSON.stringify(one)}`, () => {
      for (const data of [[], answered.complaints.slice(0, 1), answered.complaints]) {
        for (const next of [null, 'more']) {
          for (const verdict of ['good', 'watch', 'stop', 'too-little'] as const) {
            const rates = {
              from: '',
              to: '',
              definition: '',
              lines: { good: 0.001, stop: 0.003 },
              data: RATES.map((row) => ({ ...row, verdict })),
            };
            for (const format of LANGS) {
              said(complaintsLine({ page: { data, next }, rates, filters: one }, format));
              said(complaintsLine({ page: { data, next }, rates: null, filters: one }, format));
            }
          }
        }
      }
    });
  }

  it('says whose turn it is, and how many', () => {
    const [english] = LANGS;
    assert.ok(english);
    const total = countsOf('', answered.bounces, 41_208);
    assert.match(said(bouncesLine({ total, filters: {} }, english)), /^140 of 41,208 recipients .* 40 of the refusals are ours to mend\.$/);
    const theirs = countsOf(
      '',
      answered.bounces.filter((bounce) => bounce.fault === 'recipient'),
      41_208,
    );
    assert.match(said(bouncesLine({ total: theirs, filters: {} }, english)), /None of it is ours to mend\./);
  });

  it('promises an organisation no rest while its own mail or domain is refused, and no safety on too little mail', () => {
    const [english] = LANGS;
    assert.ok(english);
    const of = (...faults: (string | null)[]) =>
      countsOf(
        '',
        faults.flatMap((fault) => answered.bounces.filter((bounce) => bounce.fault === fault).slice(0, 2)),
        824,
      );
    const people = (total: ReturnType<typeof countsOf>) => said(peopleLine({ total, filters: {} }, english));
    assert.match(people(of('recipient')), /addresses need you\. Nothing else waits for you\.$/);
    assert.match(people(of('recipient', 'content')), /addresses need you\. 2 were refused for content or domain\.$/);
    assert.match(people(of('content', 'sender-reputation')), /^2 of 4 that did not arrive .* no address is wrong\.$/);
    assert.match(people(of('sender-reputation')), /nothing of it needs you\.$/);
    const rates = {
      ...{ from: '', to: '', definition: '', lines: { good: 0.001, stop: 0.003 } },
      data: RATES.slice(0, 1).map((row) => ({ ...row, complained: 2, verdict: 'too-little' as const })),
    };
    const page = { data: answered.complaints.slice(0, 2), next: null };
    assert.match(said(complaintsLine({ page, rates, filters: {} }, english)), /too little mail to hold that against a line\.$/);
  });

  it('On hold, found and not found, for good and until a day', () => {
    const [hold] = answered.holds;
    assert.ok(hold);
    for (const one of [{}, { address: 'anna@mailbox.test' }, { reason: 'complaint' }, { after: 'cursor' }]) {
      for (const data of [[], [hold], [{ ...hold, expires_at: new Date(NOW + 9_000_000_000).toISOString() }], answered.holds]) {
        for (const next of [null, 'more'])
          for (const format of LANGS) said(holdsLine({ page: { data, next }, filters: one, nowMs: NOW }, format));
      }
    }
  });

  it('the policy of holds, and each of its rules as a sentence', () => {
    for (const name of [null, 'Verein [Nord](#x) e. V.']) {
      for (const inherited of [true, false]) {
        for (const dry of [null, { held: 0, later_delivered: 0 }, { held: 212, later_delivered: 9 }]) {
          for (const format of LANGS) said(policyLine({ policy: { ...answered.policy, inherited }, name, dry }, format));
        }
      }
    }
    const rule = { classes: ['mailbox-full'], failures: 3, over_days: 14, hold_days: 30, streams: 'bulk', doubles: true } as const;
    const [english, german] = LANGS.map((format) => ruleSentence(rule, 365, format));
    assert.equal(
      english,
      'After three failed mails, spread over at least 14 days, on hold for 30 days, for bulk mail only, twice as long each time, at most 365 days.',
    );
    assert.equal(
      german,
      'Nach drei Fehlschlägen, verteilt über mindestens 14 Tage, 30 Tage gesperrt, nur für Rundschreiben, jedes Mal doppelt so lang, höchstens 365 Tage.',
    );
  });

  it('every class of the mock has words in both languages', () => {
    for (const row of classWords('en'))
      assert.notEqual(row.volunteer, classWords('de').find((other) => other.class === row.class)?.volunteer);
  });
});
