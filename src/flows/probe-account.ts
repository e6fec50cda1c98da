// This file tries out a provider account on request: by one small mail through it, or, when no address is given, by reaching its server at all.
import { connect } from 'node:net';
import type { Clock } from '../clock.ts';
import type { Outcome, ProviderAccount, ProviderAdapter, SendResult } from '../delivery/provider.ts';
import { AppError } from '../errors.ts';
import type { IdMint } from '../ids.ts';
import type { Log } from '../log.ts';
import { type EmailAddress, parseAddress } from '../mail/address.ts';
import { composeMessage } from '../mail/compose.ts';

export interface ProbeDeps {
  readonly clock: Clock;
  readonly ids: IdMint;
  readonly log: Log;
  /** 0 ≤ n < 1. */
  readonly random: () => number;
}

export interface ProbeAnswer {
  /** What happened, in a sentence. */
  readonly detail: string;
  readonly ok: boolean;
  /** Set when a mail was handed over: the outcome's kind, and the provider's words. */
  readonly outcome: Outcome['kind'] | null;
  readonly reply: string | null;
}

/** Long enough for a slow server to greet, short enough for a person to wait. */
const CONNECT_TIMEOUT_MS = 10_000;
const HTTPS_PORT = 443;
const HTTP_PORT = 80;

/** Hands one small mail to the account. It stands in no ledger: it belongs to no tenant. */
export async function probeByMail(
  deps: ProbeDeps,
  target: { account: ProviderAccount; adapter: ProviderAdapter; from: string; to: string },
): Promise<ProbeAnswer> {
  const [from, to] = [addressOf(target.from, 'from'), addressOf(target.to, 'to')];
  const id = deps.ids.next();
  const composition = {
    from: { address: from, name: null },
    to: [{ address: to, name: null }],
    cc: [],
    replyTo: [],
    subject: `Test of the account ${target.account.name}`,
    text: `This mail left Packetboat through the account "${target.account.name}".\nWhoever asked for the test can see that it arrived.\n`,
    html: null,
    headers: { 'Auto-Submitted': 'auto-generated' },
    attachments: [],
  };
  const mime = await composeMessage(composition, {
    messageId: `<${id}@${from.slice(from.lastIndexOf('@') + 1)}>`,
    dateMs: deps.clock.nowMs(),
    boundary: id.replaceAll('-', ''),
  });
  const client = target.adapter.connect(target.account, { clock: deps.clock, log: deps.log, random: deps.random });
  try {
    const result = await client.send({
      messageId: id,
      tenantId: '00000000-0000-0000-0000-000000000000',
      stream: 'transactional',
      mime,
      recipients: [{ id: deps.ids.next(), address: to, returnPath: from }],
      smtpUtf8: false,
      eightBit: false,
      idempotencyKey: id,
      pool: null,
      tags: [],
    });
    return answerOf(result);
  } finally {
    await client.close();
  }
}

/** Opens a connection to the server the account's settings name, and logs in where the adapter can without handing anything over. */
export async function probeByConnection(
  deps: ProbeDeps,
  { account, adapter }: { account: ProviderAccount; adapter: ProviderAdapter },
): Promise<ProbeAnswer> {
  const nothing = { outcome: null, reply: null };
  const place = serverOf(account.settings);
  if (!place) return { ok: false, detail: 'The settings name no server.', ...nothing };
  const error = await reach(place);
  const where = `${place.host}:${place.port}`;
  if (error !== null) return { ok: false, detail: `${where} cannot be reached: ${error}`, ...nothing };
  const client = adapter.connect(account, { clock: deps.clock, log: deps.log, random: deps.random });
  try {
    const wrong = (await client.check?.()) ?? null;
    if (wrong !== null) return { ok: false, detail: `${where} takes connections, but no mail: ${wrong.reason}`, ...nothing };
  } finally {
    await client.close();
  }
  const known = client.check !== undefined && account.settings['username'] !== undefined ? ' and the log-in' : '';
  return { ok: true, detail: `${where} takes connections${known}. To see whether it takes mail, give "from" and "to".`, ...nothing };
}

function addressOf(text: string, field: string): EmailAddress {
  const parsed = parseAddress(text);
  if (!parsed.ok) throw new AppError(parsed.error.code, parsed.error.message, { field });
  return parsed.value.address;
}

function answerOf(result: SendResult): ProbeAnswer {
  const [outcome] = result.outcomes;
  if (!outcome) throw new Error('an adapter answered no outcome');
  const said: Record<Outcome['kind'], string> = {
    handed_over: 'The account took the mail.',
    refused: 'The account refused the mail for good.',
    deferred: 'The account does not take the mail now.',
    not_sent: 'The mail was not handed over.',
    unknown: 'The line broke while the mail was handed over; nobody knows whether it was taken.',
  };
  const account = result.account ? ` The account: ${result.account.kind}, ${result.account.reason}` : '';
  return { ok: outcome.kind === 'handed_over', detail: `${said[outcome.kind]}${account}`, outcome: outcome.kind, reply: outcome.reply };
}

function serverOf(settings: Readonly<Record<string, unknown>>): { host: string; port: number } | null {
  const { host, port, base_url: baseUrl } = settings;
  if (typeof host === 'string' && typeof port === 'number') return { host, port };
  if (typeof baseUrl !== 'string' || !URL.canParse(baseUrl)) return null;
  const url = new URL(baseUrl);
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) || (url.protocol === 'https:' ? HTTPS_PORT : HTTP_PORT) };
}

function reach(place: { host: string; port: number }): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ ...place, timeout: CONNECT_TIMEOUT_MS });
    const end = (answer: string | null) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(null));
    socket.once('timeout', () => end('it does not answer.'));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
}
