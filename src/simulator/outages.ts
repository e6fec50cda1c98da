// This file keeps the scripted outages: which provider misbehaves how, and until when.
import type { Clock } from '../clock.ts';
import type { ProviderKind } from '../delivery/provider.ts';
import { AppError } from '../errors.ts';
import type { Agenda } from './agenda.ts';

export const OUTAGE_KINDS = {
  down: 'Connections are refused, open ones are cut.',
  '5xx': 'Every request fails with a server error; nothing is accepted.',
  slow: 'Every answer comes late (5 s, or --delay).',
  quota: 'The account has used up its quota. Mandrill accepts all the same and holds the mail until the outage ends.',
  suspended: 'The provider has suspended the account. Mandrill accepts all the same and holds the mail until the outage ends.',
  throttle: 'Too many requests: try again later.',
  lying: 'Messages are accepted, but the answer is garbage or the line breaks after the last byte.',
  blocklisted: 'Messages are accepted, and every receiver (or those of --at) then refuses the IP of this provider (554 5.7.1).',
} as const;

export type OutageKind = keyof typeof OUTAGE_KINDS;

export interface OutageOptions {
  /** How long, milliseconds. */
  readonly forMs: number;
  readonly kind?: OutageKind;
  /** For `slow`: how late an answer comes, milliseconds. */
  readonly delayMs?: number;
  /** For `blocklisted`: the receivers' domain that refuses; every one when it is not named. */
  readonly at?: string;
}

export interface Outage {
  readonly id: string;
  readonly provider: ProviderKind;
  readonly kind: OutageKind;
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly delayMs: number;
  readonly at: string | null;
}

export interface Outages {
  /** Begins an outage; one that runs at the same provider ends. Throws AppError LIMIT_EXCEEDED for a time that is not sensible. */
  begin(provider: ProviderKind, options: OutageOptions): Outage;
  /** Ends what runs at a provider; false when nothing did. */
  end(provider: ProviderKind): boolean;
  active(provider: ProviderKind): Outage | null;
  all(): Outage[];
}

const SLOW_MS = 5_000;
/** Longer than any client waits. */
const DELAY_MAX_MS = 15 * 60_000;
/** A forgotten outage must not last for ever. */
const FOR_MAX_MS = 24 * 3_600_000;

/** Makes the list; `changed` hears of a provider whose outage began or ended. */
export function makeOutages(deps: { clock: Clock; agenda: Agenda; changed: (provider: ProviderKind) => void }): Outages {
  const running = new Map<ProviderKind, Outage>();
  let count = 0;
  const end = (provider: ProviderKind): boolean => {
    const ended = running.delete(provider);
    if (ended) deps.changed(provider);
    return ended;
  };
  return {
    begin(provider, options) {
      const { forMs, kind = 'down', delayMs = SLOW_MS, at = null } = options;
      if (!(forMs > 0 && forMs <= FOR_MAX_MS)) throw new AppError('LIMIT_EXCEEDED', 'An outage lasts more than 0 s and at most 24 h.');
      if (!(delayMs >= 0 && delayMs <= DELAY_MAX_MS)) throw new AppError('LIMIT_EXCEEDED', 'A slow answer comes at most 15 minutes late.');
      const sinceMs = deps.clock.nowMs();
      count += 1;
      const outage: Outage = { id: `out-${count}`, provider, kind, sinceMs, untilMs: sinceMs + forMs, delayMs, at };
      running.set(provider, outage);
      deps.changed(provider);
      deps.agenda.at(outage.untilMs, () => {
        if (running.get(provider)?.id === outage.id) end(provider);
      });
      return outage;
    },
    end,
    active: (provider) => running.get(provider) ?? null,
    all: () => [...running.values()],
  };
}
