// This file gives a domain its next DKIM key, because somebody asked, because the one that signs has grown old, or because the domain signs with
// Ed25519 from now on. The new key waits until it is seen in DNS (step-dkim-keys.ts); the old one signs on until then.
import type pg from 'pg';
import { AppError } from '../errors.ts';
import type { IdMint } from '../ids.ts';
import type { Log } from '../log.ts';
import { insertDkimKey, type KeyedDomain, lockKeyedDomain, readKeyPlaces } from '../store/dkim-keys.ts';
import { readAgedKeys } from '../store/dkim-steps.ts';
import { makeDkimKey } from '../store/domains.ts';
import type { Keys } from '../store/keys.ts';
import { type Queryable, type Scope, withOwner } from '../store/scope.ts';
import { type KeyAlgorithm, nextPlace } from '../tenancy/dkim-keys.ts';
import { algorithmsOf } from '../tenancy/dkim-records.ts';
import type { Chore } from './housekeeping.ts';

export interface RotateDeps {
  readonly ids: Pick<IdMint, 'next'>;
  readonly keys: Keys;
  /** PACKETBOAT_DKIM_ZONE; null: customers publish keys themselves. */
  readonly dkimZone: string | null;
}

/** A key made ahead of the transaction: RSA takes a while, and nobody should wait for it with a row in hand. */
export type KeyMade = { readonly algorithm: KeyAlgorithm } & Awaited<ReturnType<typeof makeDkimKey>>;

export async function makeKeys(algorithms: readonly KeyAlgorithm[]): Promise<KeyMade[]> {
  return Promise.all(algorithms.map(async (algorithm) => ({ algorithm, ...(await makeDkimKey(algorithm)) })));
}

/**
 * Stores the next key of each algorithm, in the caller's transaction. Answers the domain, or null when there is none in this scope. Throws
 * DKIM_KEY_WAITS while a key of the algorithm waits to be seen, or while both delegated places are taken.
 */
export async function rotateDkimKey(
  db: Queryable,
  deps: RotateDeps,
  of: { scope: Scope; domainId: string; made: readonly KeyMade[] },
): Promise<KeyedDomain | null> {
  const domain = await lockKeyedDomain(db, of.scope, of.domainId);
  if (!domain) return null;
  for (const { algorithm, privateKey, publicKey } of of.made) {
    const { kept, made } = await readKeyPlaces(db, domain.tenantId, domain.id);
    const coming = kept.find((key) => key.algorithm === algorithm && (key.state === 'new' || key.state === 'published'));
    if (coming) {
      const waits = coming.state === 'new' ? 'to be seen in DNS' : 'until caches have forgotten the time before it';
      throw new AppError('DKIM_KEY_WAITS', `The key ${coming.selector} is on its way already; it waits ${waits}.`);
    }
    const place = nextPlace(algorithm, domain, { zone: deps.dkimZone, kept, made });
    if (!place) {
      const old = kept.find((key) => key.algorithm === algorithm && key.state === 'retiring');
      throw new AppError(
        'DKIM_KEY_WAITS',
        `The key ${old?.selector ?? 'before'} is kept for mail on its way; its place is free after that.`,
      );
    }
    await insertDkimKey(db, domain.tenantId, deps.keys, {
      id: deps.ids.next(),
      domainId: domain.id,
      algorithm,
      ...place,
      privateKey,
      publicKey,
      state: 'new',
    });
  }
  return domain;
}

/** Days until a key is old; null: it never is. */
export interface KeyAges {
  readonly delegatedDays: number | null;
  readonly txtDays: number | null;
}

const EVERY_MS = 3_600_000;
/** Keys made in one turn: 400 domains are through within half a day, and no core is busy for longer than seconds. */
const AT_ONCE = 40;

/** The chore that rotates by age. Several nodes may run it: the domain is held while its keys change, so one of them wins. */
export function rotateAgedKeysChore(deps: RotateDeps & { readonly pool: pg.Pool; readonly log: Log; readonly ages: KeyAges }): Chore {
  const { pool, log } = deps;
  // Without a zone of our own a new delegated key could not be published.
  const delegatedDays = deps.dkimZone === null ? null : deps.ages.delegatedDays;
  return {
    name: 'rotate-dkim-keys',
    everyMs: EVERY_MS,
    async run() {
      if (delegatedDays === null && deps.ages.txtDays === null) return;
      const aged = await readAgedKeys(pool, { delegatedDays, txtDays: deps.ages.txtDays, limit: AT_ONCE });
      for (const { domainId, tenantId, algorithm } of aged) {
        const made = await makeKeys([algorithm]);
        try {
          await withOwner(pool, (db) => rotateDkimKey(db, deps, { scope: tenantId, domainId, made }));
          log.info({ event: 'dkim_key_made', domain_id: domainId, algorithm, why: 'age' });
        } catch (error) {
          // Another node, or a person, was faster.
          if (!(error instanceof AppError && error.code === 'DKIM_KEY_WAITS')) throw error;
        }
      }
    },
  };
}

/** Which algorithms a rotation on demand is about: the one named, or all the domain signs with. */
export function rotated(domain: { readonly ed25519: boolean }, named: KeyAlgorithm | undefined): readonly KeyAlgorithm[] {
  return named === undefined ? algorithmsOf(domain) : [named];
}
