// This file watches the event log for incidents: it gathers what went wrong by what it is about, opens a case when there is enough of it, and
// closes it when it has been quiet. The rules are in reputation/incidents.ts.
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import type { IdMint } from '../ids.ts';
import type { Log } from '../log.ts';
import { isFreeMailboxDomain } from '../mail/free-mailbox.ts';
import { incidentNextStep, incidentTitle } from '../reputation/incident-words.ts';
import { advanceCase, isForgotten, isOver, type Sighting } from '../reputation/incidents.ts';
import { BAD_TYPES, caseOf, clearedKeys, GOOD_TYPES, type IncidentSubject, type SeenAnswer } from '../reputation/sightings.ts';
import { lookSoon } from '../store/domain-checks.ts';
import type { ConsumedEvent } from '../store/event-consumers.ts';
import {
  closeQuiet,
  countGood,
  forgetWatched,
  liveKeys,
  lockCases,
  lockOpenCases,
  type OpenCase,
  retireCase,
  routesById,
  type StoredCase,
  writeCase,
  writeIncidentEvent,
} from '../store/incidents.ts';
import { withOwner } from '../store/scope.ts';
import { domainsCovering } from '../tenancy/may-send.ts';
import type { EventConsumer } from './consume-events.ts';
import type { Chore } from './housekeeping.ts';

export interface WatchIncidentsDeps {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly ids: IdMint;
  readonly log: Log;
  /** Incidents opened or closed: the router reads them again. */
  readonly changed: () => void;
  readonly measure?: (happened: 'opened' | 'closed', kind: string) => void;
}

/** Quiet cases are looked for this often; half an hour of quiet is measured in minutes. */
const CLOSE_EVERY_MS = 30_000;

interface Found {
  readonly subject: IncidentSubject;
  readonly sightings: Sighting[];
}

/** The reader of the event log that opens incidents. */
export function incidentConsumer(deps: WatchIncidentsDeps): EventConsumer {
  const routes = new Map<number, { accountId: string; poolId: string | null }>();

  /** Answers of events that name the route they speak of; the recipient may be on its way by another one. */
  async function answersOf(client: pg.PoolClient, page: readonly ConsumedEvent[]): Promise<SeenAnswer[]> {
    const missing = new Set(
      page.flatMap(({ data }) => (typeof data['route'] === 'number' && !routes.has(data['route']) ? data['route'] : [])),
    );
    if (missing.size > 0) for (const [id, route] of await routesById(client, [...missing])) routes.set(id, route);
    return page.map((event) => answerOf(event, typeof event.data['route'] === 'number' ? routes.get(event.data['route']) : undefined));
  }

  async function advance(client: pg.PoolClient, found: Found, good: number, before: StoredCase | null): Promise<void> {
    const { subject, sightings } = found;
    const nowMs = deps.clock.nowMs();
    const forgotten = before !== null && before.state === 'closed' && isForgotten(before.closedAtMs, nowMs);
    if (forgotten) await retireCase(client, before.id);
    const known = forgotten ? null : before;
    const after = advanceCase(subject.kind, known, { sightings, good }, nowMs);
    const last = sightings.at(-1);
    if (!last) return;
    const { recipientId, messageId } = last;
    const id = known?.id ?? deps.ids.next();
    await writeCase(client, { ...after, id, key: subject.key, subject, recipientId, messageId });
    if (after.state !== 'open' || known?.state === 'open') return;
    deps.log.warn({ event: 'incident_opened', incident: id, kind: subject.kind, key: subject.key, recipients: after.messages });
    deps.measure?.('opened', subject.kind);
    deps.changed();
    await tell(client, deps.ids, 'incident.opened', { ...subject, id, recipientId, messageId });
    // Whose records fail is best seen in the DNS itself.
    if (subject.kind === 'authentication' && subject.tenantId !== null && subject.domain !== null) {
      await lookSoon(client, subject.tenantId, domainsCovering(subject.domain));
    }
  }

  return {
    name: 'incidents',
    types: [...BAD_TYPES, ...GOOD_TYPES],
    start: 'present',
    async consume(client, page) {
      const answers = await answersOf(client, page);
      const found = new Map<string, Found>();
      for (const answer of answers) {
        const bad = caseOf(answer);
        // Nobody but Gmail can mend the records of gmail.com.
        if (!bad || (bad.subject.domain !== null && isFreeMailboxDomain(bad.subject.domain))) continue;
        const entry = found.get(bad.subject.key) ?? { subject: bad.subject, sightings: [] };
        entry.sightings.push(bad.sighting);
        found.set(bad.subject.key, entry);
      }
      const good = await goodByKey(client, answers, found, deps.clock.nowMs());
      const cases = found.size > 0 ? await lockCases(client, [...found.keys()]) : new Map<string, StoredCase>();
      for (const [key, entry] of found) await advance(client, entry, good.get(key) ?? 0, cases.get(key) ?? null);
      await countGood(
        client,
        [...good].flatMap(([key, count]) => (found.has(key) ? [] : [{ key, count }])).toSorted((a, b) => (a.key < b.key ? -1 : 1)),
      );
    },
  };
}

/** How many answers of a page went well where a case is watched. Without any case, which is everyday, it is one small question. */
async function goodByKey(
  client: pg.PoolClient,
  answers: readonly SeenAnswer[],
  found: ReadonlyMap<string, unknown>,
  nowMs: number,
): Promise<Map<string, number>> {
  const good = new Map<string, number>();
  const live = await liveKeys(client, nowMs);
  for (const key of found.keys()) live.add(key);
  if (live.size === 0) return good;
  for (const answer of answers) {
    for (const key of clearedKeys(answer)) if (live.has(key)) good.set(key, (good.get(key) ?? 0) + 1);
  }
  return good;
}

function answerOf(event: ConsumedEvent, route: { accountId: string; poolId: string | null } | undefined): SeenAnswer {
  const { data } = event;
  const word = (name: string) => (typeof data[name] === 'string' ? data[name] : null);
  // A smarthost tells nothing of deliveries, so its hand-over is the good answer; elsewhere the delivery is.
  // A late word about the way before a reroute says nothing about the account that has it now.
  const counts = (event.type !== 'handed_over' || data['provider'] === 'smtp') && data['earlier_route'] !== true;
  return {
    tenantId: event.tenantId,
    recipientId: event.recipientId,
    messageId: event.messageId,
    type: counts ? event.type : 'taken',
    fault: word('fault'),
    class: word('class'),
    reply: word('diagnostic') ?? word('reply') ?? word('provider_label'),
    signal: word('signal'),
    accountId: route ? route.accountId : event.accountId,
    poolId: route ? route.poolId : event.poolId,
    mailboxProvider: event.mailboxProvider,
    fromDomain: event.fromDomain,
    atMs: event.atMs,
  };
}

/** The chore that closes what is quiet. */
export function closeIncidentsChore(deps: WatchIncidentsDeps): Chore {
  return {
    name: 'close-incidents',
    everyMs: CLOSE_EVERY_MS,
    async run() {
      const closed = await withOwner(deps.pool, async (client) => {
        const nowMs = deps.clock.nowMs();
        const over = (await lockOpenCases(client)).filter(({ kind, lastSeenAtMs, unwell }) =>
          isOver(kind, lastSeenAtMs, { nowMs, unwell }),
        );
        await closeCases(client, deps.ids, over);
        await forgetWatched(client);
        return over;
      });
      for (const { id, kind } of closed) {
        deps.log.info({ event: 'incident_closed', incident: id, kind });
        deps.measure?.('closed', kind);
      }
      if (closed.length > 0) deps.changed();
    },
  };
}

async function closeCases(client: pg.PoolClient, ids: IdMint, over: readonly OpenCase[]): Promise<void> {
  if (over.length === 0) return;
  await closeQuiet(
    client,
    over.map((each) => each.id),
  );
  for (const each of over) await tell(client, ids, 'incident.closed', each);
}

interface Told extends Pick<OpenCase, 'id' | 'kind' | 'tenantId' | 'domain' | 'recipientId' | 'messageId'> {}

/** Tells the tenant whose domain or mailing it is; what is the platform's own is told to nobody else. */
export async function tell(client: pg.PoolClient, ids: IdMint, type: 'incident.opened' | 'incident.closed', told: Told): Promise<void> {
  if (told.tenantId === null) return;
  const names = { account: null, pool: null, mailboxProvider: null, domain: told.domain, messageSubject: null };
  await writeIncidentEvent(client, {
    id: ids.next(),
    tenantId: told.tenantId,
    recipientId: told.recipientId,
    messageId: told.messageId,
    type,
    data: {
      incident_id: told.id,
      kind: told.kind,
      title: incidentTitle(told.kind, names),
      ...(told.domain === null ? {} : { domain: told.domain }),
      ...(type === 'incident.opened' ? { next_step: incidentNextStep(told.kind) } : {}),
    },
  });
}
