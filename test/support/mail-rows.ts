// This file makes rows for store tests: a tenant with an account, a route and a lane, and messages as the intake takes them.
import type pg from 'pg';
import { systemClock } from '../../src/clock.ts';
import { idMint, idTimeMs } from '../../src/ids.ts';
import { silentLog } from '../../src/log.ts';
import { type Db, openDb } from '../../src/store/db.ts';
import type { IntakeMessage, IntakeRecipient } from '../../src/store/intake.ts';
import { ensureLane, type Lane } from '../../src/store/lanes.ts';
import { ensurePartitions } from '../../src/store/partitions.ts';
import { type Teardown, type TestDatabase, type TestDatabaseOptions, testDatabase } from './database.ts';

export const ids = idMint(systemClock);

export interface MailRows {
  readonly db: Db;
  readonly pool: pg.Pool;
  readonly tenantId: string;
  readonly accountId: string;
  readonly routeId: number;
  readonly lane: Lane;
  message(change?: Partial<Omit<IntakeMessage, 'recipients'>>, recipients?: readonly Partial<IntakeRecipient>[]): IntakeMessage;
}

const HOUR_MS = 3_600_000;

/** A database with one tenant, one account and one lane; partitions of this week included. */
export async function mailRows(t?: Teardown, options: TestDatabaseOptions = {}): Promise<MailRows> {
  return mailRowsIn(await testDatabase(t, options));
}

/** The same in a migrated database that is there. */
export async function mailRowsIn({ url, pool }: TestDatabase): Promise<MailRows> {
  const db = openDb(url, silentLog);
  await ensurePartitions(pool, Date.now());
  const tenantId = ids.next();
  await pool.query("insert into tenants (id, name) values ($1, 'Rowing Club')", [tenantId]);
  const accountId = ids.next();
  await pool.query(
    `insert into provider_accounts (id, name, provider, secret, webhook_token, webhook_password) values ($1, 'host', 'smtp', '', $2, '')`,
    [accountId, accountId],
  );
  const { rows } = await pool.query<{ id: number }>(
    `with p as (insert into pools (id, account_id) values ($1, $2) returning id, account_id)
     insert into routes (account_id, pool_id) select account_id, id from p returning id`,
    [ids.next(), accountId],
  );
  const routeId = rows[0]?.id ?? 0;
  const lane = await ensureLane(pool, { tenantId, stream: 'transactional', mailboxProvider: 'other', routeId });
  return {
    db,
    pool,
    tenantId,
    accountId,
    routeId,
    lane,
    message(change = {}, recipients = [{}]) {
      const id = ids.next();
      return {
        tenantId,
        id,
        credentialId: null,
        stream: 'transactional',
        mailFrom: 'office@club.test',
        fromAddress: 'office@club.test',
        subject: 'Regatta',
        headerMessageId: `<${id}@club.test>`,
        flags: 0,
        tags: [],
        metadata: null,
        sendAtMs: null,
        raw: Buffer.from(`From: office@club.test\r\nSubject: Regatta\r\n\r\nWe start at nine.\r\n`),
        hourMs: Math.floor(idTimeMs(id) / HOUR_MS) * HOUR_MS,
        idempotency: null,
        ...change,
        recipients: recipients.map((each, index) => ({
          id: ids.next(),
          address: `member${index}@mailbox.test`,
          state: 'queued',
          laneId: lane.id,
          dueAtMs: Date.now() - 1_000,
          lease: null,
          routeId,
          decisionId: null,
          reason: null,
          eventId: ids.next(),
          ...each,
        })),
      };
    },
  };
}

/** Closes what `mailRows` opened beside the database. */
export async function closeRows(rows: MailRows): Promise<void> {
  await rows.db.close();
}
