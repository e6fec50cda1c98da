// This file answers for both doors whether a tenant may use a From address, from memory where it was asked lately: the decision is pure
// (tenancy/may-send.ts), the facts come from the store.
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import { readRewriting } from '../store/rewriting.ts';
import { readSendingFacts } from '../store/sending-facts.ts';
import { domainOf, domainsCovering, type MaySend, maySend, senderKey } from '../tenancy/may-send.ts';

export interface SendingRights {
  /** A value when it is known already, so that a hot door need not wait; a promise else. */
  check(tenantId: string, fromAddress: string): MaySend | Promise<MaySend>;
  /** Forgets what is known of a tenant (null: of all), because its domains or senders changed. */
  forget(tenantId: string | null): void;
}

/** How long a yes counts: a domain removed on another node can be used at most this much longer. A no is never remembered. */
const TTL_MS = 5_000;
/** Domains and addresses remembered; beyond it the oldest are asked for again. */
const CACHE_MAX = 50_000;

/** `rewriteDomain`: the domain below which From addresses are written anew; null: this desk has none. */
export function makeSendingRights(deps: {
  readonly pool: pg.Pool;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly rewriteDomain?: string | null;
}): SendingRights {
  const { pool, clock, rewriteDomain = null } = deps;
  const known = new Map<string, { untilMs: number; answer: MaySend }>();
  const asking = new Map<string, Promise<MaySend>>();

  function recall(key: string): MaySend | null {
    const entry = known.get(key);
    return entry && entry.untilMs > clock.monotonicMs() ? entry.answer : null;
  }

  async function ask(tenantId: string, address: string): Promise<MaySend> {
    const facts = await readSendingFacts(pool, tenantId, { domains: domainsCovering(address), sender: address });
    const decided = maySend(address, facts);
    // Only a sender without a domain can be treated in a way of its own.
    const alone = decided.allowed && decided.domainId === null;
    const rewriting = alone ? await readRewriting(pool, tenantId, { address, rewriteDomain }) : null;
    const answer = rewriting === null ? decided : { ...decided, rewriting };
    if (answer.allowed) {
      const key = answer.domainId === null ? keyOf(tenantId, address) : keyOf(tenantId, domainOf(address));
      if (known.size >= CACHE_MAX) known.delete(known.keys().next().value ?? '');
      known.delete(key);
      known.set(key, { untilMs: clock.monotonicMs() + TTL_MS, answer });
    }
    return answer;
  }

  return {
    check(tenantId, fromAddress) {
      const address = senderKey(fromAddress);
      const recalled = recall(keyOf(tenantId, domainOf(address))) ?? recall(keyOf(tenantId, address));
      if (recalled) return recalled;
      const key = keyOf(tenantId, address);
      let question = asking.get(key);
      if (!question) {
        question = ask(tenantId, address).finally(() => asking.delete(key));
        asking.set(key, question);
      }
      return question;
    },
    forget(tenantId) {
      if (tenantId === null) known.clear();
      else for (const key of known.keys()) if (key.startsWith(`${tenantId} `)) known.delete(key);
    },
  };
}

function keyOf(tenantId: string, name: string): string {
  return `${tenantId} ${name}`;
}
