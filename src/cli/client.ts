// This file is the client that every command of the API shares: it finds the desk and its key, asks, and turns refusals back into errors with
// their code and hint.
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { loadConfig } from '../config.ts';
import { AppError, ERROR_CATALOGUE, type ErrorCode } from '../errors.ts';
import type { Language } from '../language.ts';
import type { CommandIo } from './command.ts';
import { authorityOf, reach } from './reach.ts';

/** Where a desk is and who asks. */
export interface DeskAccess {
  /** Origin without a slash at its end. */
  readonly url: string;
  readonly key: string;
  /** PEM file of an authority to trust besides those everybody does, a whole path; null: none. */
  readonly ca: string | null;
}

/** What a command line may say about the desk. */
export interface DeskGiven {
  readonly url?: string | undefined;
  readonly key?: string | undefined;
  readonly ca?: string | undefined;
}

export interface AskOptions {
  readonly query?: Query;
  /** Goes as JSON. */
  readonly body?: unknown;
  /** Goes as it is, in place of `body`; its type stands in `headers`. */
  readonly file?: Uint8Array<ArrayBuffer>;
  readonly headers?: Record<string, string>;
}

export interface Api {
  readonly access: DeskAccess;
  /** Asks and answers the JSON (text, where the answer is none; null where it is empty). Throws the AppError of a refusal. */
  ask(method: string, path: string, options?: AskOptions): Promise<unknown>;
}

export type Query = Readonly<Record<string, string | undefined>>;

/** Long enough for a batch of large messages, short enough to notice a desk that hangs. */
const TIMEOUT_MS = 120_000;
/** The same for a whole file, of which every row is stored before the answer. */
const FILE_TIMEOUT_MS = 900_000;
const CHECKOUT = resolve(import.meta.dirname, '../..');

/**
 * Finds the desk: --url, --key and --ca, then PB_URL, PB_KEY and PB_CA, then what `packetboat login` stored, then bootstrap.json of the desk on this machine.
 * Throws CLI_USAGE when there is none of them.
 */
export function findDesk(given: DeskGiven, io: Pick<CommandIo, 'env' | 'cwd'>): DeskAccess {
  const { PB_URL: envUrl, PB_KEY: envKey } = io.env;
  const url = given.url ?? envUrl;
  const key = given.key ?? envKey;
  const ca = authorityOf(given, io);
  if (url !== undefined && key !== undefined) return { url: trimmed(url), key, ca };
  const stored = readJson(loginFile(io.env)) ?? readBootstrap(io);
  if (!stored && (url === undefined || key === undefined)) {
    throw new AppError('CLI_USAGE', 'No desk was found on this machine.', {
      hint: 'Start one with "npm start", log in to one with "packetboat login", or name it with --url and --key.',
    });
  }
  // What vouches for the remembered desk vouches for no other.
  const remembered = url === undefined || trimmed(url) === stored?.url ? (stored?.ca ?? null) : null;
  return { url: trimmed(url ?? stored?.url ?? ''), key: key ?? stored?.key ?? '', ca: ca ?? remembered };
}

/** Opens the client, which asks for sentences in a language (English). Nothing is asked yet. */
export function openApi(access: DeskAccess, language: Language = 'en'): Api {
  return {
    access,
    async ask(method, path, { query = {}, body, file, headers = {} } = {}) {
      const url = addressOf(path, access.url);
      for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
      const init: RequestInit = {
        method,
        headers: {
          authorization: `Bearer ${access.key}`,
          accept: 'application/json, text/plain',
          'accept-language': language,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(file !== undefined ? { body: file } : body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(file === undefined ? TIMEOUT_MS : FILE_TIMEOUT_MS),
      };
      const answer = await reach(url, init, access.ca);
      const text = await answer.text();
      const json = /json/.test(answer.headers.get('content-type') ?? '') && text !== '' ? JSON.parse(text) : null;
      if (!answer.ok) throw refusal(answer.status, json);
      return json ?? (text === '' ? null : text);
    },
  };
}

/** The file in which `packetboat login` keeps url and key. */
export function loginFile(env: CommandIo['env']): string {
  const { XDG_CONFIG_HOME: configHome } = env;
  return join(configHome || join(homedir(), '.config'), 'packetboat', 'login.json');
}

export function storeLogin(env: CommandIo['env'], access: DeskAccess): string {
  const file = loginFile(env);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const { url, key, ca } = access;
  writeFileSync(file, `${JSON.stringify({ url, key, ...(ca === null ? {} : { ca }) }, null, 2)}\n`, { mode: 0o600 });
  // The mode above counts for new files only.
  chmodSync(file, 0o600);
  return file;
}

export function forgetLogin(env: CommandIo['env']): void {
  rmSync(loginFile(env), { force: true });
}

/** Throws CLI_USAGE for an origin that is none. */
function addressOf(path: string, origin: string): URL {
  const url = /^https?:\/\//i.test(origin) ? URL.parse(path, `${origin}/`) : null;
  if (url === null)
    throw new AppError('CLI_USAGE', `"${origin}" is no address of a desk.`, {
      hint: 'Write it as http://127.0.0.1:8480 or https://mail.example.org.',
    });
  return url;
}

function refusal(status: number, problem: { code?: string; detail?: string; hint?: string; field?: string } | null): AppError {
  const { code = '', detail, hint, field } = problem ?? {};
  const options = { ...(hint === undefined ? {} : { hint }), ...(field === undefined ? {} : { field }) };
  // A code of a newer desk that this version does not know is said in the words of that desk.
  const known = Object.hasOwn(ERROR_CATALOGUE, code) ? (code as ErrorCode) : 'INTERNAL';
  const message = detail ?? `The desk answered ${status}.`;
  return new AppError(known, field === undefined || message.includes(field) ? message : `${field}: ${message}`, options);
}

function readBootstrap(io: Pick<CommandIo, 'env'>): DeskAccess | null {
  const { dataDir } = loadConfig(io.env, (path) => readText(path) ?? undefined);
  const text = readText(join(resolve(CHECKOUT, dataDir), 'bootstrap.json'));
  if (text === null) return null;
  // Written by the desk itself at its first start.
  const { http_url: url, operator_key: key } = JSON.parse(text) as { http_url: string; operator_key: string };
  return { url, key, ca: null };
}

function readJson(path: string): DeskAccess | null {
  const text = readText(path);
  // Written by storeLogin.
  return text === null ? null : { ca: null, ...(JSON.parse(text) as Omit<DeskAccess, 'ca'> & Partial<DeskAccess>) };
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EACCES')) return null;
    throw error;
  }
}

function trimmed(url: string): string {
  return url.replace(/\/+$/, '');
}
