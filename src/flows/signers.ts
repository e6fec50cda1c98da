// This file finds the DKIM signer of a From address: the keys of the registered domain that covers it, parsed once and kept. Only domains whose
// records receivers can see are signed for; a signature that cannot verify helps nobody.
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import { makeDkimSigner, makeManySigner } from '../mail/dkim.ts';
import { readSigningKeys } from '../store/dkim-keys.ts';
import type { Keys } from '../store/keys.ts';
import type { KeyFence } from './key-fence.ts';
import type { Signer } from './outgoing.ts';
import type { SendingRights } from './sending-rights.ts';

/** A key that was rotated elsewhere is used at most this much longer; one that was revoked, as the fence says (key-fence.ts). */
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
  readonly fence: KeyFence;
}): Signers {
  const { fence } = deps;
  const known = new Map<string, Known>();

  async function load(tenantId: string, domainId: string, domain: string): Promise<Signer | null> {
    // From before the reading: a key taken away meanwhile makes what was read worthless.
    const version = fence.version();
    const keys = await readSigningKeys(deps.pool, tenantId, deps.keys, domainId);
    const ids = keys.map(({ id }) => id).join(' ');
    const before = known.get(domainId);
    const signer = before?.ids === ids ? before.signer : signerOf(domain, keys);
    if (known.size > SIGNERS_MAX) known.clear();
    known.set(domainId, { untilMs: deps.clock.monotonicMs() + TTL_MS, signer, ids, version });
    return signer;
  }

  function find(tenantId: string, fromAddress: string): Signer | null | Promise<Signer | null> {
    const may = deps.rights.check(tenantId, fromAddress);
    const of = (answer: Awaited<typeof may>): Signer | null | Promise<Signer | null> => {
      if (!answer.allowed || answer.domainId === null || answer.domainName === null || !answer.domainAuthenticated) return null;
      const entry = known.get(answer.domainId);
      if (entry && entry.untilMs > deps.clock.monotonicMs() && entry.version === fence.version()) return entry.signer;
      return load(tenantId, answer.domainId, answer.domainName);
    };
    return may instanceof Promise ? may.then(of) : of(may);
  }

  return (tenantId, fromAddress) => {
    const fresh = fence.fresh();
    return fresh === undefined ? find(tenantId, fromAddress) : fresh.then(() => find(tenantId, fromAddress));
  };
}

interface Known {
  readonly untilMs: number;
  readonly signer: Signer | null;
  /** Of the keys it signs with. */
  readonly ids: string;
  /** Of the fence when they were read. */
  readonly version: number;
}

function signerOf(domain: string, keys: readonly { readonly selector: string; readonly privateKey: string }[]): Signer | null {
  const [key, ...more] = keys.map(({ selector, privateKey }) => ({ domain, selector, privateKey }));
  if (key === undefined) return null;
  return more.length === 0 ? makeDkimSigner(key) : makeManySigner([key, ...more]);
}
