// This file wires the two ways on the wire to the node's lease: the hot one, where a door reserves a place before its commit and hands the job over after it,
// and the claimed one. What comes under the lease of a life that is over goes back.
import type { BodiesInHand } from '../../flows/bodies-in-hand.ts';
import type { DeliveryJob } from '../../flows/deliver.ts';
import type { OpenWork } from '../../flows/open-work.ts';
import type { Wire } from '../../flows/placing.ts';
import type { RoutingTable } from '../../flows/routing-table.ts';
import type { Dispatcher, DispatcherDeps } from '../../queue/contract.ts';
import type { NodeLease } from '../../queue/node-lease.ts';
import { leaseOf } from '../../store/nodes.ts';

export interface WireParts {
  readonly dispatcher: Dispatcher<DeliveryJob>;
  readonly lease: NodeLease;
  readonly open: OpenWork;
  readonly bodies: BodiesInHand;
  readonly routing: RoutingTable;
  readonly giveBack: (jobs: readonly DeliveryJob[]) => Promise<void>;
}

export function makeWire({ dispatcher, lease, open, bodies, routing, giveBack }: WireParts): Wire {
  return {
    reserve: (laneId) => dispatcher.reserve(laneId),
    lease() {
      const current = lease.current();
      lease.opened(current);
      return current;
    },
    launch(job) {
      const [first] = job.recipients;
      bodies.enter(job.message);
      for (const recipient of job.recipients) open.opened(recipient.lease, [recipient.id]);
      if (first) lease.closed(first.lease);
      if (first && first.lease < leaseOf(lease.epoch, 0)) {
        // The node was declared dead while the commit was on its way: the place is free again, and the rows go back if they are still ours.
        dispatcher.cancelReservation(job.laneId);
        void giveBack([job]);
      } else dispatcher.launch(job);
    },
    cancel(laneId, held) {
      lease.closed(held);
      dispatcher.cancelReservation(laneId);
    },
    batchMax: (routeId) => routing.route(routeId)?.adapter.capabilities.batchMax ?? 1,
  };
}

/** The dispatcher's claim. */
export function makeClaim({
  lease,
  claim,
  giveBack,
}: Pick<WireParts, 'giveBack'> & {
  readonly lease: Pick<NodeLease, 'epoch'>;
  readonly claim: DispatcherDeps<DeliveryJob>['claim'];
}): DispatcherDeps<DeliveryJob>['claim'] {
  return async (laneId, limit, gate) => {
    const { epoch } = lease;
    const answer = await claim(laneId, limit, gate);
    if (lease.epoch === epoch) return answer;
    // The node was declared dead while the claim was on its way: others may settle these rows at any moment.
    await giveBack(answer.jobs);
    return { jobs: [], found: 0 };
  };
}
