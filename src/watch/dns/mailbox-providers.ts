// This file learns in the background which mailbox provider runs a domain, by its MX records. Nobody waits for it: until the answer is there a
// domain counts as `other`, and well-known names are known without asking.

import type { Clock } from '../../clock.ts';
import { providerOfDomain, providerOfExchangers } from '../../delivery/mailbox-provider.ts';

export interface MailboxProvidersDeps {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** Shaped like dns.promises.resolveMx. */
  readonly resolveMx: (domain: string) => Promise<readonly { exchange: string; priority: number }[]>;
}

/** Mail exchangers change rarely, and a wrong guess costs only fairness. */
const KNOWN_MS = 24 * 3_600_000;
/** A domain whose look-up failed is asked again after this. */
const UNKNOWN_MS = 15 * 60_000;
const DOMAINS_MAX = 200_000;
/** Look-ups at once, and those that may wait; beyond it a domain is asked with its next recipient. */
const ASKING_MAX = 8;
const WAITING_MAX = 1_000;

/** Makes the look-up: always an answer, never a wait. */
export function makeMailboxProviders(deps: MailboxProvidersDeps): (domain: string) => string {
  const known = new Map<string, { provider: string; untilMs: number }>();
  const waiting = new Set<string>();
  let asking = 0;

  function next(): void {
    while (asking < ASKING_MAX) {
      const domain = waiting.values().next().value;
      if (domain === undefined) return;
      waiting.delete(domain);
      asking += 1;
      void ask(domain).finally(() => {
        asking -= 1;
        next();
      });
    }
  }

  async function ask(domain: string): Promise<void> {
    let entry = { provider: 'other', untilMs: deps.clock.monotonicMs() + UNKNOWN_MS };
    try {
      const records = await deps.resolveMx(domain);
      const names = records.toSorted((a, b) => a.priority - b.priority).map((record) => record.exchange);
      entry = { provider: providerOfExchangers(names), untilMs: deps.clock.monotonicMs() + KNOWN_MS };
    } catch {
      // No such domain, no answer, no network: `other` until the next look. Whether mail to it can be delivered, its route will tell.
    }
    if (known.size >= DOMAINS_MAX) known.clear();
    known.set(domain, entry);
  }

  return (domain) => {
    const named = providerOfDomain(domain);
    if (named) return named;
    const entry = known.get(domain);
    if (entry && entry.untilMs > deps.clock.monotonicMs()) return entry.provider;
    if (waiting.size < WAITING_MAX) {
      waiting.add(domain);
      next();
    }
    return entry?.provider ?? 'other';
  };
}
