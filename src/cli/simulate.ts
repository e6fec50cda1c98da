// This file is `packetboat simulate`: it talks with the simulator that runs inside the desk, found through simulator.json in the data folder.
// Exit status: 0 done, 1 refused or not running, 2 the command was not understood.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { loadConfig } from '../config.ts';
import { AppError, ERROR_CATALOGUE } from '../errors.ts';
import { FATES, FOREIGN } from '../simulator/fates.ts';
import { isOutageKind, PROVIDERS, providerNamed } from '../simulator/http/control.ts';
import { type JsonRecord, list, parseRecord, record, text } from '../simulator/json.ts';
import { OUTAGE_KINDS } from '../simulator/outages.ts';
import { readSimulatorFile, type SimulatorFile } from '../simulator/ports.ts';
import { asUsage, refuse } from './refusal.ts';

export interface SimulateIo {
  readonly stdout: Pick<Writable, 'write'>;
  readonly stderr: Pick<Writable, 'write'>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

const USAGE = `packetboat simulate fates                       what each mailbox under mailbox.test does
packetboat simulate status                      what the simulator is doing
packetboat simulate mailbox ADDRESS [--raw]     mail that arrived for an address; --raw prints the newest whole
packetboat simulate outage PROVIDER --for 60s [--kind KIND] [--delay 5s] [--at DOMAIN]
packetboat simulate outage PROVIDER|all --end   ends an outage before its time
packetboat simulate lists PROVIDER --on|--off   its accounts put addresses on their suppression lists by themselves, or stop to

PROVIDER  ${PROVIDERS.join(', ')}
KIND      ${Object.entries(OUTAGE_KINDS)
  .map(([kind, meaning]) => `${kind.padEnd(11)} ${meaning}`)
  .join('\n          ')}
--json    machine-readable output        --data-dir DIR  data folder of the desk, if not the configured one
`;

/** The checkout: relative settings begin here. */
const CHECKOUT = resolve(import.meta.dirname, '..', '..');
/** The simulator answers at once; this only ends a wait for something that is not one. */
const ANSWER_MAX_MS = 10_000;
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

interface Flags {
  readonly json: boolean;
  readonly raw: boolean;
  readonly end: boolean;
  readonly on: boolean;
  readonly off: boolean;
  readonly for: string | undefined;
  readonly kind: string | undefined;
  readonly delay: string | undefined;
  readonly at: string | undefined;
  readonly 'data-dir': string | undefined;
  readonly help: boolean;
}

export const simulateCommand = {
  name: 'simulate',
  summary: 'Rehearse with the simulated providers and mailboxes: fates, outages, what arrived.',
  usage: USAGE,
  /** Runs one `simulate` command; never rejects for anything a person can do wrong. */
  async run(args: readonly string[], io: SimulateIo): Promise<number> {
    try {
      const { positionals, flags } = readArguments(args);
      if (flags.help) io.stdout.write(USAGE);
      else io.stdout.write(await answer(positionals, flags, io));
      return 0;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return refuse(error, args.includes('--json'), io);
    }
  },
};

function readArguments(args: readonly string[]): { positionals: string[]; flags: Flags } {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        raw: { type: 'boolean', default: false },
        end: { type: 'boolean', default: false },
        on: { type: 'boolean', default: false },
        off: { type: 'boolean', default: false },
        for: { type: 'string' },
        kind: { type: 'string' },
        delay: { type: 'string' },
        at: { type: 'string' },
        'data-dir': { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const { json, raw, end, on, off, help } = values;
    return {
      positionals,
      flags: {
        json,
        raw,
        end,
        on,
        off,
        help,
        for: values.for,
        kind: values.kind,
        delay: values.delay,
        at: values.at,
        'data-dir': values['data-dir'],
      },
    };
  } catch (cause) {
    throw asUsage(cause) ?? cause;
  }
}

/** What goes to stdout. Throws AppError. */
async function answer(positionals: readonly string[], flags: Flags, io: SimulateIo): Promise<string> {
  const [verb, subject, ...rest] = positionals;
  if (rest.length > 0) throw new AppError('CLI_USAGE', `"${rest.join(' ')}" is too much for one command.`);
  const shown = (data: unknown, words: () => string) => (flags.json ? `${JSON.stringify(data)}\n` : words());
  switch (verb) {
    case 'fates':
      return shown(fatesAsData(), fatesAsWords);
    case 'status': {
      const status = await ask(findSimulator(flags, io), 'GET', '/status');
      return shown(status, () => statusAsWords(status));
    }
    case 'mailbox':
      return mailbox(subject, flags, () => findSimulator(flags, io));
    case 'outage':
      return outage(subject, flags, () => findSimulator(flags, io));
    case 'lists':
      return lists(subject, flags, () => findSimulator(flags, io));
    default:
      throw new AppError(
        'CLI_USAGE',
        verb === undefined ? 'Say what to do: fates, status, mailbox, outage or lists.' : `There is no "simulate ${verb}".`,
      );
  }
}

function findSimulator(flags: Flags, io: SimulateIo): SimulatorFile {
  const configured = () => resolve(CHECKOUT, loadConfig(io.env, readSettings).dataDir);
  const dataDir = flags['data-dir'] === undefined ? configured() : resolve(io.cwd, flags['data-dir']);
  const file = readSimulatorFile(dataDir);
  if (file === null) throw notRunning(`There is no ${join(dataDir, 'simulator.json')}.`);
  return file;
}

function readSettings(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

function notRunning(reason: string, cause?: unknown): AppError {
  const hint =
    'Start the desk with "npm start"; the simulator runs inside it until a real provider account is configured, or always with PACKETBOAT_SIMULATOR=on.';
  return new AppError('SERVER_UNREACHABLE', `The simulator is not running. ${reason}`, { hint, cause });
}

async function ask(file: SimulatorFile, method: string, path: string, body?: JsonRecord): Promise<JsonRecord> {
  const headers = { authorization: `Bearer ${file.controlToken}`, 'content-type': 'application/json' };
  let response: Response;
  try {
    const signal = AbortSignal.timeout(ANSWER_MAX_MS);
    response = await fetch(`${file.httpUrl}/simulator${path}`, {
      method,
      headers,
      signal,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (cause) {
    throw notRunning(`Nothing answers at ${file.httpUrl}.`, cause);
  }
  const answered = parseRecord(Buffer.from(await response.arrayBuffer()));
  if (answered === null) throw notRunning(`Something else answers at ${file.httpUrl}.`);
  if (response.ok) return answered;
  const code = Object.keys(ERROR_CATALOGUE).find((one) => one === answered['code']);
  if (code === undefined || code === 'AUTH_INVALID') throw notRunning(`Another simulator answers at ${file.httpUrl}.`);
  // The cast: it was just found among the catalogue's keys.
  throw new AppError(code as keyof typeof ERROR_CATALOGUE, text(answered['message']), { hint: text(answered['hint']) });
}

async function mailbox(address: string | undefined, flags: Flags, find: () => SimulatorFile): Promise<string> {
  if (address?.includes('@') !== true) throw new AppError('CLI_USAGE', 'Name the mailbox, for example member@mailbox.test.');
  const { data } = await ask(find(), 'GET', `/mailbox?address=${encodeURIComponent(address)}${flags.raw ? '&raw=1' : ''}`);
  const mails = list(data).map(record);
  if (flags.json) return `${JSON.stringify({ address, data: mails })}\n`;
  const newest = mails[mails.length - 1];
  if (newest === undefined) return `Nothing has arrived for ${address}.\n`;
  if (flags.raw) return Buffer.from(text(newest['raw']), 'base64').toString('utf8');
  return table(mails.map((mail) => ['arrived_at', 'folder', 'provider', 'mail_from', 'subject'].map((name) => text(mail[name]))));
}

async function outage(provider: string | undefined, flags: Flags, find: () => SimulatorFile): Promise<string> {
  if (provider === undefined) throw new AppError('CLI_USAGE', `Name the provider: ${PROVIDERS.join(', ')}.`);
  if (flags.end) {
    const path = provider === 'all' ? '/outages' : `/outages?provider=${providerOf(provider)}`;
    const { ended } = await ask(find(), 'DELETE', path);
    if (flags.json) return `${JSON.stringify({ ended })}\n`;
    return list(ended).length === 0 ? 'No outage was running.\n' : `Ended: ${list(ended).join(', ')}.\n`;
  }
  const kind = flags.kind ?? 'down';
  if (!isOutageKind(kind))
    throw new AppError('CLI_USAGE', `"${kind}" is no kind of outage; choose ${Object.keys(OUTAGE_KINDS).join(', ')}.`);
  if (flags.for === undefined) throw new AppError('CLI_USAGE', 'Say how long: --for 60s.');
  const delay = flags.delay === undefined ? {} : { delay_ms: durationMs(flags.delay) };
  const wanted = {
    provider: providerOf(provider),
    kind,
    for_ms: durationMs(flags.for),
    ...delay,
    ...(flags.at === undefined ? {} : { at: flags.at }),
  };
  const begun = await ask(find(), 'POST', '/outages', wanted);
  if (flags.json) return `${JSON.stringify(begun)}\n`;
  return `${provider} is out (${kind}) until ${text(begun['until'])}. ${OUTAGE_KINDS[kind]}\n`;
}

async function lists(provider: string | undefined, flags: Flags, find: () => SimulatorFile): Promise<string> {
  if (provider === undefined) throw new AppError('CLI_USAGE', `Name the provider: ${PROVIDERS.join(', ')}.`);
  if (flags.on === flags.off) throw new AppError('CLI_USAGE', 'Say --on or --off.');
  const answer = await ask(find(), 'POST', '/lists', { provider: providerOf(provider), learns: flags.on });
  if (flags.json) return `${JSON.stringify(answer)}\n`;
  return flags.on
    ? `${provider} lists addresses by itself from now on: after hard bounces, complaints and unsubscriptions.\n`
    : `${provider} lists nobody by itself any more; what is listed stays.\n`;
}

function providerOf(name: string): string {
  if (PROVIDERS.some((one) => one === name)) return providerNamed(name);
  throw new AppError('CLI_USAGE', `"${name}" is not simulated; choose ${PROVIDERS.join(', ')}.`);
}

/** `60s`, `5m`, `1h`, `500ms`. */
function durationMs(written: string): number {
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(written) ?? [];
  const factor = UNIT_MS[unit];
  if (factor === undefined) throw new AppError('CLI_USAGE', `"${written}" is no time span; write 60s, 5m or 1h.`);
  return Number(amount) * factor;
}

function fatesAsData(): JsonRecord {
  const data = [...FATES, FOREIGN].map(({ name, aliases = [], sentence, number }) => ({ name, aliases, sentence, number: number ?? null }));
  return { domain: 'mailbox.test', data };
}

function fatesAsWords(): string {
  const rows = FATES.map((fate) => [
    [fate.name, ...(fate.aliases ?? [])].join(', '),
    fate.sentence + (fate.number === undefined ? '' : ` [-N: seconds ${fate.number}]`),
  ]);
  return `${table(rows)}\nUse them as NAME@mailbox.test; NAME+anything@mailbox.test is another address with the same fate.\n${FOREIGN.sentence}\n`;
}

function statusAsWords(status: JsonRecord): string {
  const accounts = list(status['accounts']).map(record);
  const rows = accounts.map((account) => {
    const hooks = list(account['webhooks']).map(record);
    const told = hooks.map(
      (hook) => `${text(hook['to'])} (${text(hook['events_told'])} events told${hook['enabled'] === false ? ', switched off' : ''})`,
    );
    return [text(account['provider']), text(account['key']), `${text(account['taken'])} taken`, told.join(', ')];
  });
  const outages = list(status['outages']).map(record);
  const outageLines = outages.map((one) => `${text(one['provider'])} is out (${text(one['kind'])}) until ${text(one['until'])}.`);
  return [
    `The simulator answers at ${text(status['http_url'])}; reports go to ${text(status['reports_to'])}.`,
    `${text(status['on_the_way'])} recipients on the way, ${text(status['mails_stored'])} mails in mailboxes.`,
    ...(outageLines.length === 0 ? ['No outage.'] : outageLines),
    table(rows),
  ].join('\n');
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
