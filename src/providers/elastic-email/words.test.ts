// This file tests how Elastic Email's event log is asked for the receiver's words, and which events want them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountAt } from '../../../test/fakes/api-world.ts';
import { httpProvider, type Reply } from '../../../test/fakes/http-provider.ts';
import { systemClock } from '../../clock.ts';
import { silentLog } from '../../log.ts';
import { elasticEmailAdapter } from './adapter.ts';
import { elasticEmailWebhook } from './events.ts';
import { elasticFields, elasticGet } from './fixtures.ts';

const event = (change: Record<string, string>) => {
  const [read] = elasticEmailWebhook.events(elasticGet(elasticFields('Error', change)));
  assert.ok(read);
  return read;
};
const row = (change: Record<string, unknown>) => ({
  TransactionID: 'tR1',
  To: 'a@example.com',
  EventType: 'Bounce',
  EventDate: '2026-11-21T16:00:03',
  Message: '552 5.2.2 Mailbox full',
  ...change,
});

test('the last telling word about the recipient is taken, and whatever is no word leaves the label', async (t) => {
  let reply: Reply = { status: 200, body: [] };
  const provider = await httpProvider(() => reply);
  t.after(() => provider.close());
  const client = elasticEmailAdapter.connect(accountAt(elasticEmailAdapter, provider.url), {
    clock: systemClock,
    log: silentLog,
    random: Math.random,
  });
  t.after(() => client.close());
  const ask = async (answer: Reply, recipient: string | null = 'A@example.com') => {
    reply = answer;
    return client.wordsFor?.({ providerMessageId: 't/R 1', recipient });
  };
  const ok = (body: object): Reply => ({ status: 200, body });
  const rows: readonly (readonly [string, Reply, unknown])[] = [
    ['one', ok([row({})]), { kind: 'words', words: '552 5.2.2 Mailbox full' }],
    [
      'the last of several, in any order',
      ok([row({ EventDate: '2026-11-21T16:09:00', Message: '550 gone' }), row({ EventType: 'FailedAttempt' })]),
      { kind: 'words', words: '550 gone' },
    ],
    ['about somebody else', ok([row({ To: 'b@example.com' })]), { kind: 'none' }],
    ['not telling', ok([row({ EventType: 'Submission' }), row({ Message: ' ' })]), { kind: 'none' }],
    ['unknown', { status: 404, body: { Error: 'no such transaction' } }, { kind: 'none' }],
    ['forbidden', { status: 403, body: { Error: 'access level' } }, { kind: 'failed', reason: 'the event log answered 403' }],
    ['no list', ok({}), { kind: 'failed', reason: 'the event log answered something that is no list' }],
    ['garbage', { status: 200, body: '<html>' }, { kind: 'failed', reason: 'the event log answered something that is no list' }],
  ];
  for (const [what, answer, expected] of rows) assert.deepEqual(await ask(answer), expected, what);
  assert.equal((await ask('cut'))?.kind, 'failed');
  assert.match(provider.seen[0]?.url ?? '', /\/v4\/events\/t%2FR%201\?limit=100$/);
  assert.equal(provider.seen[0]?.headers['x-elasticemail-apikey'], 'k-0123456789');
});

test('events want words where their category says too little and none came along', () => {
  const { byWords } = elasticEmailWebhook;
  const wanted = (change: Record<string, string>) => byWords?.wanted(event(change));
  for (const category of ['Unknown', 'AccountProblem', 'DNSProblem', 'CodeError', 'SomethingNew'])
    assert.equal(wanted({ category }), true, category);
  for (const category of ['NoMailbox', 'BlackListed', 'Throttled', 'NotDelivered', 'Ignore'])
    assert.equal(wanted({ category }), false, category);
  assert.equal(wanted({ category: 'Unknown', message: '550 5.1.1 User unknown' }), false);
  const before = event({ category: 'AccountProblem' });
  const after = byWords?.read(before, '550 5.1.1 User unknown');
  assert.deepEqual([after?.class, after?.fault, after?.hard, after?.suppress], ['invalid-recipient', 'recipient', true, true]);
  assert.deepEqual(
    [after?.providerEventId, after?.providerLabel, after?.diagnostic],
    [before.providerEventId, 'Error, AccountProblem', '550 5.1.1 User unknown'],
    'the same event, counted once',
  );
  assert.deepEqual(byWords?.read(event({ category: 'Unknown' }), 'moon phase').class, 'unclassified');
});
