// This file finds the DKIM signer of a From address: the keys of the registered domain that covers it, parsed once and kept. Only domains whose
// records receivers can see are signed for; a signature that cannot verify helps nobody.
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import { makeDkimSigner, makeManySigner } from '../mail/dkim.ts';
import { readSigningKeys } from '../store/dkim-keys.ts';
import type { Keys } from '../store/keys.ts';
import type { Signer } from './outgoing.ts';
import type { SendingRights } from './sending-rights.ts';

/** A key that was rotated or removed elsewhere is used at most this much longer. */
const TTL_MS = 30_000;
/** Parsed keys kept; some 5 KB each. */
const SIGNERS_MAX = 20_000;

export type Signers = (tenantId: string, fromAddress: string) => Signer | null | Promise<Signer | null>;

/** Makes the look-up; it answers without waiting once it knows a domain. */
export function makeSigners(deps: {
  readonly pool: pg.Pool;
  readonly keys: Keys;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly rights: Pick<SendingRights, 'check'>;
}): Signers {
  const known = new Map<string, { untilMs: number; signer: Signer | null }>();

  async function load(tenantId: string, domainId: string, domain: string): Promise<Signer | null> {
    const keys = await readSigningKeys(deps.pool, tenantId, deps.keys, domainId);
    const [key, ...more] = keys.map(({ selector, privateKey }) => ({ domain, selector, privateKey }));
    const signer = key === undefined ? null : more.length === 0 ? makeDkimSigner(key) : makeManySigner([key, ...more]);
    if (known.size > SIGNERS_MAX) known.clear();
    known.set(domainId, { untilMs: deps.clock.monotonicMs() + TTL_MS, signer });
    return signer;
  }

  return (tenantId, fromAddress) => {
    const may = deps.rights.check(tenantId, fromAddress);
    const find = (answer: Awaited<typeof may>): Signer | null | Promise<Signer | null> => {
      if (!answer.allowed || answer.domainId === null || answer.domainName === null || !answer.domainAuthenticated) return null;
      const entry = known.get(answer.domainId);
      if (entry && entry.untilMs > deps.clock.monotonicMs()) return entry.signer;
      return load(tenantId, answer.domainId, answer.domainName);
    };
    return may instanceof Promise ? may.then(find) : find(may);
  };
}
