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
import type { Question } from './route-asked.ts';
import type { RoutingTable } from './routing-table.ts';
import type { Submission } from './submission.ts';

export interface PlacingDeps {
  readonly clock: Clock;
  readonly ids: IdMint;
  readonly lanes: Pick<LaneDirectory, 'known' | 'ensure'>;
  readonly mailboxProvider: (domain: string) => string;
  readonly routing: Pick<RoutingTable, 'decide' | 'decisionId' | 'dented' | 'probe'>;
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
  /** What the router was asked. */
  readonly question: Question;
  readonly decision: RouteDecision;
  readonly decisionId: string;
  readonly held: string | null;
}

/** A decision that is stored. */
type Way = Pick<Draft, 'decision' | 'decisionId'>;

/** Recipients of one mailbox provider that go the same way. */
interface Part {
  readonly mailboxProvider: string;
  readonly members: readonly string[];
  readonly way: Way;
}

/** Recipients that share a lane; those with a place on the wire also share a job. */
export interface Placed {
  readonly lane: Lane;
  readonly decisionId: string;
  readonly recipients: IntakeRecipient[];
  /** Set when the whole group was given a place on the wire. */
  readonly lease: bigint | null;
}

/** Groups recipients by lane and asks for places on the wire. */
export function place(deps: PlacingDeps, settled: Draft, addresses: readonly string[]): Placed[] | Promise<Placed[]> {
  const groups = new Map<string, string[]>();
  for (const address of addresses) {
    const provider = deps.mailboxProvider(address.slice(address.lastIndexOf('@') + 1));
    const group = groups.get(provider);
    if (group) group.push(address);
    else groups.set(provider, [address]);
  }
  // Everyday: nobody refuses us, and the message goes one way.
  if (settled.held !== null || ![...groups.keys()].some((mailboxProvider) => deps.routing.dented(mailboxProvider))) {
    return placeParts(
      deps,
      settled,
      [...groups].map(([mailboxProvider, members]) => ({ mailboxProvider, members, way: settled })),
    );
  }
  return partsOf(deps, settled, groups).then((parts) => placeParts(deps, settled, parts));
}

/** Recipients of a mailbox provider that refuses a route go another way; one of them may try whether that is over. */
async function partsOf(deps: PlacingDeps, settled: Draft, groups: ReadonlyMap<string, readonly string[]>): Promise<Part[]> {
  const parts: Part[] = [];
  const wayOf = async (decision: RouteDecision): Promise<Way> => ({ decision, decisionId: await deps.routing.decisionId(decision) });
  for (const [mailboxProvider, members] of groups) {
    if (!deps.routing.dented(mailboxProvider)) {
      parts.push({ mailboxProvider, members, way: settled });
      continue;
    }
    const question = { ...settled.question, mailboxProvider };
    const probe = settled.sendAtMs === null ? deps.routing.probe(question) : null;
    if (probe) parts.push({ mailboxProvider, members: members.slice(0, 1), way: await wayOf(probe) });
    const rest = probe ? members.slice(1) : members;
    if (rest.length > 0) parts.push({ mailboxProvider, members: rest, way: await wayOf(deps.routing.decide(question)) });
  }
  return parts;
}

function placeParts(deps: PlacingDeps, settled: Draft, parts: readonly Part[]): Placed[] | Promise<Placed[]> {
  const { submission, stream } = settled;
  const keys = parts.map(({ mailboxProvider, members, way }) => ({
    key: { tenantId: submission.tenantId, stream, mailboxProvider, routeId: routeOf(way.decision) },
    members,
    way,
  }));
  const known = keys.map(({ key }) => deps.lanes.known(key));
  const finish = (lanes: readonly Lane[]) => {
    const groups = keys.flatMap(({ members, way }, index) => groupsOf(deps, settled, lanes[index], { members, way }));
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

/** Recipients that travel in one job. */
interface Group {
  readonly lane: Lane;
  readonly way: Way;
  readonly addresses: readonly string[];
}

/** The chosen route, or the one it waits for while its account rests. */
export function routeOf(decision: RouteDecision): number | null {
  return decision.routeId ?? decision.judgements.find((judgement) => judgement.stoppedAt === 'well')?.routeId ?? null;
}

/** True when recipients of this lane may go from memory straight to the wire, if a place is free. */
function isHot(deps: PlacingDeps, settled: Draft, lane: Lane): deps is PlacingDeps & { wire: Wire } {
  return deps.wire !== null && settled.held === null && settled.sendAtMs === null && lane.routeId !== null;
}

/** Cuts a lane's recipients into groups that travel in one job. */
function groupsOf(deps: PlacingDeps, settled: Draft, lane: Lane | undefined, part: Pick<Part, 'members' | 'way'>): Group[] {
  if (!lane) throw new Error('a group of recipients has no lane');
  const { members, way } = part;
  const size = isHot(deps, settled, lane) && lane.routeId !== null ? deps.wire.batchMax(lane.routeId) : members.length;
  const groups: Group[] = [];
  for (let start = 0; start < members.length; start += size) groups.push({ lane, way, addresses: members.slice(start, start + size) });
  return groups;
}

function placeGroup(deps: PlacingDeps, settled: Draft, group: Group, granted: boolean): Placed {
  const { lane, addresses } = group;
  const { decisionId } = group.way;
  const lease = granted && deps.wire ? deps.wire.lease() : null;
  return {
    lane,
    lease,
    decisionId,
    recipients: addresses.map((address) => intakeRecipient(deps, settled, { lane, lease, decisionId }, address)),
  };
}

function intakeRecipient(
  deps: PlacingDeps,
  settled: Draft,
  { lane, lease, decisionId }: Pick<Placed, 'lane' | 'lease' | 'decisionId'>,
  address: string,
): IntakeRecipient {
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
    decisionId,
    reason: settled.held,
    eventId: deps.ids.next(),
  };
}
