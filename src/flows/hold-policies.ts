// This file answers which hold policy counts for a tenant, from memory where it was asked lately: failures come in bursts, policies change by hand.
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import { DEFAULT_HOLD_POLICY, type HoldPolicy } from '../feedback/hold-policy.ts';
import { findHoldPolicy } from '../store/hold-policies.ts';

export interface HoldPolicies {
  /** The tenant's own, else the platform's, else the default. */
  of(tenantId: string): Promise<HoldPolicy>;
}

/** A policy that was edited on another node counts at most this much later. */
const TTL_MS = 5_000;
/** Tenants remembered; beyond it the oldest is asked for again. */
const CACHE_MAX = 20_000;

export function makeHoldPolicies({ pool, clock }: { pool: pg.Pool; clock: Pick<Clock, 'monotonicMs'> }): HoldPolicies {
  const known = new Map<string, { untilMs: number; policy: Promise<HoldPolicy> }>();
  return {
    of(tenantId) {
      const entry = known.get(tenantId);
      if (entry && entry.untilMs > clock.monotonicMs()) return entry.policy;
      const policy = findHoldPolicy(pool, tenantId).then((stored) => (stored ? { rules: stored.rules } : DEFAULT_HOLD_POLICY));
      if (known.size >= CACHE_MAX) known.delete(known.keys().next().value ?? '');
      known.delete(tenantId);
      known.set(tenantId, { untilMs: clock.monotonicMs() + TTL_MS, policy });
      // A database that was away for a moment is asked again.
      policy.catch(() => known.delete(tenantId));
      return policy;
    },
  };
}
