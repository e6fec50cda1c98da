// This file kills the node (SIGKILL) again and again while mail comes in over both doors and goes out to a smarthost. Whatever was accepted
// arrives, the ledger balances after every start, and what arrives twice was on the wire at a kill and is marked as a resend; under `hold` nothing arrives twice.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { type SmtpHost, startSmtpHost } from '../fakes/smtp-host.ts';
import { testDatabase } from '../support/database.ts';
import { type DeskProcess, inReverse, startDesk } from '../support/desk.ts';
import { startLoad } from '../support/load.ts';
import { until } from '../support/until.ts';

const KILLS = 3;
const CONNECTIONS = 2;
/**
 * A settler that is killed leaves what it had taken for a minute (store/uncertain.ts): mail has to live longer than that here, or it expires
 * rightly and looks lost.
 */
const ENV = { PACKETBOAT_RETRY_TRANSACTIONAL: '1s 2s; max 60m' };
const QUIET_MS = 300_000;

interface Killed {
  readonly accepted: ReadonlySet<string>;
  /** Addresses whose hand-over nobody had written down the end of when the node died: only these may arrive twice. */
  readonly onTheWire: ReadonlySet<string>;
}

/** A desk with a smarthost and a look into its database, killed and started again under load until the load is over. */
async function killUnderLoad(env: Record<string, string>): Promise<Killed & { readonly desk: DeskProcess; readonly host: SmtpHost }> {
  const end = inReverse({ after });
  const host = await startSmtpHost();
  end.after(() => host.close());
  const { url, pool } = await testDatabase(end);
  const desk = await startDesk(end, { env, database: { url } });
  await desk.smarthost(host.port, { connections: CONNECTIONS });
  return { desk, host, ...(await kills(desk, env, pool)) };
}

async function kills(desk: DeskProcess, env: Record<string, string>, pool: pg.Pool): Promise<Killed> {
  const load = startLoad({ bootstrap: () => desk.bootstrap });
  const onTheWire = new Set<string>();
  for (let kill = 0; kill < KILLS; kill += 1) {
    const before = load.accepted.size;
    await until(() => load.accepted.size > before + 20, { what: 'mail to flow' });
    // Not a wait for anything: the moment of the kill is meant to be any.
    await delay(Math.random() * 700);
    assert.equal(await desk.kill('SIGKILL'), 'SIGKILL');
    const { rows } = await pool.query<{ address: string }>("select address from recipients where state = 'submitting'");
    for (const { address } of rows) onTheWire.add(address);
    await desk.start(env);
    await desk.ledger();
  }
  await load.stop();
  return { accepted: load.accepted, onTheWire };
}

/** How often each address arrived. */
function arrivals(host: SmtpHost): Map<string, number> {
  const times = new Map<string, number>();
  for (const { rcptTo } of host.accepted) for (const address of rcptTo) times.set(address, (times.get(address) ?? 0) + 1);
  return times;
}

/** Addresses of the recipients that wait for a person, all of them for this reason. */
async function inDoubt(desk: DeskProcess, reason: string): Promise<ReadonlySet<string>> {
  const rows: { address: string; reason: string }[] = [];
  for (let next: string | null = ''; next !== null; ) {
    const { body } = await desk.api('GET', `/v1/recipients?state=held${next && `&after=${encodeURIComponent(next)}`}`);
    rows.push(...body.data);
    next = body.next;
  }
  assert.ok(
    rows.every((row) => row.reason === reason),
    JSON.stringify(rows),
  );
  return new Set(rows.map(({ address }) => address));
}

it('loses nothing; what arrives twice says so', { timeout: 600_000 }, async () => {
  const { desk, host, accepted, onTheWire } = await killUnderLoad(ENV);
  const ledger = await desk.quiet(QUIET_MS);
  const times = arrivals(host);
  // A kill in the middle of a resend leaves mail in doubt a second time; a person decides about that, and nothing else may be missing.
  const stated = await inDoubt(desk, 'uncertain-twice');
  assert.equal(stated.size, ledger.states.held, JSON.stringify(ledger.states));
  const lost = [...accepted].filter((address) => !times.has(address) && !stated.has(address));
  assert.deepEqual(lost, [], JSON.stringify(ledger.states));
  assert.equal(ledger.states.handed_over + ledger.states.held, ledger.injected, JSON.stringify(ledger.states));
  const twice = [...times].filter(([, n]) => n > 1);
  for (const [address, n] of twice) {
    assert.equal(n, 2, `${address} arrived ${n} times`);
    const { body } = await desk.api('GET', `/v1/recipients?address=${encodeURIComponent(address)}`);
    assert.ok(body.data[0]?.marks.includes('resent'), `${address} arrived twice without a mark: ${JSON.stringify(body.data)}`);
    assert.ok(onTheWire.has(address), `${address} arrived twice, and was in nobody's hands when the node was killed`);
  }
});

it('sends nothing twice under the policy "hold"; a person decides about what is in doubt', { timeout: 600_000 }, async () => {
  const { desk, host, accepted } = await killUnderLoad({ ...ENV, PACKETBOAT_UNCERTAIN_POLICY: 'hold' });
  const ledger = await desk.quiet(QUIET_MS);
  const times = arrivals(host);
  assert.deepEqual(
    [...times].filter(([, n]) => n > 1),
    [],
  );
  assert.equal(ledger.states.handed_over + ledger.states.held, ledger.injected, JSON.stringify(ledger.states));
  const stated = await inDoubt(desk, 'uncertain');
  assert.deepEqual(
    [...accepted].filter((address) => !times.has(address) && !stated.has(address)),
    [],
  );
});
