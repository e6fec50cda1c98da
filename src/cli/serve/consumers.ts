// This file lists who reads the event log of all tenants, each event once: see flows/consume-events.ts. One line per consumer.

import type { EventConsumer } from '../../flows/consume-events.ts';
import { makeCountRecipients } from '../../flows/count-recipients.ts';
import { makeQueueNotices } from '../../flows/queue-notices.ts';
import { incidentConsumer, type WatchIncidentsDeps } from '../../flows/watch-incidents.ts';

/** The consumers of the desk. */
export function eventConsumers(deps: WatchIncidentsDeps): readonly EventConsumer[] {
  return [makeCountRecipients(), makeQueueNotices(deps), incidentConsumer(deps)];
}
