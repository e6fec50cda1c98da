// This file is a counting sink of our own, a program beside the benchmark, for machines without smtp-sink.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Sink } from './load-shapes.ts';
import { startNodeSink } from './node-sink.ts';
import { stopChild, type Workshop } from './workshop.ts';

/** How old the count may be when it is asked. */
const TELL_EVERY_MS = 10;

export async function startOwnSink(shop: Workshop, port: number): Promise<Sink> {
  const child = fork(import.meta.filename, [String(port)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  shop.defer(() => stopChild(child));
  let taken = 0;
  await once(child, 'message');
  // It says nothing but its count.
  child.on('message', (count) => {
    taken = Number(count);
  });
  if (child.pid === undefined) throw new Error('the sink does not start');
  return { pid: child.pid, port, taken: () => taken, stop: () => stopChild(child) };
}

async function main(port: number): Promise<void> {
  let taken = 0;
  let told = -1;
  await startNodeSink({
    port,
    onMail: () => {
      taken += 1;
    },
  });
  setInterval(() => {
    if (taken !== told) process.send?.(taken);
    told = taken;
  }, TELL_EVERY_MS);
  process.on('disconnect', () => process.exit(0));
}

if (import.meta.main) await main(Number(process.argv[2]));
