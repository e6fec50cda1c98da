// This file tests how providers are asked for words: only for the answers that want them, a bounded number, and not again where nobody answered.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../clock.ts';
import type { AnswerWords, ProviderAccount, ProviderAdapter } from '../delivery/provider.ts';
import { NO_OWN_RULES } from '../feedback/own-rules.ts';
import type { FeedbackEvent } from '../feedback/vocabulary.ts';
import { silentLog } from '../log.ts';
import { makeAskForWords } from './ask-for-words.ts';
import type { Heard } from './record-feedback.ts';

function world(answer: (id: string) => AnswerWords | Promise<AnswerWords>) {
  const asked: string[] = [];
  let [opened, closed] = [0, 0];
  let nowMs = 0;
  const adapter = {
    webhook: {
      byWords: {
        wanted: (event: FeedbackEvent) => event.providerLabel === 'vague',
        read: (event: FeedbackEvent, words: string) => ({ ...event, diagnostic: words }),
      },
    },
    connect() {
      opened += 1;
      return {
        async wordsFor({ providerMessageId }: { providerMessageId: string }) {
          asked.push(providerMessageId);
          return answer(providerMessageId);
        },
        async close() {
          closed += 1;
        },
      };
    },
    // The flow uses nothing else of an adapter.
  } as unknown as ProviderAdapter;
  const account = { id: 'a' } as unknown as ProviderAccount;
  const words = makeAskForWords({
    clock: { ...systemClock, monotonicMs: () => nowMs },
    log: silentLog,
    random: () => 0,
    accountById: (id) => (id === 'gone' ? null : { account, adapter }),
    ownRules: () => NO_OWN_RULES,
  });
  return {
    asked,
    words,
    counts: () => [opened, closed],
    later: (ms: number) => {
      nowMs += ms;
    },
  };
}

const heard = (n: number, label = 'vague', accountId = 'a'): Heard => {
  // The flow reads these fields only.
  const event = { providerMessageId: `m${n}`, recipient: null, providerLabel: label, diagnostic: null } as unknown as FeedbackEvent;
  return { event, accountId, source: 'webhook', proven: false, recipientId: null };
};
const said = (answers: readonly Heard[]) => answers.map(({ event }) => event.diagnostic);

test('answers that want words are asked for, the others stay as they are, in their order', async () => {
  const { words, asked, counts } = world((id) => (id === 'm3' ? { kind: 'none' } : { kind: 'words', words: `about ${id}` }));
  const told = await words.ask([heard(1), heard(2, 'clear'), heard(3), heard(4, 'vague', 'gone'), heard(5)]);
  assert.deepEqual(said(told), ['about m1', null, null, null, 'about m5']);
  assert.deepEqual(asked.toSorted(), ['m1', 'm3', 'm5']);
  assert.deepEqual(counts(), [1, 0], 'one line for all');
  await words.close();
  assert.deepEqual(counts(), [1, 1]);
});

test('a batch asks a bounded number of questions', async () => {
  const { words, asked } = world((id) => ({ kind: 'words', words: id }));
  const told = await words.ask(Array.from({ length: 100 }, (_, n) => heard(n)));
  assert.deepEqual([told.length, asked.length], [100, 24]);
  assert.equal(said(told).filter((each) => each !== null).length, 24);
});

test('an account that does not answer rests for a while, and its labels stand', async () => {
  let well = false;
  const { words, asked, later } = world(() => (well ? { kind: 'words', words: 'now' } : { kind: 'failed', reason: '403' }));
  assert.deepEqual(said(await words.ask([heard(1)])), [null]);
  well = true;
  assert.deepEqual(said(await words.ask([heard(2)])), [null]);
  assert.deepEqual(asked, ['m1']);
  later(5 * 60_000 + 1);
  assert.deepEqual(said(await words.ask([heard(3)])), ['now']);
});
