// This file is `packetboat provider`: what the providers can do, and what the desk makes of recorded webhook requests.
import { AppError } from '../errors.ts';
import { capabilityRows, providerMatrix, providerPagePart } from '../providers/matrix.ts';
import { providerRegistry } from '../providers/registry.ts';
import type { Command, CommandIo } from './command.ts';
import { type ReplayedRow, replayRow } from './provider-events.ts';
import { refuse } from './refusal.ts';

/** One row holds one webhook request; the largest carry inbound mail of 25 MB in base64. */
const LINE_MAX_CHARS = 64 * 1024 * 1024;

const USAGE = `packetboat provider list [--json]
packetboat provider capabilities [KIND] [--json | --markdown | --page]
packetboat provider events [--json] < rows.jsonl

list          the providers this desk can hand mail to
capabilities  what each of them can do, and what it cannot and why;
              --markdown and --page print what docs/providers holds
events        reads recorded webhook requests, one JSON object a line ({"id","provider","request","verify"}),
              and prints whether each would be accepted and which events it holds

Exit status: 0 done, 1 some rows could not be read, 2 wrong usage.
`;

const VERBS = { list, capabilities, events } as const;

async function run(args: string[], io: CommandIo): Promise<number> {
  const [verb, ...rest] = args;
  if (verb === undefined || verb === '--help' || verb === '-h' || rest.includes('--help')) {
    if (verb === undefined)
      return refuse(new AppError('CLI_USAGE', 'The form is: packetboat provider list|capabilities|events.'), false, io);
    io.stdout.write(USAGE);
    return 0;
  }
  try {
    // The cast narrows a word that the table was asked for first.
    if (!Object.hasOwn(VERBS, verb)) throw new AppError('CLI_USAGE', `There is no "provider ${verb}".`);
    return await VERBS[verb as keyof typeof VERBS](rest, io);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    refuse(error, rest.includes('--json'), io);
    return 2;
  }
}

/** Splits flags from words; an unknown flag or a word too many is an error. */
function parseArgs(
  args: readonly string[],
  allowed: { flags: readonly string[]; words: number },
): { flags: ReadonlySet<string>; words: string[] } {
  const flags = args.filter((arg) => arg.startsWith('-'));
  const words = args.filter((arg) => !arg.startsWith('-'));
  const odd = flags.find((flag) => !allowed.flags.includes(flag)) ?? words[allowed.words];
  if (odd !== undefined) throw new AppError('CLI_USAGE', `"${odd}" is not understood here.`);
  return { flags: new Set(flags), words };
}

async function list(args: readonly string[], io: CommandIo): Promise<number> {
  const { flags } = parseArgs(args, { flags: ['--json'], words: 0 });
  const rows = [...providerRegistry.values()].map(({ kind, title, capabilities: can }) => ({
    kind,
    title,
    delivery_events: can.deliveryEvents,
    raw_mime: can.rawMime,
  }));
  if (flags.has('--json')) io.stdout.write(`${JSON.stringify({ data: rows })}\n`);
  else
    for (const row of rows) io.stdout.write(`${row.kind.padEnd(14)} ${row.title}${row.delivery_events ? '' : ' (no delivery events)'}\n`);
  return 0;
}

async function capabilities(args: readonly string[], io: CommandIo): Promise<number> {
  const { flags, words } = parseArgs(args, { flags: ['--json', '--markdown', '--page'], words: 1 });
  const adapters = [...providerRegistry.values()].filter((adapter) => words[0] === undefined || adapter.kind === words[0]);
  if (adapters.length === 0) {
    const known = [...providerRegistry.keys()].join(', ');
    throw new AppError('PROVIDER_UNKNOWN', `"${words[0]}" is not a provider of this desk.`, { hint: `Choose one of ${known}.` });
  }
  if (flags.has('--page')) for (const adapter of adapters) io.stdout.write(`${providerPagePart(adapter)}\n`);
  else if (flags.has('--markdown')) io.stdout.write(providerMatrix(adapters));
  else if (flags.has('--json'))
    io.stdout.write(`${JSON.stringify({ data: adapters.map(({ kind, title, capabilities: can }) => ({ kind, title, ...can })) })}\n`);
  else
    for (const adapter of adapters)
      io.stdout.write(`${plainPage(adapter.title, capabilityRows(adapter.capabilities), adapter.capabilities.cannot)}\n`);
  return 0;
}

function plainPage(
  title: string,
  rows: readonly (readonly [string, string])[],
  cannot: readonly { what: string; reason: string }[],
): string {
  const width = Math.max(...rows.map(([label]) => label.length));
  const can = rows.map(([label, words]) => `  ${label.padEnd(width)}  ${words}\n`).join('');
  return `${title}\n${can}  Cannot:\n${cannot.map(({ what, reason }) => `  - ${what}: ${reason}\n`).join('')}`;
}

async function events(args: readonly string[], io: CommandIo): Promise<number> {
  const { flags } = parseArgs(args, { flags: ['--json'], words: 0 });
  let unreadable = 0;
  for await (const line of linesOf(io.stdin)) {
    const row = parseRow(line);
    if (row === undefined) unreadable += 1;
    const replayed =
      row === undefined
        ? { id: null, accepted: false, reason: 'the row is not a JSON object', events: [] }
        : replayRow(row, providerRegistry);
    io.stdout.write(flags.has('--json') ? `${JSON.stringify(replayed)}\n` : plainRow(replayed));
  }
  if (unreadable === 0) return 0;
  const error = new AppError('REQUEST_MALFORMED', `${unreadable} rows could not be read.`, {
    hint: 'Each line is one JSON object with id, provider, request and verify.',
  });
  return refuse(error, flags.has('--json'), io);
}

function parseRow(line: string): unknown {
  try {
    const row: unknown = JSON.parse(line);
    return typeof row === 'object' && row !== null ? row : undefined;
  } catch {
    return undefined;
  }
}

function plainRow(row: ReplayedRow): string {
  const head = `${row.id ?? '(no id)'}: ${row.accepted ? 'accepted' : `refused, ${row.reason}`}\n`;
  return head + row.events.map((event) => `  ${JSON.stringify(event)}\n`).join('');
}

/** Non-empty lines of a stream; a line beyond LINE_MAX_CHARS is an error, because nothing after it can be trusted. */
async function* linesOf(input: AsyncIterable<Buffer | string>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let pieces: string[] = [];
  let length = 0;
  for await (const chunk of input) {
    const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    const lines = text.split('\n');
    const tail = lines.pop() ?? '';
    for (const line of lines) {
      const whole = pieces.join('') + line;
      pieces = [];
      length = 0;
      if (whole.trim() !== '') yield whole;
    }
    pieces.push(tail);
    length += tail.length;
    if (length > LINE_MAX_CHARS) throw new AppError('PAYLOAD_TOO_LARGE', `A line has more than ${LINE_MAX_CHARS} characters.`);
  }
  const rest = pieces.join('');
  if (rest.trim() !== '') yield rest;
}

export const providerCommand: Command = {
  name: 'provider',
  summary: 'Say what the providers can do, and what their webhooks mean.',
  usage: USAGE,
  run,
};
