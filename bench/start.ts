// This file is `bench start`: from a fresh clone to the first delivered message, as a newcomer goes: `git clone`, `npm start`, the curl that it
// prints. Node and packages come from wherever npm gets them on this machine.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Bootstrap } from '../src/cli/serve/first-start.ts';
import { openApi } from './kit/api.ts';
import { CHECKOUT } from './kit/desk.ts';
import { round, table } from './kit/figures.ts';
import type { Bench, BenchReport } from './kit/report.ts';
import { until } from './kit/wait.ts';
import { stopChild, type Workshop, withWorkshop } from './kit/workshop.ts';

const TITLE = 'From a fresh clone to the first delivered message';
/** Node, the packages and the console on a slow line. */
const START_LIMIT_MS = 900_000;
const DELIVERY_LIMIT_MS = 120_000;
const LOOK_MS = 100;

export const benchStart: Bench = () => withWorkshop('start', measure);

interface Started {
  readonly readyS: number;
  readonly deliveredS: number;
}

async function measure(shop: Workshop): Promise<BenchReport> {
  const clone = join(shop.folder, 'packetboat');
  const startMs = performance.now();
  await shop.run('git', ['clone', '--quiet', CHECKOUT, clone]);
  const cloneS = (performance.now() - startMs) / 1000;
  const head = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: clone, encoding: 'utf8' }).trim();
  const first = await startAndSend(shop, clone);
  const second = await startAndSend(shop, clone);
  const json = {
    fresh_clone_to_delivered_s: round(cloneS + first.deliveredS, 1),
    fresh_clone_to_ready_s: round(cloneS + first.readyS, 1),
    restart_to_delivered_s: round(second.deliveredS, 1),
  };
  const body = `Commit ${head}, an empty folder, the Node of this machine (${nodeOutside()}); seconds from \`git clone\`:

${table(
  ['what', 'ready', 'first message delivered'],
  [
    ['fresh clone, `npm start` (Node 24, packages, console, database)', json.fresh_clone_to_ready_s, json.fresh_clone_to_delivered_s],
    ['the second `npm start`', round(second.readyS, 1), json.restart_to_delivered_s],
  ],
)}

Delivered: the simulator's mailbox took it and its event came back.`;
  return { json, sections: [{ part: '', title: TITLE, body }], faults: [] };
}

async function startAndSend(shop: Workshop, clone: string): Promise<Started> {
  const startMs = performance.now();
  const since = () => (performance.now() - startMs) / 1000;
  const child = shop.spawn('npm', ['start'], { cwd: clone, env: newcomer(), stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  await until(
    'npm start to be ready',
    () => {
      if (child.exitCode !== null) throw new Error(`npm start ended with status ${child.exitCode}:\n${output.slice(-3_000)}`);
      return output.includes('Packetboat is ready.') && existsSync(join(clone, 'data/bootstrap.json'));
    },
    { limitMs: START_LIMIT_MS, everyMs: LOOK_MS },
  );
  const readyS = since();
  shop.say(`ready after ${round(readyS, 1)} s`);
  // Written by the desk (docs/ARCHITECTURE.md §7).
  const { http_url: url, demo_tenant: demo } = JSON.parse(readFileSync(join(clone, 'data/bootstrap.json'), 'utf8')) as Bootstrap;
  const api = openApi(url, demo.api_key);
  try {
    const message = { from: demo.from, to: 'member@mailbox.test', subject: 'Regatta on Sunday', text: 'We start at nine.' };
    const { id } = await api.post<{ id: string }>('/v1/messages', message);
    await until(
      'the first message to be delivered',
      async () => {
        const { recipients } = await api.get<{ recipients: { state: string }[] }>(`/v1/messages/${id}`);
        return recipients.every(({ state }) => state === 'delivered');
      },
      { limitMs: DELIVERY_LIMIT_MS, everyMs: LOOK_MS },
    );
    return { readyS, deliveredS: since() };
  } finally {
    await api.close();
    await stopChild(child);
  }
}

/** A newcomer's environment: no setting of ours, free ports, and the machine's own Node instead of the one that this checkout brought. */
function newcomer(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(PACKETBOAT_|npm_|DATABASE_URL$|NODE_OPTIONS$)/.test(name));
  return {
    ...Object.fromEntries(own),
    PATH: pathOutside(),
    PACKETBOAT_HTTP_PORT: '0',
    PACKETBOAT_SUBMISSION_PORT: '0',
    PACKETBOAT_INBOUND_PORT: '0',
  };
}

function pathOutside(): string {
  const { PATH = '' } = process.env;
  return PATH.split(delimiter)
    .filter((folder) => !folder.startsWith(CHECKOUT))
    .join(delimiter);
}

function nodeOutside(): string {
  try {
    return execFileSync('node', ['--version'], { env: { ...process.env, PATH: pathOutside() }, encoding: 'utf8' }).trim();
  } catch {
    return 'none';
  }
}
