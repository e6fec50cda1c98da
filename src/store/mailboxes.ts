// This file stores bounce mailboxes with their encrypted secrets, who reads which, and the place each was read to. A mail and the place behind it are committed
// together, so a crash neither loses one nor stores one twice.
import { createHash } from 'node:crypto';
import type pg from 'pg';
import { inTransaction } from './feedback.ts';
import { makeFilters } from './filters.ts';
import type { Keys } from './keys.ts';
import { firstRow, type Plain, plainRow } from './rows.ts';
import type { Queryable } from './scope.ts';

interface MailboxRow {
  readonly id: string;
  readonly name: string;
  readonly settings: Record<string, unknown>;
  readonly state: 'active' | 'paused' | 'removed';
  /** Somebody reads it now. */
  readonly reading: boolean;
  readonly due_at: Date;
  readonly failures: number;
  readonly last_error: string | null;
  readonly last_error_at: Date | null;
  /** Null while it can be read. */
  readonly failing_since: Date | null;
  readonly last_read_at: Date | null;
  readonly mails_read: number;
  readonly created_at: Date;
}

export type Mailbox = Plain<MailboxRow>;

const COLUMNS = `id, name, settings, state, holder is not null and held_until > now() as reading, due_at, failures, last_error, last_error_at, failing_since,
  last_read_at, mails_read::int as mails_read, created_at`;

/** Password, or what access tokens are asked for with. */
export type MailboxSecret = Readonly<Record<string, string>>;

const seal = (keys: Keys, id: string, secret: MailboxSecret) => keys.seal('mailbox-secret', id, JSON.stringify(secret));

/** Throws a unique violation when the name is taken. */
export async function createMailbox(
  db: Queryable,
  keys: Keys,
  mailbox: { id: string; name: string; settings: Readonly<Record<string, unknown>>; secret: MailboxSecret },
): Promise<Mailbox> {
  const { rows } = await db.query<MailboxRow>(
    `insert into mailboxes (id, name, settings, secret) values ($1, $2, $3, $4) returning ${COLUMNS}`,
    [mailbox.id, mailbox.name, JSON.stringify(mailbox.settings), seal(keys, mailbox.id, mailbox.secret)],
  );
  const made = firstRow(rows);
  if (!made) throw new Error('an insert answered no row');
  return made;
}

export async function findMailbox(db: Queryable, id: string): Promise<Mailbox | null> {
  const { rows } = await db.query<MailboxRow>(`select ${COLUMNS} from mailboxes where id = $1 and state <> 'removed'`, [id]);
  return firstRow(rows);
}

/** The secret of a mailbox, for a change that has to look at all of it. */
export async function readMailboxSecret(db: Queryable, keys: Keys, id: string): Promise<MailboxSecret | null> {
  const { rows } = await db.query<{ secret: Buffer }>(`select secret from mailboxes where id = $1 and state <> 'removed'`, [id]);
  return rows[0] ? opened(keys, id, rows[0].secret) : null;
}

function opened(keys: Keys, id: string, secret: Buffer): MailboxSecret {
  // What was sealed here is this object.
  return JSON.parse(keys.open('mailbox-secret', id, secret)) as MailboxSecret;
}

/** In the order they were made. */
export async function listMailboxes(db: Queryable, page: { after: string | null; limit: number }): Promise<Mailbox[]> {
  const filters = makeFilters().add('state <> ?', 'removed').add('id > ?', page.after);
  const { rows } = await db.query<MailboxRow>(
    `select ${COLUMNS} from mailboxes ${filters.where} order by id limit ${filters.param(page.limit)}`,
    filters.values,
  );
  return rows.map(plainRow);
}

/** Changes what is given. Whoever reads it lets go at the next look, and it is read anew at once; another folder or server is read from its beginning. */
export async function updateMailbox(
  db: Queryable,
  keys: Keys,
  change: {
    id: string;
    name?: string | undefined;
    state?: 'active' | 'paused' | undefined;
    settings?: Readonly<Record<string, unknown>> | undefined;
    secret?: MailboxSecret | undefined;
  },
): Promise<Mailbox | null> {
  const { rows } = await db.query<MailboxRow>(
    `update mailboxes set name = coalesce($2, name), state = coalesce($3, state), secret = coalesce($5, secret),
       uid_validity = case when $4::jsonb is null or ($4::jsonb->'host', $4::jsonb->'username', $4::jsonb->'folder')
         is not distinct from (settings->'host', settings->'username', settings->'folder') then uid_validity end,
       settings = coalesce($4::jsonb, settings), holder = null, held_until = null, due_at = now(), failures = 0, last_error = null, failing_since = null
     where id = $1 and state <> 'removed' returning ${COLUMNS}`,
    [
      change.id,
      change.name ?? null,
      change.state ?? null,
      change.settings ? JSON.stringify(change.settings) : null,
      change.secret === undefined ? null : seal(keys, change.id, change.secret),
    ],
  );
  return firstRow(rows);
}

/** Its row stays, because mails name it; its name becomes free, and its secret is gone. */
export async function removeMailbox(db: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `with gone as (
       update mailboxes set state = 'removed', name = left(name, 150) || ' (removed ' || id || ')', secret = '', holder = null
       where id = $1 and state <> 'removed' returning id
     ), forgotten as (
       delete from mailbox_mails m using gone where m.mailbox_id = gone.id
     ), tokens as (
       delete from access_tokens t using gone where t.owner_id = gone.id
     )
     select from gone`,
    [id],
  );
  return rowCount === 1;
}

export interface HeldMailbox {
  readonly id: string;
  readonly settings: Record<string, unknown>;
  readonly secret: MailboxSecret;
  /** Null: it was never read, or everything about it is new. */
  readonly uidValidity: string | null;
  readonly lastUid: number;
  readonly failures: number;
}

/** Takes due mailboxes that nobody reads, for `holder` and so many seconds. */
export async function holdMailboxes(pool: pg.Pool, keys: Keys, holder: string, seconds: number): Promise<HeldMailbox[]> {
  const { rows } = await pool.query<Omit<HeldMailbox, 'secret'> & { secret: Buffer }>(
    `update mailboxes set holder = $1, held_until = now() + $2 * interval '1 second'
     where id in (select id from mailboxes where state = 'active' and due_at <= now() and (held_until is null or held_until < now())
       order by due_at for update skip locked)
     returning id, settings, secret, uid_validity::text as "uidValidity", last_uid::int8::float8 as "lastUid", failures`,
    [holder, seconds],
  );
  return rows.map((row) => ({ ...row, secret: opened(keys, row.id, row.secret) }));
}

/** True while the mailbox is still ours and as we know it. Notes that it was read without trouble. */
export async function renewMailbox(pool: pg.Pool, id: string, holder: string, seconds: number): Promise<boolean> {
  const { rowCount } = await pool.query(
    `update mailboxes set held_until = now() + $3 * interval '1 second', last_read_at = now(), failures = 0, last_error = null, failing_since = null
     where id = $1 and holder = $2 and state = 'active'`,
    [id, holder, seconds],
  );
  return rowCount === 1;
}

/** Keeps a mailbox while a batch takes its time. */
export async function keepMailbox(pool: pg.Pool, id: string, holder: string, seconds: number): Promise<void> {
  await pool.query(`update mailboxes set held_until = now() + $3 * interval '1 second' where id = $1 and holder = $2`, [
    id,
    holder,
    seconds,
  ]);
}

/** Lets go of a mailbox until it is due again; an error is shown with it. */
export async function releaseMailbox(
  pool: pg.Pool,
  id: string,
  holder: string,
  next: { inSeconds: number; error: string | null },
): Promise<void> {
  await pool.query(
    `update mailboxes set holder = null, held_until = null, due_at = now() + $3 * interval '1 second',
       failures = case when $4::text is null then failures else failures + 1 end, last_error = coalesce($4, last_error),
       last_error_at = case when $4::text is null then last_error_at else now() end,
       failing_since = case when $4::text is null then failing_since else coalesce(failing_since, now()) end
     where id = $1 and holder = $2`,
    [id, holder, next.inSeconds, next.error],
  );
}

export interface MailboxMail {
  readonly id: string;
  readonly uid: number;
  readonly tenantId: string | null;
  readonly recipientId: string | null;
  readonly mailFrom: string;
  readonly rcptTo: string;
  readonly raw: Buffer;
}

/** Digests are kept as long as mails may stay in a mailbox that is renumbered. Days. */
const DIGESTS_KEPT_DAYS = 400;

/**
 * Stores mails and the place behind them in one transaction. Answers how many were new, or null when the mailbox is no longer ours: then nothing was stored.
 */
export async function storeMailboxMails(
  pool: pg.Pool,
  place: { mailboxId: string; holder: string; uidValidity: string; lastUid: number },
  mails: readonly MailboxMail[],
): Promise<number | null> {
  return inTransaction(pool, async (client) => {
    const ours = await client.query('select from mailboxes where id = $1 and holder = $2 for update', [place.mailboxId, place.holder]);
    if (ours.rowCount !== 1) return null;
    let stored = 0;
    for (const mail of mails) {
      const fresh = await client.query('insert into mailbox_mails (mailbox_id, digest) values ($1, $2) on conflict do nothing', [
        place.mailboxId,
        createHash('sha256').update(mail.raw).digest(),
      ]);
      if (fresh.rowCount !== 1) continue;
      await client.query(
        `with mail as (
           insert into inbound_mails (id, tenant_id, recipient_id, mail_from, rcpt_to, raw, mailbox_id) values ($1, $2, $3, $4, $5, $6, $7) returning id
         ) insert into inbound_queue (id) select id from mail`,
        [mail.id, mail.tenantId, mail.recipientId, mail.mailFrom, mail.rcptTo, mail.raw, place.mailboxId],
      );
      stored += 1;
    }
    await client.query(
      'update mailboxes set uid_validity = $2, last_uid = $3, mails_read = mails_read + $4, last_read_at = now() where id = $1',
      [place.mailboxId, place.uidValidity, place.lastUid, stored],
    );
    return stored;
  });
}

export async function forgetMailboxDigests(pool: pg.Pool): Promise<void> {
  await pool.query(`delete from mailbox_mails where stored_at < now() - interval '${DIGESTS_KEPT_DAYS} days'`);
}
