import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeRows, ids, mailRows } from '../../test/support/mail-rows.ts';
import { makeKeys } from './keys.ts';
import { countMailboxes, failingMailboxes } from './mailbox-health.ts';
import {
  createMailbox,
  findMailbox,
  holdMailboxes,
  releaseMailbox,
  removeMailbox,
  renewMailbox,
  storeMailboxMails,
  updateMailbox,
} from './mailboxes.ts';

const rows = await mailRows();
after(() => closeRows(rows));
const { pool } = rows;
const keys = makeKeys(Buffer.alloc(32, 3));

const made = (name: string) =>
  createMailbox(pool, keys, {
    id: ids.next(),
    name,
    settings: { host: 'imap.test', username: 'u', folder: 'INBOX' },
    secret: { password: 'secret words' },
  });
const mail = (uid: number, text = `Subject: ${uid}\r\n\r\nx`) => ({
  id: ids.next(),
  uid,
  tenantId: null,
  recipientId: null,
  mailFrom: '',
  rcptTo: '',
  raw: Buffer.from(text),
});

async function stored(mailboxId: string): Promise<number> {
  const { rows: found } = await pool.query('select from inbound_mails m join inbound_queue q on q.id = m.id where m.mailbox_id = $1', [
    mailboxId,
  ]);
  return found.length;
}

test('one reader holds a mailbox, the password opens for it, and the place moves with the mails', async () => {
  const { id } = await made('first');
  const [held] = await holdMailboxes(pool, keys, ids.next(), 60);
  assert.deepEqual([held?.id, held?.secret['password'], held?.uidValidity, held?.lastUid], [id, 'secret words', null, 0]);
  assert.deepEqual(await holdMailboxes(pool, keys, ids.next(), 60), [], 'nobody else gets it');
  const { rows: secrets } = await pool.query<{ secret: Buffer }>('select secret from mailboxes where id = $1', [id]);
  assert.ok(!secrets[0]?.secret.includes('secret words'));
  await pool.query('update mailboxes set held_until = null, holder = null where id = $1', [id]);
});

test('mails are stored once, also when the server numbers them anew; a reader that lost its mailbox stores nothing', async () => {
  const { id } = await made('second');
  const holder = ids.next();
  await pool.query(`update mailboxes set holder = $2, held_until = now() + interval '1 minute' where id = $1`, [id, holder]);
  const place = { mailboxId: id, holder, uidValidity: '7', lastUid: 2 };
  assert.equal(await storeMailboxMails(pool, place, [mail(1), mail(2)]), 2);
  assert.equal(
    await storeMailboxMails(pool, { ...place, uidValidity: '8', lastUid: 13 }, [
      mail(11, 'Subject: 1\r\n\r\nx'),
      mail(12, 'Subject: 2\r\n\r\nx'),
      mail(13),
    ]),
    1,
  );
  assert.equal(await storeMailboxMails(pool, { ...place, holder: ids.next() }, [mail(99)]), null);
  assert.equal(await stored(id), 3);
  const { rows: at } = await pool.query(
    'select uid_validity::text as validity, last_uid::int as uid, mails_read::int as mails from mailboxes where id = $1',
    [id],
  );
  assert.deepEqual(at, [{ validity: '8', uid: 13, mails: 3 }]);
  assert.equal(await renewMailbox(pool, id, holder, 60), true);
  await releaseMailbox(pool, id, holder, { inSeconds: 30, error: 'no such host' });
  assert.equal(await renewMailbox(pool, id, holder, 60), false);
  const shown = await findMailbox(pool, id);
  assert.deepEqual([shown?.failures, shown?.last_error, shown?.reading], [1, 'no such host', false]);
});

test('a change takes the mailbox from its reader; another folder is read from its beginning, another name is not', async () => {
  const { id } = await made('third');
  const holder = ids.next();
  await pool.query(
    `update mailboxes set holder = $2, held_until = now() + interval '1 minute', uid_validity = 5, last_uid = 9 where id = $1`,
    [id, holder],
  );
  const validity = async () => (await pool.query('select uid_validity::text as v from mailboxes where id = $1', [id])).rows[0]?.v;
  await updateMailbox(pool, keys, { id, name: 'renamed' });
  assert.deepEqual([await validity(), await renewMailbox(pool, id, holder, 60)], ['5', false]);
  await updateMailbox(pool, keys, { id, settings: { host: 'imap.test', username: 'u', folder: 'INBOX', wait: 'interval' } });
  assert.equal(await validity(), '5');
  await updateMailbox(pool, keys, { id, settings: { host: 'imap.test', username: 'u', folder: 'Bounces' } });
  assert.equal(await validity(), null);
  assert.equal(await removeMailbox(pool, id), true);
  assert.equal(await findMailbox(pool, id), null);
});

test('a mailbox that cannot be read is failing since the first of its failures, until it is read again or changed', async () => {
  const { id } = await made('failing');
  const fail = async (error: string) => {
    const holder = ids.next();
    await pool.query(`update mailboxes set holder = $2, held_until = now() + interval '1 minute' where id = $1`, [id, holder]);
    await releaseMailbox(pool, id, holder, { inSeconds: 30, error });
  };
  const failing = async (forS: number) => (await failingMailboxes(pool, { forS, limit: 9 })).filter((each) => each.id === id);
  const count = async () => (await countMailboxes(pool)).find((each) => each.status === 'failing')?.n ?? 0;
  const others = await count();
  await fail('no such host');
  await pool.query(`update mailboxes set failing_since = now() - interval '20 minutes' where id = $1`, [id]);
  await fail('log-in refused');
  const [told] = await failing(15 * 60);
  assert.deepEqual([told?.name, told?.last_error], ['failing', 'log-in refused']);
  assert.deepEqual(await failing(30 * 60), []);
  assert.equal(await count(), others + 1);
  await updateMailbox(pool, keys, { id, secret: { password: 'another' } });
  assert.equal((await findMailbox(pool, id))?.failing_since, null);
  await fail('log-in refused');
  assert.deepEqual(await failing(15 * 60), [], 'its failures are counted anew');
  assert.equal((await failing(-1)).length, 1);
});
