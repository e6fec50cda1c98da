// This file knows the lanes by key and by id, so that a door asks the database only for a lane nobody has used before.
import type pg from 'pg';
import type { Stream } from '../delivery/states.ts';
import { blockLanes, ensureLane, type Lane, type LaneKey, lanesById } from '../store/lanes.ts';

/** Lanes kept in memory, the youngest ones; a desk with 1,000 tenants has some ten thousand. */
const LANES_MAX = 100_000;

export interface LaneDirectory {
  /** The lane if it is known, without waiting. */
  known(key: LaneKey): Lane | null;
  /** The lane, made if it has to be. */
  ensure(key: LaneKey): Promise<Lane>;
  byId(id: number): Lane | null;
  load(ids: readonly number[]): Promise<readonly Lane[]>;
  /** Shuts every known lane that takes `routeId` to `mailboxProvider` for everybody, until a time. Returns their ids. */
  block(where: { routeId: number; mailboxProvider: string; stream?: Stream }, untilMs: number, reason: string): Promise<number[]>;
}

/** Makes the directory; `onMet` hears of every lane the first time it is seen. */
export function makeLaneDirectory(pool: pg.Pool, onMet: (lane: Lane) => void, lanesMax: number = LANES_MAX): LaneDirectory {
  const byKey = new Map<string, Lane>();
  const byId = new Map<number, Lane>();

  function remember(lane: Lane): Lane {
    if (!byId.has(lane.id)) {
      // One makes room for one: were all forgotten, those with waiting rows would have no way out until somebody used them again.
      const [oldest] = byId.size < lanesMax ? [] : byId.values();
      if (oldest) {
        byKey.delete(textOf(oldest));
        byId.delete(oldest.id);
      }
      byKey.set(textOf(lane), lane);
      byId.set(lane.id, lane);
      onMet(lane);
    }
    return lane;
  }

  return {
    known: (key) => byKey.get(textOf(key)) ?? null,
    async ensure(key) {
      return byKey.get(textOf(key)) ?? remember(await ensureLane(pool, key));
    },
    byId: (id) => byId.get(id) ?? null,
    async load(ids) {
      const missing = ids.filter((id) => !byId.has(id));
      for (const lane of await lanesById(pool, missing)) remember(lane);
      return ids.flatMap((id) => byId.get(id) ?? []);
    },
    async block(where, untilMs, reason) {
      const ids: number[] = [];
      for (const lane of byId.values()) {
        if (lane.routeId !== where.routeId || lane.mailboxProvider !== where.mailboxProvider) continue;
        if (where.stream === undefined || lane.stream === where.stream) ids.push(lane.id);
      }
      if (ids.length > 0) await blockLanes(pool, ids, untilMs, reason);
      return ids;
    },
  };
}

function textOf(key: LaneKey): string {
  return `${key.tenantId}/${key.stream}/${key.mailboxProvider}/${key.routeId}`;
}
