// This file opens a world for tests of suppression lists: a tenant whose mail went out over an account at a simulated provider, the provider's own
// list behind a real socket, and the sync between them.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { systemClock } from '../../src/clock.ts';
import type { ProviderKind } from '../../src/delivery/provider.ts';
import { makeSyncSuppressions, type SyncLimits } from '../../src/flows/sync-suppressions.ts';
import { silentLog } from '../../src/log.ts';
import { providerRegistry } from '../../src/providers/registry.ts';
import type { SimulatedAccount } from '../../src/simulator/handle.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { makeKeys } from '../../src/store/keys.ts';
import { type ListSync, readListSync, requestListSync } from '../../src/store/list-syncs.ts';
import { createProviderAccount } from '../../src/store/provider-accounts.ts';
import { deleteSuppression, findSuppressionsOf } from '../../src/store/suppressions.ts';
import type { Teardown } from './database.ts';
import { ids, type MailRows, mailRows } from './mail-rows.ts';

type Kind = Exclude<ProviderKind, 'smtp'>;

/** Ends the holds of an address, as a person does. */
export async function release({ pool, tenantId }: SyncWorld, address: string): Promise<void> {
  for (const { id } of await findSuppressionsOf(pool, tenantId, { address })) await deleteSuppression(pool, tenantId, id);
}

export interface SyncWorld extends MailRows {
  readonly simulator: Simulator;
  readonly there: SimulatedAccount;
  readonly accountId: string;
  readonly name: string;
  run(limits?: Partial<SyncLimits>): Promise<number>;
  status(): Promise<ListSync>;
  /** A mail of this tenant went to the address over the account. */
  went(address: string, change?: { tenantId?: string; state?: string; marks?: number; atMs?: number }): Promise<void>;
  tenant(name: string): Promise<string>;
  holds(): Promise<[address: string, stream: string, reason: string][]>;
  /** Lets the next reading begin now. */
  again(): Promise<void>;
}

export const WORDS = {
  sparkpost: '550: 550 5.1.1 user unknown',
  'elastic-email': '550 5.1.1 user unknown',
  mandrill: 'smtp;550 5.1.1 user unknown',
};
export const LABELS = {
  sparkpost: { bounce: 'Bounce Rule', complaint: 'Spam Complaint', unsubscribe: 'List Unsubscribe', manual: 'Manually Added' },
  'elastic-email': { bounce: 'Bounce', complaint: 'Complaint', unsubscribe: 'Unsubscribe', manual: 'Bounce' },
  mandrill: { bounce: 'hard-bounce', complaint: 'spam', unsubscribe: 'unsub', manual: 'custom' },
} as const;
export const LONG_AGO = Date.now() - 30 * 86_400_000;

/** Opens the world; nothing is read before `run`. */
export async function listWorld(t: Teardown, kind: Kind = 'sparkpost', settings: Record<string, unknown> = {}): Promise<SyncWorld> {
  const rows = await mailRows(t);
  const simulator = await startSimulator({
    log: silentLog,
    clock: systemClock,
    random: Math.random,
    inbound: { host: '127.0.0.1', port: 9 },
    pace: 0.01,
    accounts: [{ provider: kind, key: `sim-${kind}`, subaccounts: ['members'] }],
  });
  t.after(() => simulator.close());
  t.after(() => rows.db.close());
  const there = simulator.accounts[kind];
  const keys = makeKeys(randomBytes(32));
  const adapter = providerRegistry.get(kind);
  assert.ok(adapter);
  const parsed = adapter.parseAccount({ settings: { ...there.settings, ...settings }, secret: { ...there.secret } });
  const { pool } = rows;
  const account = await createProviderAccount(pool, keys, { id: ids.next(), poolId: ids.next(), name: 'There', provider: kind, ...parsed });
  const { rows: routes } = await pool.query<{ id: number }>('select id from routes where account_id = $1', [account.id]);
  const deps = { pool, keys, clock: systemClock, ids, log: silentLog, random: () => 0.5, registry: providerRegistry };
  const status = async () => {
    const found = await readListSync(pool, account.id);
    assert.ok(found);
    return found;
  };
  return {
    ...rows,
    simulator,
    there,
    accountId: account.id,
    name: account.name,
    run: (limits = {}) => makeSyncSuppressions({ ...deps, limits })(),
    status,
    async went(address, { tenantId = rows.tenantId, state = 'handed_over', marks = 0, atMs = LONG_AGO } = {}) {
      await pool.query(
        `insert into recipients (tenant_id, id, message_id, address, stream, state, lane_id, route_id, marks, state_at)
         values ($1, $2, $3, $4, 'bulk', $5, $6, $7, $8, to_timestamp($9::float8 / 1000))`,
        [tenantId, ids.next(), ids.next(), address, state, rows.lane.id, routes[0]?.id, marks, atMs],
      );
    },
    async tenant(name) {
      const id = ids.next();
      await pool.query('insert into tenants (id, name) values ($1, $2)', [id, name]);
      return id;
    },
    async holds() {
      const found = await pool.query<[string, string, string]>({
        rowMode: 'array',
        text: 'select address, stream, reason from suppressions order by address, tenant_id, stream',
      });
      return found.rows;
    },
    async again() {
      await requestListSync(pool, account.id, true);
    },
  };
}
