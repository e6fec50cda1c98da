import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inStoryOrder } from './story-order.ts';

const on = (second: string, type: string) => ({ type, at: `2026-11-22T11:19:${second}Z` });
const types = (events: readonly { readonly type: string }[]) => events.map(({ type }) => type);

test('What a provider tells in whole seconds stands after the hand-over of that second', () => {
  const events = [on('18.000', 'queued'), on('18.000', 'delivered'), on('18.042', 'handed_over'), on('19.500', 'opened')];
  const tries = [{ ended_at: '2026-11-22T11:19:18.042Z' }];
  assert.deepEqual(types(inStoryOrder(events, tries)), ['handed_over', 'queued', 'delivered', 'opened']);
});

test('What belongs to an earlier second stays before a later try, and exact times stay as they are', () => {
  const events = [on('18.000', 'deferred'), on('18.300', 'handed_over'), on('19.042', 'handed_over'), on('20.000', 'delivered')];
  const tries = [{ ended_at: '2026-11-22T11:19:18.300Z' }, { ended_at: '2026-11-22T11:19:19.042Z' }];
  assert.deepEqual(types(inStoryOrder(events, tries)), ['handed_over', 'deferred', 'handed_over', 'delivered']);
  assert.deepEqual(types(inStoryOrder([on('19.200', 'b'), on('19.100', 'a')], [])), ['a', 'b']);
});
