// This file is `packetboat report`: what DMARC, failure and TLS reports say, in the fixed form of docs/ARCHITECTURE.md §7.
// Exit status: 0 every file was read (refused reports are told in its lines), 1 a file could not be opened, 2 the command was not understood.
import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../clock.ts';
import { AppError } from '../errors.ts';
import { readReports } from '../mail/domain-reports/read-reports.ts';
import type { Command, CommandIo } from './command.ts';
import { readFiles } from './read-files.ts';
import { jsonLine, type ReportLine, reportLine } from './report-line.ts';
import { renderTable } from './table.ts';

const USAGE = `packetboat report parse [--json] FILE…|-

parse  Reads DMARC aggregate reports, DMARC failure reports and TLS reports: XML or JSON, zip or gzip around it, or the whole mail; "-" reads stdin.
       With --json one line for each report found, as docs/REPORTS.md describes it.
`;

export const reportCommand: Command = {
  name: 'report',
  summary: 'Read DMARC and TLS reports: who sends in the name of a domain, and how it fares.',
  usage: USAGE,
  async run(args, io) {
    const [verb, ...rest] = args;
    const { values, positionals } = parseArgs({
      args: rest,
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false } },
    });
    if (verb === 'parse' && positionals.length > 0) return parseFiles(positionals, values.json, io);
    throw new AppError('CLI_USAGE', 'The form is: packetboat report parse [--json] FILE…|-.');
  },
};

async function parseFiles(files: readonly string[], json: boolean, io: CommandIo): Promise<number> {
  const lines: ReportLine[] = [];
  const status = await readFiles(files, { json, io }, async (file) => {
    const source = file === '-' ? io.stdin : createReadStream(resolve(io.cwd, file));
    for await (const finding of readReports(source)) {
      const line = reportLine(file, finding, systemClock.nowMs());
      if (json) io.stdout.write(jsonLine(line));
      else lines.push(line);
    }
  });
  if (!json) io.stdout.write(forPeople(lines));
  return status;
}

/** A table of what was read; below it what was refused and what is odd, with the sentence that helps. */
function forPeople(lines: readonly ReportLine[]): string {
  const read = lines.filter(({ error }) => error === null);
  const notes = lines.flatMap(({ file, refusal, warnings }) => [
    ...(refusal === null ? [] : [`${file}: ${refusal.message} (${refusal.code})\n  ${refusal.hint}`]),
    ...(warnings.length === 0 ? [] : [`${file}: ${warnings.join('; ')}`]),
  ]);
  const table = renderTable(
    read.map((line) => ({ ...line })),
    [
      { title: 'report', show: 'kind' },
      { title: 'from', show: 'org_name' },
      { title: 'domain', show: 'domain' },
      { title: 'first', show: ({ begin }) => dayOf(begin) },
      { title: 'last', show: ({ end }) => dayOf(end) },
      { title: 'policy', show: 'policy.p' },
      { title: 'records', show: 'records', right: true },
      { title: 'total', show: 'total_messages', right: true },
      { title: 'pass', show: 'pass_messages', right: true },
      { title: 'fail', show: 'fail_messages', right: true },
    ],
    'No report was read.',
  );
  return notes.length === 0 ? table : `${table}\n${notes.map(plainLine).join('\n')}\n`;
}

/** Texts of strangers must not play with the terminal; the breaks between lines are ours. */
function plainLine(text: string): string {
  return text.replace(/[^\P{Cc}\n]+/gu, ' ');
}

function dayOf(seconds: unknown): string | null {
  return typeof seconds === 'number' ? `${new Date(seconds * 1000).toISOString().slice(0, 16)}Z` : null;
}
