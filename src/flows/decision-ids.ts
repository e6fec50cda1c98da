// This file stores route decisions, each distinct one once: its id is a hash of its content.
import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { RouteDecision } from '../delivery/route.ts';
import { storeDecision } from '../store/routing-table.ts';

export interface DecisionIds {
  /** Stores a decision once and returns its id (a hash of its content). */
  decisionId(decision: RouteDecision): Promise<string>;
  /** The id when the decision is known to be stored; else null, and `decisionId` has to be awaited. */
  knownDecisionId(decision: RouteDecision): string | null;
}

/** Distinct decisions remembered as stored; the set is emptied when it grows past this. */
const STORED_MAX = 10_000;

export function makeDecisionIds(pool: pg.Pool): DecisionIds {
  const stored = new Set<string>();
  const ids = new WeakMap<RouteDecision, string>();

  function idOf(decision: RouteDecision): string {
    let id = ids.get(decision);
    if (!id) {
      const hash = createHash('sha256').update(JSON.stringify(decision)).digest('hex');
      id = `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
      ids.set(decision, id);
    }
    return id;
  }

  return {
    async decisionId(decision) {
      const id = idOf(decision);
      if (!stored.has(id)) {
        await storeDecision(pool, id, decision);
        if (stored.size > STORED_MAX) stored.clear();
        stored.add(id);
      }
      return id;
    },
    knownDecisionId: (decision) => (stored.has(idOf(decision)) ? idOf(decision) : null),
  };
}
