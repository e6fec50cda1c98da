// This file passes hints between processes by LISTEN and NOTIFY: a lane has work or was shut, accounts changed. Losing one costs seconds, never mail.
import type pg from 'pg';
import type { Log } from '../log.ts';
import type { Queryable } from './scope.ts';

export type Hint =
  | { readonly kind: 'lane'; readonly laneId: number }
  | { readonly kind: 'accounts' }
  | { readonly kind: 'rules' }
  | { readonly kind: 'answers' }
  | { readonly kind: 'blocked' };

export interface Hints {
  send(hint: Hint): void;
  stop(): Promise<void>;
}

const CHANNEL = 'packetboat';
/** Hints that come together go out together. */
const GATHER_MS = 20;
const RECONNECT_MS = 2_000;

/** Listens on a connection of its own and calls `heard` for hints of other processes and of this one. */
export function openHints(pool: pg.Pool, log: Log, heard: (hint: Hint) => void): Hints {
  const outgoing = new Map<string, Hint>();
  let timer: NodeJS.Timeout | null = null;
  let reconnect: NodeJS.Timeout | null = null;
  let listener: pg.PoolClient | null = null;
  let stopped = false;

  async function listen(): Promise<void> {
    if (stopped) return;
    try {
      const client = await pool.connect();
      if (stopped) {
        // Nobody would give it back, and the pool could not end.
        client.release(true);
        return;
      }
      listener = client;
      client.on('notification', ({ payload }) => {
        const hint = read(payload ?? '');
        if (hint) heard(hint);
      });
      client.on('error', () => drop(client));
      await client.query(`listen ${CHANNEL}`);
    } catch (error) {
      log.debug({ event: 'hints_not_heard', reason: error instanceof Error ? error.message : String(error) });
      if (listener) drop(listener);
      else again();
    }
  }

  /** Gives a broken connection back, once: a killed server breaks it twice, and a second release throws. */
  function drop(client: pg.PoolClient): void {
    if (listener !== client) return;
    listener = null;
    client.release(true);
    again();
  }

  function again(): void {
    // A connection that breaks while it is asked to listen is told twice; two listeners would keep a connection that nobody gives back.
    clearTimeout(reconnect ?? undefined);
    if (!stopped) reconnect = setTimeout(() => void listen(), RECONNECT_MS);
  }

  function flush(): void {
    timer = null;
    const payloads = [...outgoing.keys()];
    outgoing.clear();
    pool.query('select pg_notify($1, payload) from unnest($2::text[]) as payload', [CHANNEL, payloads]).catch((error: unknown) => {
      log.debug({ event: 'hints_not_sent', reason: error instanceof Error ? error.message : String(error) });
    });
  }

  void listen();
  return {
    send(hint) {
      outgoing.set(hint.kind === 'lane' ? `lane ${hint.laneId}` : hint.kind, hint);
      timer ??= setTimeout(flush, GATHER_MS);
    },
    async stop() {
      stopped = true;
      if (timer) clearTimeout(timer);
      if (reconnect) clearTimeout(reconnect);
      if (listener) drop(listener);
    },
  };
}

/** Tells every process that lanes were shut, once the transaction commits. */
export async function notifyBlocked(db: Queryable): Promise<void> {
  await db.query('select pg_notify($1, $2)', [CHANNEL, 'blocked' satisfies Hint['kind']]);
}

function read(payload: string): Hint | null {
  if (payload === 'accounts' || payload === 'answers' || payload === 'rules' || payload === 'blocked') return { kind: payload };
  const laneId = /^lane (\d+)$/.exec(payload)?.[1];
  return laneId === undefined ? null : { kind: 'lane', laneId: Number(laneId) };
}
