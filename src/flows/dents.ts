// This file keeps the dents of routes in memory: which route a mailbox provider refuses at the moment, and which recipient may probe it.
import type { Clock } from '../clock.ts';
import { afterProbe, type Dent, firstProbes, type Probes } from '../delivery/dent.ts';
import type { RouteDent } from '../delivery/route.ts';
import { receiverName } from '../reputation/incident-words.ts';

export interface Dents {
  /** Takes the dents that are open now. True when other routes are dented than before. */
  load(dents: readonly Dent[]): boolean;
  /** True when some route is dented for this mailbox provider. */
  any(mailboxProvider: string): boolean;
  of(routeId: number, mailboxProvider: string): RouteDent | null;
  /** True when a recipient may try the route now. */
  probeIsDue(routeId: number, mailboxProvider: string): boolean;
  /** A recipient that was given the probe may pass again when it is claimed from its lane. */
  passes(routeId: number, mailboxProvider: string): boolean;
  /** A recipient tries it: nobody else does until the rest is over. */
  probe(routeId: number, mailboxProvider: string, pass: 'waits' | 'leaves'): void;
}

interface Entry {
  readonly dent: Dent;
  readonly probes: Probes;
  /** Until when one recipient that waits in the route's lane may leave as the probe. */
  readonly passUntilMs: number;
}

/** A probe that could not leave at once is claimed within this, or the next one tries. */
const PASS_MS = 60_000;

export function makeDents(clock: Pick<Clock, 'nowMs'>): Dents {
  let entries = new Map<string, Entry>();
  let receivers = new Set<string>();
  const keyOf = (routeId: number, mailboxProvider: string) => `${routeId} ${mailboxProvider}`;

  return {
    load(dents) {
      const before = entries;
      entries = new Map(
        dents.map((dent) => {
          const known = before.get(keyOf(dent.routeId, dent.mailboxProvider));
          const same = known?.dent.incidentId === dent.incidentId && known.dent.reopened === dent.reopened;
          const kept = same ? known : { probes: firstProbes(dent), passUntilMs: 0 };
          return [keyOf(dent.routeId, dent.mailboxProvider), { ...kept, dent }];
        }),
      );
      receivers = new Set(dents.map((dent) => dent.mailboxProvider));
      return before.size !== entries.size || [...entries.keys()].some((key) => !before.has(key));
    },
    any: (mailboxProvider) => receivers.has(mailboxProvider),
    of(routeId, mailboxProvider) {
      const entry = entries.get(keyOf(routeId, mailboxProvider));
      if (!entry) return null;
      const since = new Date(entry.dent.openedAtMs).toISOString().slice(0, 16).replace('T', ' ');
      return {
        because: `${receiverName(mailboxProvider)}: the IP of this account is refused since ${since} UTC.`,
        incident: entry.dent.incidentId,
      };
    },
    probeIsDue(routeId, mailboxProvider) {
      const entry = entries.get(keyOf(routeId, mailboxProvider));
      return entry !== undefined && entry.probes.dueAtMs <= clock.nowMs();
    },
    passes(routeId, mailboxProvider) {
      const entry = entries.get(keyOf(routeId, mailboxProvider));
      return entry !== undefined && entry.passUntilMs > clock.nowMs();
    },
    probe(routeId, mailboxProvider, pass) {
      const key = keyOf(routeId, mailboxProvider);
      const entry = entries.get(key);
      if (!entry) return;
      const nowMs = clock.nowMs();
      const due = entry.probes.dueAtMs <= nowMs;
      entries.set(key, {
        ...entry,
        probes: due ? afterProbe(entry.probes, entry.dent.lastSeenAtMs, nowMs) : entry.probes,
        passUntilMs: pass === 'waits' ? nowMs + PASS_MS : 0,
      });
    },
  };
}
