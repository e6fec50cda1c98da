// This file gives the recipients of an accepted message their lanes, and those that may leave at once a place on the wire.
import type { Clock } from '../clock.ts';
import type { RouteDecision } from '../delivery/route.ts';
import type { Stream } from '../delivery/states.ts';
import type { IdMint } from '../ids.ts';
import type { MessageFacts } from '../mail/inspect.ts';
import type { IntakeRecipient } from '../store/intake.ts';
import type { Lane } from '../store/lanes.ts';
import type { DeliveryJob } from './deliver.ts';
import type { LaneDirectory } from './lane-directory.ts';
import type { Submission } from './submission.ts';

export interface PlacingDeps {
  readonly clock: Clock;
  readonly ids: IdMint;
  readonly lanes: Pick<LaneDirectory, 'known' | 'ensure'>;
  readonly mailboxProvider: (domain: string) => string;
  /** Places on the wire, and the lease that goes with them; null on nodes that do not dispatch. */
  readonly wire: Wire | null;
}

export interface Wire {
  reserve(laneId: number): boolean | Promise<boolean>;
  /** The lease of a place just reserved; it counts as open until `launch` or `cancel`. */
  lease(): bigint;
  launch(job: DeliveryJob): void;
  cancel(laneId: number, lease: bigint): void;
  /** Recipients that may travel in one job of this route. */
  batchMax(routeId: number): number;
}

/** Jobs of one message that may go hot; a message to a thousand must not take every place from its neighbours. */
const HOT_GROUPS_MAX = 16;

/** Everything about a submission that is settled before recipients get their lanes. */
export interface Draft {
  readonly submission: Submission;
  readonly facts: MessageFacts;
  readonly stream: Stream;
  readonly sendAtMs: number | null;
  readonly fromAddress: string;
  readonly decision: RouteDecision;
  readonly decisionId: string;
  readonly held: string | null;
}

/** Recipients that share a lane; those with a place on the wire also share a job. */
export interface Placed {
  readonly lane: Lane;
  readonly recipients: IntakeRecipient[];
  /** Set when the whole group was given a place on the wire. */
  readonly lease: bigint | null;
}

/** Groups recipients by lane and asks for places on the wire. */
export function place(deps: PlacingDeps, settled: Draft, addresses: readonly string[]): Placed[] | Promise<Placed[]> {
  const { submission, stream, decision } = settled;
  const routeId = decision.routeId ?? decision.judgements.find((judgement) => judgement.stoppedAt === 'well')?.routeId ?? null;
  const groups = new Map<string, string[]>();
  for (const address of addresses) {
    const provider = deps.mailboxProvider(address.slice(address.lastIndexOf('@') + 1));
    const group = groups.get(provider);
    if (group) group.push(address);
    else groups.set(provider, [address]);
  }
  const keys = [...groups].map(([mailboxProvider, members]) => ({
    key: { tenantId: submission.tenantId, stream, mailboxProvider, routeId },
    members,
  }));
  const known = keys.map(({ key }) => deps.lanes.known(key));
  const finish = (lanes: readonly Lane[]) => {
    const groups = keys.flatMap(({ members }, index) => groupsOf(deps, settled, lanes[index], members));
    const asked = groups.map(({ lane }, index) =>
      index < HOT_GROUPS_MAX && isHot(deps, settled, lane) ? deps.wire.reserve(lane.id) : false,
    );
    const placeAll = (granted: readonly boolean[]) =>
      groups.map((group, index) => placeGroup(deps, settled, group, granted[index] === true));
    // Places granted at once are the usual case and cost no turn of the event loop.
    return asked.some((each) => each instanceof Promise) ? Promise.all(asked).then(placeAll) : placeAll(asked.map((each) => each === true));
  };
  if (known.every((lane) => lane !== null)) return finish(known);
  return Promise.all(keys.map(({ key }) => deps.lanes.ensure(key))).then(finish);
}

/** True when recipients of this lane may go from memory straight to the wire, if a place is free. */
function isHot(deps: PlacingDeps, settled: Draft, lane: Lane): deps is PlacingDeps & { wire: Wire } {
  return deps.wire !== null && settled.held === null && settled.sendAtMs === null && lane.routeId !== null;
}

/** Cuts a lane's recipients into groups that travel in one job. */
function groupsOf(
  deps: PlacingDeps,
  settled: Draft,
  lane: Lane | undefined,
  addresses: readonly string[],
): { lane: Lane; addresses: readonly string[] }[] {
  if (!lane) throw new Error('a group of recipients has no lane');
  const size = isHot(deps, settled, lane) && lane.routeId !== null ? deps.wire.batchMax(lane.routeId) : addresses.length;
  const groups = [];
  for (let start = 0; start < addresses.length; start += size) groups.push({ lane, addresses: addresses.slice(start, start + size) });
  return groups;
}

function placeGroup(deps: PlacingDeps, settled: Draft, group: { lane: Lane; addresses: readonly string[] }, granted: boolean): Placed {
  const { lane, addresses } = group;
  const lease = granted && deps.wire ? deps.wire.lease() : null;
  return { lane, lease, recipients: addresses.map((address) => intakeRecipient(deps, settled, lane, lease, address)) };
}

function intakeRecipient(deps: PlacingDeps, settled: Draft, lane: Lane, lease: bigint | null, address: string): IntakeRecipient {
  const state = settled.held ? 'held' : settled.sendAtMs !== null ? 'scheduled' : lease !== null ? 'submitting' : 'queued';
  const waits = state === 'queued' || state === 'scheduled';
  return {
    id: deps.ids.next(),
    address,
    state,
    laneId: lane.id,
    dueAtMs: waits ? (settled.sendAtMs ?? deps.clock.nowMs()) : null,
    lease,
    routeId: lane.routeId,
    decisionId: settled.decisionId,
    reason: settled.held,
    eventId: deps.ids.next(),
  };
}
