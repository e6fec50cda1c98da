// This file ends a DKIM key whose private half may be in other hands. First the key is gone, in one transaction with everything that follows from it;
// then the next one is made. A process that dies in between leaves a domain without a key, which the chore finds: nothing is remembered in memory.
import type pg from 'pg';
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';
import { insertDkimKey, lockKeyedDomain, readKeyPlaces } from '../store/dkim-keys.ts';
import {
  endRetiringKey,
  lastRevokedSelector,
  promoteSeenKey,
  readKeylessDomains,
  unproveDomain,
  type WipedKey,
  wipeDkimKey,
} from '../store/dkim-revocation.ts';
import { writeDomainEvent } from '../store/domain-checks.ts';
import { type Scope, withOwner } from '../store/scope.ts';
import { type KeyAlgorithm, keyRecordText, nextPlace } from '../tenancy/dkim-keys.ts';
import type { Chore } from './housekeeping.ts';
import { type KeyMade, makeKeys, type RotateDeps } from './rotate-dkim-key.ts';

export interface RevokedKey extends WipedKey {
  readonly tenantId: string;
  readonly domain: string;
  /** The selector of its kind that signs from now on; null: none does until the next key is seen in DNS. */
  readonly signs: string | null;
}

/** Receivers that know only RSA find nothing else. */
const PROVING = 'rsa-sha256';

/**
 * Ends a key at once, in the caller's transaction. Answers null when there is no such domain in this scope. Throws NOT_FOUND for a key that is not
 * the domain's.
 */
export async function revokeKeyNow(
  db: pg.PoolClient,
  deps: Pick<RotateDeps, 'ids'>,
  of: { readonly scope: Scope; readonly domainId: string; readonly keyId: string },
): Promise<RevokedKey | null> {
  const domain = await lockKeyedDomain(db, of.scope, of.domainId);
  if (!domain) return null;
  const { tenantId } = domain;
  const wiped = await wipeDkimKey(db, tenantId, { domainId: domain.id, keyId: of.keyId });
  if (!wiped) throw new AppError('NOT_FOUND', `${domain.name} has no such key.`);
  const { selector, algorithm, target } = wiped;
  const signs = await promoteSeenKey(db, tenantId, { domainId: domain.id, algorithm });
  const revoked = { ...wiped, tenantId, domain: domain.name, signs };
  if (wiped.before) return revoked;
  const proven = algorithm !== PROVING || signs !== null;
  if (!proven) await unproveDomain(db, tenantId, domain.id);
  await writeDomainEvent(db, tenantId, {
    id: deps.ids.next(),
    type: 'domain.key-revoked',
    data: {
      domain_id: domain.id,
      domain: domain.name,
      key_id: of.keyId,
      selector,
      algorithm,
      was: wiped.was,
      signs,
      authenticated: proven ? undefined : false,
      // What its owner publishes in the place of the key; delegated ones are empty already.
      publish: target === null ? { type: 'TXT', host: `${selector}._domainkey.${domain.name}`, value: keyRecordText(null) } : null,
    },
  });
  return revoked;
}

export interface MintDeps extends RotateDeps {
  readonly pool: pg.Pool;
  readonly log: Log;
}

const EVERY_MS = 30_000;
/** Keys made in one turn; each costs some 100 ms of one core. */
const AT_ONCE = 40;

/** Makes the keys that revocations left missing, of one domain or (null) of all. Whoever comes first makes them; the others find nothing to do. */
export async function mintMissingKeys(deps: MintDeps, domainId: string | null): Promise<void> {
  for (const missing of await readKeylessDomains(deps.pool, { domainId, limit: AT_ONCE })) {
    const [made] = await makeKeys([missing.algorithm]);
    if (!made) continue;
    const selector = await withOwner(deps.pool, (db) => mint(db, deps, { ...missing, made }));
    if (selector === null) continue;
    deps.log.info({ event: 'dkim_key_made', domain_id: missing.domainId, algorithm: missing.algorithm, selector, why: 'revoked' });
  }
}

/** The chore that goes on where a process died. */
export function mintMissingKeysChore(deps: MintDeps): Chore {
  return {
    name: 'mint-missing-keys',
    everyMs: EVERY_MS,
    async run() {
      await mintMissingKeys(deps, null);
    },
  };
}

async function mint(
  db: pg.PoolClient,
  deps: MintDeps,
  of: { readonly tenantId: string; readonly domainId: string; readonly algorithm: KeyAlgorithm; readonly made: KeyMade },
): Promise<string | null> {
  const domain = await lockKeyedDomain(db, of.tenantId, of.domainId);
  if (!domain) return null;
  const about = { domainId: domain.id, algorithm: of.algorithm };
  const before = await readKeyPlaces(db, domain.tenantId, domain.id);
  if (before.kept.some((key) => key.algorithm === of.algorithm && key.state !== 'retiring')) return null;
  const stolen = await lastRevokedSelector(db, domain.tenantId, about);
  const avoided = stolen === null ? [] : [{ selector: stolen }];
  const place = (kept: readonly { readonly selector: string }[]) =>
    nextPlace(of.algorithm, domain, { zone: deps.dkimZone, kept: [...kept, ...avoided], made: before.made });
  let free = place(before.kept);
  if (!free) {
    // The other place keeps the key before for mail on its way; mail that is still to leave counts more.
    await endRetiringKey(db, domain.tenantId, about);
    free = place((await readKeyPlaces(db, domain.tenantId, domain.id)).kept);
  }
  if (!free) throw new Error(`no place is free for the next key of domain ${domain.id}`);
  const { privateKey, publicKey } = of.made;
  const key = { id: deps.ids.next(), domainId: domain.id, algorithm: of.algorithm, ...free, privateKey, publicKey, state: 'new' } as const;
  await insertDkimKey(db, domain.tenantId, deps.keys, key);
  return free.selector;
}
