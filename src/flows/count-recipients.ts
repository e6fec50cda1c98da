// This file is the consumer that keeps the rollups: it sums what the events of a range change and adds it, once each.
import { COUNTED_TYPES, countChanges, type Measure } from '../delivery/counting.ts';
import { addRollups, type ClassChange, type EventGroup, groupEvents, type RollupKey } from '../store/rollups.ts';
import type { RangeConsumer } from './consume-events.ts';

interface Sum {
  readonly key: RollupKey;
  readonly counts: Partial<Record<Measure, number>>;
  readonly classes: Map<string, { measure: Measure; class: string; recipients: number }>;
}

/** The consumer. It begins with everything stored, so that a desk that is upgraded has its past. */
export const countRecipients: RangeConsumer = {
  name: 'rollups',
  start: 'beginning',
  async consumeRange(client, range) {
    const sums = new Map<string, Sum>();
    for (const group of await groupEvents(client, { ...range, types: COUNTED_TYPES })) add(sums, group);
    const sorted = [...sums].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
    const changes = sorted.map(({ key, counts }) => ({ ...key, counts }));
    const classes = sorted.flatMap(({ key, classes: found }): ClassChange[] =>
      [...found.values()].filter((each) => each.recipients !== 0).map((each) => ({ ...key, ...each })),
    );
    await addRollups(client, changes, classes);
  },
};

function add(sums: Map<string, Sum>, group: EventGroup): void {
  const { tenantId, stream, domain, mailboxProvider, accountId, type, was, was_reason, class: cls, reason, source, again } = group;
  const data = { was, was_reason, class: cls, reason, again, ...(source === null ? {} : { source }) };
  const changes = countChanges({ type, data });
  if (changes.length === 0) return;
  const hourMs = Number(group.hourMs);
  const name = `${tenantId} ${hourMs} ${stream} ${domain} ${mailboxProvider} ${accountId}`;
  const sum: Sum = sums.get(name) ?? {
    key: { tenantId, hourMs, stream, domain, mailboxProvider, accountId },
    counts: {},
    classes: new Map(),
  };
  sums.set(name, sum);
  for (const { measure, class: counted, by } of changes) {
    const n = by * group.events;
    sum.counts[measure] = (sum.counts[measure] ?? 0) + n;
    if (counted === '') continue;
    const found = sum.classes.get(`${measure} ${counted}`) ?? { measure, class: counted, recipients: 0 };
    found.recipients += n;
    sum.classes.set(`${measure} ${counted}`, found);
  }
}
