import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Attempt, Recipient, RecipientEvent } from './api/model.ts';
import { namesOf, stepsOf } from './passage.ts';

const T0 = Date.parse('2026-03-12T12:02:08.100Z');
const at = (ms: number) => new Date(T0 + ms).toISOString();

function attempt(number: number, fromMs: number, toMs: number, more: Partial<Attempt>): Attempt {
  return {
    id: `a${number}`,
    number,
    started_at: at(fromMs),
    ended_at: at(toMs),
    outcome: 'handed_over',
    class: null,
    reply: null,
    provider_message_id: null,
    account_id: null,
    decision_id: null,
    account_name: 'SparkPost',
    ...more,
  };
}

function recipient(more: Partial<Recipient>): Recipient {
  return {
    id: 'r1',
    tenant_id: 't1',
    message_id: 'm1',
    address: 'member@mailbox.test',
    stream: 'transactional',
    state: 'delivered',
    reason: null,
    marks: [],
    attempt_count: 0,
    next_at: null,
    state_at: at(0),
    account_id: null,
    decision: null,
    attempts: [],
    events: [],
    ...more,
  };
}

const event = (type: string, ms: number, data: RecipientEvent['data'] = null): RecipientEvent => ({
  id: `${type}${ms}`,
  type,
  at: at(ms),
  data,
});
const kinds = (row: Recipient) => stepsOf(row, T0).map((step) => step.kind);

describe('a passage', () => {
  it('begins with the moment it was taken in', () => assert.deepEqual(kinds(recipient({})), ['taken']));

  it('tells an attempt once, though its event tells it too', () => {
    const row = recipient({ attempts: [attempt(1, 300, 800, {})], events: [event('handed_over', 800), event('delivered', 1_250)] });
    assert.deepEqual(kinds(row), ['taken', 'offered', 'accepted', 'delivered']);
  });

  it('tells a bounce that is said to have come in the moment of the hand-over', () => {
    // Handed over at 08.980; the report names whole seconds, and says 09.
    const row = recipient({
      state: 'bounced',
      attempts: [attempt(1, 300, 880, { reply: '250 2.0.0 queued' })],
      events: [event('handed_over', 880), event('bounced', 900, { diagnostic: '550 5.1.1 user unknown' })],
    });
    assert.deepEqual(kinds(row), ['taken', 'offered', 'accepted', 'bounced']);
    assert.equal(stepsOf(row, T0).at(-1)?.said, '550 5.1.1 user unknown');
  });

  it('says that a refusal sent it another way', () => {
    const row = recipient({
      attempts: [
        attempt(1, 300, 800, { outcome: 'refused', class: 'ip-reputation', reply: '550 5.7.1 listed' }),
        attempt(2, 900, 1_200, { account_name: 'Elastic Email' }),
      ],
    });
    assert.deepEqual(kinds(row), ['taken', 'offered', 'rerouted', 'offered', 'accepted']);
    assert.equal(stepsOf(row, T0)[2]?.fault, 'sender-reputation');
  });

  it('says the same of a refusal that the provider told later', () => {
    const row = recipient({
      attempts: [attempt(1, 300, 800, {}), attempt(2, 2_900, 3_200, { account_name: 'Elastic Email' })],
      events: [event('rerouted', 2_500, { class: 'ip-reputation', diagnostic: '550 5.7.1 listed' })],
    });
    assert.deepEqual(kinds(row), ['taken', 'offered', 'accepted', 'rerouted', 'offered', 'accepted']);
  });

  it('tells a refusal in whole seconds before the way that was taken because of it, when we heard it before', () => {
    const heard = (T0 + 600).toString(16).padStart(12, '0');
    const refused = {
      ...event('rerouted', -100, { diagnostic: '550 listed' }),
      id: `${heard.slice(0, 8)}-${heard.slice(8)}-7000-8000-000000000000`,
    };
    const row = recipient({
      attempts: [attempt(1, 100, 200, {}), attempt(2, 700, 800, { account_name: 'Elastic Email' })],
      events: [refused],
    });
    assert.deepEqual(kinds(row), ['taken', 'offered', 'accepted', 'rerouted', 'offered', 'accepted']);
  });

  it('gathers the same answer said again and again', () => {
    const full = { outcome: 'deferred', class: 'mailbox-full', reply: '452 4.2.2 over quota' };
    const row = recipient({
      state: 'deferred',
      next_at: at(3_000_000),
      attempts: [attempt(1, 300, 800, full), attempt(2, 60_300, 60_800, full), attempt(3, 300_300, 300_800, full)],
    });
    const steps = stepsOf(row, T0);
    assert.deepEqual(
      steps.map((step) => step.kind),
      ['taken', 'offered', 'deferred', 'next'],
    );
    assert.equal(steps[2]?.again.length, 2);
    assert.equal(steps[3]?.later, true);
  });

  it('keeps different words apart', () => {
    const row = recipient({
      attempts: [
        attempt(1, 300, 800, { outcome: 'deferred', reply: '450 greylisted' }),
        attempt(2, 60_300, 60_800, { outcome: 'deferred', reply: '452 over quota' }),
      ],
    });
    assert.deepEqual(kinds(row), ['taken', 'offered', 'deferred', 'offered', 'deferred']);
  });

  it('keeps the order of things where a provider tells whole seconds', () => {
    // Taken in at 08.1 and handed over at 08.8; the provider says that it was delivered at 08.
    const row = recipient({
      attempts: [attempt(1, 300, 700, {})],
      events: [{ id: 'e', type: 'delivered', at: '2026-03-12T12:02:08.000Z', data: null }],
    });
    assert.deepEqual(kinds(row), ['taken', 'offered', 'accepted', 'delivered']);
  });

  it('says that a last try was the last, though its event and the try are of one moment', () => {
    const row = recipient({
      state: 'expired',
      attempts: [attempt(1, 300, 800, { outcome: 'deferred', class: 'mailbox-full', reply: '452 4.2.2 full' })],
      events: [event('expired', 800, { class: 'mailbox-full', diagnostic: '452 4.2.2 full' })],
    });
    assert.deepEqual(kinds(row), ['taken', 'offered', 'deferred', 'expired']);
    assert.equal(stepsOf(row, T0).at(-1)?.said, null, 'their words stand at the try');
  });

  it('has a name of its own for every step, also for what happened twice in one second', () => {
    const opened = { ...event('opened', 900), id: 'o2' };
    const steps = stepsOf(recipient({ events: [event('opened', 900), opened] }), T0);
    assert.equal(new Set(namesOf(steps)).size, steps.length);
  });

  it('ends with the person it waits for', () => {
    assert.deepEqual(kinds(recipient({ state: 'held' })), ['taken', 'you']);
  });

  it('shows news it has no words for by their own name', () => {
    const steps = stepsOf(recipient({ events: [event('autoresponded', 5_000)] }), T0);
    assert.deepEqual([steps[1]?.kind, steps[1]?.type], ['news', 'autoresponded']);
  });

  it('says why the desk let held mail go by itself, and what it waited for when its time ran out', () => {
    const went = recipient({
      events: [event('held', 0, { reason: 'rewriting-not-agreed' }), event('released', 60_000, { by: 'desk', why: 'consent-given' })],
    });
    assert.deepEqual(
      stepsOf(went, T0).map((step) => [step.kind, step.class, step.why]),
      [
        ['taken', null, null],
        ['held', 'rewriting-not-agreed', null],
        ['released', null, 'consent-given'],
      ],
    );
    const old = recipient({
      state: 'expired',
      events: [event('expired', 90_000, { class: 'operator', fault: 'operator', held_for: 'free-mailbox' })],
    });
    const last = stepsOf(old, T0).at(-1);
    assert.deepEqual([last?.kind, last?.heldFor, last?.class, last?.fault], ['expired', 'free-mailbox', null, null]);
    const byPerson = stepsOf(recipient({ events: [event('released', 1_000, { by: 'person:x' })] }), T0).at(-1);
    assert.equal(byPerson?.why, null);
  });
});
