// This file makes sending domains known to providers and follows how they stand there: created, looked at while records are being published, looked
// at daily afterwards. The question is stored before it is asked, and every call may be repeated.
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import type { ProviderAdapter, ProviderKind } from '../delivery/provider.ts';
import type { ProviderDomain } from '../delivery/provider-domain.ts';
import type { ListAnswer } from '../delivery/provider-list.ts';
import { providerFailure, providerTrouble } from '../delivery/provider-trouble.ts';
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Keys } from '../store/keys.ts';
import { openProviderAccount } from '../store/provider-accounts.ts';
import {
  type DueProviderDomain,
  noteProviderDomain,
  noteProviderDomainFailure,
  readProviderDomain,
  takeDueProviderDomains,
} from '../store/provider-domains.ts';
import type { Scope } from '../store/scope.ts';
import type { Chore } from './housekeeping.ts';

export interface ProviderDomainsDeps {
  readonly pool: pg.Pool;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly log: Log;
  /** 0 ≤ n < 1. */
  readonly random: () => number;
  readonly registry: ReadonlyMap<ProviderKind, ProviderAdapter>;
  /** A domain's state at an account changed: routes open or close. */
  readonly changed: () => void;
  readonly signal?: AbortSignal;
}

export interface ProviderDomainLooks {
  /** Asks the provider now. Throws NOT_FOUND for a domain that the account was never asked to take. */
  look(scope: Scope, of: { domainId: string; id: string }): Promise<void>;
  readonly chore: Chore;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Looks while records are being published, by how long that has been going on; a provider's own review takes up to an hour. */
const PENDING: readonly { readonly ageMs: number; readonly everyMs: number }[] = [
  { ageMs: HOUR_MS, everyMs: 5 * MINUTE_MS },
  { ageMs: DAY_MS, everyMs: 30 * MINUTE_MS },
  // SparkPost removes domains that were not verified within two weeks.
  { ageMs: 14 * DAY_MS, everyMs: 6 * HOUR_MS },
];
const RETRY_FIRST_MS = MINUTE_MS;
const RETRY_MAX_MS = 6 * HOUR_MS;
const EVERY_MS = 30_000;
const BATCH = 20;
const BATCHES_MAX = 20;
/** A batch whose every call is answered at the last moment. */
const LEASE_S = 1_800;
/** Calls about domains change little and answer at once; a send may take much longer (api-account.ts). */
export const ANSWER_MAX_S = 20;

export function makeProviderDomains(deps: ProviderDomainsDeps): ProviderDomainLooks {
  const { pool } = deps;
  const over = () => deps.signal?.aborted === true;
  return {
    async look(scope, of) {
      const row = await readProviderDomain(pool, scope, of);
      if (!row) throw new AppError('NOT_FOUND', 'This account was not asked to take the domain.');
      await step(deps, row);
    },
    chore: {
      name: 'provider-domains',
      everyMs: EVERY_MS,
      async run() {
        for (let batch = 0; batch < BATCHES_MAX && !over(); batch += 1) {
          const due = await takeDueProviderDomains(pool, { limit: BATCH, seconds: LEASE_S });
          for (const row of due) {
            // What is left is due again when its time is over.
            if (over()) return;
            await step(deps, row);
          }
          if (due.length < BATCH) return;
        }
      },
    },
  };
}

async function step(deps: ProviderDomainsDeps, row: DueProviderDomain): Promise<void> {
  const { pool, clock, log } = deps;
  const { title, answer } = await ask(deps, row);
  const said = { account: row.accountId, domain: row.domain };
  if (answer.ok) {
    const { state } = answer.value;
    const sinceMs = state === row.state ? row.sinceMs : clock.nowMs();
    const dueMs = clock.nowMs() + waitMs(state, clock.nowMs() - sinceMs);
    const changed = await noteProviderDomain(pool, row.id, { ...answer.value, dueMs });
    if (!changed) return;
    log.info({ event: 'provider_domain_changed', ...said, state });
    deps.changed();
    return;
  }
  const waits = answer.kind === 'later' ? Math.max(answer.retryAfterMs ?? 0, backOffMs(row.failures)) : DAY_MS;
  log.warn({ event: 'provider_domain_failed', ...said, kind: answer.kind, reason: answer.reason });
  await noteProviderDomainFailure(pool, row.id, {
    trouble: providerFailure('take', title, answer),
    needsPerson: answer.kind !== 'later',
    dueMs: clock.nowMs() + waits,
  });
}

/** Creates what was only asked for; lets the provider look at everything else. */
async function ask(deps: ProviderDomainsDeps, row: DueProviderDomain): Promise<{ title: string; answer: ListAnswer<ProviderDomain> }> {
  const account = await openProviderAccount(deps.pool, deps.keys, row.accountId);
  const adapter = account && deps.registry.get(account.provider);
  if (!account || !adapter) return { title: '', answer: { ok: false, kind: 'account', reason: providerTrouble('account-gone') } };
  const { title } = adapter;
  // A person may wait for the answer; what takes longer is asked again by the chore.
  const settings = { ...account.settings, answer_timeout_s: ANSWER_MAX_S };
  const client = adapter.connect({ ...account, settings }, { clock: deps.clock, log: deps.log, random: deps.random });
  try {
    const { domains } = client;
    if (!domains) return { title, answer: { ok: false, kind: 'forbidden', reason: providerTrouble('no-domains', { provider: title }) } };
    // A domain that was taken away there (SparkPost does after two weeks) is made again.
    const made = await domains.create(row.domain);
    return { title, answer: made.ok && made.value.state !== 'blocked' ? await domains.verify(row.domain) : made };
  } finally {
    await client.close();
  }
}

function waitMs(state: ProviderDomain['state'], ageMs: number): number {
  if (state !== 'pending') return DAY_MS;
  return PENDING.find((step) => ageMs < step.ageMs)?.everyMs ?? DAY_MS;
}

export function backOffMs(failures: number): number {
  return Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** Math.min(failures, 10));
}
