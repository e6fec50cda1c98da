import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeRows, ids, mailRows } from '../../test/support/mail-rows.ts';
import { systemClock } from '../clock.ts';
import { silentLog } from '../log.ts';
import type { ConsumedEvent } from '../store/event-consumers.ts';
import { ensureLane } from '../store/lanes.ts';
import { withOwner } from '../store/scope.ts';
import { makeSlowLanes } from './slow-lanes.ts';

const rows = await mailRows();
after(() => closeRows(rows));
const { pool, tenantId, routeId } = rows;

const event = (change: Partial<ConsumedEvent> & { data?: Record<string, unknown> } = {}): ConsumedEvent => ({
  tenantId,
  id: ids.next(),
  recipientId: ids.next(),
  messageId: ids.next(),
  type: 'deferred',
  atMs: Date.now(),
  address: 'm@gmail.mailbox.test',
  stream: 'bulk',
  state: 'handed_over',
  fromAddress: 'club@club.test',
  fromDomain: 'club.test',
  mailFrom: '',
  mailboxProvider: 'google',
  laneId: 0,
  routeId,
  accountId: null,
  poolId: null,
  ...change,
  data: { source: 'webhook', class: 'rate-limited', fault: 'capacity', diagnostic: '421 4.7.28 slow down', ...change.data },
});
const consume = (page: readonly ConsumedEvent[]) =>
  withOwner(pool, (client) => makeSlowLanes({ clock: systemClock, log: silentLog }).consume(client, page));
const lane = (mailboxProvider: string, stream: 'bulk' | 'transactional') =>
  ensureLane(pool, { tenantId, stream, mailboxProvider, routeId });
const isBlocked = async (mailboxProvider: string, stream: 'bulk' | 'transactional' = 'bulk') =>
  ((await lane(mailboxProvider, stream)).blockedUntilMs ?? 0) > Date.now();
const six = (change: Parameters<typeof event>[0] = {}) => Array.from({ length: 6 }, () => event(change));

test('Only reports of the pace pause a lane: bulk, of this route, to this receiver', async () => {
  for (const receiver of ['google', 'yahoo', 'other'])
    for (const stream of ['bulk', 'transactional'] as const) await lane(receiver, stream);
  const nothing: readonly (readonly [string, ConsumedEvent[]])[] = [
    ['greylisting', six({ data: { class: 'greylist', fault: 'receiver' } })],
    ['our IP', six({ data: { class: 'ip-reputation', fault: 'sender-reputation' } })],
    ['said at the hand-over itself', six({ data: { source: undefined } })],
    ['about an earlier route', six({ data: { earlier_route: true } })],
    ['no route', six({ routeId: null })],
    ['a few', six().slice(2)],
    ['few of many', [...six(), ...Array.from({ length: 90 }, () => event({ type: 'delivered' }))]],
  ];
  for (const [what, page] of nothing) {
    await consume(page);
    assert.equal(await isBlocked('google'), false, what);
  }
  await consume(six({ data: { route: routeId }, routeId: null }));
  assert.equal(await isBlocked('google'), true);
  assert.equal(await isBlocked('google', 'transactional'), false);
  assert.equal(await isBlocked('yahoo'), false);
});
