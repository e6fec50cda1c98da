// This file wires hand-overs: what flows/deliver.ts asks about routes, lanes and accounts, answered by the parts of the dispatch role.
import type { OwnRules } from '../../feedback/own-rules.ts';
import type { DeliverDeps, DeliveryJob } from '../../flows/deliver.ts';
import { makeDeliver } from '../../flows/deliver.ts';
import type { LaneDirectory } from '../../flows/lane-directory.ts';
import type { Lines } from '../../flows/lines.ts';
import { judgedByOwnRules } from '../../flows/own-rules.ts';
import type { ReturnPathHosts } from '../../flows/return-path-hosts.ts';
import { routeQuestion } from '../../flows/route-question.ts';
import type { RoutingTable } from '../../flows/routing-table.ts';
import type { DispatchOptions } from './dispatch-options.ts';

export interface HandOverParts
  extends Pick<DispatchOptions, 'clock' | 'ids' | 'log' | 'random' | 'keys' | 'rights' | 'mailboxProvider' | 'policies'> {
  readonly returnPathHost: string;
  readonly returnPathHosts: ReturnPathHosts;
  readonly ladders?: DispatchOptions['ladders'];
  readonly measure?: DeliverDeps['measure'];
  readonly ownRules: () => OwnRules;
  readonly outcomes: DeliverDeps['outcomes'];
  readonly waiting: DeliverDeps['waiting'];
  readonly carried: DeliverDeps['carried'];
  readonly settled: DeliverDeps['settled'];
  readonly ended: DeliverDeps['ended'];
  readonly struck: DeliverDeps['struck'];
  readonly lines: Lines;
  readonly lanes: LaneDirectory;
  readonly routing: RoutingTable;
  readonly block: (laneId: number, untilMs: number) => void;
}

/** The dispatcher's `perform`. */
export function makeHandOver(parts: HandOverParts): (job: DeliveryJob) => Promise<void> {
  const { clock, ids, log, random, outcomes, lines, lanes, routing, waiting, carried, settled, ended } = parts;
  const providerOf = (address: string) => parts.mailboxProvider(address.slice(address.lastIndexOf('@') + 1));
  return makeDeliver({
    clock,
    ids,
    log,
    random,
    outcomes,
    waiting,
    carried,
    settled,
    ended,
    policies: parts.policies,
    struck: parts.struck,
    lineOf: (routeId) => lines.of(routeId),
    returnPath: {
      secretKey: parts.keys.returnPathKey,
      hostOf: ({ tenantId, fromDomain }) => parts.returnPathHosts.of(tenantId, fromDomain) ?? parts.returnPathHost,
    },
    ...(parts.ladders ? { ladders: parts.ladders } : {}),
    ...(parts.measure ? { measure: parts.measure } : {}),
    judged: (result) => judgedByOwnRules(result, parts.ownRules()),
    async otherRoute({ message }, { address, refusedBy }) {
      const may = await parts.rights.check(message.tenantId, message.fromAddress);
      return routing.decide(routeQuestion(message, may, { refusedBy, mailboxProvider: providerOf(address) }));
    },
    async laneFor({ message }, address, routeId) {
      const key = { tenantId: message.tenantId, stream: message.stream, mailboxProvider: providerOf(address), routeId };
      return (await lanes.ensure(key)).id;
    },
    signal: (accountId, signal) => routing.signal(accountId, signal),
    slowDown(job, address, untilMs, reason) {
      const mailboxProvider = lanes.byId(job.laneId)?.mailboxProvider ?? providerOf(address);
      lanes.block({ routeId: job.routeId, mailboxProvider }, untilMs, reason).then(
        (laneIds) => {
          for (const laneId of laneIds) parts.block(laneId, untilMs);
        },
        (error: unknown) => log.warn({ event: 'block_failed', reason: error instanceof Error ? error.message : String(error) }),
      );
    },
  });
}
