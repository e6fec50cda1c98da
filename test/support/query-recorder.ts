// This file watches a pool: every query that passes is written down with the place in the store that ran it, and goes on to the database.
import type pg from 'pg';

export interface MetQuery {
  /** Place of the call as a stack trace says it: `src/store/tenants.ts:26:29`. */
  readonly place: string;
  readonly text: string;
  /** The database answered it. */
  ran: boolean;
}

type Note = (argument: unknown, answer: unknown) => void;

/** The same pool, watched; what passes stands in `met`. */
export function watchPool(pool: pg.Pool): { pool: pg.Pool; met: MetQuery[] } {
  const met: MetQuery[] = [];
  const note: Note = (argument, answer) => {
    const text = typeof argument === 'string' ? argument : textOf(argument);
    const place = placeInStore(new Error().stack ?? '');
    if (text === null || place === null) return;
    const query = { place, text, ran: false };
    met.push(query);
    Promise.resolve(answer).then(
      () => {
        query.ran = true;
      },
      () => undefined,
    );
  };
  const watched = new Proxy(pool, {
    get(target, name) {
      // The pool's own methods need the pool itself as `this`.
      if (name === 'connect') return async () => watchClient(await target.connect(), note);
      return watchedMember(target, name, note);
    },
  });
  return { pool: watched, met };
}

function watchClient(client: pg.PoolClient, note: Note): pg.PoolClient {
  return new Proxy(client, { get: (target, name) => watchedMember(target, name, note) });
}

function watchedMember(target: object, name: string | symbol, note: Note): unknown {
  const member: unknown = Reflect.get(target, name, target);
  if (typeof member !== 'function') return member;
  return (...given: unknown[]) => {
    const answer: unknown = Reflect.apply(member, target, given);
    if (name === 'query') note(given[0], answer);
    return answer;
  };
}

function textOf(argument: unknown): string | null {
  return typeof argument === 'object' && argument !== null && 'text' in argument && typeof argument.text === 'string'
    ? argument.text
    : null;
}

/** The nearest caller in the store. */
function placeInStore(stack: string): string | null {
  return /\/(src\/store\/[\w./-]+\.ts:\d+:\d+)/.exec(stack)?.[1] ?? null;
}
