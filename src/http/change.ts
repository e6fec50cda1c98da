// This file runs a change and its line in the audit log in one transaction, within the reach of whoever asks.
import type { FastifyRequest } from 'fastify';
import type pg from 'pg';
import { recordAudit } from '../store/audit.ts';
import { inScope, type Scope } from '../store/scope.ts';
import { actorOf } from './app.ts';
import type { HttpDeps } from './deps.ts';

export interface Change {
  readonly tenantId: string | null;
  /** Thing and verb: `credential.revoke`. */
  readonly action: string;
  readonly subject: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** Runs `work`; `describe` says what it did, or null when it did nothing. */
export async function change<T>(
  deps: Pick<HttpDeps, 'pool' | 'ids'>,
  request: FastifyRequest,
  scope: Scope,
  step: { work: (db: pg.PoolClient) => Promise<T>; describe: (result: T) => Change | null },
): Promise<T> {
  return inScope(deps.pool, scope, async (db) => {
    const result = await step.work(db);
    const entry = step.describe(result);
    if (entry) await recordAudit(db, deps.ids, { actor: actorOf(request), ...entry });
    return result;
  });
}
