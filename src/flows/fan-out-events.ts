// This file turns events into deliveries, one page per endpoint and round, endpoint after endpoint: a mailing with a hundred thousand events
// takes many rounds, and everybody else's events go out between its pages. Events wait in their own table while an endpoint has much under way.
import type pg from 'pg';
import type { IdMint } from '../ids.ts';
import { committedSoFar, endpointsWithNews, fanOutPage } from '../store/webhook-deliveries.ts';

export interface FanOutDeps {
  readonly pool: pg.Pool;
  readonly ids: IdMint;
  readonly signal: AbortSignal;
  readonly limits?: Partial<FanOutLimits>;
}

export interface FanOutLimits {
  /** Events of one page: what one transaction and this process's memory hold (about 1 KB each). */
  readonly pageEvents: number;
  /** Pages of one call; the rest waits for the next. */
  readonly pages: number;
  /** Deliveries under way per endpoint, above which its events wait. */
  readonly waitingMax: number;
}

const LIMITS: FanOutLimits = { pageEvents: 500, pages: 100, waitingMax: 10_000 };
/** Endpoints looked up at once. */
const ENDPOINTS_AT_ONCE = 50;

/** Makes the fan-out. A call answers how many deliveries it made. */
export function makeFanOut(deps: FanOutDeps): () => Promise<number> {
  const { pool, ids, signal } = deps;
  const limits = { ...LIMITS, ...deps.limits };
  /** The walk over the endpoints goes on where the last call stopped, so the bound on pages starves nobody. */
  let after: string | null = null;
  /** What had been committed when nothing was left to do. */
  let quietAt = '';

  /**
   * One page for every endpoint with news behind `after`; ends early, in the middle of the walk, after `pagesMax`. `more` counts the pages behind
   * which there was more to read.
   */
  async function round(pagesMax: number): Promise<{ made: number; more: number; pages: number }> {
    const sum = { made: 0, more: 0, pages: 0 };
    for (;;) {
      const endpoints = await endpointsWithNews(pool, { after, limit: ENDPOINTS_AT_ONCE, waitingMax: limits.waitingMax });
      for (const { tenantId, id } of endpoints) {
        if (sum.pages === pagesMax || signal.aborted) return sum;
        const page = await fanOutPage(pool, tenantId, { endpointId: id, limit: limits.pageEvents, ids });
        sum.made += page.made;
        sum.more += page.end ? 0 : 1;
        sum.pages += 1;
        after = id;
      }
      if (endpoints.length < ENDPOINTS_AT_ONCE) {
        after = null;
        return sum;
      }
    }
  }

  return async () => {
    const seen = await committedSoFar(pool);
    if (seen === quietAt) return 0;
    let made = 0;
    for (let pagesLeft = limits.pages; pagesLeft > 0 && !signal.aborted; ) {
      const fromTheStart = after === null;
      const done = await round(pagesLeft);
      made += done.made;
      pagesLeft -= done.pages;
      if (fromTheStart && after === null && done.more === 0) {
        // What the log held when the endpoints were read is under way; what another node holds, it will commit. While mail flows there is always
        // something newer: that waits for the next call, in one page for each endpoint instead of a hundred small ones.
        quietAt = seen;
        break;
      }
    }
    return made;
  };
}
