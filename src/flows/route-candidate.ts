// This file turns a stored account and its route into what the router judges.
import type { ProviderAdapter } from '../delivery/provider.ts';
import type { RouteCandidate } from '../delivery/route.ts';
import type { AccountRow, RouteRow } from '../store/routing-table.ts';

export function candidateOf(row: AccountRow, route: RouteRow, adapter: ProviderAdapter): RouteCandidate {
  return {
    routeId: route.id,
    accountId: row.id,
    accountName: row.name,
    provider: row.provider,
    pool: route.pool,
    treatment: route.treatment,
    capabilities: adapter.capabilities,
    paused: row.state !== 'active',
    health: row.health,
    healthReason: row.healthReason,
    healthUntilMs: row.healthUntilMs,
  };
}
