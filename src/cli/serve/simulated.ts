// This file runs the simulator inside the desk and keeps its four accounts in the store: made on the first start, told new ports on every
// start, with their webhooks registered at the simulated providers.
import type pg from 'pg';
import type { Clock } from '../../clock.ts';
import type { ProviderAdapter, ProviderKind } from '../../delivery/provider.ts';
import type { IdMint } from '../../ids.ts';
import type { Log } from '../../log.ts';
import { readSimulatorFile } from '../../simulator/ports.ts';
import { type Simulator, startSimulator } from '../../simulator/simulator.ts';
import type { Keys } from '../../store/keys.ts';
import {
  createProviderAccount,
  listRealSettings,
  listSimulated,
  readWebhookAccess,
  updateProviderAccount,
} from '../../store/provider-accounts.ts';

export interface SimulatedDeps {
  readonly pool: pg.Pool;
  readonly keys: Keys;
  readonly ids: IdMint;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: () => number;
  readonly registry: ReadonlyMap<ProviderKind, ProviderAdapter>;
  readonly dataDir: string;
  readonly inbound: { readonly host: string; readonly port: number };
  /** Origin of the desk's own webhook addresses, and the loopback origin under which they are reached from here. */
  readonly hooks: { readonly origin: string; readonly via: string };
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/i;
const ORDER: readonly ProviderKind[] = ['sparkpost', 'elastic-email', 'mandrill', 'smtp'];

/**
 * True while PACKETBOAT_SIMULATOR=auto means "on": nobody configured an account yet, or somebody rehearses with accounts of their own that point at
 * the simulator, whose mail would find nobody after the next start.
 */
export async function simulatorIsNeeded(pool: pg.Pool, dataDir: string): Promise<boolean> {
  const real = await listRealSettings(pool);
  const ports = new Set(Object.values(readSimulatorFile(dataDir)?.ports ?? {}));
  return real.length === 0 || real.some((settings) => ports.has(loopbackPort(settings) ?? -1));
}

/** The port of this machine that an account's settings lead to; null when they lead elsewhere. */
function loopbackPort({ base_url: baseUrl, host, port }: Record<string, unknown>): number | null {
  if (typeof baseUrl === 'string' && URL.canParse(baseUrl)) {
    const url = new URL(baseUrl);
    return LOOPBACK.test(url.hostname) ? Number(url.port) : null;
  }
  return typeof host === 'string' && LOOPBACK.test(host) && typeof port === 'number' ? port : null;
}

/** Starts the simulator and ties its accounts to ours. */
export async function runSimulator(deps: SimulatedDeps): Promise<Simulator> {
  const { pool, keys, ids, clock, log, random, dataDir, inbound } = deps;
  const simulator = await startSimulator({ log, clock, random, inbound, dataDir });
  const existing = new Map((await listSimulated(pool)).map((account) => [account.provider, account.id]));
  for (const provider of ORDER) {
    const simulated = simulator.accounts[provider];
    const adapter = deps.registry.get(provider);
    if (!adapter) continue;
    // A rehearsal is about the desk: the simulated providers take every domain that the desk calls authenticated.
    simulated.verifyDomain('*');
    const parsed = adapter.parseAccount({ settings: { ...simulated.settings }, secret: { ...simulated.secret } });
    let id = existing.get(provider);
    if (id === undefined) {
      id = ids.next();
      const name = `Simulated ${adapter.title}`;
      await createProviderAccount(pool, keys, { id, poolId: ids.next(), name, provider, ...parsed, simulated: true });
    } else await updateProviderAccount(pool, keys, { id, ...parsed });
    if (!adapter.webhook) continue;
    const access = await readWebhookAccess(pool, keys, id);
    if (!access) continue;
    simulator.registerWebhook(simulated, {
      // The same name replaces the address of an earlier start.
      name: 'desk',
      url: `${deps.hooks.origin}/hooks/${access.token}`,
      auth: { username: access.username, password: access.password },
      key: simulated.secret['webhook_key'] ?? null,
      via: deps.hooks.via,
    });
  }
  return simulator;
}
