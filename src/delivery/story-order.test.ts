import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inStoryOrder } from './story-order.ts';

const msOf = (second: string) => Date.parse(`2026-11-22T11:19:${second}Z`);
/** An event that was heard of at `heard`. */
function on(second: string, type: string, heard = '59.000') {
  const hex = msOf(heard).toString(16).padStart(12, '0');
  return { type, id: `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`, at: new Date(msOf(second)).toISOString() };
}
const endedAt = (second: string) => ({ ended_at: new Date(msOf(second)).toISOString() });
const types = (events: readonly { readonly type: string }[]) => events.map(({ type }) => type);

test('What a provider tells in whole seconds stands after the hand-over of that second', () => {
  const events = [on('18.000', 'queued'), on('18.000', 'delivered'), on('18.042', 'handed_over'), on('19.500', 'opened')];
  assert.deepEqual(types(inStoryOrder(events, [endedAt('18.042')])), ['handed_over', 'queued', 'delivered', 'opened']);
});

test('What belongs to an earlier second stays before a later try, and exact times stay as they are', () => {
  const events = [on('18.000', 'deferred'), on('18.300', 'handed_over'), on('19.042', 'handed_over'), on('20.000', 'delivered')];
  const tries = [endedAt('18.300'), endedAt('19.042')];
  assert.deepEqual(types(inStoryOrder(events, tries)), ['handed_over', 'deferred', 'handed_over', 'delivered']);
  assert.deepEqual(types(inStoryOrder([on('19.200', 'b'), on('19.100', 'a')], [])), ['a', 'b']);
});

test('A refusal stands before the next way that was taken because of it, in the same second too', () => {
  const events = [
    on('18.000', 'rerouted', '18.400'),
    on('18.050', 'handed_over'),
    on('18.500', 'next'),
    on('18.000', 'delivered', '18.900'),
  ];
  const tries = [endedAt('18.050'), endedAt('18.500')];
  assert.deepEqual(types(inStoryOrder(events, tries)), ['handed_over', 'rerouted', 'next', 'delivered']);
});
