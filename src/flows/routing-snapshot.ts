// This file makes of the rows that routing reads what it decides by: routes with their accounts, and the orders in which they come.
import type { ProviderAccount, ProviderAdapter, ProviderKind } from '../delivery/provider.ts';
import { type RewritingQuestion, rewritesNow } from '../delivery/rewriting-gate.ts';
import type { RouteCandidate, Treatment } from '../delivery/route.ts';
import { type Log, Secret } from '../log.ts';
import type { AccountRow, LimitRow, RouteRow, RoutingRow } from '../store/routing-table.ts';
import { candidateOf } from './route-candidate.ts';

interface Rows {
  readonly accounts: readonly AccountRow[];
  readonly routes: readonly RouteRow[];
  readonly routing: readonly RoutingRow[];
  /** Mail went out to the world before, or waits to, by accounts that are removed now. */
  readonly inUse: boolean;
}

interface Route {
  readonly candidate: RouteCandidate;
  readonly account: ProviderAccount;
  readonly adapter: ProviderAdapter;
  readonly pool: string | null;
  readonly treatment: Treatment;
}

export interface Snapshot {
  readonly routes: ReadonlyMap<number, Route>;
  /** Route ids in order of preference, by `tenant/stream` key; From stays as it is on all of them. */
  readonly orders: ReadonlyMap<string, readonly number[]>;
  readonly fallback: readonly number[];
  /** Without an order, mail goes to the simulator: there is nothing real yet. */
  readonly playsWorld: boolean;
  /** The route of the same account and pool on which From is written anew. */
  readonly rewritten: ReadonlyMap<number, number>;
  /** An account's own limit comes before the one for every account. */
  readonly limits: readonly LimitRow[];
}

/** An account whose secret does not open is left alone, and the others go on; a change of its row, or another start, tries again. */
const UNREADABLE = {
  health: 'misconfigured',
  healthReason: 'its stored secret does not open with the key file of this desk; give the secret again, or bring the key back',
  healthUntilMs: Number.POSITIVE_INFINITY,
} as const;

/** Makes the builder; accounts whose rows did not change keep their object. */
export function makeSnapshotBuilder(deps: {
  readonly registry: ReadonlyMap<ProviderKind, ProviderAdapter>;
  /** Throws where the secret does not open. */
  readonly unseal: (accountId: string, sealed: Buffer) => string;
  readonly log: Log;
}): (rows: Rows) => Omit<Snapshot, 'limits'> {
  const parsed = new Map<string, ProviderAccount>();
  function accountOf(row: AccountRow): { readonly account: ProviderAccount; readonly readable: boolean } {
    const key = `${row.id} ${row.secret.toString('base64')} ${JSON.stringify(row.settings)} ${row.name}`;
    const known = parsed.get(key);
    if (known) return { account: known, readable: true };
    const of = (secret: Record<string, string>) => ({
      id: row.id,
      name: row.name,
      provider: row.provider,
      settings: row.settings,
      secret: new Secret(secret),
    });
    try {
      // The secret column holds the JSON object that parseAccount accepted.
      const account = of(JSON.parse(deps.unseal(row.id, row.secret)) as Record<string, string>);
      parsed.set(key, account);
      return { account, readable: true };
    } catch (error) {
      deps.log.error({ event: 'account_secret_unreadable', account: row.id, err: error });
      return { account: of({}), readable: false };
    }
  }

  return ({ accounts, routes, routing, inUse }) => {
    const byAccount = new Map<string, number[]>();
    const built = new Map<number, Route>();
    const rewritten = new Map<number, number>();
    for (const route of routes) {
      const row = accounts.find((account) => account.id === route.accountId);
      const adapter = row && deps.registry.get(row.provider);
      if (!row || !adapter) continue;
      const { account, readable } = accountOf(row);
      const candidate = candidateOf(row, route, adapter);
      built.set(route.id, {
        candidate: readable ? candidate : { ...candidate, ...UNREADABLE },
        account,
        adapter,
        pool: route.pool === '' ? null : route.pool,
        treatment: route.treatment,
      });
      if (route.treatment === 'rewritten') {
        const plain = routes.find((each) => each.accountId === route.accountId && each.pool === route.pool && each.treatment === 'as-is');
        if (plain) rewritten.set(plain.id, route.id);
        continue;
      }
      byAccount.set(row.id, [...(byAccount.get(row.id) ?? []), route.id]);
    }
    const orders = new Map(
      routing.map((row) => [`${row.tenantId ?? ''}/${row.stream ?? ''}`, row.accounts.flatMap((id) => byAccount.get(id) ?? [])]),
    );
    // Without any order, real accounts come in the order they were made; simulated ones only when there is nothing real, and never by themselves on a desk
    // that had mail for the world before: between one account and the next the simulator would swallow it. It is held instead.
    const there = accounts.filter(({ state }) => state !== 'removed');
    const real = there.filter(({ simulated }) => !simulated);
    const fallback = (real.length > 0 || inUse ? real : there).flatMap((account) => byAccount.get(account.id) ?? []);
    return { routes: built, orders, fallback, playsWorld: real.length === 0 && !inUse, rewritten };
  };
}

/** The accounts to ask about when nothing real is left; empty while something is. */
export function realAndGone(accounts: Rows['accounts']): string[] {
  const real = accounts.filter(({ simulated }) => !simulated);
  return real.every(({ state }) => state === 'removed') ? real.map(({ id }) => id) : [];
}

/** Accounts that keep our signature and have no route yet on which From is written anew. */
export function withoutRewritten(
  { accounts, routes }: Pick<Rows, 'accounts' | 'routes'>,
  registry: ReadonlyMap<ProviderKind, ProviderAdapter>,
): string[] {
  const there = new Set(routes.flatMap(({ accountId, treatment }) => (treatment === 'rewritten' ? [accountId] : [])));
  return accounts.flatMap(({ id, provider, state }) =>
    state !== 'removed' && !there.has(id) && registry.get(provider)?.capabilities.preservesMime ? [id] : [],
  );
}

/** The order for one sender: where From can be written anew, those routes come first once everybody agreed, else last, with the reason. */
export function withRewritten(
  { rewritten }: Pick<Snapshot, 'rewritten'>,
  ids: readonly number[],
  question: RewritingQuestion | undefined,
): readonly number[] {
  if (!question?.possible) return ids;
  const anew = ids.flatMap((id) => rewritten.get(id) ?? []);
  return rewritesNow(question) ? [...anew, ...ids] : [...ids, ...anew];
}
