// This file writes what the relay benchmark found: the JSON line that others read, and its section of RESULTS.md.
import { count, median, round, table } from '../kit/figures.ts';
import type { BenchReport } from '../kit/report.ts';
import type { DeepResult } from './deep.ts';
import type { ProfileResult } from './profile.ts';
import type { RelayResult } from './relay-result.ts';
import { type Comparison, type Summary, summary } from './rounds.ts';

const TITLE = 'Relay: submission SMTP → durable → smarthost, beside Postfix';
const HEAD = ['what', 'system', 'messages', 'delivered/s', 'accepted/s', 'CPU-s / 1,000', 'with source and sink', 'ratio'];
/** What was agreed: aim, and the least with which the work counts as done (ratios up, CPU-seconds down). */
const AIMS = {
  delivered: { aim: 5, least: 2.5 },
  cpu: { aim: 0.5, least: 0.8 },
  signed: { aim: 6, least: 4 },
  newConnections: { aim: 2, least: 1.5 },
  deep: { least: 0.8 },
} as const;

export function relayReport(result: RelayResult): BenchReport {
  const ours = summary(result.plain?.ours ?? []);
  const json = {
    ratio_delivered: result.plain?.ratioDelivered ?? null,
    cpu_s_per_1000: ours === null ? null : round(ours.cpuPer1000, 3),
    ratio_delivered_signed: result.signed?.ratioDelivered ?? null,
    ratio_new_connections: result.newConnections?.ratioDelivered ?? null,
    features: result.features,
  };
  const { deep, profile } = result;
  const sections = [
    ...(result.modes.length === 0 ? [] : [{ part: '', title: TITLE, body: mainPart(result, json.cpu_s_per_1000) }]),
    ...(deep === null ? [] : [{ part: 'deep', title: 'Relay with a full database', body: deepPart(deep) }]),
    ...(profile === null ? [] : [{ part: 'profile', title: 'Relay: where the time goes', body: profilePart(profile) }]),
  ];
  return { json, sections, faults: [] };
}

function mainPart(result: RelayResult, cpu: number | null): string {
  const all = [result.plain, result.signed, result.newConnections, ...result.secured].filter((each) => each !== null);
  const parts = [
    result.missing === null
      ? `Against Postfix ${result.postfixVersion} (Debian's defaults, relayhost = the sink), turn by turn in one run; medians, ratios of pairs.`
      : `${result.missing}, so there are absolute figures only.`,
    '4 KB messages by submission SMTP over 20 sessions, durable, handed over by SMTP to a sink; delivered/s is from the first connection to the last message in the sink with its outcome on disk. CPU-seconds are those of all processes of the system (ours: node and PostgreSQL), without source and sink; with them in the last column.',
    table(HEAD, all.flatMap(rowsOf)),
    table(
      ['agreed', 'aim', 'least', 'measured'],
      [
        goal('delivered, kept connections', AIMS.delivered, result.plain?.ratioDelivered ?? null),
        [
          'CPU-seconds per 1,000, database included',
          `≤ ${AIMS.cpu.aim}`,
          `≤ ${AIMS.cpu.least}`,
          cpu === null ? '–' : `${cpu}${verdict(-cpu, -AIMS.cpu.aim, -AIMS.cpu.least)}`,
        ],
        goal('delivered, signed with RSA-2048', AIMS.signed, result.signed?.ratioDelivered ?? null),
        goal('delivered, new connection each', AIMS.newConnections, result.newConnections?.ratioDelivered ?? null),
      ],
    ),
    `On during these runs: ${result.features.join('; ')}.`,
  ];
  return parts.join('\n\n');
}

function rowsOf(comparison: Comparison): (string | number)[][] {
  return [comparison.base, comparison.ours].flatMap((runs, index) => {
    const found = summary(runs);
    if (!found) return [];
    const ratio = index === 1 && comparison.ratioDelivered !== null ? `${comparison.ratioDelivered} ×` : '';
    return [[comparison.what, found.system, `${runs.length} × ${count(runs[0]?.messages ?? 0)}`, ...figures(found), ratio]];
  });
}

function figures({ deliveredPerS, acceptedPerS, cpuPer1000, cpuWithLoadPer1000 }: Summary): string[] {
  return [count(deliveredPerS), count(acceptedPerS), cpuPer1000.toFixed(3), cpuWithLoadPer1000.toFixed(3)];
}

function goal(what: string, { aim, least }: { aim: number; least: number }, measured: number | null): string[] {
  return [what, `≥ ${aim} ×`, `≥ ${least} ×`, measured === null ? '–' : `${measured} ×${verdict(measured, aim, least)}`];
}

function verdict(measured: number, aim: number, least: number): string {
  return measured >= aim ? '' : measured >= least ? ', below the aim' : ', **below the least**';
}

function deepPart({ stored, queued, fillSeconds, databaseBytes, comparison }: DeepResult): string {
  const ratios = comparison.ours.map((run, index) => {
    const base = comparison.base[index];
    return base ? { rate: base.seconds / run.seconds, cpu: run.cpuS / base.cpuS } : { rate: Number.NaN, cpu: Number.NaN };
  });
  const rate = median(ratios.map((each) => each.rate));
  const cpu = median(ratios.map((each) => each.cpu));
  const within = rate >= AIMS.deep.least && cpu <= 2 - AIMS.deep.least;
  return `${count(stored)} recipients stored and ${count(queued)} waiting for a blocked destination. Filled in ${Math.round(fillSeconds)} s to ${round(databaseBytes / 1e9, 1)} GB (attempts and events too, 1,000 recipients to a body), beside an empty desk:

${table(HEAD, rowsOf(comparison))}

Full ÷ empty: ${round(rate)} × delivered/s, ${round(cpu)} × CPU; agreed is within 20 %: ${within ? 'kept' : '**not kept**'}.`;
}

function profilePart({ messages, deliveredPerS, processes, threads, files, rooms }: ProfileResult): string {
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  const micros = (value: number) => value.toFixed(1);
  return `${count(messages)} unsigned messages over kept connections with V8's profiler on (${count(deliveredPerS)} delivered/s with it). CPU by process, µs a message:

${table(
  ['process', 'µs'],
  processes.map(([name, value]) => [name, micros(value)]),
)}

${table(
  ['thread of the node process', 'µs'],
  threads.map(([name, value]) => [name, micros(value)]),
)}

Busy time of the node main thread (start and warm-up included): by room, its own code and with it what that calls in node and in packages; then by file, own code only:

${table(
  ['room', 'own', 'with what it calls'],
  rooms.map(([name, own, withCalled]) => [name, percent(own), percent(withCalled)]),
)}

${table(
  ['file', 'share'],
  files.map(([name, share]) => [`\`${name}\``, percent(share)]),
)}`;
}
