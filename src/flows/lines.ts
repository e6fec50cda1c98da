// This file keeps the open lines to provider accounts: one client per account, opened when routing knows it, closed when it is gone or its
// settings changed. It tells the dispatcher how many places each route has on the wire.
import type { AdapterDeps, ProviderAccount, ProviderAdapter, ProviderClient } from '../delivery/provider.ts';
import type { Treatment } from '../delivery/route.ts';
import type { Gates } from './gates.ts';
import type { RoutingTable } from './routing-table.ts';

export interface Line {
  readonly account: ProviderAccount;
  readonly adapter: ProviderAdapter;
  readonly client: ProviderClient;
  readonly pool: string | null;
  /** What this route does to From. */
  readonly treatment: Treatment;
}

export interface Lines {
  /** The open line of a route, or null when its account is gone. */
  of(routeId: number): Line | null;
  /** Opens and closes lines after routing changed, and sets the gates. */
  sync(): void;
  close(): Promise<void>;
}

export interface LinesDeps extends AdapterDeps {
  readonly routing: () => Pick<RoutingTable, 'routeIds' | 'route' | 'isOpen' | 'isWell' | 'signal'>;
  readonly gates: Gates;
  /** Nodes that share a limit. */
  readonly nodes: () => number;
  readonly setGate: (gate: number, places: number, perMinute: number | null) => void;
}

/** Makes an empty set of lines; `sync` fills it. */
export function makeLines(deps: LinesDeps): Lines {
  const open = new Map<string, { account: ProviderAccount; client: ProviderClient }>();
  const byRoute = new Map<number, Line>();
  /** Gates that were set at the last look. */
  let gatesThen: ReadonlySet<number> = new Set();
  /** Routes whose account was unwell at the last look: they start again with one place, as a probe. */
  const probing = new Set<number>();

  function clientOf(account: ProviderAccount, adapter: ProviderAdapter): ProviderClient {
    const known = open.get(account.id);
    // Routing keeps the same object while nothing about the account changed.
    if (known?.account === account) return known.client;
    if (known) void known.client.close();
    const client = adapter.connect(account, deps);
    open.set(account.id, { account, client });
    return client;
  }

  /** Settings that an adapter no longer accepts shut that account, not the desk. */
  function openClient(account: ProviderAccount, adapter: ProviderAdapter): ProviderClient | null {
    try {
      return clientOf(account, adapter);
    } catch (error) {
      deps.log.error({ event: 'account_not_opened', account: account.id, err: error });
      deps.routing().signal(account.id, { kind: 'misconfigured', reason: error instanceof Error ? error.message : String(error) });
      return null;
    }
  }

  /** This node's part of a number that all dispatching nodes keep together. */
  function share(whole: number): number {
    return Math.max(1, Math.floor(whole / Math.max(1, deps.nodes())));
  }

  function sync(): void {
    const routing = deps.routing();
    const live = new Set<string>();
    const gatesNow = new Set<number>();
    for (const routeId of routing.routeIds()) {
      const route = routing.route(routeId);
      if (!route) continue;
      live.add(route.account.id);
      const client = openClient(route.account, route.adapter);
      // Its gates are shut below.
      if (!client) continue;
      byRoute.set(routeId, { ...route, client });
      const isOpen = routing.isOpen(routeId);
      if (!isOpen) probing.add(routeId);
      else if (routing.isWell(routeId)) probing.delete(routeId);
      const places = isOpen ? (probing.has(routeId) ? 1 : client.slots) : 0;
      for (const { gate, limit } of deps.gates.of(routeId)) {
        gatesNow.add(gate);
        deps.setGate(
          gate,
          Math.min(places, limit?.connections ? share(limit.connections) : places),
          limit?.perMinute ? share(limit.perMinute) : null,
        );
      }
    }
    // What waits at a gate that is no more would go on at the pace of a limit that was lifted, or to an account that was removed.
    for (const gate of gatesThen) if (!gatesNow.has(gate)) deps.setGate(gate, 0, null);
    gatesThen = gatesNow;
    for (const [id, { client }] of open) {
      if (live.has(id)) continue;
      open.delete(id);
      void client.close();
    }
  }

  return {
    of: (routeId) => byRoute.get(routeId) ?? null,
    sync,
    async close() {
      await Promise.all([...open.values()].map(({ client }) => client.close()));
      open.clear();
      byRoute.clear();
    },
  };
}
