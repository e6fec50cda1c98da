// This file lists who reads the event log of all tenants, each event once: see flows/consume-events.ts. One line per consumer.

import type { ProviderAdapter, ProviderKind } from '../../delivery/provider.ts';
import type { AnyConsumer } from '../../flows/consume-events.ts';
import { countRecipients } from '../../flows/count-recipients.ts';
import { makeHeedDrops } from '../../flows/heed-drops.ts';
import { noteHeldMessages } from '../../flows/note-held.ts';
import { makeQueueNotices } from '../../flows/queue-notices.ts';
import { makeSlowLanes } from '../../flows/slow-lanes.ts';
import { listingKinds } from '../../flows/sync-suppressions.ts';
import { incidentConsumer, type WatchIncidentsDeps } from '../../flows/watch-incidents.ts';

export interface ConsumerDeps extends WatchIncidentsDeps {
  readonly registry: ReadonlyMap<ProviderKind, ProviderAdapter>;
}

/** The consumers of the desk. */
export function eventConsumers(deps: ConsumerDeps): readonly AnyConsumer[] {
  return [
    countRecipients,
    makeQueueNotices(deps),
    incidentConsumer(deps),
    makeSlowLanes(deps),
    makeHeedDrops(listingKinds(deps.registry)),
    noteHeldMessages,
  ];
}
