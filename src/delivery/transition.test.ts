import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RECIPIENT_STATES, type RecipientState } from './states.ts';
import { HAPPENINGS, type Happening, movesOf, transition } from './transition.ts';

test('every pair of state and happening has an answer, and every "ignore" says why', () => {
  for (const state of RECIPIENT_STATES) {
    for (const happening of HAPPENINGS) {
      const answer = transition(state, happening);
      if ('next' in answer) assert.ok(RECIPIENT_STATES.includes(answer.next));
      else assert.ok(answer.ignore.length > 10, `${state} × ${happening}`);
    }
  }
});

const rows: readonly [RecipientState, Happening, RecipientState | null, string][] = [
  ['queued', 'claimed', 'submitting', 'a ready recipient goes on the wire'],
  ['held', 'claimed', null, 'what holds it has to end first'],
  ['held', 'released', 'queued', 'what held it ended'],
  ['held', 'released-ahead', 'scheduled', 'what held it ended before its send_at'],
  ['cancelled', 'released', null, 'a person decided otherwise'],
  ['submitting', 'not-sent', 'queued', 'lost before the final dot: still ours'],
  ['submitting', 'lost', 'uncertain', 'lost after it: nobody can tell'],
  ['uncertain', 'resend', 'queued', 'policy resends once'],
  ['uncertain', 'said-delivered', 'delivered', 'an event settles the doubt'],
  ['uncertain', 'said-taken', 'handed_over', 'the provider that queued it or was put off has it'],
  ['submitting', 'said-taken', null, 'the answer to the hand-over decides'],
  ['queued', 'said-taken', null, 'it waits for another hand-over'],
  ['submitting', 'said-delivered', 'delivered', 'a webhook may come before the answer to the hand-over'],
  ['delivered', 'handed-over', null, 'and the answer then changes nothing'],
  ['delivered', 'said-bounced', 'bounced', 'a late bounce counts'],
  ['bounced', 'said-delivered', null, 'a late delivery report does not'],
  ['cancelled', 'said-delivered', 'delivered', 'the world proves that it went out'],
  ['handed_over', 'cancelled', null, 'it has left'],
  ['queued', 'cancelled', 'cancelled', 'it has not left'],
  ['submitting', 'cancelled', null, 'it cannot be called back from the wire'],
  ['handed_over', 'rerouted', 'queued', 'a reported refusal of our server takes another way'],
  ['submitting', 'rerouted', null, 'the answer to the hand-over is still to come'],
  ['delivered', 'rerouted', null, 'what arrived is not handed over again, whatever is reported later'],
  ['uncertain', 'rerouted', null, 'another copy may be out'],
  ['bounced', 'rerouted', null, 'its fate is settled'],
];

for (const [state, happening, expected, because] of rows) {
  test(`${state} + ${happening} → ${expected ?? 'nothing'}: ${because}`, () => {
    const answer = transition(state, happening);
    assert.equal('next' in answer ? answer.next : null, expected);
  });
}

test('any order of a delivery and a late bounce ends in bounced', () => {
  const run = (order: Happening[]) =>
    order.reduce<RecipientState>((state, happening) => {
      const answer = transition(state, happening);
      return 'next' in answer ? answer.next : state;
    }, 'submitting');
  const orders: Happening[][] = [
    ['handed-over', 'said-delivered', 'said-bounced'],
    ['said-bounced', 'handed-over', 'said-delivered'],
    ['said-delivered', 'said-bounced', 'handed-over'],
    ['said-delivered', 'said-delivered', 'said-bounced', 'said-bounced', 'said-delivered'],
  ];
  for (const order of orders) assert.equal(run(order), 'bounced', order.join(', '));
});

test('movesOf lists exactly the rows that lead somewhere', () => {
  assert.deepEqual(
    movesOf('claimed').map((move) => move.from),
    ['scheduled', 'queued', 'deferred'],
  );
});
