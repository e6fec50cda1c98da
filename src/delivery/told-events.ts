// This file is the closed list of what an organisation hears about its mail, by webhook and by cursor (docs/WEBHOOKS.md says what each means): our own
// happenings, the words of providers, and what is about an address or a domain.
import { EVENT_TYPES } from '../feedback/vocabulary.ts';

export const TOLD_EVENTS: readonly string[] = [
  ...EVENT_TYPES,
  'handed_over',
  'requeued',
  'rerouted',
  'uncertain',
  'resent',
  'expired',
  'suppressed',
  'held',
  'released',
  'cancelled',
  'hold.created',
  'hold.released',
  'incident.opened',
  'incident.closed',
  'domain.verified',
  'domain.warning',
  'domain.broken',
  'domain.key-revoked',
].sort();

/** The first of `types` that no event ever has; null when all are known. */
export function unknownEventType(types: readonly string[]): string | null {
  return types.find((type) => !TOLD_EVENTS.includes(type)) ?? null;
}
