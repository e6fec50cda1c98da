// This file kills the node (SIGKILL) again and again while mail comes in over both doors and goes out to a smarthost. Whatever was accepted
// arrives, the ledger balances after every start, and what arrives twice is marked as a resend; under `hold` nothing arrives twice.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type SmtpHost, startSmtpHost } from '../fakes/smtp-host.ts';
import { type DeskProcess, startDesk } from '../support/desk.ts';
import { startLoad } from '../support/load.ts';

const KILLS = 3;
/** Connections to the smarthost; each has up to three hand-overs in hand. */
const CONNECTIONS = 2;
const OPEN_MAX = CONNECTIONS * 3;

/** Kills and restarts under load; answers what was accepted. */
async function killUnderLoad(desk: DeskProcess, env: Record<string, string>): Promise<ReadonlySet<string>> {
  const load = startLoad({ bootstrap: () => desk.bootstrap });
  for (let kill = 0; kill < KILLS; kill += 1) {
    // Not a wait for anything: the moment of the kill is meant to be any.
    await delay(300 + Math.random() * 700);
    assert.equal(await desk.kill('SIGKILL'), 'SIGKILL');
    await desk.start(env);
    await desk.ledger();
  }
  await load.stop();
  assert.ok(load.accepted.size > 50, `only ${load.accepted.size} messages were accepted`);
  return load.accepted;
}

/** How often each address arrived. */
function arrivals(host: SmtpHost): Map<string, number> {
  const times = new Map<string, number>();
  for (const { rcptTo } of host.accepted) for (const address of rcptTo) times.set(address, (times.get(address) ?? 0) + 1);
  return times;
}

it('loses nothing; what arrives twice says so', { timeout: 120_000 }, async () => {
  const host = await startSmtpHost();
  after(() => host.close());
  const desk = await startDesk({ after });
  await desk.smarthost(host.port, { connections: CONNECTIONS });
  const accepted = await killUnderLoad(desk, {});
  const ledger = await desk.quiet(60_000);
  const times = arrivals(host);
  const lost = [...accepted].filter((address) => !times.has(address));
  assert.deepEqual(lost, []);
  assert.equal(ledger.states.handed_over, ledger.injected, JSON.stringify(ledger.states));
  const twice = [...times].filter(([, n]) => n > 1);
  for (const [address, n] of twice) {
    assert.equal(n, 2, `${address} arrived ${n} times`);
    const { body } = await desk.api('GET', `/v1/recipients?address=${encodeURIComponent(address)}`);
    assert.ok(body.data[0]?.marks.includes('resent'), `${address} arrived twice without a mark: ${JSON.stringify(body.data)}`);
  }
  assert.ok(twice.length <= KILLS * OPEN_MAX, `${twice.length} arrived twice after ${KILLS} kills`);
});

it('sends nothing twice under the policy "hold"; a person decides about what is in doubt', { timeout: 120_000 }, async () => {
  const host = await startSmtpHost();
  after(() => host.close());
  const env = { PACKETBOAT_UNCERTAIN_POLICY: 'hold' };
  const desk = await startDesk({ after }, { env });
  await desk.smarthost(host.port, { connections: CONNECTIONS });
  const accepted = await killUnderLoad(desk, env);
  const ledger = await desk.quiet(60_000);
  const times = arrivals(host);
  assert.deepEqual(
    [...times].filter(([, n]) => n > 1),
    [],
  );
  assert.equal(ledger.states.handed_over + ledger.states.held, ledger.injected, JSON.stringify(ledger.states));
  const missing = [...accepted].filter((address) => !times.has(address));
  for (const address of missing) {
    const { body } = await desk.api('GET', `/v1/recipients?address=${encodeURIComponent(address)}`);
    assert.deepEqual([body.data[0]?.state, body.data[0]?.reason], ['held', 'uncertain'], address);
  }
});
