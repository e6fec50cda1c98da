// This file is the life of the rewriting domain's DKIM key: made when it is first needed, rotated as customers' keys are (seen before the switch, the
// old one's record kept for a week), and ended at once when others may have it. All of it stands in the rows: whoever comes next goes on.
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import type { IdMint } from '../ids.ts';
import type { Log } from '../log.ts';
import { makeDkimSigner } from '../mail/dkim.ts';
import { makeDkimKey } from '../store/domains.ts';
import type { Keys } from '../store/keys.ts';
import {
  countRewritingKeys,
  createRewritingKey,
  endRewritingKey,
  listRewritingKeys,
  lockRewritingKeys,
  type MovingRewritingKey,
  noteRewritingKey,
  readMovingRewritingKeys,
  readRewritingKey,
  type StoredRewritingKey,
  switchRewritingKey,
  wipeRewritingKey,
} from '../store/rewriting-keys.ts';
import { withOwner } from '../store/scope.ts';
import { type KeyPolicy, lookEveryMs, needsLook, stepKey } from '../tenancy/dkim-keys.ts';
import type { Chore } from './housekeeping.ts';
import type { KeyFence } from './key-fence.ts';
import { SignatureGone, type Signer } from './outgoing.ts';
import { isSimulated } from './self-checks/check-hosts.ts';
import { type KeyLookup, lookAtKey } from './step-dkim-keys.ts';

export interface RewritingKeysDeps {
  readonly pool: pg.Pool;
  readonly keys: Keys;
  readonly ids: Pick<IdMint, 'next'>;
  readonly clock: Pick<Clock, 'nowMs' | 'monotonicMs'>;
  readonly log: Log;
  readonly domain: string;
  readonly fence: KeyFence;
  readonly lookup: KeyLookup;
  readonly policy: KeyPolicy;
  /** Days after which the next key is made by itself; null: never. */
  readonly rotateDays: number | null;
}

export interface RewritingKeys {
  /** Who signs now. Rejects with SignatureGone while no key does. */
  signer(): Promise<Signer>;
  /** False while no key signs; from memory, asked again in the background. */
  signs(): boolean;
  /** False while the record of the key that signs was not seen in DNS: receivers cannot prove its mail. From memory, asked again in the background. */
  seen(): boolean;
  /** Newest first; the first key is made when there is none. */
  list(): Promise<StoredRewritingKey[]>;
  /** Makes the next key; throws DKIM_KEY_WAITS while one is on its way. */
  rotate(db: pg.PoolClient): Promise<void>;
  /** Ends a key at once; throws NOT_FOUND. Answers its selector, and whether it was revoked before. */
  revoke(db: pg.PoolClient, id: string): Promise<{ selector: string; before: boolean }>;
  /** Makes the key that a revocation left missing. */
  mint(): Promise<void>;
  /** Looks in DNS now for keys that are on their way. */
  look(): Promise<void>;
  readonly chore: Chore;
}

/** A key that was rotated on another node is used at most this much longer. */
const TTL_MS = 30_000;
/** While no key signs, the next one is asked for this often. */
const MISSING_TTL_MS = 2_000;
const EVERY_MS = 30_000;
const DAY_MS = 86_400_000;
const ALGORITHM = 'rsa-sha256';

export function makeRewritingKeys(deps: RewritingKeysDeps): RewritingKeys {
  const { pool, keys, domain, fence, clock, log } = deps;
  let known: {
    readonly untilMs: number;
    readonly version: number;
    readonly id: string;
    readonly signer: Signer | null;
    readonly seen: boolean;
  } | null = null;
  let loading: Promise<Signer | null> | null = null;

  async function load(): Promise<Signer | null> {
    await fence.fresh();
    const version = fence.version();
    const found = (await readRewritingKey(pool, keys, domain)) ?? (await readFirst());
    const same = found !== null && known?.id === found.id ? known.signer : null;
    const signer = same ?? (found && makeDkimSigner({ domain, selector: found.selector, privateKey: found.privateKey }));
    known = {
      untilMs: clock.monotonicMs() + (signer ? TTL_MS : MISSING_TTL_MS),
      version,
      id: found?.id ?? '',
      signer,
      seen: found?.seen ?? true,
    };
    return signer;
  }

  function loaded(): Promise<Signer | null> {
    loading ??= load().finally(() => {
      loading = null;
    });
    return loading;
  }

  const isKnown = () => known !== null && known.untilMs > clock.monotonicMs() && known.version === fence.version();

  /** The very first key signs at once, as nothing can break that never worked; that its record is not seen is told until it is. */
  async function makeFirst(): Promise<void> {
    if ((await countRewritingKeys(pool, domain)).made === 0) await make('active', ({ made }) => made === 0);
  }

  /** Another node may have made it meanwhile. */
  async function readFirst() {
    await makeFirst();
    return readRewritingKey(pool, keys, domain);
  }

  async function make(
    state: 'new' | 'active',
    when: (there: { made: number; living: number; coming: number }) => boolean,
    db?: pg.PoolClient,
  ) {
    const made = await makeDkimKey(ALGORITHM);
    const store = async (client: pg.PoolClient) => {
      await lockRewritingKeys(client);
      const there = await countRewritingKeys(client, domain);
      if (!when(there)) return false;
      // A selector that people publish never comes twice, because caches and copies keep it.
      const selector = `pbr${there.made + 1}`;
      await createRewritingKey(client, keys, domain, { id: deps.ids.next(), selector, ...made, state });
      log.info({ event: 'rewriting_key_made', selector, state });
      return true;
    };
    return db ? store(db) : withOwner(pool, store);
  }

  /** The very first key signs already; looked for is only whether receivers can find it. */
  async function lookFor(key: MovingRewritingKey): Promise<void> {
    const look = await lookAtKey(deps.lookup, { ...key, domain, algorithm: ALGORITHM });
    const seen = look.kind === 'seen';
    const nowMs = clock.nowMs();
    await noteRewritingKey(pool, key, {
      ...{ to: null, looked: true, ttlS: seen ? look.ttlS : null, trouble: seen ? null : look.trouble },
      dueMs: nowMs + lookEveryMs(nowMs - key.sinceMs),
    });
    if (seen) known = null;
  }

  async function step(key: MovingRewritingKey): Promise<void> {
    if (key.state === 'active') return lookFor(key);
    const nowMs = clock.nowMs();
    const seen = needsLook(key, deps.policy, nowMs) ? await lookAtKey(deps.lookup, { ...key, domain, algorithm: ALGORITHM }) : null;
    const next = stepKey(key, seen, deps.policy, nowMs);
    if (next.to === 'revoked') return endRewritingKey(pool, key.id);
    if (next.to === 'active') {
      const { retireMs } = deps.policy;
      const done = await withOwner(pool, async (db) => {
        await lockRewritingKeys(db);
        return switchRewritingKey(db, { domain, id: key.id, retireMs });
      });
      if (done) log.info({ event: 'rewriting_key_signs', selector: key.selector });
      known = null;
      return;
    }
    const trouble = seen === null || seen.kind === 'seen' ? null : seen.trouble;
    const to = next.to === 'stay' ? null : next.to;
    await noteRewritingKey(pool, key, {
      to,
      dueMs: next.dueMs,
      looked: seen !== null,
      ttlS: seen?.kind === 'seen' ? seen.ttlS : null,
      trouble,
    });
  }

  async function stepAll(due: boolean): Promise<void> {
    for (const key of await readMovingRewritingKeys(pool, { domain, due })) await step(key);
  }

  async function mint(): Promise<void> {
    const { made, living } = await countRewritingKeys(pool, domain);
    if (made > 0 && living === 0) await make('new', (there) => there.living === 0);
  }

  async function rotateAged(): Promise<void> {
    const { rotateDays } = deps;
    if (rotateDays === null) return;
    const all = await listRewritingKeys(pool, domain);
    const active = all.find(({ state }) => state === 'active');
    const old = active !== undefined && clock.nowMs() - Date.parse(active.state_since) > rotateDays * DAY_MS;
    if (old && all.every(({ state }) => state === 'active' || state === 'revoked')) await make('new', ({ coming }) => coming === 0);
  }

  return {
    async signer() {
      await fence.fresh();
      const signer = isKnown() ? (known?.signer ?? null) : await loaded();
      if (signer) return signer;
      throw new SignatureGone(`The signing key of ${domain} was revoked; mail waits until the next one is seen in the DNS.`);
    },
    signs() {
      if (!isKnown()) void loaded().catch(() => undefined);
      // Nothing is known to be wrong before the first answer.
      return known === null || known.signer !== null;
    },
    seen() {
      if (!isKnown()) void loaded().catch(() => undefined);
      return isSimulated(domain) || (known?.seen ?? true);
    },
    async list() {
      await makeFirst();
      return listRewritingKeys(pool, domain);
    },
    async rotate(db) {
      if (await make('new', ({ coming }) => coming === 0, db)) return;
      throw new AppError('DKIM_KEY_WAITS', `The next key of ${domain} is on its way already; it waits to be seen in DNS.`);
    },
    async revoke(db, id) {
      await lockRewritingKeys(db);
      const wiped = await wipeRewritingKey(db, { domain, id });
      if (!wiped) throw new AppError('NOT_FOUND', `${domain} has no such key.`);
      return wiped;
    },
    mint,
    look: () => stepAll(false),
    chore: {
      name: 'rewriting-keys',
      everyMs: EVERY_MS,
      async run() {
        await mint();
        await stepAll(true);
        await rotateAged();
      },
    },
  };
}
