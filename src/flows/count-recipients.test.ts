import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_HOLD_POLICIES } from '../../test/support/hold-policies.ts';
import { ids, type MailRows, mailRows } from '../../test/support/mail-rows.ts';
import { fc } from '../../test/support/property.ts';
import type { RecipientState } from '../delivery/states.ts';
import type { EventType, FeedbackClass } from '../feedback/vocabulary.ts';
import { silentLog } from '../log.ts';
import { makeIntake } from '../store/intake.ts';
import { ensureLane } from '../store/lanes.ts';
import { compactCounters, readLedger } from '../store/ledger.ts';
import { cancelRecipients } from '../store/manage-recipients.ts';
import { makeOutcomes, type OutcomeRow } from '../store/outcomes.ts';
import { settleUncertain } from '../store/uncertain.ts';
import { makeConsumeEvents } from './consume-events.ts';
import { countRecipients } from './count-recipients.ts';
import { type Heard, makeRecordFeedback } from './record-feedback.ts';

const SAID: readonly (readonly [EventType, FeedbackClass | null])[] = [
  ['delivered', null],
  ['bounced', 'invalid-recipient'],
  ['bounced', 'mailbox-full'],
  ['bounced', null],
  ['rejected', 'ip-reputation'],
  ['failed', null],
  ['deferred', 'greylist'],
  ['complained', 'complaint'],
  ['unsubscribed', null],
];
const CAME: readonly (readonly [RecipientState, string, FeedbackClass | null])[] = [
  ['handed_over', 'handed_over', null],
  ['bounced', 'bounced', 'inactive-mailbox'],
  ['failed', 'failed', 'content'],
  ['failed', 'failed', 'operator'],
  ['expired', 'expired', 'greylist'],
  ['uncertain', 'uncertain', null],
];
const RECIPIENTS = 4;

const who = fc.nat(RECIPIENTS - 1);
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('outcome' as const), who, what: fc.nat(CAME.length - 1), route: fc.nat(1) }) },
  // A small number for the event's own id makes repetitions.
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('say' as const), who, what: fc.nat(SAID.length - 1), key: fc.nat(2), agoMs: fc.nat(9_999) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('settle' as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('consume' as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('compact' as const), who }) },
);

test('Rollups equal a recount of the rows, after any events in any order, early, late and twice', async (t) => {
  const rows = await mailRows(t, { alone: true });
  t.after(() => rows.db.close());
  const { pool, db, tenantId } = rows;
  const lanes = [
    rows.lane,
    await ensureLane(pool, { tenantId, stream: 'transactional', mailboxProvider: 'google', routeId: rows.routeId }),
  ];
  const routes = [rows.routeId, await anotherRoute(rows)];
  const intake = makeIntake(db.hot);
  const outcomes = makeOutcomes(db.hot);
  const record = makeRecordFeedback({ hot: db.hot, ids, nowMs: () => Date.now(), policies: DEFAULT_HOLD_POLICIES });
  const consume = makeConsumeEvents({
    pool,
    clock: { monotonicMs: () => 0 },
    log: silentLog,
    consumers: [countRecipients],
    limits: { pageRows: 3 },
  });
  await pool.query(
    "insert into suppressions (tenant_id, id, address, reason, source) values ($1, $2, 'held@mailbox.test', 'manual', 'api')",
    [tenantId, ids.next()],
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
      const message = rows.message(
        { fromAddress: 'Office@Club.test' },
        Array.from({ length: RECIPIENTS }, (_, n) => ({
          address: n === 0 ? 'held@mailbox.test' : `r${n}@mailbox.test`,
          state: 'submitting',
          lease: 7n,
          dueAtMs: null,
          laneId: lanes[n % 2]?.id ?? 0,
        })),
      );
      await intake.submit(message);
      for (const each of steps) {
        const recipient = message.recipients[each.who] ?? assert.fail();
        if (each.do === 'outcome') {
          const [nextState, eventType, cls] = CAME[each.what] ?? assert.fail();
          const came = { nextState, eventType, class: cls, routeId: routes[each.route] ?? 0 };
          await outcomes.submit(outcome({ tenantId, messageId: message.id, recipientId: recipient.id, address: recipient.address }, came));
        } else if (each.do === 'say') {
          const [type, cls] = SAID[each.what] ?? assert.fail();
          const heard = { type, class: cls, key: `${recipient.id} ${type} ${each.key}`, atMs: Date.now() - each.agoMs };
          await record([say(rows.accountId, recipient.id, heard)]);
        } else if (each.do === 'settle') {
          const settled = { recipientId: recipient.id, state: 'handed_over', reason: null, resend: false, eventId: ids.next() } as const;
          await settleUncertain(pool, settled);
        } else if (each.do === 'cancel') {
          const eventIds = (n: number) => Array.from({ length: n }, () => ids.next());
          await cancelRecipients(pool, tenantId, message.id, { from: ['uncertain'], actor: 'test', eventIds });
        } else if (each.do === 'compact') {
          // As if the hour were over: what compaction moves must be counted once.
          await pool.query(
            "update intake_counters set hour = hour - interval '1 hour' where lane_id is not null and hour = date_trunc('hour', now())",
          );
          await compactCounters(pool);
        } else await consume();
      }
      while ((await consume()) > 0);
      assert.deepEqual(await rolledUp(rows), await recounted(rows));
      assert.deepEqual(await rolledUpClasses(rows), await recountedClasses(rows));
      assert.deepEqual(await rolledUpMarks(rows), await recountedMarks(rows));
      assert.equal(await accepted(rows), (await readLedger(pool, tenantId)).injected);
    }),
    { numRuns: 60 },
  );
});

async function anotherRoute({ pool }: MailRows): Promise<number> {
  const accountId = ids.next();
  await pool.query(
    `insert into provider_accounts (id, name, provider, secret, webhook_token, webhook_password) values ($1, 'second', 'sparkpost', '', $2, '')`,
    [accountId, accountId],
  );
  const { rows } = await pool.query<{ id: number }>(
    `with p as (insert into pools (id, account_id) values ($1, $2) returning id, account_id)
     insert into routes (account_id, pool_id) select account_id, id from p returning id`,
    [ids.next(), accountId],
  );
  return rows[0]?.id ?? assert.fail();
}

function outcome(
  about: Pick<OutcomeRow, 'tenantId' | 'messageId' | 'recipientId' | 'address'>,
  came: { nextState: RecipientState; eventType: string; class: FeedbackClass | null; routeId: number },
): OutcomeRow {
  const { class: cls, routeId } = came;
  return {
    ...about,
    ...came,
    lease: 7n,
    dueAtMs: null,
    laneId: null,
    reason: came.nextState === 'expired' ? 'expired' : cls,
    marks: 0,
    attemptId: ids.next(),
    attemptNumber: 1,
    decisionId: null,
    outcome: came.nextState === 'handed_over' ? 'handed_over' : 'refused',
    reply: '',
    providerMessageId: null,
    startedMs: Date.now(),
    endedMs: Date.now(),
    eventId: ids.next(),
    eventData: JSON.stringify({ account: 'x', route: routeId, ...(cls === null ? {} : { class: cls }) }),
    accountId: null,
    strike: null,
  };
}

function say(
  accountId: string,
  recipientId: string,
  said: { type: EventType; class: FeedbackClass | null; key: string; atMs: number },
): Heard {
  return {
    event: {
      type: said.type,
      recipient: null,
      atMs: said.atMs,
      providerEventId: said.key,
      providerMessageId: null,
      recipientId: null,
      class: said.class,
      fault: null,
      hard: false,
      suppress: false,
      diagnostic: null,
      providerLabel: null,
      rule: null,
      detail: {},
    },
    accountId,
    source: 'host',
    proven: true,
    recipientId,
  };
}

const STATES = ['handed_over', 'delivered', 'bounced', 'failed', 'expired', 'suppressed', 'cancelled'] as const;
const FROM_ROWS = `from recipients r join messages m on m.id = r.message_id join lanes l on l.id = r.lane_id left join routes w on w.id = r.route_id`;
const KEY_OF_ROW = `r.tenant_id, date_trunc('hour', to_timestamp(('x' || translate(substring(m.id::text from 1 for 13), '-', ''))::bit(48)::int8 / 1000.0)),
  r.stream, 'club.test', l.mailbox_provider, w.account_id`;
const KEY = 'tenant_id, hour, stream, domain, mailbox_provider, account_id';

async function recounted({ pool }: MailRows): Promise<unknown[]> {
  const { rows } = await pool.query({
    rowMode: 'array',
    text: `select ${KEY_OF_ROW}, ${STATES.map((state) => `count(*) filter (where r.state = '${state}')::int`).join(', ')}
      ${FROM_ROWS} where r.state = any ('{${STATES.join(',')}}'::recipient_state[]) group by 1, 2, 3, 4, 5, 6 order by 1, 2, 3, 4, 5, 6`,
  });
  return rows;
}

async function rolledUp({ pool }: MailRows): Promise<unknown[]> {
  const { rows } = await pool.query({
    rowMode: 'array',
    text: `select ${KEY}, ${STATES.join(', ')} from rollups where ${STATES.map((each) => `${each} <> 0`).join(' or ')} order by 1, 2, 3, 4, 5, 6`,
  });
  return rows;
}

/** Without the account: a mark that comes before its hand-over ended stands under the account that was meant then. */
async function recountedMarks({ pool }: MailRows): Promise<unknown[]> {
  const { rows } = await pool.query(
    `select l.mailbox_provider, count(*) filter (where r.marks & 1 > 0)::int as complained, count(*) filter (where r.marks & 8 > 0)::int as unsubscribed
     ${FROM_ROWS} where r.marks & 9 > 0 group by 1 order by 1`,
  );
  return rows;
}

async function rolledUpMarks({ pool }: MailRows): Promise<unknown[]> {
  const { rows } = await pool.query(
    `select mailbox_provider, sum(complained)::int as complained, sum(unsubscribed)::int as unsubscribed from rollups
     where complained <> 0 or unsubscribed <> 0 group by 1 order by 1`,
  );
  return rows;
}

async function recountedClasses({ pool }: MailRows): Promise<unknown[]> {
  const { rows } = await pool.query({
    rowMode: 'array',
    text: `select ${KEY_OF_ROW}, r.state::text, r.reason, count(*)::int ${FROM_ROWS} where r.state in ('bounced', 'failed')
      group by 1, 2, 3, 4, 5, 6, 7, 8 order by 1, 2, 3, 4, 5, 6, 7, 8`,
  });
  return rows;
}

async function rolledUpClasses({ pool }: MailRows): Promise<unknown[]> {
  const { rows } = await pool.query({
    rowMode: 'array',
    text: `select ${KEY}, measure, class, recipients from rollup_classes where recipients <> 0 order by 1, 2, 3, 4, 5, 6, 7, 8`,
  });
  return rows;
}

async function accepted({ pool }: MailRows): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(
    'select (select coalesce(sum(accepted), 0) from rollups)::int + (select coalesce(sum(injected), 0) from intake_counters where lane_id is not null)::int as n',
  );
  return rows[0]?.n ?? 0;
}
