// This file kills the desk while it lets held mail go: a club's mailing waited for the club's consent, the consent is taken back and given again in between, and the desk is
// killed twice. Every message leaves once, what must not go any more does not, and the ledger balances after every start.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import pg from 'pg';
import { startSmtpHost } from '../fakes/smtp-host.ts';
import { inReverse, startDesk } from '../support/desk.ts';
import { until } from '../support/until.ts';

const MESSAGES = 600;
const FROM = 'maria@gmail.com';
/** A kill in the middle of a resend leaves mail in doubt a second time; a person decides about that. */
const IN_DOUBT = "(state = 'held' and reason = 'uncertain-twice')";
const ENV = {
  PACKETBOAT_REWRITE_DOMAIN: 'club-mail.test',
  PACKETBOAT_DNS_SERVERS: '127.0.0.1:1',
  PACKETBOAT_SIMULATOR: 'off',
  // As long as the test may last, and shorter than what is made to be too old in it.
  PACKETBOAT_RETRY_TRANSACTIONAL: '1s 2s; max 60m',
};

it('lets everything go once, though it is killed in the middle and the reason comes back', { timeout: 600_000 }, async () => {
  const end = inReverse({ after });
  const host = await startSmtpHost();
  end.after(() => host.close());
  const desk = await startDesk(end, { env: ENV });
  await desk.route([await desk.smarthost(host.port, { connections: 2 })]);
  const club = await desk.tenant('Rowing Club');
  const put = async (body: object) => assert.equal((await desk.api('PUT', `/v1/tenants/${club.id}/rewriting`, body)).status, 200);
  await desk.api('POST', `/v1/tenants/${club.id}/senders`, { address: FROM });
  await put({ allowed: true, daily_cap: MESSAGES });
  const handIn = (n: number) => desk.hand({ from: FROM, to: `m${n}@home.test`, subject: 'Regatta', text: 'We start at nine.' }, club.key);
  const handed: string[] = [];
  for (let n = 0; n < MESSAGES; n += 20) {
    const batch = await Promise.all(Array.from({ length: 20 }, (_, index) => handIn(n + index)));
    handed.push(...batch.map(({ id }) => id));
  }
  const reset = handed[0] ?? '';
  const database = new pg.Client({ connectionString: desk.databaseUrl });
  await database.connect();
  end.after(() => database.end());
  const count = async (where: string) => {
    const { rows } = await database.query(`select count(*)::int as n from recipients where tenant_id = $1 and ${where}`, [club.id]);
    return rows[0].n as number;
  };
  assert.equal(await count("state = 'held' and reason = 'rewriting-not-agreed'"), MESSAGES);
  const noted = async () => (await database.query('select count(*)::int as n from held_messages')).rows[0].n as number;
  await until(async () => (await noted()) === MESSAGES, { what: 'the held messages to be written down' });
  // A password reset of two hours ago.
  await database.query("update held_messages set born_at = born_at - interval '2 hours' where message_id = $1", [reset]);
  await until(async () => (await count("state = 'expired'")) === 1, { what: 'the message that is too old to expire' });

  await put({ consented: true });
  await until(async () => (await count("state <> 'held'")) > 100, { what: 'the release to be under way', everyMs: 5 });
  await desk.kill('SIGKILL');
  await desk.start(ENV);
  await desk.ledger();
  // The reason comes back, with some of it on the way; then it ends for good, and the desk dies once more.
  await put({ consented: false });
  await put({ consented: true });
  await desk.kill('SIGKILL');
  await desk.start(ENV);

  await until(async () => (await count(`state = 'handed_over' or ${IN_DOUBT}`)) === MESSAGES - 1, {
    what: 'everything to be handed over',
    withinMs: 300_000,
  });
  const ledger = await desk.quiet();
  const doubt = await count(IN_DOUBT);
  assert.deepEqual(
    [ledger.injected, ledger.states.handed_over + doubt, ledger.states.held, ledger.states.expired],
    [MESSAGES, MESSAGES - 1, doubt, 1],
  );
  await until(async () => (await noted()) === 0, { what: 'nothing to wait any more' });
  const times = new Map<string, number>();
  for (const { rcptTo } of host.accepted) for (const address of rcptTo) times.set(address, (times.get(address) ?? 0) + 1);
  assert.ok(times.size <= MESSAGES - 1 && times.size >= MESSAGES - 1 - doubt, `${times.size} arrived`);
  assert.ok(!times.has('m0@home.test'), 'the old password reset did not go out');
  const { rows: resent } = await database.query('select address from recipients where marks & 16 <> 0');
  const twice = [...times].filter(([, n]) => n > 1).map(([address]) => address);
  // Two hand-overs that the kills cut off may be repeated, which is said; a release repeats nothing.
  assert.ok(
    twice.every((address) => resent.some((row) => row.address === address)),
    `${twice} arrived twice without a mark`,
  );
  const { rows: released } = await database.query(
    `select e.recipient_id, count(*) filter (where e.type = 'released')::int as released, count(*) filter (where e.type = 'held')::int as held
     from events e where e.tenant_id = $1 group by 1 having count(*) filter (where e.type = 'released') <> count(*) filter (where e.type = 'held' and e.data ->> 'code' is null and e.data ->> 'reason' not like 'uncertain%')`,
    [club.id],
  );
  assert.deepEqual(
    released.map((row) => row.released),
    [0],
    'each time it was held it was let go once; only the old one never was',
  );
  const shown = await desk.message(handed[1] ?? '');
  const [recipient] = shown.recipients;
  assert.equal(recipient?.events.find((event) => event.type === 'released')?.data?.['why'], 'consent-given');
  const [old] = (await desk.message(reset)).recipients;
  assert.deepEqual([old?.state, old?.events.at(-1)?.data?.['held_for']], ['expired', 'rewriting-not-agreed']);
});
