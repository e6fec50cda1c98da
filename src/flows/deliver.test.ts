import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import { pino } from 'pino';
import { DEFAULT_HOLD_POLICIES } from '../../test/support/hold-policies.ts';
import { systemClock } from '../clock.ts';
import type { RouteDecision } from '../delivery/route.ts';
import { idMint } from '../ids.ts';
import { Secret } from '../log.ts';
import { smtpAdapter } from '../providers/smtp/adapter.ts';
import type { OutcomeRow } from '../store/outcomes.ts';
import { makeDeliver } from './deliver.ts';
import type { Outgoing } from './outgoing.ts';

const ids = idMint(systemClock);
const NOWHERE: RouteDecision = {
  routeId: null,
  waits: true,
  heldBecause: null,
  heldCode: null,
  judgements: [],
  better: null,
  betterCode: null,
  facts: {},
};

test('a database that is away when the signature is asked for puts the hand-over off, and is no error of ours', async () => {
  const message: Outgoing = {
    id: ids.next(),
    tenantId: ids.next(),
    tenantNumber: 1,
    stream: 'transactional',
    mailFrom: 'office@club.test',
    fromAddress: 'office@club.test',
    fromDomain: 'club.test',
    tags: [],
    raw: Buffer.from('Subject: Regatta\r\n\r\nWe start at nine.\r\n'),
    bornMs: systemClock.nowMs(),
    smtpUtf8: false,
    eightBit: false,
    mime: () => Promise.reject(Object.assign(new pg.DatabaseError('not yet accepting connections', 0, 'error'), { code: '57P03' })),
    rewritten: () => Promise.reject(new Error('not asked')),
    signedWith: () => null,
  };
  const said: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => void said.push(/"event":"(\w+)"/.exec(line)?.[1] ?? line) });
  const account = { id: 'account-1', name: 'host', provider: 'smtp' as const, settings: {}, secret: new Secret({}) };
  const client = {
    slots: 1,
    send: () => Promise.reject(new Error('nothing may reach the wire')),
    check: async () => null,
    close: async () => undefined,
  };
  const stored: OutcomeRow[] = [];
  const committed = Promise.withResolvers<void>();
  const deliver = makeDeliver({
    clock: systemClock,
    ids,
    log,
    random: () => 0.5,
    outcomes: {
      submit: async (row) => {
        stored.push(row);
        return true;
      },
      waiting: 0,
      drained: async () => undefined,
    },
    lineOf: () => ({ account, adapter: smtpAdapter, client, pool: null, treatment: 'as-is' }),
    returnPath: { secretKey: Buffer.alloc(32), hostOf: () => 'returns.test' },
    otherRoute: async () => NOWHERE,
    laneFor: async () => 1,
    signal: () => undefined,
    slowDown: () => undefined,
    waiting: () => undefined,
    carried: () => undefined,
    settled: () => committed.resolve(),
    policies: DEFAULT_HOLD_POLICIES,
    struck: () => undefined,
    ended: () => false,
  });
  const recipient = { id: ids.next(), address: 'anna@mailbox.test', attempts: 0, lease: 1n, refusedBy: [] };
  await deliver({ cost: 1, laneId: 1, routeId: 1, decisionId: null, message, recipients: [recipient] });
  await committed.promise;
  assert.deepEqual(
    stored.map(({ outcome, nextState }) => [outcome, nextState]),
    [['not_sent', 'queued']],
  );
  assert.deepEqual(said, ['hand_over_put_off']);
});
