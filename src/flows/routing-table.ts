// This file holds what routing needs in memory: accounts, routes, order lists and health, read again every two seconds and whenever
// something changed here. It decides the route of a lane and remembers the decisions it stored.

import type pg from 'pg';
import type { Clock } from '../clock.ts';
import { accountRestMs } from '../delivery/account-rest.ts';
import type { AccountSignal, ProviderAccount, ProviderAdapter, ProviderKind } from '../delivery/provider.ts';
import { decideRoute, type RouteCandidate, type RouteDecision, type Treatment } from '../delivery/route.ts';
import type { Stream } from '../delivery/states.ts';
import type { Log } from '../log.ts';
import { addRewrittenRoutes, haveHadMail, readRouting, setHealth } from '../store/routing-table.ts';
import { type DecisionIds, makeDecisionIds } from './decision-ids.ts';
import { makeDented } from './dented.ts';
import { makeDents } from './dents.ts';
import { makeDomainsAtAccounts } from './domains-at-accounts.ts';
import type { MailboxProviderLimit } from './gates.ts';
import type { Question, ReceiverQuestion } from './route-asked.ts';
import { makeSnapshotBuilder, realAndGone, type Snapshot, withoutRewritten, withRewritten } from './routing-snapshot.ts';

const REFRESH_MS = 2_000;
/** Answers kept for a moment; they are forgotten when there are more. */
const DECISIONS_MAX = 10_000;

export interface RoutingTableDeps {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly log: Log;
  readonly registry: ReadonlyMap<ProviderKind, ProviderAdapter>;
  /** Opens the sealed secret of an account. */
  readonly unseal: (accountId: string, sealed: Buffer) => string;
  /** This desk writes From anew for senders without a domain: accounts that keep our signature get a route for it. */
  readonly rewrites?: boolean;
  /** False while no key of the rewriting domain signs: mail for it waits. */
  readonly rewritingSigns?: () => boolean;
  /** False while the record of its key was never seen in DNS. */
  readonly rewritingSeen?: () => boolean;
  /** Called when the set of accounts, their states or their health changed. */
  readonly onChange: () => void;
}

export interface RoutingTable extends DecisionIds {
  start(): Promise<void>;
  stop(): void;
  /** Reads what is committed now, or later. Rejects when the database does not answer. */
  refresh(): Promise<void>;
  /** True while mail without an order goes to the simulator, because nothing real is there. */
  playsWorld(): boolean;
  /** True while no order, nor the lack of one, leads to any account: all mail is held. */
  noWayOut(): boolean;
  /** Which way this goes, and why; `homeRouteId` is preferred while it is eligible and well (a lane keeps to its route). */
  decide(question: Question, homeRouteId?: number | null): RouteDecision;
  /** True when a mailbox provider refuses some route now, so that its recipients need a decision of their own. */
  dented(mailboxProvider: string): boolean;
  /** The way of one recipient that tries a refused route, when it is time for that; the next one has to wait. */
  probe(question: ReceiverQuestion): RouteDecision | null;
  accountById(id: string): { readonly account: ProviderAccount; readonly adapter: ProviderAdapter } | null;
  route(routeId: number): {
    readonly account: ProviderAccount;
    readonly adapter: ProviderAdapter;
    readonly pool: string | null;
    readonly treatment: Treatment;
  } | null;
  routeIds(): readonly number[];
  /** True while the account of the route takes traffic: it is well, or its rest is over and it may be probed. */
  isOpen(routeId: number): boolean;
  /** The first route of an order that takes traffic now, for lanes whose own route is shut; whether a message may take it is decided later. */
  openRoute(tenantId: string, stream: Stream): number | null;
  /** True when nothing is known against the account. */
  isWell(routeId: number): boolean;
  /** Limits an operator set on a route's account, one per mailbox provider. */
  limits(routeId: number): readonly MailboxProviderLimit[];
  /** Records what an answer said about an account; opens or closes its breaker for all nodes. */
  signal(accountId: string, signal: AccountSignal | null): void;
}

/** Makes the table; `start` reads it for the first time. */
export function makeRoutingTable(deps: RoutingTableDeps): RoutingTable {
  let snapshot: Snapshot = { routes: new Map(), orders: new Map(), fallback: [], playsWorld: false, rewritten: new Map(), limits: [] };
  /** The reading that was asked for and has not begun. */
  let coming: Promise<void> | null = null;
  let fingerprint = '';
  let timer: NodeJS.Timeout | null = null;
  const dents = makeDents(deps.clock);
  const dented = makeDented(dents, { compute, order });
  const atAccounts = makeDomainsAtAccounts(deps.pool);
  let reading: Promise<void> = Promise.resolve();
  const build = makeSnapshotBuilder(deps);
  const failures = new Map<string, number>();
  const decisions = new Map<string, { atMs: number; decision: RouteDecision }>();

  /** One reading after the other: what was read earlier must not come in later. One that has not begun yet serves everybody who asks. */
  function refresh(): Promise<void> {
    if (coming) return coming;
    const next = reading.then(() => {
      coming = null;
      return read();
    });
    coming = next;
    reading = next.catch(() => undefined);
    return next;
  }

  async function read(): Promise<void> {
    const found = await readRouting(deps.pool);
    const lacking = deps.rewrites ? withoutRewritten(found, deps.registry) : [];
    if (lacking.length > 0) await addRewrittenRoutes(deps.pool, lacking);
    const { accounts, routes, routing, limits, dents: open } = lacking.length > 0 ? await readRouting(deps.pool) : found;
    const gone = realAndGone(accounts);
    const inUse = gone.length > 0 && (await haveHadMail(deps.pool, gone));
    if (await atAccounts.refresh()) {
      decisions.clear();
      deps.onChange();
    }
    // Recipients that wait in a lane of such a route are looked at when they are claimed.
    if (dents.load(open)) deps.onChange();
    const next = JSON.stringify([
      accounts.map((account) => ({ ...account, secret: account.secret.toString('base64') })),
      routes,
      routing,
      limits,
      inUse,
    ]);
    if (next === fingerprint) {
      // A rest may have ended by the clock alone.
      if (resting()) deps.onChange();
      return;
    }
    fingerprint = next;
    snapshot = { ...build({ accounts, routes, routing, inUse }), limits };
    decisions.clear();
    deps.onChange();
  }

  function order(tenantId: string, stream: Stream): readonly number[] {
    const { orders, fallback } = snapshot;
    return orders.get(`${tenantId}/${stream}`) ?? orders.get(`${tenantId}/`) ?? orders.get(`/${stream}`) ?? orders.get('/') ?? fallback;
  }

  const orderFor = (question: Question) => withRewritten(snapshot, order(question.tenantId, question.stream), question.rewriting);

  /** `probes` is a route whose dent does not count this time. */
  function compute(question: Question, homeRouteId: number | null, probes: number | null = null): RouteDecision {
    const { mailboxProvider } = question;
    const ids = orderFor(question);
    const sorted = homeRouteId !== null && ids.includes(homeRouteId) ? [homeRouteId, ...ids.filter((id) => id !== homeRouteId)] : ids;
    const candidates = sorted.flatMap((id) => {
      const found = snapshot.routes.get(id)?.candidate;
      if (!found) return [];
      const candidate = found.treatment === 'rewritten' && deps.rewritingSigns?.() === false ? { ...found, ...UNSIGNED } : found;
      const dent = mailboxProvider === undefined || id === probes ? null : dents.of(id, mailboxProvider);
      return [dent ? { ...candidate, dent } : candidate];
    });
    const carries = (candidate: RouteCandidate) => {
      const route = snapshot.routes.get(candidate.routeId);
      // An account that forwards our bytes unchanged carries everything.
      return question.mime && route && !candidate.capabilities.preservesMime ? route.adapter.carries(question.mime) : null;
    };
    const told = atAccounts.of(question.tenantId, question.fromDomain);
    const unseen = question.rewriting && deps.rewritingSeen?.() === false ? { rewriting: { ...question.rewriting, keyUnseen: true } } : {};
    return decideRoute(candidates, { ...question, ...unseen, atAccounts: told, carries, nowMs: deps.clock.nowMs() });
  }

  /** Questions that differ only in size ask the same once all candidates take raw MIME of that size; so answers are kept for a second. */
  function decide(question: Question, homeRouteId: number | null = null): RouteDecision {
    const { mailboxProvider } = question;
    if (mailboxProvider !== undefined && dents.any(mailboxProvider)) return dented.decide({ ...question, mailboxProvider }, homeRouteId);
    const simple = question.refusedBy.length === 0 && question.sizeBytes < SMALL_BYTES && everyCandidatePreserves(question);
    if (!simple) return compute(question, homeRouteId);
    const key = `${question.tenantId}/${question.stream}/${question.fromDomain}/${question.domainAuthenticated}/${question.freeMailbox}/${homeRouteId}${special(question)}`;
    const at = deps.clock.nowMs();
    const known = decisions.get(key);
    if (known && at - known.atMs < DECISION_LIFE_MS) return known.decision;
    const decision = compute(question, homeRouteId);
    if (decisions.size > DECISIONS_MAX) decisions.clear();
    decisions.set(key, { atMs: at, decision });
    return decision;
  }

  function everyCandidatePreserves(question: Question): boolean {
    return order(question.tenantId, question.stream).every((id) => snapshot.routes.get(id)?.candidate.capabilities.preservesMime ?? true);
  }

  function signal(accountId: string, given: AccountSignal | null): void {
    const before = failures.get(accountId) ?? 0;
    if (given === null) {
      if (before === 0 && !snapshotUnwell(accountId)) return;
      failures.delete(accountId);
      void setHealth(deps.pool, accountId, { health: 'well', reason: null, untilMs: null, failures: 0 }).then(refresh).catch(warn);
      return;
    }
    // What was on the wire when the account was shut says the same again; only a probe after the rest is another failure.
    const again = isResting(accountId, given.kind);
    if (again && given.retryAfterMs === undefined) return;
    const count = again ? Math.max(before, 1) : before + 1;
    failures.set(accountId, count);
    const restMs = accountRestMs(given, count);
    const untilMs = deps.clock.nowMs() + restMs;
    deps.log.warn({ event: 'account_unwell', account: accountId, kind: given.kind, reason: given.reason, rest_ms: restMs });
    void setHealth(deps.pool, accountId, { health: given.kind, reason: given.reason.slice(0, REASON_MAX), untilMs, failures: count })
      .then(refresh)
      .catch(warn);
    closeNow(accountId, given, untilMs);
  }

  /** The own snapshot changes at once; the database tells the other nodes. */
  function closeNow(accountId: string, given: AccountSignal, untilMs: number): void {
    const routes = new Map(snapshot.routes);
    for (const [id, route] of routes) {
      if (route.account.id !== accountId) continue;
      const candidate = { ...route.candidate, health: given.kind, healthReason: given.reason, healthUntilMs: untilMs };
      routes.set(id, { ...route, candidate });
    }
    snapshot = { ...snapshot, routes };
    decisions.clear();
    deps.onChange();
  }

  const resting = () => [...snapshot.routes.values()].some((route) => route.candidate.healthUntilMs !== null);

  /** True while the account is left alone for this very reason. */
  function isResting(accountId: string, kind: AccountSignal['kind']): boolean {
    for (const { account, candidate } of snapshot.routes.values()) {
      if (account.id === accountId && candidate.health === kind) return (candidate.healthUntilMs ?? 0) > deps.clock.nowMs();
    }
    return false;
  }

  function snapshotUnwell(accountId: string): boolean {
    for (const route of snapshot.routes.values()) if (route.account.id === accountId) return route.candidate.health !== 'well';
    return false;
  }

  function isOpen(routeId: number): boolean {
    const candidate = snapshot.routes.get(routeId)?.candidate;
    if (!candidate || candidate.paused) return false;
    return candidate.health === 'well' || (candidate.healthUntilMs ?? 0) <= deps.clock.nowMs();
  }

  const warn = (error: unknown) =>
    deps.log.warn({ event: 'routing_refresh_failed', reason: error instanceof Error ? error.message : String(error) });

  return {
    async start() {
      await refresh();
      timer = setInterval(() => void refresh().catch(warn), REFRESH_MS);
    },
    stop() {
      if (timer) clearInterval(timer);
    },
    refresh,
    playsWorld: () => snapshot.playsWorld,
    noWayOut: () => [snapshot.fallback, ...snapshot.orders.values()].every((ids) => ids.length === 0),
    decide,
    dented: dents.any,
    probe: dented.probe,
    ...makeDecisionIds(deps.pool),
    accountById(id) {
      for (const route of snapshot.routes.values()) if (route.account.id === id) return route;
      return null;
    },
    route: (routeId) => snapshot.routes.get(routeId) ?? null,
    routeIds: () => [...snapshot.routes.keys()],
    isWell(routeId) {
      return snapshot.routes.get(routeId)?.candidate.health === 'well';
    },
    openRoute: (tenantId, stream) => order(tenantId, stream).find((routeId) => isOpen(routeId)) ?? null,
    isOpen,
    signal,
    limits(routeId) {
      const accountId = snapshot.routes.get(routeId)?.account.id;
      if (snapshot.limits.length === 0 || accountId === undefined) return NO_LIMITS;
      const own = snapshot.limits.filter((limit) => limit.accountId === accountId || limit.accountId === null);
      return [...new Map(own.toReversed().map((limit) => [limit.mailboxProvider, limit])).values()];
    },
  };
}

/** The rewriting domain has no key: nothing is wrong with the account, and time heals it. */
const UNSIGNED = {
  health: 'misconfigured',
  healthReason: 'the signing key of the rewriting domain was revoked, and the next one is not seen in the DNS yet',
  healthUntilMs: null,
} as const;
const NO_LIMITS: readonly MailboxProviderLimit[] = [];

/** Below this no provider refuses for size, so the size does not take part in the kept answer. */
const SMALL_BYTES = 1024 * 1024;
const DECISION_LIFE_MS = 1_000;
const REASON_MAX = 500;

/** What only some senders have, as part of the key of a kept answer. */
function special({ identity, rewriting }: Question): string {
  return identity || rewriting ? JSON.stringify([identity, rewriting]) : '';
}
