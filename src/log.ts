// This file makes the structured log: one JSON line per happening, selected by its event name. Bodies and secrets never reach it.
import { type Logger, pino, stdSerializers } from 'pino';

export type Log = Logger;

/** Values under these names are never written, wherever they stand. */
const REDACTED = ['password', 'secret', 'api_key', 'authorization', 'raw', 'body', 'text', 'html', 'key'];

/** Makes the root log on stdout. `level` is one of pino's; `name` tells processes apart. */
export function makeLog(level: string, name = 'packetboat'): Log {
  return pino({
    name,
    level,
    serializers: { err: errorOf },
    redact: { paths: REDACTED.flatMap((key) => [key, `*.${key}`]), censor: '***' },
  });
}

/** What a database error quotes of the row that it is about: addresses, subjects, hashes. */
const QUOTES_ROWS: ReadonlySet<string> = new Set(['detail', 'where', 'internalQuery', 'parameters']);

/** An error as it is logged: everything but what it quotes of stored rows, its causes in the same way. */
export function errorOf(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { cause: _, ...shown } = Object.fromEntries(Object.entries(stdSerializers.err(error)).filter(([key]) => !QUOTES_ROWS.has(key)));
  return error.cause === undefined ? shown : { ...shown, cause: errorOf(error.cause) };
}

/** A log that says nothing, for tests. */
export const silentLog: Log = pino({ level: 'silent' });

/** A value that prints as `***` wherever it is logged or serialised by accident. */
export class Secret<T = string> {
  readonly #value: T;
  constructor(value: T) {
    this.#value = value;
  }
  /** The value itself; call it only where it goes to the wire or into a cipher. */
  reveal(): T {
    return this.#value;
  }
  toString(): string {
    return '***';
  }
  toJSON(): string {
    return '***';
  }
}
