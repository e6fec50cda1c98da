// This file is `bench holds`: what a million holds cost at the door and in a claim, what a page of their list takes, and a million events told in order
// to one database and in disorder to another, which must end alike.
import { systemClock } from '../../src/clock.ts';
import { readLedger } from '../../src/store/ledger.ts';
import { findByPrefix, listSuppressions } from '../../src/store/suppression-lists.ts';
import type { MailRows } from '../../test/support/mail-rows.ts';
import { seeded, shuffledStory } from '../../test/support/shuffled-story.ts';
import { endOfStory, handOverStory, tellStory } from '../../test/support/story-desk.ts';
import { count, round, table } from '../kit/figures.ts';
import type { Bench, BenchReport } from '../kit/report.ts';
import { type Workshop, withWorkshop } from '../kit/workshop.ts';
import { openDatabases } from './databases.ts';
import { FEW, type Lookups, measureLookups } from './lookups.ts';

const FULL = { holds: 1_000_000, turns: 12, recipients: 4_000, events: 1_000_000, addresses: 60_000 };
const QUICK = { holds: 50_000, turns: 4, recipients: 1_000, events: 20_000, addresses: 1_500 };
/** Agreed: a million holds change the cost of the path by no more. */
const RATIO_MAX = 1.1;
const LATE_SHARE = 0.2;
const REPEATED_SHARE = 0.05;
/** Events of one batch, as a provider's request has them, and batches at once. */
const BATCH = 350;
const AT_ONCE = 4;
const DAYS_MS = 100 * 86_400_000;
/** One mail has 1.13 events on average; the story is made a little longer than asked. */
const EVENTS_PER_MAIL = 1.13;

/** `--only lookups` or `--only story` measures a part alone. */
export const benchHolds: Bench = ({ quick, args }) =>
  withWorkshop('holds', (shop) => measure(shop, quick ? QUICK : FULL, args[args.indexOf('--only') + 1] ?? ''));

interface Told {
  readonly events: number;
  readonly told: number;
  readonly inOrderPerS: number;
  readonly disorderedPerS: number;
  readonly held: number;
  readonly faults: string[];
}

async function measure(shop: Workshop, size: typeof FULL, only: string): Promise<BenchReport> {
  const reports: BenchReport[] = [];
  if (only !== 'story') {
    const [few, many] = await openDatabases(shop, ['holds_few', 'holds_many']);
    if (!few || !many) throw new Error('a database is missing');
    shop.say('lookups');
    const lookups = await measureLookups(shop, { few, many }, size);
    reports.push(reportLookups(lookups, await measurePages(many)));
  }
  if (only !== 'lookups') {
    const [inOrder, disordered] = await openDatabases(shop, ['story_in_order', 'story_disordered']);
    if (!inOrder || !disordered) throw new Error('a database is missing');
    shop.say('a story in order, and the same in disorder');
    reports.push(reportStory(await tellBoth({ inOrder, disordered }, size)));
  }
  return {
    json: Object.assign({}, ...reports.map(({ json }) => json)),
    sections: reports.flatMap(({ sections }) => sections),
    faults: reports.flatMap(({ faults }) => faults),
  };
}

/** Milliseconds of single pages of the list. */
async function measurePages({ pool, tenantId }: MailRows): Promise<readonly (readonly [string, number])[]> {
  const page = { limit: 50, before: null };
  const looks: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['newest 50', () => listSuppressions(pool, tenantId, page)],
    ['a class that none has', () => listSuppressions(pool, tenantId, { ...page, reason: 'complaint' })],
    ['a source that none has', () => listSuppressions(pool, tenantId, { ...page, source: 'nobody' })],
    ['addresses that begin with member77', () => findByPrefix(pool, tenantId, { prefix: 'member77', after: null, limit: 50 })],
    ['the same for an operator, all tenants', () => findByPrefix(pool, null, { prefix: 'member77', after: null, limit: 50 })],
  ];
  const took: [string, number][] = [];
  for (const [what, look] of looks) {
    await look();
    const startMs = systemClock.monotonicMs();
    await look();
    took.push([what, systemClock.monotonicMs() - startMs]);
  }
  return took;
}

async function tellBoth(databases: { inOrder: MailRows; disordered: MailRows }, size: typeof FULL): Promise<Told> {
  const story = shuffledStory(
    { mails: Math.ceil(size.events / EVENTS_PER_MAIL), addresses: size.addresses, lateShare: LATE_SHARE, repeatedShare: REPEATED_SHARE },
    seeded(3),
  );
  const startMs = systemClock.nowMs() - DAYS_MS;
  const tell = async (rows: MailRows, events: typeof story.events, atOnce: number) => {
    const world = { ...rows, laneId: rows.lane.id };
    const recipients = await handOverStory(world, story, startMs);
    await rows.pool.query('analyze recipients');
    const began = systemClock.monotonicMs();
    const recorded = await tellStory(world, events, { recipients, startMs, batch: BATCH, atOnce });
    const perS = events.length / ((systemClock.monotonicMs() - began) / 1_000);
    const { difference } = await readLedger(rows.pool, null);
    return { end: await endOfStory(world, recipients, startMs + DAYS_MS), recorded, perS, difference };
  };
  const a = await tell(databases.inOrder, story.events, 1);
  const b = await tell(databases.disordered, story.told, AT_ONCE);
  return {
    events: story.events.length,
    told: story.told.length,
    inOrderPerS: a.perS,
    disorderedPerS: b.perS,
    held: Number(a.end['held']),
    faults: [
      ...(a.end['mails'] === b.end['mails'] ? [] : ['states or marks differ between order and disorder']),
      ...(a.end['holds'] === b.end['holds'] ? [] : [`holds differ: ${a.end['held']} in order, ${b.end['held']} in disorder`]),
      ...(a.recorded === story.events.length && b.recorded === story.events.length ? [] : ['an event was lost or counted twice']),
      ...(a.difference === 0 && b.difference === 0 ? [] : ['a ledger is out of balance']),
    ],
  };
}

function reportLookups(lookups: Lookups, pages: readonly (readonly [string, number])[]): BenchReport {
  const faults = [
    ...(lookups.acceptRatio > RATIO_MAX ? [`accepting costs ${round(lookups.acceptRatio)} times as much with a million holds`] : []),
    ...(lookups.claimRatio > RATIO_MAX ? [`claiming costs ${round(lookups.claimRatio)} times as much with a million holds`] : []),
  ];
  const json = { holds: lookups.holds, accept_ratio: round(lookups.acceptRatio, 3), claim_ratio: round(lookups.claimRatio, 3) };
  const body = `The statements of the product against two databases on one server, one with ${count(FEW)} holds, one with ${count(lookups.holds)} of the same tenant; turn by turn, no recipient on hold, addresses spread between the held ones. Ratio: median over turns of neighbours; agreed ≤ ${RATIO_MAX}.

${table(
  ['µs per recipient', `${count(FEW)} holds`, `${count(lookups.holds)} holds`, 'ratio'],
  [
    [
      'accept (one recipient a message, batches of 200)',
      round(lookups.accept.few, 1),
      round(lookups.accept.many, 1),
      round(lookups.acceptRatio, 3),
    ],
    ['claim (100 of a lane)', round(lookups.claim.few, 1), round(lookups.claim.many, 1), round(lookups.claimRatio, 3)],
  ],
)}

${table(
  [`a page of the list with ${count(lookups.holds)} holds`, 'ms'],
  pages.map(([what, ms]) => [what, round(ms, 1)]),
)}`;
  return { json, sections: [section('lookups', 'Holds: what a million of them cost', body, faults)], faults };
}

function reportStory(told: Told): BenchReport {
  const { faults } = told;
  const json = {
    events: told.events,
    told: told.told,
    events_per_s_in_order: Math.round(told.inOrderPerS),
    events_per_s_disordered: Math.round(told.disorderedPerS),
    held: told.held,
    faults: faults.length,
  };
  const body = `${count(told.events)} events, told in order by one reader to one database, and to another by ${AT_ONCE} readers at once with ${REPEATED_SHARE * 100} % repeated and ${LATE_SHARE * 100} % late (${count(told.told)} in all).

${table(
  ['told', 'events', 'events/s'],
  [
    ['in order, one reader', count(told.events), count(told.inOrderPerS)],
    [`in disorder, ${AT_ONCE} readers`, count(told.told), count(told.disorderedPerS)],
  ],
)}
${faults.length === 0 ? `\nThe same states and marks of every mail, the same ${count(told.held)} holds, every event counted once, both ledgers balanced.` : ''}`;
  return { json, sections: [section('story', 'Holds: a million events in disorder', body, faults)], faults };
}

function section(part: string, title: string, body: string, faults: readonly string[]) {
  return { part, title, body: faults.length === 0 ? body : `${body}\n\n**${faults.join('; ')}**` };
}
