// This file names states and streams, which every list shows.
import type { RecipientState, Stream } from '../api/model.ts';
import { catalogue } from './words.ts';

type Pair = readonly [string, string];

/** One word each, for legends and filters. */
export const stateNames = catalogue({
  delivered: ['Delivered', 'Zugestellt'],
  handed_over: ['Handed over', 'Übergeben'],
  submitting: ['On the wire', 'Auf der Leitung'],
  queued: ['Queued', 'Wartet'],
  scheduled: ['Scheduled', 'Geplant'],
  deferred: ['Deferred', 'Aufgeschoben'],
  held: ['Held', 'Angehalten'],
  uncertain: ['Uncertain', 'Ungewiss'],
  bounced: ['Bounced', 'Abgewiesen'],
  failed: ['Failed', 'Gescheitert'],
  expired: ['Expired', 'Abgelaufen'],
  suppressed: ['Suppressed', 'Gesperrt'],
  cancelled: ['Cancelled', 'Abgebrochen'],
} as const satisfies Record<RecipientState, Pair>);

export const streamNames = catalogue({
  transactional: ['transactional', 'Einzelpost'],
  bulk: ['bulk', 'Rundschreiben'],
} as const satisfies Record<Stream, Pair>);
