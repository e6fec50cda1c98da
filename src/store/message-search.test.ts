import assert from 'node:assert/strict';
import { test } from 'node:test';
import type pg from 'pg';
import { testDatabase } from '../../test/support/database.ts';
import { systemClock } from '../clock.ts';
import { idMint } from '../ids.ts';
import { countMessages, searchMessages, searchRecipients } from './message-search.ts';
import type { MessageQuery } from './message-window.ts';
import { createTenant } from './tenants.ts';

const ids = idMint(systemClock);

interface Made {
  readonly id: string;
  readonly subject: string;
  readonly recipients: { id: string; address: string; state: string }[];
}

/** Messages as the intake stores them, many in one statement. `make` says subject, stream and recipients of the n-th. */
async function fill(
  pool: pg.Pool,
  tenantId: string,
  count: number,
  make: (n: number) => { subject: string; stream?: string; recipients: { address: string; state: string }[] },
): Promise<Made[]> {
  const made = Array.from({ length: count }, (_, n) => {
    const id = ids.next();
    const given = make(n);
    const recipients = given.recipients.map((recipient) => ({ id: ids.next(), ...recipient }));
    return { id, subject: given.subject, stream: given.stream ?? 'transactional', recipients };
  });
  await pool.query(
    `insert into messages (tenant_id, id, body_id, stream, mail_from, from_address, subject, header_message_id, size, recipient_count, last_recipient_id)
     select $1, id, id, stream, 'a@b.example', 'a@b.example', subject, '<x>', 10, n, last from
       unnest($2::uuid[], $3::stream[], $4::text[], $5::int[], $6::uuid[]) as t(id, stream, subject, n, last)`,
    [
      tenantId,
      made.map((message) => message.id),
      made.map((message) => message.stream),
      made.map((message) => message.subject),
      made.map((message) => message.recipients.length),
      made.map((message) => message.recipients.at(-1)?.id),
    ],
  );
  const rows = made.flatMap((message) =>
    message.recipients.map((recipient) => ({ ...recipient, messageId: message.id, stream: message.stream })),
  );
  await pool.query(
    `insert into recipients (tenant_id, id, message_id, address, stream, state, lane_id, state_at)
     select $1, id, message_id, address, stream, state, 1, now() from
       unnest($2::uuid[], $3::uuid[], $4::text[], $5::stream[], $6::recipient_state[]) as t(id, message_id, address, stream, state)`,
    [
      tenantId,
      rows.map((r) => r.id),
      rows.map((r) => r.messageId),
      rows.map((r) => r.address),
      rows.map((r) => r.stream),
      rows.map((r) => r.state),
    ],
  );
  return made;
}

/** Every page of a search, and how many pages it took. */
async function all(pool: pg.Pool, tenantId: string | null, query: Omit<MessageQuery, 'limit'>, limit = 20) {
  const seen: string[] = [];
  let before: string | null = null;
  let pages = 0;
  do {
    const page: Awaited<ReturnType<typeof searchMessages>> = await searchMessages(pool, tenantId, { ...query, limit, before });
    seen.push(...page.messages.map((message) => message.id));
    before = page.next;
    pages += 1;
  } while (before !== null && pages < 100);
  return { seen, pages };
}

const newestFirst = (made: readonly Made[]) => made.map((message) => message.id).toReversed();

test('Messages are found by address, subject, state, stream and id, newest first, page by page', async (t) => {
  const { pool } = await testDatabase(t);
  const [one, two] = [await createTenant(pool, { id: ids.next(), name: 'One' }), await createTenant(pool, { id: ids.next(), name: 'Two' })];
  const shape = (n: number) => ({
    subject: n % 10 === 0 ? `Regatta 100% ${n}` : `News ${n}`,
    stream: n % 7 === 0 ? 'bulk' : 'transactional',
    recipients: [
      { address: n % 20 === 0 ? 'rare@mailbox.test' : `m${n}@mailbox.test`, state: n % 30 === 0 ? 'held' : 'delivered' },
      { address: 'everybody@mailbox.test', state: 'delivered' },
    ],
  });
  const mine = await fill(pool, one.id, 100, shape);
  const theirs = await fill(pool, two.id, 40, shape);
  const both = [...mine, ...theirs];
  const pick = (made: readonly Made[], test: (message: Made) => boolean) => newestFirst(made.filter(test));

  for (const [scope, made] of [
    [one.id, mine],
    [null, both],
  ] as const) {
    assert.deepEqual((await all(pool, scope, {})).seen, newestFirst(made));
    assert.deepEqual(
      (await all(pool, scope, { address: 'rare@mailbox.test' }, 3)).seen,
      pick(made, (m) => m.recipients[0]?.address === 'rare@mailbox.test'),
    );
    assert.deepEqual((await all(pool, scope, { address: 'everybody@mailbox.test' }, 7)).seen, newestFirst(made));
    assert.deepEqual(
      (await all(pool, scope, { subject: 'REGATTA 100%' }, 4)).seen,
      pick(made, (m) => m.subject.startsWith('Regatta')),
    );
    assert.deepEqual((await all(pool, scope, { subject: '10_%' })).seen, [], 'wildcards stand for themselves');
    assert.deepEqual(
      (await all(pool, scope, { state: 'held' }, 2)).seen,
      pick(made, (m) => m.recipients.some((r) => r.state === 'held')),
    );
    const both = { address: 'rare@mailbox.test', state: 'held' } as const;
    const rareAndHeld = (m: Made) => m.recipients.some((r) => r.state === 'held' && r.address === 'rare@mailbox.test');
    assert.deepEqual((await all(pool, scope, both)).seen, pick(made, rareAndHeld));
    assert.deepEqual((await all(pool, scope, { address: 'nobody@mailbox.test' })).seen, []);
  }
  const bulk = mine.filter((_, n) => n % 7 === 0);
  assert.deepEqual((await all(pool, one.id, { stream: 'bulk' }, 5)).seen, newestFirst(bulk));
  assert.deepEqual((await all(pool, one.id, { id: mine[3]?.id })).seen, [mine[3]?.id]);
  assert.deepEqual((await all(pool, two.id, { id: mine[3]?.id })).seen, []);
  const { messages } = await searchMessages(pool, one.id, { limit: 1, before: null });
  assert.deepEqual(messages[0]?.states, { delivered: 2 });
  assert.equal(messages[0]?.first_recipient, 'm99@mailbox.test');
  assert.equal(messages[0]?.tenant_name, 'One');
});

test('A search looks through a bounded window per page, says where it stopped, and finds what lies behind it', async (t) => {
  const { pool } = await testDatabase(t);
  const tenant = await createTenant(pool, { id: ids.next(), name: 'Large' });
  const made: Made[] = [];
  for (let part = 0; part < 5; part += 1) {
    const chunk = await fill(pool, tenant.id, 5_000, (n) => ({
      subject: part === 0 && n === 7 ? 'the needle' : 'hay',
      recipients: [{ address: 'busy@mailbox.test', state: part === 0 && n === 9 ? 'held' : 'delivered' }],
    }));
    made.push(...chunk);
  }
  const first = await searchMessages(pool, tenant.id, { subject: 'needle', limit: 20, before: null });
  assert.deepEqual(first.messages, []);
  assert.ok(first.next, 'an empty page that goes on');
  const bySubject = await all(pool, tenant.id, { subject: 'needle' });
  assert.deepEqual(bySubject, { seen: [made[7]?.id], pages: 3 });
  const byState = await all(pool, null, { state: 'held' });
  assert.deepEqual(byState, { seen: [made[9]?.id], pages: 3 });
  const busy = await all(pool, tenant.id, { address: 'busy@mailbox.test', state: 'held' });
  assert.deepEqual(busy.seen, [made[9]?.id], 'an address with more rows than can be sorted is found by the window');
  const page = await searchMessages(pool, tenant.id, { address: 'busy@mailbox.test', limit: 5, before: null });
  assert.deepEqual(
    page.messages.map((message) => message.id),
    newestFirst(made).slice(0, 5),
  );
});

test('Recipients are found by state and address, of the newest messages first, page by page', async (t) => {
  const { pool } = await testDatabase(t);
  const tenant = await createTenant(pool, { id: ids.next(), name: 'Club' });
  const made = await fill(pool, tenant.id, 30, (n) => ({
    subject: `News ${n}`,
    recipients: [1, 2, 3].map((k) => ({ address: `m${k}@mailbox.test`, state: k === 2 ? 'bounced' : 'delivered' })),
  }));
  const read = async (query: Omit<MessageQuery, 'limit'>, limit: number) => {
    const seen: string[] = [];
    let before: { messageId: string; recipientId: string } | null = null;
    do {
      const page: Awaited<ReturnType<typeof searchRecipients>> = await searchRecipients(pool, tenant.id, { ...query, limit, before });
      seen.push(...page.recipients.map((recipient) => recipient.id));
      before = page.next;
    } while (before !== null && seen.length < 1_000);
    return seen;
  };
  const everyone = made.flatMap((message) => message.recipients).toReversed();
  assert.deepEqual(
    await read({}, 7),
    everyone.map((recipient) => recipient.id),
  );
  const bounced = everyone.filter((recipient) => recipient.state === 'bounced').map((recipient) => recipient.id);
  assert.deepEqual(await read({ state: 'bounced' }, 4), bounced);
  assert.deepEqual(await read({ address: 'm2@mailbox.test' }, 4), bounced);
  assert.deepEqual(await read({ address: 'm2@mailbox.test', state: 'delivered' }, 4), []);
});

test('Messages are found by who they are from and by what they wait for, page by page', async (t) => {
  const { pool } = await testDatabase(t);
  const [one, two] = [await createTenant(pool, { id: ids.next(), name: 'One' }), await createTenant(pool, { id: ids.next(), name: 'Two' })];
  const shape = (n: number) => ({
    subject: n % 2 === 0 ? 'Regatta' : 'News',
    stream: n % 3 === 0 ? 'bulk' : 'transactional',
    recipients: [{ address: `m${n}@mailbox.test`, state: n < 20 ? 'held' : 'delivered' }],
  });
  const froms = ['Maria@Club.test', 'info@mail.club.test', 'info@otherclub.test', 'maria@gmail.com'];
  const codes = ['domain-not-authenticated', 'key-revoked', '', 'free-mailbox', 'domain-not-authenticated'];
  const mine = await fill(pool, one.id, 60, shape);
  const theirs = await fill(pool, two.id, 40, shape);
  for (const made of [mine, theirs]) {
    await pool.query(
      'update messages m set from_address = t.address from unnest($1::uuid[], $2::text[]) as t(id, address) where m.id = t.id',
      [made.map((message) => message.id), made.map((_, n) => froms[n % 4])],
    );
    await pool.query(
      `insert into held_messages (tenant_id, message_id, stream, from_address, from_domain, code, born_at)
       select m.tenant_id, m.id, m.stream, lower(m.from_address), lower(split_part(m.from_address, '@', 2)), t.code, now()
       from unnest($1::uuid[], $2::text[]) as t(id, code) join messages m on m.id = t.id`,
      [made.slice(0, 20).map((message) => message.id), made.slice(0, 20).map((_, n) => codes[n % 5])],
    );
  }
  const pick = (made: readonly Made[], test: (n: number, message: Made) => boolean) =>
    newestFirst(made.filter((message, n) => test(n, message)));
  const rows: readonly (readonly [query: Omit<MessageQuery, 'limit'>, fits: (n: number) => boolean])[] = [
    [{ sender: 'maria@club.test' }, (n) => n % 4 === 0],
    [{ sender: 'club.test' }, (n) => n % 4 < 2],
    [{ sender: 'club.test', stream: 'bulk' }, (n) => n % 4 < 2 && n % 3 === 0],
    [{ waitsFor: ['domain-not-authenticated'] }, (n) => n < 20 && (n % 5 === 0 || n % 5 === 4)],
    [
      { waitsFor: ['domain-not-authenticated', 'key-revoked'], sender: 'club.test' },
      (n) => n < 20 && [0, 1, 4].includes(n % 5) && n % 4 < 2,
    ],
    [{ waitsFor: ['free-mailbox', ''], subject: 'regatta' }, (n) => n < 20 && (n % 5 === 2 || n % 5 === 3) && n % 2 === 0],
    [{ waitsFor: ['key-revoked'], state: 'held', stream: 'bulk' }, (n) => n < 20 && n % 5 === 1 && n % 3 === 0],
    [{ waitsFor: ['key-revoked'], address: 'm6@mailbox.test' }, (n) => n === 6],
    [{ waitsFor: ['key-revoked'], address: 'm7@mailbox.test' }, () => false],
    [{ waitsFor: ['rewriting-cap'] }, () => false],
    [{ waitsFor: 'anything' }, (n) => n < 20],
    [{ waitsFor: 'anything', sender: 'maria@gmail.com' }, (n) => n < 20 && n % 4 === 3],
  ];
  for (const [query, fits] of rows) {
    const said = JSON.stringify(query);
    for (const limit of [2, 20]) {
      assert.deepEqual((await all(pool, one.id, query, limit)).seen, pick(mine, fits), said);
      assert.deepEqual((await all(pool, null, query, limit)).seen, [...pick(theirs, fits), ...pick(mine, fits)], said);
    }
    const { total } = await countMessages(pool, one.id, { ...query, limit: 1 });
    assert.equal(total, mine.filter((_, n) => fits(n)).length, said);
  }
  assert.deepEqual((await all(pool, one.id, { waitsFor: ['key-revoked'], id: mine[6]?.id })).seen, [mine[6]?.id]);
  assert.deepEqual((await all(pool, two.id, { waitsFor: ['key-revoked'], id: mine[6]?.id })).seen, []);
});
