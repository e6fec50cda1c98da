// This file sends recipients another way whose refusal was reported after the hand-over and lies with us: an IP on a list, an account in
// trouble. It plans inside the transaction that records the report, so that the tenant hears "rerouted" and never "bounced".
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import { isStaleReport, mayLieWithUs, whyRefusalStands } from '../delivery/reroute.ts';
import { RETRY_LADDERS, type RetryLadder } from '../delivery/retry.ts';
import type { RouteDecision } from '../delivery/route.ts';
import type { Stream } from '../delivery/states.ts';
import type { FeedbackEvent } from '../feedback/vocabulary.ts';
import { idTimeMs } from '../ids.ts';
import type { Log } from '../log.ts';
import { authorSignature } from '../mail/author-signature.ts';
import type { LockedRecipient } from '../store/feedback.ts';
import { loadMessages, type StoredMessage } from '../store/messages-for-delivery.ts';
import { gaveBackBefore, type HandOverHistory, handOverHistories, type ReportedRefusal, sendAnotherWay } from '../store/reroutes.ts';
import type { LaneDirectory } from './lane-directory.ts';
import { identityOf } from './route-asked.ts';
import type { RoutingTable } from './routing-table.ts';
import type { SendingRights } from './sending-rights.ts';

/** A report about a locked recipient that says it was refused. */
export interface RefusalReport {
  readonly event: FeedbackEvent;
  readonly recipient: LockedRecipient;
  /** Null: a status mail, which names no account. */
  readonly accountId: string | null;
  readonly trusted: boolean;
}

/** What becomes of a report: its recipient takes another way, or the report is about a hand-over that is over already. */
export type Rerouting =
  | { readonly kind: 'stale' }
  | {
      readonly kind: 'another-way';
      readonly refusal: ReportedRefusal;
      /** For the event: the account that gave it back, its route, the account that takes it next, and how often this happened by now. */
      readonly told: { readonly account: string; readonly route: number | null; readonly to: string; readonly number: number };
    };

export interface RerouteReported {
  /** Answers in the order of the reports; null: the refusal stands. */
  plan(client: pg.PoolClient, reports: readonly RefusalReport[]): Promise<readonly (Rerouting | null)[]>;
  /** Moves what was planned; the recipients stand `queued` by now. */
  write(client: pg.PoolClient, taken: readonly Rerouting[]): Promise<void>;
  /** The transaction is committed. */
  done(taken: readonly Rerouting[]): void;
}

export interface RerouteReportedDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly routing: () => Pick<RoutingTable, 'decide' | 'accountById' | 'route'>;
  readonly lanes: () => Pick<LaneDirectory, 'ensure'>;
  readonly rights: Pick<SendingRights, 'check'>;
  readonly poke: (laneId: number) => void;
  readonly ladders?: Readonly<Record<Stream, RetryLadder>>;
  /** Counts a reroute by the class that caused it. */
  readonly measure?: (cls: string) => void;
}

/** Bodies read at once: the router asks whether another account can carry them. At 50 MB each they still fit. */
const MESSAGES_AT_ONCE = 8;

/** Makes the part that record-feedback asks about refusals. */
export function makeRerouteReported(deps: RerouteReportedDeps): RerouteReported {
  async function planOne(report: RefusalReport, history: HandOverHistory, message: StoredMessage): Promise<Rerouting | null> {
    const { event, recipient } = report;
    const accountId = report.accountId ?? history.accountId;
    const may = await deps.rights.check(recipient.tenantId, message.fromAddress);
    const stands = whyRefusalStands({
      fault: event.fault,
      words: `${event.diagnostic ?? ''} ${event.providerLabel ?? ''}`,
      trusted: report.trusted,
      state: recipient.state,
      marks: recipient.marks,
      accountId,
      handOvers: history.handOvers.map((each) => ({ accountId: each })),
      gaveBack: history.gaveBack,
      byMail: report.accountId === null,
      domainAuthenticated: may.allowed && may.domainAuthenticated,
      ageMs: deps.clock.nowMs() - (message.sendAtMs ?? idTimeMs(message.id)),
      lifetimeMs: (deps.ladders ?? RETRY_LADDERS)[message.stream].lifetimeMs,
    });
    if (stands !== null || accountId === null || !may.allowed) return null;
    const decision = deps.routing().decide({
      tenantId: message.tenantId,
      stream: message.stream,
      fromDomain: message.fromAddress.slice(message.fromAddress.lastIndexOf('@') + 1),
      ...identityOf(may, () => authorSignature(message.raw)),
      sizeBytes: message.raw.length,
      refusedBy: [...history.refusedBy, ...history.gaveBack, accountId],
      mime: message.raw,
      mailboxProvider: history.mailboxProvider,
    });
    const routeId = routeOf(decision);
    if (routeId === null) return null;
    const { tenantId, stream } = message;
    const lane = await deps.lanes().ensure({ tenantId, stream, mailboxProvider: history.mailboxProvider, routeId });
    return {
      kind: 'another-way',
      refusal: { tenantId, recipientId: recipient.id, messageId: recipient.messageId, accountId, class: event.class, laneId: lane.id },
      told: {
        account: deps.routing().accountById(accountId)?.account.name ?? accountId,
        route: history.accountId === accountId ? history.routeId : null,
        to: deps.routing().route(routeId)?.account.name ?? String(routeId),
        number: history.gaveBack.length + 1,
      },
    };
  }

  async function stale(client: pg.PoolClient, reports: readonly RefusalReport[]): Promise<boolean[]> {
    const before = await gaveBackBefore(client, [...new Set(reports.map(({ recipient }) => recipient.id))]);
    return reports.map(({ recipient, accountId }) =>
      isStaleReport({ accountId, byMail: accountId === null, gaveBack: before.get(recipient.id) ?? [], state: recipient.state }),
    );
  }

  return {
    async plan(client, reports) {
      if (reports.length === 0) return [];
      const isStale = await stale(client, reports);
      const plans: (Rerouting | null)[] = isStale.map((each) => (each ? { kind: 'stale' } : null));
      const open = reports.flatMap((report, index) => (!isStale[index] && mayLieWithUs(report.event.fault) ? [{ report, index }] : []));
      if (open.length === 0) return plans;
      const histories = await handOverHistories(client, [...new Set(open.map(({ report }) => report.recipient.id))]);
      const byMessage = [...Map.groupBy(open, ({ report }) => report.recipient.messageId)];
      for (let start = 0; start < byMessage.length; start += MESSAGES_AT_ONCE) {
        const some = new Map(byMessage.slice(start, start + MESSAGES_AT_ONCE));
        // A message whose body has left the store is not among them: its refusals stand.
        for (const message of await loadMessages(client, [...some.keys()])) {
          for (const { report, index } of some.get(message.id) ?? []) {
            const history = histories.get(report.recipient.id);
            if (history) plans[index] = await planOne(report, history, message);
          }
        }
      }
      return plans;
    },
    write: (client, taken) => sendAnotherWay(client, refusalsOf(taken)),
    done(taken) {
      for (const each of taken) {
        if (each.kind === 'stale') continue;
        const { recipientId, accountId, class: cls, laneId } = each.refusal;
        deps.log.info({ event: 'rerouted_after_report', recipient: recipientId, account: accountId, class: cls, number: each.told.number });
        deps.measure?.(cls ?? 'unclassified');
        deps.poke(laneId);
      }
    },
  };
}

function refusalsOf(taken: readonly Rerouting[]): ReportedRefusal[] {
  return taken.flatMap((each) => (each.kind === 'another-way' ? [each.refusal] : []));
}

/** The chosen route, or the one it will wait for while its account rests. */
function routeOf(decision: RouteDecision): number | null {
  if (decision.routeId !== null) return decision.routeId;
  return decision.judgements.find((judgement) => judgement.stoppedAt === 'well')?.routeId ?? null;
}
