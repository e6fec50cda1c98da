// This file is `bench dns`: one domain, whose records change between right and wrong all the time, is checked 200 times a second against a real name
// server (Knot), and the longest wait of the event loop is looked at. Checks and load run in this one process.
import { existsSync, readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { examineDomain } from '../src/flows/domain-check/examine-domain.ts';
import { lookAtRecords } from '../src/flows/look-at-domain.ts';
import type { ExpectedRecord } from '../src/tenancy/dns/compared.ts';
import type { DnsLookup } from '../src/tenancy/dns/lookup.ts';
import { makeDnsLookup } from '../src/watch/dns/resolver.ts';
import { type Knot, knotMissing, startKnot } from '../test/support/knot.ts';
import { DMARC, MISTAKE_CASES, PLATFORM_ZONE, SPF } from '../test/support/mistake-cases.ts';
import type { Zone } from '../test/support/zone.ts';
import { count, round, table } from './kit/figures.ts';
import type { Bench } from './kit/report.ts';

const TITLE = 'A domain checked 200 times a second while its records change';
const PER_SECOND = 200;
const SECONDS = 20;
const SECONDS_QUICK = 3;
/** Between two versions of the zone; reloading one takes some tens of milliseconds besides. */
const CHANGE_MS = 250;
/** Agreed in issue 4. */
const DELAY_MAX_MS = 50;
const APEX = 'club.example';

/** One right record of each purpose; the key as a text, since an alias cannot stand at the same name. */
const EXPECTED: readonly ExpectedRecord[] = [
  ...new Map(
    MISTAKE_CASES.filter(([, { purpose, type }, , , code]) => code === null && !(purpose === 'dkim' && type === 'CNAME')).map(
      ([, record]) => [record.host + record.type, record],
    ),
  ).values(),
];
const RIGHT = zoneOf((code) => code === null);
/** The same names, each with a mistake. */
const WRONG: Zone = {
  ...zoneOf((code) => code === 'key-cut' || code === 'other-target' || code === 'report-address-missing'),
  [APEX]: { TXT: ['v=spf1 -all', SPF.value] },
  [`${DMARC.host}.${APEX}`]: { TXT: [DMARC.value] },
};

interface Row {
  readonly what: string;
  readonly checks: number;
  readonly perSecond: number;
  readonly states: Readonly<Record<string, number>>;
  readonly p50: number;
  readonly p99: number;
  readonly loopP99: number;
  readonly loopMax: number;
  readonly cpuMs: number;
}

export const benchDns: Bench = async ({ quick }) => {
  const missing = knotMissing();
  if (missing) throw new Error(missing);
  const ends: (() => unknown)[] = [];
  const knot = await startKnot(
    { after: (end: () => unknown) => void ends.push(end) },
    { [APEX]: RIGHT, 'platform.example': platform(), example: delegations() },
  );
  const seconds = quick ? SECONDS_QUICK : SECONDS;
  try {
    const records = (lookup: DnsLookup) => async () => (await lookAtRecords(lookup, EXPECTED)).map(({ state }) => state);
    const whole = (lookup: DnsLookup) => async () => {
      const fetchPolicy = async () => ({ ok: false as const, message: 'nothing is fetched here.' });
      return [(await examineDomain({ lookup, fetchPolicy, clock: { nowMs: () => 0 } }, APEX)).verdict];
    };
    const rows = [
      await churn(knot, { what: 'nothing: what the machine itself costs', seconds, check: async () => [] }),
      await churn(knot, { what: `${EXPECTED.length} records, answers remembered for 10 s`, seconds, check: records(lookupAt(knot, 10)) }),
      await churn(knot, { what: `${EXPECTED.length} records, everything asked again`, seconds, check: records(lookupAt(knot, 0)) }),
      await churn(knot, { what: 'the whole domain, answers remembered for 10 s', seconds, check: whole(lookupAt(knot, 10)) }),
    ];
    const idleMax = rows[0]?.loopMax ?? 0;
    const faults = rows.flatMap(({ what, loopMax, states }) => [
      // A machine that is busy with other things holds up a loop that does nothing, too.
      ...(loopMax > Math.max(DELAY_MAX_MS, idleMax) ? [`${what}: the event loop waited ${round(loopMax)} ms, agreed ${DELAY_MAX_MS}`] : []),
      ...((states['unreachable'] ?? states['unknown'] ?? 0) > 0 ? [`${what}: some questions were not answered`] : []),
    ]);
    const body = [
      `Knot on loopback; the zone is replaced every ${CHANGE_MS} ms, right and wrong in turn; ${PER_SECOND} checks a second for ${seconds} s, load and checks in one process. ${preempted()}Agreed: no wait of the event loop above ${DELAY_MAX_MS} ms.`,
      '',
      table(
        ['a check is', 'checks', 'a second', 'what was seen', 'ms a check, median', 'p99', 'loop delay p99, ms', 'max', 'CPU ms a check'],
        rows.map((row) => [
          row.what,
          count(row.checks),
          round(row.perSecond, 0),
          seen(row.states),
          round(row.p50, 2),
          round(row.p99, 1),
          round(row.loopP99, 1),
          round(row.loopMax, 1),
          round(row.cpuMs, 2),
        ]),
      ),
    ].join('\n');
    return { sections: [{ part: '', title: TITLE, body }], json: { rows }, faults };
  } finally {
    for (const end of ends.toReversed()) await end();
  }
};

async function churn(
  knot: Knot,
  { what, seconds, check }: { what: string; seconds: number; check: () => Promise<string[]> },
): Promise<Row> {
  for (let warm = 0; warm < 100; warm += 1) await check();
  // From a process of its own: starting programs would itself hold up the loop that is measured.
  const end = knot.churn(APEX, [WRONG, RIGHT], CHANGE_MS);
  const states: Record<string, number> = {};
  const took: number[] = [];
  const running = new Set<Promise<void>>();
  const one = async () => {
    const beganMs = performance.now();
    for (const state of await check()) states[state] = (states[state] ?? 0) + 1;
    took.push(performance.now() - beganMs);
  };
  const loop = monitorEventLoopDelay({ resolution: 1 });
  const beganMs = performance.now();
  const before = process.cpuUsage();
  loop.enable();
  for (let n = 0; n < seconds * PER_SECOND; n += 1) {
    const waitMs = beganMs + (n * 1_000) / PER_SECOND - performance.now();
    // Late or not, each check begins on a turn of its own, as requests do.
    await delay(Math.max(0, waitMs));
    const work = one().finally(() => running.delete(work));
    running.add(work);
  }
  await Promise.all(running);
  loop.disable();
  const { user, system } = process.cpuUsage(before);
  const elapsedS = (performance.now() - beganMs) / 1_000;
  await end();
  const sorted = took.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
  const NS = 1e6;
  return {
    what,
    checks: took.length,
    perSecond: took.length / elapsedS,
    states,
    p50: at(0.5),
    p99: at(0.99),
    loopP99: loop.percentile(99) / NS,
    loopMax: loop.max / NS,
    cpuMs: (user + system) / 1_000 / took.length,
  };
}

/** Beside other work a loop also waits for the processor; SCHED_FIFO (policy 1, proc(5)) keeps that out of the figures. */
function preempted(): string {
  const stat = existsSync('/proc/self/stat') ? readFileSync('/proc/self/stat', 'utf8') : '';
  const policy = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[38];
  return policy === '1' ? 'Run at real-time priority (chrt -f), as others worked on the machine. ' : '';
}

function lookupAt({ port }: Knot, cacheMaxS: number): DnsLookup {
  return makeDnsLookup({
    servers: [{ address: '127.0.0.1', port }],
    authoritative: true,
    authoritativePort: port,
    allowPrivate: true,
    cacheMaxS,
  });
}

/** The records of the cases that fit, below the one domain; where two cases share a name the first one stands. */
function zoneOf(fits: (code: string | null) => boolean): Zone {
  const zone: Record<string, Zone[string]> = {};
  for (const [, , records, , code] of MISTAKE_CASES) {
    if (!fits(code)) continue;
    for (const [name, values] of Object.entries(records)) if (name.endsWith(APEX)) zone[name] ??= values;
  }
  return { ...zone, [APEX]: { TXT: [SPF.value, 'packetboat-domain=aBcDeF12'] } };
}

function platform(): Zone {
  return Object.fromEntries(Object.entries(PLATFORM_ZONE).filter(([name]) => name.endsWith('platform.example')));
}

function delegations(): Zone {
  return Object.fromEntries(
    [APEX, 'platform.example'].flatMap((apex) => [
      [apex, { NS: [`ns.${apex}`] }],
      [`ns.${apex}`, { A: ['127.0.0.1'] }],
    ]),
  );
}

function seen(states: Readonly<Record<string, number>>): string {
  return Object.entries(states)
    .map(([state, n]) => `${count(n)} ${state}`)
    .join(', ');
}
