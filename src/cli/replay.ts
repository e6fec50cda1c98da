// This file is `packetboat replay`: stored answers of the world are read again by the rules of today, and tenants' webhooks are delivered again.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../clock.ts';
import { type Config, loadConfig } from '../config.ts';
import { AppError } from '../errors.ts';
import { idFloor } from '../ids.ts';
import { makeLog } from '../log.ts';
import { type AnswerQueue, replayAnswers } from '../store/answer-queues.ts';
import { type Db, openDb, storeUnavailable } from '../store/db.ts';
import { describeEmbedded } from '../store/embedded/supervisor.ts';
import { checkSchema } from '../store/migrate.ts';
import { listProviderAccounts } from '../store/provider-accounts.ts';
import type { Command, CommandIo } from './command.ts';
import { authorityOf } from './reach.ts';
import { replayTenantWebhooks } from './replay-tenant-webhooks.ts';
import { CHECKOUT } from './serve/database.ts';

const USAGE = `packetboat replay webhooks [--account NAME] [--from TIME] [--to TIME]
packetboat replay inbound [--from TIME] [--to TIME]
packetboat replay tenant-webhooks ENDPOINT [--delivery ID]… [--from TIME]
packetboat replay tenant-webhooks --all [--tenant NAME|ID] [--from TIME]

webhooks         requests of providers go back into their queue, raw as they came, and are read again: after a reader was
                 wrong, or when some were parked. What was recorded before counts once; only what is older than 14 days
                 may be recorded a second time.
inbound          the same for mails that came to the inbound door (status mails, complaints)
tenant-webhooks  dead letters of an endpoint try again, all or the ones named; with --from, every event since then is
                 delivered again, under the same webhook-id

TIME is ISO 8601 (2026-11-20 or 2026-11-20T08:00:00Z, UTC where no zone is given). webhooks and inbound take the last
24 hours when no time is given.

--account NAME   only requests of this provider account, by name or id
--tenant NAME|ID only endpoints of this organisation
--url URL --key KEY   the desk and an operator's or tenant's key for tenant-webhooks; by default those of the first start
--ca FILE        the certificate (PEM) that vouches for the desk by https, where this machine does not know it
--data-dir DIR   data folder of the desk, if not the configured one
--json           machine-readable output
`;

const HOUR_MS = 3_600_000;
const DEFAULT_RANGE_MS = 24 * HOUR_MS;
/** One statement puts back this much; a busy desk stores some hundred thousand requests in it. */
const STEP_MS = HOUR_MS / 4;
/** A range beyond the longest retention was mistyped. */
const RANGE_MAX_MS = 3_650 * DEFAULT_RANGE_MS;
/** Ids come from the database's clock, which may be ahead of this machine's. */
const CLOCK_MARGIN_MS = HOUR_MS;
const ACCOUNTS_PAGE = 200;
const CONNECTIONS = 10;

const QUEUES: Readonly<Record<string, { readonly queue: AnswerQueue; readonly what: string }>> = {
  webhooks: { queue: 'webhook_queue', what: 'webhook requests' },
  inbound: { queue: 'inbound_queue', what: 'inbound mails' },
};

interface Flags {
  readonly json: boolean;
  readonly account?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly 'data-dir'?: string | undefined;
}

export const replayCommand: Command = {
  name: 'replay',
  summary: 'Read stored answers again, or deliver webhooks to tenants again.',
  usage: USAGE,
  async run(args, io) {
    const { positionals, values } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        account: { type: 'string' },
        from: { type: 'string' },
        to: { type: 'string' },
        delivery: { type: 'string', multiple: true },
        all: { type: 'boolean', default: false },
        tenant: { type: 'string' },
        url: { type: 'string' },
        key: { type: 'string' },
        ca: { type: 'string' },
        'data-dir': { type: 'string' },
      },
    });
    const [what = '', ...rest] = positionals;
    const answers = QUEUES[what];
    refuse(answers ? ['delivery', 'all', 'tenant', 'url', 'key', 'ca'] : ['account', 'to'], values, what);
    if (what === 'tenant-webhooks') {
      const times = values.from === undefined ? {} : { from: isoOf(timeOf(values.from)) };
      io.stdout.write(
        await replayTenantWebhooks(rest, { ...values, ...times, ca: authorityOf(values, io), dataDir: dataDirOf(values, io) }),
      );
      return 0;
    }
    if (!answers) throw new AppError('CLI_USAGE', what === '' ? 'Say what to replay.' : `There is no "replay ${what}".`);
    if (rest.length > 0) throw new AppError('CLI_USAGE', `"${rest.join(' ')}" is too much for one command.`);
    if (values.account !== undefined && what !== 'webhooks')
      throw new AppError('CLI_USAGE', 'Inbound mails belong to no provider account.');
    io.stdout.write(await replayStored(answers, values, io));
    return 0;
  },
};

async function replayStored(answers: { queue: AnswerQueue; what: string }, flags: Flags, io: CommandIo): Promise<string> {
  const nowMs = systemClock.nowMs();
  const fromMs = flags.from === undefined ? nowMs - DEFAULT_RANGE_MS : timeOf(flags.from);
  const toMs = flags.to === undefined ? nowMs + CLOCK_MARGIN_MS : timeOf(flags.to);
  if (toMs <= fromMs) throw new AppError('CLI_USAGE', '--to lies before --from.');
  if (toMs - fromMs > RANGE_MAX_MS) throw new AppError('CLI_USAGE', 'This range is longer than anything is kept.');
  const db = await openDatabase(flags, io);
  try {
    const accountId = flags.account === undefined ? undefined : await findAccount(db, flags.account);
    let replayed = 0;
    for (let atMs = fromMs; atMs < toMs; atMs += STEP_MS) {
      const range = { fromId: idFloor(atMs), belowId: idFloor(Math.min(atMs + STEP_MS, toMs)) };
      replayed += await replayAnswers(db.pool, answers.queue, { ...range, ...(accountId === undefined ? {} : { accountId }) });
    }
    const range = { from: isoOf(fromMs), to: flags.to === undefined ? null : isoOf(toMs) };
    if (flags.json) return `${JSON.stringify({ replayed, ...range, account_id: accountId ?? null })}\n`;
    return `${replayed} ${answers.what} since ${range.from}${range.to === null ? '' : ` and before ${range.to}`} are read again.\n`;
  } catch (error) {
    throw error instanceof AppError ? error : storeUnavailable(error);
  } finally {
    await db.close();
  }
}

/** The database of the desk: the one that is set, or the embedded one while it runs. */
async function openDatabase(flags: Flags, io: CommandIo): Promise<Db> {
  const url = readConfig(io).databaseUrl ?? describeEmbedded(dataDirOf(flags, io))?.url ?? null;
  if (url === null) {
    throw new AppError('SERVER_UNREACHABLE', 'The embedded database of this desk does not run.', {
      hint: 'Start the desk with "npm start", or name another data folder with --data-dir.',
    });
  }
  const db = openDb(url, makeLog('silent'), { connections: CONNECTIONS });
  try {
    await checkSchema(db.pool, { directory: resolve(CHECKOUT, 'migrations') });
    return db;
  } catch (error) {
    await db.close();
    throw error instanceof AppError ? error : storeUnavailable(error);
  }
}

async function findAccount(db: Db, wanted: string): Promise<string> {
  const names: string[] = [];
  for (let after: string | null = null; ; ) {
    const accounts = await listProviderAccounts(db.pool, { after, limit: ACCOUNTS_PAGE });
    const found = accounts.find(({ id, name }) => id === wanted.toLowerCase() || name === wanted);
    if (found) return found.id;
    names.push(...accounts.map(({ name }) => name));
    if (accounts.length < ACCOUNTS_PAGE) break;
    after = accounts.at(-1)?.id ?? null;
  }
  const hint = names.length === 0 ? 'There is none yet.' : `Choose one of: ${names.join(', ')}.`;
  throw new AppError('NOT_FOUND', `There is no provider account "${wanted}".`, { hint });
}

function refuse(names: readonly string[], values: Readonly<Record<string, unknown>>, what: string): void {
  const odd = names.find((name) => values[name] !== undefined && values[name] !== false);
  if (odd !== undefined) throw new AppError('CLI_USAGE', `--${odd} means nothing to "replay ${what}".`);
}

function readConfig(io: CommandIo): Config {
  return loadConfig(io.env, (path) => (existsSync(resolve(CHECKOUT, path)) ? readFileSync(resolve(CHECKOUT, path), 'utf8') : undefined));
}

function dataDirOf(flags: Pick<Flags, 'data-dir'>, io: CommandIo): string {
  const given = flags['data-dir'];
  return given === undefined ? resolve(CHECKOUT, readConfig(io).dataDir) : resolve(io.cwd, given);
}

/** Milliseconds of an ISO 8601 date or time; UTC where it names no zone. */
function timeOf(text: string): number {
  const parts = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:?\d\d)?)?$/i.exec(text.trim());
  const [, date = '', time = '00:00', zone = 'Z'] = parts ?? [];
  const ms = Date.parse(`${date}T${time}${zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2').toUpperCase()}`);
  if (Number.isNaN(ms)) throw new AppError('CLI_USAGE', `"${text}" is no time; write 2026-11-20 or 2026-11-20T08:00:00Z.`);
  return ms;
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
