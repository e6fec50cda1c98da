// This file writes what the relay benchmark found: the JSON line that others read, and its section of RESULTS.md.
import { count, median, round, table } from '../kit/figures.ts';
import type { BenchReport } from '../kit/report.ts';
import type { DeepResult } from './deep.ts';
import type { ProfileResult } from './profile.ts';
import type { RelayResult } from './relay.ts';
import { type Comparison, type Summary, summary } from './rounds.ts';

/** What was agreed: aim, and the least with which the work counts as done (ratios up, CPU-seconds down). */
const AIMS = {
  delivered: { aim: 5, least: 2.5 },
  cpu: { aim: 0.5, least: 0.8 },
  signed: { aim: 6, least: 4 },
  newConnections: { aim: 2, least: 1.5 },
  deep: { least: 0.8 },
} as const;

export function relayReport(result: RelayResult): BenchReport {
  const ours = summary(result.plain.ours);
  const json = {
    ratio_delivered: result.plain.ratioDelivered,
    cpu_s_per_1000: ours === null ? null : round(ours.cpuPer1000, 3),
    ratio_delivered_signed: result.signed.ratioDelivered,
    ratio_new_connections: result.newConnections.ratioDelivered,
    features: result.features,
  };
  return { json, body: body(result, json.cpu_s_per_1000), faults: [] };
}

function body(result: RelayResult, cpu: number | null): string {
  const all = [result.plain, result.signed, result.newConnections, ...result.secured];
  const parts = [
    result.missing === null
      ? `Against Postfix ${result.postfixVersion} (Debian's defaults, relayhost = the sink), turn by turn in one run; medians, ratios of pairs.`
      : `${result.missing}, so there are absolute figures only.`,
    '4 KB messages by submission SMTP over 20 sessions, durable, handed over by SMTP to smtp-sink; delivered/s is from the first connection to the last message in the sink with its outcome on disk. CPU-seconds are those of all processes of the system (ours: node and PostgreSQL), without source and sink; with them in the last column.',
    table(
      ['what', 'system', 'messages', 'delivered/s', 'accepted/s', 'CPU-s / 1,000', 'with source and sink', 'ratio'],
      all.flatMap(rowsOf),
    ),
    table(
      ['agreed', 'aim', 'least', 'measured'],
      [
        goal('delivered, kept connections', AIMS.delivered, result.plain.ratioDelivered),
        [
          'CPU-seconds per 1,000, database included',
          `≤ ${AIMS.cpu.aim}`,
          `≤ ${AIMS.cpu.least}`,
          cpu === null ? '–' : `${cpu}${verdict(-cpu, -AIMS.cpu.aim, -AIMS.cpu.least)}`,
        ],
        goal('delivered, signed with RSA-2048', AIMS.signed, result.signed.ratioDelivered),
        goal('delivered, new connection each', AIMS.newConnections, result.newConnections.ratioDelivered),
      ],
    ),
    `On during these runs: ${result.features.join('; ')}.`,
    ...(result.deep ? [deepPart(result.deep)] : []),
    ...(result.profile ? [profilePart(result.profile)] : []),
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
  return `### With ${count(stored)} recipients stored and ${count(queued)} waiting for a blocked destination

Filled in ${Math.round(fillSeconds)} s to ${round(databaseBytes / 1e9, 1)} GB (attempts and events too, 1,000 recipients to a body), beside an empty desk:

${table(['what', 'system', 'messages', 'delivered/s', 'accepted/s', 'CPU-s / 1,000', 'with source and sink', 'ratio'], rowsOf(comparison))}

Full ÷ empty: ${round(rate)} × delivered/s, ${round(cpu)} × CPU; agreed is within 20 %: ${within ? 'kept' : '**not kept**'}.`;
}

function profilePart({ messages, deliveredPerS, processes, threads, files, rooms }: ProfileResult): string {
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  const micros = (value: number) => value.toFixed(1);
  return `### Where the time goes

${count(messages)} unsigned messages over kept connections with V8's profiler on (${count(deliveredPerS)} delivered/s with it). CPU by process, µs a message:

${table(
  ['process', 'µs'],
  processes.map(([name, value]) => [name, micros(value)]),
)}

${table(
  ['thread of the node process', 'µs'],
  threads.map(([name, value]) => [name, micros(value)]),
)}

Self time of the node main thread, by room and by file (start and warm-up included):

${table(
  ['room', 'share'],
  rooms.map(([name, share]) => [name, percent(share)]),
)}

${table(
  ['file', 'share'],
  files.map(([name, share]) => [`\`${name}\``, percent(share)]),
)}`;
}
