// This file wires the heart of the desk: intake, lanes, routing, lines, dispatcher and the chores around them. It only connects; every
// decision is made in the rooms it connects.
import type pg from 'pg';
import { makeReference } from '../../delivery/report-reference.ts';
import { makeAcceptMessage } from '../../flows/accept-message.ts';
import { makeBodiesInHand } from '../../flows/bodies-in-hand.ts';
import { type ClaimJobsDeps, giveBack, makeClaimJobs } from '../../flows/claim-jobs.ts';
import { COUNT_STRIKES, strikeChores } from '../../flows/count-strikes.ts';
import type { DeliveryJob } from '../../flows/deliver.ts';
import { makeGates } from '../../flows/gates.ts';
import { storeChores } from '../../flows/housekeeping.ts';
import { type LaneDirectory, makeLaneDirectory } from '../../flows/lane-directory.ts';
import { type Lines, makeLines } from '../../flows/lines.ts';
import { makeOpenWork } from '../../flows/open-work.ts';
import { makeOutgoing } from '../../flows/outgoing.ts';
import { makeRecall } from '../../flows/recall.ts';
import { makeReturnPathHosts } from '../../flows/return-path-hosts.ts';
import { makeRoutingTable, type RoutingTable } from '../../flows/routing-table.ts';
import { makeSettleUncertain } from '../../flows/settle-uncertain.ts';
import { makeSigners } from '../../flows/signers.ts';
import type { AcceptMessage } from '../../flows/submission.ts';
import { makeTenantNumbers } from '../../flows/tenant-numbers.ts';
import type { Dispatcher } from '../../queue/contract.ts';
import { makeDispatcher } from '../../queue/dispatcher.ts';
import { makeNodeLease, type NodeLease } from '../../queue/node-lease.ts';
import { makeSchedule } from '../../queue/schedule.ts';
import { readyLanes } from '../../store/claims.ts';
import { makeIntake } from '../../store/intake.ts';
import { blockedLanes } from '../../store/lanes.ts';
import { aliveDispatchers, endNode, leaseOf, namesakes, registerNode, renewNode } from '../../store/nodes.ts';
import { makeOutcomes } from '../../store/outcomes.ts';
import type { DispatchOptions } from './dispatch-options.ts';
import { makeHandOver } from './hand-over.ts';
import { makeClaim, makeWire } from './wire.ts';

export interface Dispatch {
  readonly accept: AcceptMessage;
  readonly routing: RoutingTable;
  readonly lanes: LaneDirectory;
  readonly lines: Lines;
  readonly lease: NodeLease;
  readonly stats: () => Dispatcher<DeliveryJob>['stats'] & { bodiesBytes: number; intakeWaiting: number; outcomesWaiting: number };
  poke(laneId: number): void;
  nudge(chore: string): void;
  /** Lanes were shut by somebody else: this node keeps them shut, too. */
  heedBlocks(): Promise<void>;
  start(): Promise<void>;
  /** Finishes what is on the wire within `graceMs`, gives the rest back and says goodbye. */
  stop(graceMs: number): Promise<void>;
}

/** While it stops, how often it looks whether the last outcomes are written down. */
const STOP_LOOK_MS = 20;

/** Connects everything; `start` brings it to life. */
export function openDispatch(options: DispatchOptions): Dispatch {
  let ended = false;
  const { db, clock, ids, log } = options;
  const { hot, pool }: { hot: pg.Pool; pool: pg.Pool } = db;
  const intake = makeIntake(hot);
  const outcomes = makeOutcomes(hot);
  const lanes = makeLaneDirectory(pool, (lane) =>
    dispatcher.meet(lane.id, { urgent: lane.stream === 'transactional', blockedUntilMs: lane.blockedUntilMs }),
  );
  const gates = makeGates((routeId) => routing.limits(routeId));
  /** Dispatching nodes alive, counted anew every few seconds. */
  let nodes = 1;
  const routing = makeRoutingTable({
    pool,
    clock,
    log,
    registry: options.registry,
    rewrites: options.rewriting !== null,
    rewritingSigns: () => options.rewriting?.keys.signs() ?? true,
    rewritingSeen: () => options.rewriting?.keys.seen() ?? true,
    unseal: (accountId, sealed) => options.keys.open('provider-secret', accountId, sealed),
    onChange: () => lines.sync(),
  });
  const lines = makeLines({
    clock,
    log,
    random: options.random,
    routing: () => routing,
    gates,
    nodes: () => nodes,
    setGate: (gate, places, perMinute) => dispatcher.setGate(gate, places, perMinute),
  });
  const lease = makeNodeLease({
    clock,
    log,
    register: () => registerNode(pool, options.node),
    renew: (epoch, oldest) => renewNode(pool, epoch, options.does.dispatch ? open.oldest() : oldest),
    leaseOf,
    onLost: () => dispatcher.flush(),
    onAllowed: (allowed) => dispatcher.setAllowed(allowed),
  });
  const open = makeOpenWork({ pool, lease, leaseOf });
  const signerFor = makeSigners({ pool, keys: options.keys, clock, rights: options.rights, fence: options.fence });
  const bodies = makeBodiesInHand();
  const { rewriting } = options;
  const outgoing = {
    signerFor,
    keyVersion: options.fence.version,
    ...(rewriting ? { rewrite: rewriting.rewrite } : {}),
    nowMs: () => clock.nowMs(),
    platform: options.platform,
    reference: (tenantNumber: number, id: string) => makeReference(options.keys.returnPathKey, { tenantNumber, id }),
  };
  const poke = (laneId: number, dueAtMs?: number) => {
    if (options.does.dispatch) dispatcher.poke(laneId, dueAtMs);
    else if (dueAtMs === undefined || dueAtMs <= clock.nowMs()) options.hint(laneId);
  };
  const heedBlocks = async () => {
    for (const lane of await blockedLanes(pool)) dispatcher.block(lane.id, lane.blockedUntilMs ?? 0);
  };
  const laneOf = (laneId: number) => lanes.byId(laneId);

  /** Claims whose answer is on its way. */
  let claiming = 0;
  const claimDeps: ClaimJobsDeps = {
    hot,
    clock,
    ids,
    log,
    lease: () => {
      const current = lease.current();
      lease.opened(current);
      claiming += 1;
      return current;
    },
    released: (held) => {
      claiming -= 1;
      lease.closed(held);
    },
    bodies,
    opened: open.opened,
    closed: open.closed,
    lanes,
    routing,
    rights: options.rights,
    prepare: (stored) => makeOutgoing(stored, outgoing),
    poke,
    gates,
    ...(options.ladders ? { ladders: options.ladders } : {}),
  };
  const deliver = makeHandOver({
    ...options,
    returnPathHosts: makeReturnPathHosts({ pool, clock, log }),
    outcomes,
    lines,
    lanes,
    routing,
    waiting: poke,
    block: (laneId, untilMs) => dispatcher.block(laneId, untilMs),
    carried: ({ message }) => bodies.leave(message),
    settled: (recipient) => open.closed(recipient.lease, [recipient.id]),
    ended: () => ended,
    struck: () => schedule.nudge(COUNT_STRIKES),
  });

  const giveBackJobs = (jobs: readonly DeliveryJob[]) => {
    for (const { message } of jobs) bodies.leave(message);
    return giveBack(
      claimDeps,
      jobs.flatMap((job) => job.recipients.map((recipient) => ({ id: recipient.id, lease: recipient.lease, laneId: job.laneId }))),
    );
  };

  const dispatcher: Dispatcher<DeliveryJob> = makeDispatcher<DeliveryJob>({
    clock,
    log,
    claim: makeClaim({ lease, giveBack: giveBackJobs, claim: makeClaimJobs(claimDeps) }),
    mayWrite: () => lease.allowed,
    perform: deliver,
    hasRoom: () => bodies.hasRoom(),
    giveBack: giveBackJobs,
    gateOf: (laneId) => {
      const lane = laneOf(laneId);
      if (!lane) return null;
      const home = lane.routeId !== null && routing.isOpen(lane.routeId) ? lane.routeId : routing.openRoute(lane.tenantId, lane.stream);
      return home === null ? null : gates.idOf(home, lane.mailboxProvider);
    },
    rescan: async () => {
      const ready = await readyLanes(hot);
      // The directory forgets lanes that were not used lately; those with rows have to be in it.
      await lanes.load(ready.map(({ laneId }) => laneId));
      return ready;
    },
    traits: async (laneIds) =>
      new Map(
        (await lanes.load(laneIds)).map((lane) => [
          lane.id,
          { urgent: lane.stream === 'transactional', blockedUntilMs: lane.blockedUntilMs },
        ]),
      ),
  });

  const accept = makeAcceptMessage({
    clock,
    ids,
    limits: options.limits,
    rights: options.rights,
    routing,
    lanes,
    mailboxProvider: options.mailboxProvider,
    tenantNumber: makeTenantNumbers(pool),
    intake,
    wire: options.does.dispatch ? makeWire({ dispatcher, lease, open, bodies, routing, giveBack: giveBackJobs }) : null,
    poke,
    prepare: (stored, facts) => makeOutgoing(stored, outgoing, facts),
    ...(rewriting ? { rewriting } : {}),
    recall: makeRecall(pool),
  });

  const settleUncertain = makeSettleUncertain({
    pool,
    clock,
    ids,
    log,
    lineOf: (routeId) => lines.of(routeId),
    policy: options.uncertain.policy,
    ...(options.uncertain.waitMs ? { waitMs: options.uncertain.waitMs } : {}),
    poke,
  });
  const schedule = makeSchedule(
    [
      ...(options.does.jobs
        ? storeChores({
            pool,
            clock,
            ids,
            log,
            retentionDays: options.retentionDays,
            ...(options.ladders ? { ladders: options.ladders } : {}),
            onSettled: () => schedule.nudge('settle-uncertain'),
          })
        : []),
      ...(options.does.jobs ? strikeChores({ hot, pool, log, ids, nowMs: () => clock.nowMs(), policies: options.policies }) : []),
      ...(options.does.dispatch
        ? [
            { name: 'settle-uncertain', everyMs: 1_000, run: async () => void (await settleUncertain()) },
            {
              name: 'count-nodes',
              everyMs: 5_000,
              async run() {
                const alive = await aliveDispatchers(pool);
                // Other nodes may have been told to slow down by a receiver.
                if (alive > 1) await heedBlocks();
                if (alive === nodes) return;
                nodes = alive;
                lines.sync();
              },
            },
            { name: 'orphans', everyMs: 15_000, run: () => open.sweep((rows) => giveBack(claimDeps, rows)) },
          ]
        : []),
      ...(options.chores ?? []),
    ],
    log,
  );

  return {
    accept,
    routing,
    lanes,
    lines,
    lease,
    stats: () => ({ ...dispatcher.stats, bodiesBytes: bodies.bytes, intakeWaiting: intake.waiting, outcomesWaiting: outcomes.waiting }),
    poke,
    nudge: (chore) => schedule.nudge(chore),
    heedBlocks,
    async start() {
      await lease.start();
      // A predecessor of the same name whose process is gone is buried at once; nobody has to wait 20 s after a crash.
      for (const other of await namesakes(pool, options.node.name, lease.epoch)) {
        if (!options.node.isRunning(other.pid)) await endNode(pool, other.epoch);
      }
      await routing.start();
      lines.sync();
      if (options.does.dispatch) dispatcher.start();
      schedule.start();
    },
    async stop(graceMs) {
      const untilMs = clock.monotonicMs() + graceMs;
      await intake.drained();
      await dispatcher.stop(graceMs);
      await outcomes.drained();
      await lines.close();
      await outcomes.drained();
      // What a claim brings now goes back. A database that is away for a moment gets the rest of the grace.
      while (claiming + open.count() > 0 && clock.monotonicMs() < untilMs)
        await new Promise((resolve) => setTimeout(resolve, STOP_LOOK_MS));
      ended = true;
      await schedule.stop();
      routing.stop();
      lease.stop();
      if (open.count() === 0) await endNode(pool, lease.epoch);
    },
  };
}
