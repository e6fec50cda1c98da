// This file is the load of the relay benchmark: Postfix's own source and sink (smtp-source, smtp-sink), small C programs that cost little and
// treat every system alike. Where they are not installed, our own take their place.

import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { Load, Sink } from './load-shapes.ts';
import { startOwnSink } from './own-sink.ts';
import { runOwnSource } from './own-source.ts';
import { answers } from './ports.ts';
import { until } from './wait.ts';
import { stopChild, type Workshop } from './workshop.ts';

const SOURCE = '/usr/sbin/smtp-source';
const SINK = '/usr/sbin/smtp-sink';
const SINK_CONNECTIONS_MAX = 512;
const SINK_BACKLOG = 512;
const SINK_START_LIMIT_MS = 5_000;
/** The counter is written after every message; the newest one stands in the last bytes. */
const COUNTER_TAIL_BYTES = 200;
/** The slowest system measured takes 10 ms a message on this kind of machine. */
const LIMIT_MS_PER_MESSAGE = 100;
const LIMIT_MS_LEAST = 60_000;

let sinks = 0;

/** Starts a sink that counts what it takes and throws it away. */
export async function startSink(shop: Workshop, name: string, port: number): Promise<Sink> {
  if (!existsSync(SINK)) return startOwnSink(shop, port);
  sinks += 1;
  const path = join(shop.folder, `${name}-${sinks}.count`);
  const output = openSync(path, 'a');
  // smtp-sink refuses to stay root.
  const asNobody = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const child = shop.spawn(SINK, [...asNobody, '-c', '-m', String(SINK_CONNECTIONS_MAX), `127.0.0.1:${port}`, String(SINK_BACKLOG)], {
    stdio: ['ignore', output, 'ignore'],
  });
  closeSync(output);
  const { pid } = child;
  if (pid === undefined) throw new Error('smtp-sink does not start');
  const counter = openSync(path, 'r');
  shop.defer(() => closeSync(counter));
  await until(
    `smtp-sink to listen on ${port}`,
    () => {
      if (child.exitCode !== null) throw new Error(`smtp-sink ended with status ${child.exitCode}`);
      return answers(port);
    },
    { limitMs: SINK_START_LIMIT_MS },
  );
  return { pid, port, taken: () => readCount(counter), stop: () => stopChild(child) };
}

/** Runs one load to its end. Resolves once every message was accepted; rejects when one was not. */
export async function runSource(shop: Workshop, load: Load): Promise<void> {
  if (!existsSync(SOURCE)) return runOwnSource(shop, load, limitFor(load.messages));
  await shop.run(
    SOURCE,
    [
      ...['-s', String(load.sessions), '-l', String(load.bytes), '-m', String(load.messages)],
      ...(load.kept ? ['-d'] : []),
      ...(load.distinct ? ['-N'] : []),
      ...['-f', load.from, '-t', load.to, `127.0.0.1:${load.port}`],
    ],
    { limitMs: limitFor(load.messages) },
  );
  return undefined;
}

/** How long a load may take at the very most. */
export function limitFor(messages: number): number {
  return Math.max(LIMIT_MS_LEAST, messages * LIMIT_MS_PER_MESSAGE);
}

function readCount(file: number): number {
  const { size } = fstatSync(file);
  const tail = Buffer.alloc(COUNTER_TAIL_BYTES);
  const bytes = readSync(file, tail, 0, COUNTER_TAIL_BYTES, Math.max(0, size - COUNTER_TAIL_BYTES));
  const counts = [...tail.toString('latin1', 0, bytes).matchAll(/mesg=(\d+)[\r\n]/g)];
  return Number(counts.at(-1)?.[1] ?? 0);
}
