// This file takes domains that were removed here away at providers too. The domain is gone here before anybody is asked; what a provider refuses, or
// does not answer, stays visible and is tried again, and what somebody here uses (again) stays.
import type pg from 'pg';
import type { ListAnswer } from '../delivery/provider-list.ts';
import { providerFailure, providerTrouble } from '../delivery/provider-trouble.ts';
import { AppError } from '../errors.ts';
import { openProviderAccount } from '../store/provider-accounts.ts';
import {
  type DueRemoval,
  endRemoval,
  forgetEndedRemovals,
  noteRemovalFailure,
  readDueRemoval,
  takeDueRemovals,
} from '../store/provider-domain-removals.ts';
import type { Scope } from '../store/scope.ts';
import type { Chore } from './housekeeping.ts';
import { ANSWER_MAX_S, backOffMs, type ProviderDomainsDeps } from './provider-domains.ts';

export type RemovalDeps = Omit<ProviderDomainsDeps, 'changed'> & { readonly pool: pg.Pool };

export interface ProviderRemovals {
  /** Asks the provider now. Throws NOT_FOUND when nothing is left to do. */
  retry(scope: Scope, id: string): Promise<void>;
  readonly chore: Chore;
}

const EVERY_MS = 30_000;
const BATCH = 20;
const BATCHES_MAX = 20;
/** A batch whose every call is answered at the last moment. */
const LEASE_S = 1_800;
const DAY_MS = 86_400_000;
/** What was done is shown this long, days. */
const SHOWN_DAYS = 30;

export function makeProviderRemovals(deps: RemovalDeps): ProviderRemovals {
  const { pool } = deps;
  const over = () => deps.signal?.aborted === true;
  return {
    async retry(scope, id) {
      const row = await readDueRemoval(pool, scope, id);
      if (!row) throw new AppError('NOT_FOUND', 'Nothing is left to be removed there.');
      await step(deps, row);
    },
    chore: {
      name: 'provider-domain-removals',
      everyMs: EVERY_MS,
      async run() {
        await forgetEndedRemovals(pool, SHOWN_DAYS);
        for (let batch = 0; batch < BATCHES_MAX && !over(); batch += 1) {
          const due = await takeDueRemovals(pool, { limit: BATCH, seconds: LEASE_S });
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

async function step(deps: RemovalDeps, row: DueRemoval): Promise<void> {
  const { pool, clock, log } = deps;
  const said = { account: row.accountId, domain: row.domain };
  if (row.inUse) {
    await endRemoval(pool, row.id, 'kept');
    log.info({ event: 'provider_domain_kept', ...said });
    return;
  }
  const { title, answer } = await ask(deps, row);
  if (answer.ok) {
    await endRemoval(pool, row.id, 'removed');
    log.info({ event: 'provider_domain_removed', ...said });
    return;
  }
  log.warn({ event: 'provider_domain_not_removed', ...said, kind: answer.kind, reason: answer.reason });
  const waits = answer.kind === 'later' ? Math.max(answer.retryAfterMs ?? 0, backOffMs(row.failures)) : DAY_MS;
  await noteRemovalFailure(pool, row.id, {
    trouble: providerFailure('remove', title, answer),
    needsPerson: answer.kind !== 'later',
    dueMs: clock.nowMs() + waits,
  });
}

async function ask(deps: RemovalDeps, row: DueRemoval): Promise<{ title: string; answer: ListAnswer<null> }> {
  const account = await openProviderAccount(deps.pool, deps.keys, row.accountId);
  const adapter = account && deps.registry.get(account.provider);
  if (!account || !adapter) return { title: '', answer: { ok: false, kind: 'account', reason: providerTrouble('removal-account-gone') } };
  const { title } = adapter;
  const settings = { ...account.settings, answer_timeout_s: ANSWER_MAX_S };
  const client = adapter.connect({ ...account, settings }, { clock: deps.clock, log: deps.log, random: deps.random });
  try {
    const { domains } = client;
    if (domains) return { title, answer: await domains.remove(row.domain) };
    return { title, answer: { ok: false, kind: 'forbidden', reason: providerTrouble('no-removal', { provider: title }) } };
  } finally {
    await client.close();
  }
}
