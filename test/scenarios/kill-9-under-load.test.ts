// This file kills the node (SIGKILL) again and again while mail comes in over both doors and goes out to a smarthost. Whatever was accepted
// arrives, the ledger balances after every start, and what arrives twice is marked as a resend; under `hold` nothing arrives twice.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type SmtpHost, startSmtpHost } from '../fakes/smtp-host.ts';
import { type DeskProcess, startDesk } from '../support/desk.ts';
import { startLoad } from '../support/load.ts';
import { until } from '../support/until.ts';

const KILLS = 3;
/** Connections to the smarthost; each has up to three hand-overs in hand. */
const CONNECTIONS = 2;
const OPEN_MAX = CONNECTIONS * 3;
/**
 * A settler that is killed leaves what it had taken for a minute (store/uncertain.ts): mail has to live longer than that here, or it expires
 * rightly and looks lost.
 */
const ENV = { PACKETBOAT_RETRY_TRANSACTIONAL: '1s 2s; max 10m' };
const QUIET_MS = 180_000;

/** Kills and restarts under load; answers what was accepted. */
async function killUnderLoad(desk: DeskProcess, env: Record<string, string>): Promise<ReadonlySet<string>> {
  const load = startLoad({ bootstrap: () => desk.bootstrap });
  for (let kill = 0; kill < KILLS; kill += 1) {
    const before = load.accepted.size;
    await until(() => load.accepted.size > before + 20, { what: 'mail to flow' });
    // Not a wait for anything: the moment of the kill is meant to be any.
    await delay(Math.random() * 700);
    assert.equal(await desk.kill('SIGKILL'), 'SIGKILL');
    await desk.start(env);
    await desk.ledger();
  }
  await load.stop();
  return load.accepted;
}

/** How often each address arrived. */
function arrivals(host: SmtpHost): Map<string, number> {
  const times = new Map<string, number>();
  for (const { rcptTo } of host.accepted) for (const address of rcptTo) times.set(address, (times.get(address) ?? 0) + 1);
  return times;
}

/** Addresses of the recipients that wait for a person, all of them for this reason. */
async function inDoubt(desk: DeskProcess, reason: string): Promise<ReadonlySet<string>> {
  const { body } = await desk.api('GET', '/v1/recipients?state=held&limit=200');
  const rows: { address: string; reason: string }[] = body.data;
  assert.ok(
    rows.every((row) => row.reason === reason),
    JSON.stringify(rows),
  );
  return new Set(rows.map(({ address }) => address));
}

it('loses nothing; what arrives twice says so', { timeout: 240_000 }, async () => {
  const host = await startSmtpHost();
  after(() => host.close());
  const desk = await startDesk({ after }, { env: ENV });
  await desk.smarthost(host.port, { connections: CONNECTIONS });
  const accepted = await killUnderLoad(desk, ENV);
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
  }
  assert.ok(twice.length <= KILLS * OPEN_MAX, `${twice.length} arrived twice after ${KILLS} kills`);
});

it('sends nothing twice under the policy "hold"; a person decides about what is in doubt', { timeout: 240_000 }, async () => {
  const host = await startSmtpHost();
  after(() => host.close());
  const env = { ...ENV, PACKETBOAT_UNCERTAIN_POLICY: 'hold' };
  const desk = await startDesk({ after }, { env });
  await desk.smarthost(host.port, { connections: CONNECTIONS });
  const accepted = await killUnderLoad(desk, env);
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
