// This file judges addresses: it adds marks to what is known of each, asks the policy what follows, and sets, lengthens or ends holds, with their events,
// in the caller's transaction. Marks may come late and twice; every call judges the whole story of an address in the order in which it happened.
import type pg from 'pg';
import { lastsLonger, standingHolds } from '../feedback/decide-hold.ts';
import { type HoldClass, isHoldClass } from '../feedback/hold-policy.ts';
import { type HoldStream, heedsDelivery, isFailure, type Mark, mergeMarks, sameMarks } from '../feedback/marks.ts';
import type { IdMint } from '../ids.ts';
import { dropHolds, type HoldEvent, lockHolds, putHolds, type StandingHold, type WrittenHold, writeHoldEvents } from '../store/holds.ts';
import {
  type AddressOf,
  addressKeyOf,
  type GivenMark,
  inLockOrder,
  lockStrikes,
  recentDeliveries,
  writeStrikes,
} from '../store/strikes.ts';
import type { HoldPolicies } from './hold-policies.ts';

export interface JudgeDeps {
  readonly ids: IdMint;
  readonly nowMs: () => number;
  readonly policies: HoldPolicies;
}

/** An end that moves by less is the same hold: clocks of providers differ. */
const SAME_END_MS = 60_000;
const STREAMS: readonly HoldStream[] = ['', 'bulk'];

interface Changes {
  readonly put: WrittenHold[];
  readonly drop: string[];
  readonly events: HoldEvent[];
}

/** Adds marks and judges their addresses. */
export async function judgeAddresses(deps: JudgeDeps, client: pg.PoolClient, given: readonly GivenMark[]): Promise<void> {
  const byAddress = new Map<string, Mark[]>();
  for (const each of given) byAddress.set(addressKeyOf(each), [...(byAddress.get(addressKeyOf(each)) ?? []), each.mark]);
  const asked = given.map(({ tenantId, address, mark }) => ({ tenantId, address, needed: mark.kind !== 'delivered' }));
  // Of two entries for one address the one that needs a row counts.
  await judge(deps, client, { asked: asked.toSorted((a, b) => Number(a.needed) - Number(b.needed)), byAddress, again: null });
}

/** Judges addresses once more, with the deliveries that are known by now. One that changed since its version was read keeps its turn. */
export async function judgeAgain(
  deps: JudgeDeps,
  client: pg.PoolClient,
  addresses: readonly (AddressOf & { readonly version: number })[],
): Promise<void> {
  const versions = new Map(addresses.map((each) => [addressKeyOf(each), each.version]));
  await judge(deps, client, { asked: addresses.map((each) => ({ ...each, needed: true })), byAddress: new Map(), again: versions });
}

async function judge(
  deps: JudgeDeps,
  client: pg.PoolClient,
  work: {
    asked: readonly (AddressOf & { needed: boolean })[];
    byAddress: ReadonlyMap<string, readonly Mark[]>;
    again: ReadonlyMap<string, number> | null;
  },
): Promise<void> {
  if (work.asked.length === 0) return;
  const locked = await lockStrikes(client, work.asked);
  const rows = work.again === null ? locked : locked.filter((row) => work.again?.get(addressKeyOf(row)) === row.version);
  if (rows.length === 0) return;
  const added = (row: AddressOf) => work.byAddress.get(addressKeyOf(row)) ?? [];
  const lookedUp = rows.filter((row) => work.again !== null || added(row).some(isFailure));
  const deliveries = groupOf(await recentDeliveries(client, inLockOrder(lookedUp)));
  const standing = groupOf(await lockHolds(client, inLockOrder(rows)));
  const changes: Changes = { put: [], drop: [], events: [] };
  const written: Parameters<typeof writeStrikes>[1][number][] = [];
  for (const row of rows) {
    const key = addressKeyOf(row);
    const holds = standing.get(key) ?? [];
    const known = row.version === 0 && row.marks.length === 0 ? holds.flatMap(markOfHold) : row.marks;
    const seen = (deliveries.get(key) ?? []).map(({ recipientId, atMs }) => delivery(recipientId, atMs));
    const marks = mergeMarks(known, [...added(row), ...seen]);
    if (sameMarks(marks, row.marks) && work.again === null) continue;
    const wanted = standingHolds(await deps.policies.of(row.tenantId), marks, deps.nowMs());
    const proven = marks.some((mark) => mark.kind === 'delivered' && !known.some((old) => old.kind === 'delivered' && old.id === mark.id));
    for (const stream of STREAMS) {
      compare(deps, changes, {
        address: row,
        stream,
        wanted: wanted.get(stream) ?? null,
        stands: holds.find((hold) => hold.stream === stream) ?? null,
        proven,
      });
    }
    const lookAgain = work.again === null && added(row).some(isFailure);
    written.push({ ...row, marks, heedsDelivery: heedsDelivery(marks), lookAgain });
  }
  await writeStrikes(client, written);
  await dropHolds(client, changes.drop);
  await putHolds(client, changes.put);
  await writeHoldEvents(client, changes.events);
}

type Wanted = ReturnType<typeof standingHolds> extends ReadonlyMap<HoldStream, infer H> ? H : never;

/** What has to change so that the hold of one stream is the one that follows from the marks. */
function compare(
  deps: JudgeDeps,
  changes: Changes,
  one: { address: AddressOf; stream: HoldStream; wanted: Wanted | null; stands: StandingHold | null; proven: boolean },
): void {
  const { address, stream, wanted, stands, proven } = one;
  const active = stands !== null && (stands.untilMs === null || stands.untilMs > deps.nowMs());
  if (wanted === null) {
    // Only a delivery ends a hold here: an edited policy changes what comes, not what stands.
    if (!active || !stands.byAnswers || !proven) return;
    changes.drop.push(stands.id);
    changes.events.push(holdEvent(deps, 'hold.released', { ...stands, why: 'delivered' }));
    return;
  }
  if (active && !stands.byAnswers && !lastsLonger(wanted.untilMs, stands.untilMs)) return;
  const same = active && stands.byAnswers && stands.reason === wanted.class && sameEnd(stands.untilMs, wanted.untilMs);
  if (same) return;
  const corrected = active && stands.byAnswers && stands.reason === wanted.class;
  const hold: WrittenHold = {
    tenantId: address.tenantId,
    address: address.address,
    id: corrected ? stands.id : deps.ids.next(),
    stream,
    reason: wanted.class,
    source: wanted.source,
    evidence: wanted.evidence,
    recipientId: wanted.recipientId,
    untilMs: wanted.untilMs,
    holds: wanted.holds,
  };
  changes.put.push(hold);
  changes.events.push(holdEvent(deps, 'hold.created', hold));
}

function holdEvent(
  deps: JudgeDeps,
  type: HoldEvent['type'],
  hold: Pick<StandingHold, 'tenantId' | 'address' | 'id' | 'stream' | 'reason' | 'source' | 'evidence' | 'recipientId' | 'untilMs'> & {
    why?: string;
  },
): HoldEvent {
  return {
    id: deps.ids.next(),
    tenantId: hold.tenantId,
    type,
    data: {
      hold_id: hold.id,
      address: hold.address,
      stream: hold.stream === '' ? null : hold.stream,
      class: hold.reason,
      source: hold.source,
      evidence: hold.evidence,
      recipient_id: hold.recipientId,
      expires_at: hold.untilMs === null ? null : isoTime(hold.untilMs),
      ...(hold.why === undefined ? {} : { why: hold.why }),
      by: 'answers',
    },
  };
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

function sameEnd(a: number | null, b: number | null): boolean {
  return a === null || b === null ? a === b : Math.abs(a - b) < SAME_END_MS;
}

function delivery(recipientId: string, atMs: number): Mark {
  return { kind: 'delivered', id: recipientId, atMs, class: null, suppress: false, source: '', evidence: null, stream: '' };
}

/** A hold that stood before this address had marks was made by one answer: it is its first mark. */
function markOfHold(hold: StandingHold): Mark[] {
  const cls: HoldClass | null = isHoldClass(hold.reason) ? hold.reason : null;
  if (!hold.byAnswers || cls === null || hold.recipientId === null) return [];
  const kind = cls === 'complaint' ? 'complained' : cls === 'unsubscribed' ? 'unsubscribed' : 'bounced';
  const { source, evidence, recipientId: id, createdMs: atMs } = hold;
  return [{ kind, id, atMs, class: cls, suppress: true, source, evidence, stream: '' }];
}

function groupOf<T extends AddressOf>(rows: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) groups.set(addressKeyOf(row), [...(groups.get(addressKeyOf(row)) ?? []), row]);
  return groups;
}
