// This file counts requests and messages per credential in token buckets, in the memory of this process. The rates of the mail flow itself
// (accounts, lanes) live elsewhere; this one keeps a runaway loop of one application from being felt by the others.
import type { FastifyReply } from 'fastify';
import type { Clock } from '../../clock.ts';
import type { Principal } from '../../tenancy/principal.ts';

export interface Allowance {
  /** Of those asked for, how many may pass now. */
  readonly granted: number;
  readonly limit: number;
  readonly remaining: number;
  /** Seconds until the next place is free, or until the bucket is full again while there are places. */
  readonly resetS: number;
}

export interface RateLimiter {
  /** Takes up to `wanted` places of this principal. */
  take(principal: Principal, wanted: number): Allowance;
}

const MINUTE_MS = 60_000;
/** Says on an answer what an allowance left; a later one of the same request takes the place of the first. */
export function showAllowance(reply: FastifyReply, allowance: Allowance): void {
  void reply.headers({
    'ratelimit-limit': String(allowance.limit),
    'ratelimit-remaining': String(allowance.remaining),
    'ratelimit-reset': String(allowance.resetS),
  });
}

/** Buckets kept; a full bucket that is forgotten loses nothing. */
const BUCKETS_MAX = 20_000;

export function makeRateLimiter(clock: Pick<Clock, 'monotonicMs'>, defaultPerMinute: number): RateLimiter {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  return {
    take(principal, wanted) {
      const limit = principal.ratePerMinute ?? defaultPerMinute;
      const key = principal.credentialId ?? principal.personId ?? '';
      const now = clock.monotonicMs();
      const before = buckets.get(key);
      const tokens = before ? Math.min(limit, before.tokens + ((now - before.atMs) * limit) / MINUTE_MS) : limit;
      const granted = Math.min(wanted, Math.floor(tokens));
      const left = tokens - granted;
      // The map keeps the order of insertion; a bucket in use moves to its end, and is the same one, so that requests leave nothing behind.
      const bucket = before ?? { tokens: left, atMs: now };
      bucket.tokens = left;
      bucket.atMs = now;
      buckets.delete(key);
      buckets.set(key, bucket);
      if (buckets.size > BUCKETS_MAX) buckets.delete(buckets.keys().next().value ?? '');
      const missing = left < 1 ? 1 - left : limit - left;
      return { granted, limit, remaining: Math.floor(left), resetS: Math.ceil((missing * 60) / limit) };
    },
  };
}
