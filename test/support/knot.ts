// This file runs a private Knot DNS with zones of a test: authoritative for them and for nothing else, on a port of its own.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { askServer } from '../../src/watch/dns/exchange.ts';
import type { Teardown } from './database.ts';
import { testFolder } from './desk.ts';
import { freePort } from './free-port.ts';
import { until } from './until.ts';
import type { Zone } from './zone.ts';

export interface Knot {
  readonly port: number;
  /** Replaces a zone; it is answered by then. */
  publish(apex: string, records: Zone): Promise<void>;
  /** Replaces a zone by its versions in turn, from a process of its own, until the function that comes back is called. */
  churn(apex: string, versions: readonly Zone[], everyMs: number): () => Promise<void>;
}

const run = promisify(execFile);

const PROGRAM = '/usr/sbin/knotd';
const CONTROL = '/usr/sbin/knotc';
const TTL_S = 60;
/** A string of a TXT record holds at most 255 bytes. */
const STRING_MAX = 255;
/** More versions than any run publishes. */
const CHURN_SERIALS = 1_000_000;

/** Why it cannot run here, or false. */
export function knotMissing(): string | false {
  return existsSync(PROGRAM) && existsSync(CONTROL) ? false : 'Knot DNS is not installed (Debian package knot)';
}

/** Starts it with zones by apex; null: a zone whose file is missing, which is answered with SERVFAIL. It is stopped when the test ends. */
export async function startKnot(t: Teardown, zones: Readonly<Record<string, Zone | null>>): Promise<Knot> {
  const folder = testFolder(t);
  const port = await freePort();
  mkdirSync(join(folder, 'run'));
  mkdirSync(join(folder, 'db'));
  let serial = 1;
  const write = (apex: string, records: Zone) => writeFileSync(join(folder, `${apex}.zone`), zoneFile(apex, records, serial));
  for (const [apex, records] of Object.entries(zones)) if (records !== null) write(apex, records);
  const config = join(folder, 'knot.conf');
  writeFileSync(config, configuration(folder, port, Object.keys(zones)));
  const errors: Buffer[] = [];
  const child = spawn(PROGRAM, ['-c', config], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout?.on('data', (chunk: Buffer) => errors.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk));
  t.after(() => stop(child));
  const answers = async (apex: string, wanted: number) => {
    const said = await askServer({ address: '127.0.0.1', port }, { name: apex, type: 'TXT', recursion: false }, 500);
    return said.ok && said.message.authoritative && (wanted === 0 || (await serialOf(config, apex)) >= wanted);
  };
  const first = Object.entries(zones).find(([, records]) => records !== null)?.[0] ?? '';
  await until(() => answers(first, 0), { what: 'Knot to answer' }).catch((cause: Error) => {
    throw new Error(`${cause.message}: ${Buffer.concat(errors)}`, { cause });
  });
  return {
    port,
    async publish(apex, records) {
      serial += 1;
      const wanted = serial;
      write(apex, records);
      await run(CONTROL, ['-c', config, 'zone-reload', apex]);
      await until(() => answers(apex, wanted), { what: `${apex} to be reloaded`, everyMs: 20 });
    },
    churn(apex, versions, everyMs) {
      const from = serial;
      serial += CHURN_SERIALS;
      const files = versions.map((records, index) => {
        const file = join(folder, `${apex}.version${index}`);
        writeFileSync(file, zoneFile(apex, records, 0));
        return file;
      });
      const zone = join(folder, `${apex}.zone`);
      // The number of the zone grows with each version; what is not whole yet must not be read.
      const turn = (file: string) =>
        `n=$((n+1)); sed "s/ 0 3600 / $n 3600 /" ${file} > ${zone}.new && mv ${zone}.new ${zone} && ${CONTROL} -c ${config} zone-reload ${apex} >/dev/null; sleep ${everyMs / 1_000}`;
      const changing = spawn('sh', ['-c', `n=${from}; while :; do ${files.map(turn).join('; ')}; done`], { stdio: 'ignore' });
      return () => stop(changing);
    },
  };
}

async function serialOf(config: string, apex: string): Promise<number> {
  const { stdout } = await run(CONTROL, ['-c', config, 'zone-read', apex, '@', 'SOA']);
  return Number(/SOA \S+ \S+ (\d+)/.exec(stdout)?.[1] ?? 0);
}

function configuration(folder: string, port: number, apexes: readonly string[]): string {
  const zones = apexes.map((apex) => `  - domain: ${apex}\n    file: ${apex}.zone\n`).join('');
  return `server:
  listen: 127.0.0.1@${port}
  rundir: ${join(folder, 'run')}
  udp-workers: 1
  tcp-workers: 1
  background-workers: 1
database:
  storage: ${join(folder, 'db')}
log:
  - target: stderr
    any: warning
template:
  - id: default
    storage: ${folder}
    zonefile-sync: -1
    zonefile-load: whole
    journal-content: none
    semantic-checks: off
zone:
${zones}`;
}

function zoneFile(apex: string, records: Zone, serial: number): string {
  const lines = [
    `$ORIGIN ${apex}.`,
    `$TTL ${TTL_S}`,
    `@ SOA ns.${apex}. host.${apex}. ${serial} 3600 600 86400 30`,
    '@ NS ns',
    'ns A 127.0.0.1',
  ];
  for (const [name, { TXT = [], A = [], AAAA = [], MX = [], CNAME = [], NS = [], PTR = [] }] of Object.entries(records)) {
    const add = (type: string, values: readonly string[]) => lines.push(...values.map((value) => `${name}. ${type} ${value}`));
    add('TXT', TXT.map(strings));
    add('A', A);
    add('AAAA', AAAA);
    add(
      'MX',
      MX.map(([preference, exchange]) => `${preference} ${exchange}.`),
    );
    add(
      'CNAME',
      CNAME.map((target) => `${target}.`),
    );
    add('NS', name === apex ? [] : NS.map((target) => `${target}.`));
    add(
      'PTR',
      PTR.map((target) => `${target}.`),
    );
  }
  return `${lines.join('\n')}\n`;
}

/** The text as strings of a zone file: in pieces, with everything but plain characters escaped. */
function strings(text: string): string {
  const bytes = Buffer.from(text, 'utf8');
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length || at === 0; at += STRING_MAX) {
    const piece = [...bytes.subarray(at, at + STRING_MAX)].map((byte) =>
      byte < 0x20 || byte > 0x7e || byte === 0x22 || byte === 0x5c ? `\\${String(byte).padStart(3, '0')}` : String.fromCharCode(byte),
    );
    pieces.push(`"${piece.join('')}"`);
  }
  return pieces.join(' ');
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}
