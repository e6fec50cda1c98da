// This file is the consumer that keeps the rollups: it sums what the events of a page change and adds it, once each.
import { COUNTED_TYPES, countChanges, type Measure } from '../delivery/counting.ts';
import { idTimeMs } from '../ids.ts';
import type { ConsumedEvent } from '../store/event-consumers.ts';
import { accountsOfRoutes, addRollups, type ClassChange, NO_ACCOUNT, type RollupKey } from '../store/rollups.ts';
import type { Queryable } from '../store/scope.ts';
import type { EventConsumer } from './consume-events.ts';

const HOUR_MS = 3_600_000;

interface Sum {
  readonly key: RollupKey;
  readonly counts: Partial<Record<Measure, number>>;
  readonly classes: Map<string, { measure: Measure; class: string; recipients: number }>;
}

/** Makes the consumer. It begins with everything stored, so that a desk that is upgraded has its past. */
export function makeCountRecipients(): EventConsumer {
  /** Routes never change; there are as many as accounts and pools. */
  const accounts = new Map<number, string>();

  /** The account of the route that the event names, else of the one that the row names now. */
  async function accountsOf(client: Queryable, page: readonly ConsumedEvent[]): Promise<string[]> {
    const unknown = page.flatMap((event) => {
      const route = event.data['route'];
      return typeof route === 'number' && route !== event.routeId && !accounts.has(route) ? [route] : [];
    });
    if (unknown.length > 0) for (const [id, account] of await accountsOfRoutes(client, [...new Set(unknown)])) accounts.set(id, account);
    return page.map((event) => {
      const route = event.data['route'];
      const other = typeof route === 'number' && route !== event.routeId;
      return (other ? accounts.get(route) : event.accountId) ?? NO_ACCOUNT;
    });
  }

  return {
    name: 'rollups',
    types: COUNTED_TYPES,
    start: 'beginning',
    async consume(client, page) {
      const accountIds = await accountsOf(client, page);
      const sums = new Map<string, Sum>();
      for (const [index, event] of page.entries()) add(sums, event, accountIds[index] ?? NO_ACCOUNT);
      const sorted = [...sums].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
      const changes = sorted.map(({ key, counts }) => ({ ...key, counts }));
      const classes = sorted.flatMap(({ key, classes: found }): ClassChange[] =>
        [...found.values()].filter((each) => each.recipients !== 0).map((each) => ({ ...key, ...each })),
      );
      await addRollups(client, changes, classes);
    },
  };
}

function add(sums: Map<string, Sum>, event: ConsumedEvent, accountId: string): void {
  const changes = countChanges(event);
  if (changes.length === 0) return;
  const hourMs = Math.floor(idTimeMs(event.messageId) / HOUR_MS) * HOUR_MS;
  const { tenantId, stream, fromDomain: domain, mailboxProvider } = event;
  const name = `${tenantId} ${hourMs} ${stream} ${domain} ${mailboxProvider} ${accountId}`;
  const key = { tenantId, hourMs, stream, domain, mailboxProvider, accountId };
  const sum: Sum = sums.get(name) ?? { key, counts: {}, classes: new Map() };
  sums.set(name, sum);
  for (const { measure, class: cls, by } of changes) {
    sum.counts[measure] = (sum.counts[measure] ?? 0) + by;
    if (cls === '') continue;
    const found = sum.classes.get(`${measure} ${cls}`) ?? { measure, class: cls, recipients: 0 };
    found.recipients += by;
    sum.classes.set(`${measure} ${cls}`, found);
  }
}
