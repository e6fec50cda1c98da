// This file says where the desk's time goes: V8's sampling profiler in the node process (self time by file), and CPU seconds by process and thread
// from the kernel, over the same runs.
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { threadCpu, treeCpuByName } from '../kit/cpu.ts';
import { CHECKOUT } from '../kit/desk.ts';
import { startSink } from '../kit/load.ts';
import { freePort } from '../kit/ports.ts';
import type { Workshop } from '../kit/workshop.ts';
import { startDeskSystem } from './desk-system.ts';
import type { LoadShape } from './rounds.ts';
import { runLoad } from './system.ts';

export interface ProfileResult {
  readonly messages: number;
  readonly deliveredPerS: number;
  /** CPU microseconds per message. */
  readonly processes: readonly (readonly [name: string, micros: number])[];
  readonly threads: readonly (readonly [name: string, micros: number])[];
  /** Share of the node main thread's busy time, 0..1. */
  readonly files: readonly (readonly [file: string, share: number])[];
  /** The same by room of the house: its own code, and with it what its code called in node and packages. */
  readonly rooms: readonly (readonly [room: string, own: number, withCalled: number])[];
}

/** What stands in the tables; the rest is small. */
const FILES_SHOWN = 25;
const SHARE_LEAST = 0.005;
const RUNS = 3;
const INTERVAL_MICROS = 500;
/** Node's own turns: reading sockets, ending requests, timers. */
const NOBODY = 'nobody of ours (node reading sockets, finishing writes, loading)';

export async function profileRelay(shop: Workshop, options: { load: LoadShape; messages: number; warmUp: number }): Promise<ProfileResult> {
  const sink = await startSink(shop, 'sink-profile', await freePort());
  const folder = join(shop.folder, 'profile');
  mkdirSync(folder);
  const nodeArgs = ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-interval=${INTERVAL_MICROS}`];
  const system = await startDeskSystem(shop, { name: 'Packetboat, profiled', domain: 'profile-bench.example', sink: () => sink, nodeArgs });
  const load = { ...options.load, messages: options.messages };
  await runLoad(shop, system.plain, { ...load, messages: options.warmUp });
  const before = { processes: treeCpuByName([system.desk().pid]), threads: threadCpu(system.desk().pid) };
  let seconds = 0;
  for (let run = 0; run < RUNS; run += 1) seconds += (await runLoad(shop, system.plain, load)).seconds;
  const after = { processes: treeCpuByName([system.desk().pid]), threads: threadCpu(system.desk().pid) };
  await system.desk().stop();
  const messages = options.messages * RUNS;
  const self = readProfile(folder);
  return {
    messages,
    deliveredPerS: messages / seconds,
    processes: difference(before.processes, after.processes, messages),
    threads: difference(before.threads, after.threads, messages),
    files: shares(self.byFile, (file) => file).slice(0, FILES_SHOWN),
    rooms: roomsOf(self),
  };
}

function difference(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>, messages: number): [string, number][] {
  return [...after]
    .map(([name, seconds]): [string, number] => [name, ((seconds - (before.get(name) ?? 0)) / messages) * 1e6])
    .filter(([, micros]) => micros >= 0.5)
    .sort((a, b) => b[1] - a[1]);
}

interface Frame {
  readonly functionName: string;
  readonly url: string;
}

/** Microseconds of self time: by file, and by the nearest file of ours on the stack. */
interface SelfTime {
  readonly byFile: Map<string, number>;
  readonly byCaller: Map<string, number>;
}

interface CpuProfile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: Frame; readonly children?: readonly number[] }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Self time without the idle time, over the whole life of the process, start and warm-up included. */
function readProfile(folder: string): SelfTime {
  const byFile = new Map<string, number>();
  const byCaller = new Map<string, number>();
  const add = (sums: Map<string, number>, name: string, micros: number) => sums.set(name, (sums.get(name) ?? 0) + micros);
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.cpuprofile'))) {
    // V8 wrote it.
    const profile = JSON.parse(readFileSync(join(folder, name), 'utf8')) as CpuProfile;
    const frames = new Map(profile.nodes.map((node) => [node.id, node.callFrame]));
    const parents = new Map(profile.nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id])));
    for (const [index, id] of profile.samples.entries()) {
      const frame = frames.get(id);
      if (!frame || frame.functionName === '(idle)' || frame.functionName === '(root)') continue;
      const micros = Math.max(0, profile.timeDeltas[index] ?? 0);
      add(byFile, fileOf(frame), micros);
      add(byCaller, callerOf(id, frames, parents), micros);
    }
  }
  return { byFile, byCaller };
}

/** The nearest file of ours on the stack, else the nearest package's; without either, what stands at the top. */
function callerOf(id: number, frames: ReadonlyMap<number, Frame>, parents: ReadonlyMap<number, number>): string {
  const top = frames.get(id);
  let dependency: string | null = null;
  for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
    const frame = frames.get(at);
    const file = frame ? fileOf(frame) : '';
    if (file.startsWith('src/')) return file;
    if (file.startsWith('npm ')) dependency ??= file;
  }
  if (dependency !== null) return dependency;
  return top && fileOf(top).startsWith('(') ? fileOf(top) : NOBODY;
}

function fileOf({ functionName, url }: { functionName: string; url: string }): string {
  if (url === '') return functionName.startsWith('(') ? functionName : `native ${functionName}`;
  if (url.startsWith('node:')) return url;
  const path = url.startsWith('file:') ? fileURLToPath(url) : url;
  const dependency = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path);
  return dependency?.[1] ? `npm ${dependency[1]}` : path.replace(`${CHECKOUT}/`, '');
}

function roomOf(file: string): string {
  if (file.startsWith('(') || file.startsWith('npm ') || file === NOBODY) return file;
  return /^src\/(?:[^/]+\/)?/.exec(file)?.[0] ?? NOBODY;
}

function roomsOf({ byFile, byCaller }: SelfTime): [string, number, number][] {
  const own = new Map(shares(byFile, roomOf));
  return shares(byCaller, roomOf).map(([room, withCalled]) => [room, room === NOBODY ? 0 : (own.get(room) ?? 0), withCalled]);
}

function shares(self: ReadonlyMap<string, number>, group: (file: string) => string): [string, number][] {
  const sums = new Map<string, number>();
  let total = 0;
  for (const [file, micros] of self) {
    sums.set(group(file), (sums.get(group(file)) ?? 0) + micros);
    total += micros;
  }
  return [...sums]
    .map(([name, micros]): [string, number] => [name, micros / total])
    .filter(([, share]) => share >= SHARE_LEAST)
    .sort((a, b) => b[1] - a[1]);
}
