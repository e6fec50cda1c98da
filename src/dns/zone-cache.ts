// This file keeps what the delegated zone answered lately, so that questions cost the database little and a database that is away for a while
// costs nobody a signature: what was known is said again until it is an hour old.
import type { KeyOwner } from '../tenancy/dkim-keys.ts';
import type { ZoneDomain } from '../tenancy/dkim-records.ts';

/** A rotated key shows within this; it waits for days before it signs. */
const FRESH_MS = 5_000;
const STALE_MS = 3_600_000;
/** Domains kept; some 2 KB each. */
const DOMAINS_MAX = 20_000;
/** Questions about different domains at the database at once; one more is answered "not now". */
const ASKING_MAX = 200;

interface Entry {
  readonly atMs: number;
  readonly domain: ZoneDomain | null;
}

/** Makes the look-up; it rejects only for what was never known, or not for an hour. */
export function makeZoneCache(deps: {
  readonly read: (owner: KeyOwner) => Promise<ZoneDomain | null>;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
}): (owner: KeyOwner) => Promise<ZoneDomain | null> {
  const known = new Map<string, Entry>();
  const asking = new Map<string, Promise<ZoneDomain | null>>();

  async function ask(key: string, owner: KeyOwner): Promise<ZoneDomain | null> {
    if (asking.size >= ASKING_MAX) throw new Error('too many questions wait for the database');
    const domain = await deps.read(owner);
    known.delete(key);
    if (known.size >= DOMAINS_MAX) known.delete(known.keys().next().value ?? '');
    known.set(key, { atMs: deps.nowMs(), domain });
    return domain;
  }

  return async ({ tenantNumber, domainNumber }) => {
    const key = `${tenantNumber}/${domainNumber}`;
    const entry = known.get(key);
    const ageMs = entry ? deps.nowMs() - entry.atMs : Number.POSITIVE_INFINITY;
    if (entry && ageMs < FRESH_MS) return entry.domain;
    let question = asking.get(key);
    if (!question) {
      question = ask(key, { tenantNumber, domainNumber }).finally(() => asking.delete(key));
      asking.set(key, question);
    }
    try {
      return await question;
    } catch (error) {
      if (entry && ageMs < STALE_MS) return entry.domain;
      throw error;
    }
  };
}
