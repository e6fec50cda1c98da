// This file keeps the simulator's state on disk as JSON lines, so that a restart forgets neither accounts and webhooks nor answers that
// were still to come. Lines reach the operating system before a provider says yes; bodies are never written.
import { closeSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import type { Log } from '../log.ts';
import type { Account } from './accounts.ts';
import type { Journey } from './journey.ts';
import { isRecord } from './json.ts';
import { listed } from './lists.ts';

/** A journey with the tellings that are done, one bit per step. */
export interface OpenJourney {
  readonly journey: Journey;
  readonly told: number;
}

export interface JournalState {
  readonly accounts: readonly Record<string, unknown>[];
  readonly journeys: readonly OpenJourney[];
}

export interface Journal {
  account(account: Account): void;
  /** One entry of the account's suppression list came, changed or went: the list is not written anew for it. */
  listed(account: Account, address: string, subaccount?: string): void;
  began(journeys: readonly Journey[]): void;
  told(journeyId: string, step: number): void;
  ended(journeyId: string): void;
  close(): void;
}

/** The file is rewritten when it is this large and mostly about the past. */
const COMPACT_BYTES = 32 * 1024 * 1024;
/** A file that somebody else wrote or that grew past all reason is not read into memory. */
const READ_MAX_BYTES = 512 * 1024 * 1024;

export const noJournal: Journal = { account() {}, listed() {}, began() {}, told() {}, ended() {}, close() {} };

/** Reads what a journal file holds; a missing file is empty, a torn last line is skipped. */
export function readJournal(path: string, log: Log): JournalState {
  let lines: string[];
  try {
    const content = readFileSync(path);
    if (content.length > READ_MAX_BYTES) throw new Error(`the state file has ${content.length} bytes`);
    lines = content.toString('utf8').split('\n');
  } catch (error) {
    // Only a missing file is ordinary; anything else is told, and the rehearsal starts afresh.
    if (!(isRecord(error) && error['code'] === 'ENOENT')) log.warn({ event: 'simulator_state_unreadable', err: error });
    return { accounts: [], journeys: [] };
  }
  const accounts = new Map<string, Record<string, unknown>>();
  const journeys = new Map<string, OpenJourney>();
  for (const line of lines) {
    const entry = parseLine(line);
    if (entry !== null) applyLine(entry, accounts, journeys);
  }
  return { accounts: [...accounts.values()], journeys: [...journeys.values()] };
}

/** What the file has to hold: asked at the start and whenever it has grown too long. */
export type LiveState = () => { readonly accounts: readonly Account[]; readonly journeys: readonly OpenJourney[] };

/** Opens the journal at `path` for writing, beginning with a fresh copy of `live()`. */
export function openJournal(path: string, live: LiveState, log: Log): Journal {
  const file = new JournalFile(path, live, log);
  return {
    account: (account) => file.write(accountLine(account)),
    listed: (account, address, subaccount = '') =>
      file.write(line(['l', account.provider, account.key, address, subaccount, listed(account, address, subaccount)])),
    began: (journeys) => file.write(journeys.map((journey) => line(['j', journey, 0])).join('')),
    told: (journeyId, step) => file.later(line(['s', journeyId, step])),
    ended: (journeyId) => file.later(line(['e', journeyId])),
    close: () => file.close(),
  };
}

/** The open file. A disk that refuses is logged once; the rehearsal goes on without memory. */
class JournalFile {
  readonly #path: string;
  readonly #live: LiveState;
  readonly #log: Log;
  #file: number | null = null;
  #bytes = 0;
  #compactAt = COMPACT_BYTES;
  #past: string[] = [];

  constructor(path: string, live: LiveState, log: Log) {
    this.#path = path;
    this.#live = live;
    this.#log = log;
    this.#guarded(() => this.#compact());
  }

  write(text: string): void {
    const file = this.#file;
    if (file === null) return;
    this.#guarded(() => {
      writeSync(file, text);
      this.#bytes += text.length;
      if (this.#bytes > this.#compactAt) this.#compact();
    });
  }

  /** What is over may wait for the next turn: losing such a line only tells an event twice, and hundreds share one write. */
  later(text: string): void {
    if (this.#past.push(text) === 1) setImmediate(() => this.#writePast());
  }

  close(): void {
    this.#writePast();
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }

  #writePast(): void {
    if (this.#past.length > 0) this.write(this.#past.join(''));
    this.#past = [];
  }

  #compact(): void {
    const { accounts, journeys } = this.#live();
    const lines = [...accounts.map(accountLine), ...journeys.map((open) => line(['j', open.journey, open.told]))].join('');
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
    writeFileSync(`${this.#path}.new`, lines, { mode: 0o600 });
    renameSync(`${this.#path}.new`, this.#path);
    this.#file = openSync(this.#path, 'a', 0o600);
    this.#bytes = lines.length;
    this.#compactAt = Math.max(COMPACT_BYTES, 2 * this.#bytes);
  }

  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#file = null;
      this.#log.error({ event: 'simulator_state_unwritable', err: error });
    }
  }
}

function line(entry: readonly unknown[]): string {
  return `${JSON.stringify(entry)}\n`;
}

/** Sets and maps as lists; what only counts the present hour is left out. */
function accountLine(account: Account): string {
  const { provider, key, password, quota, sizeMaxBytes, legacyErrors, webhookKey, learns } = account;
  const lists = {
    verifiedDomains: [...account.domains],
    unverified: [...account.unverified],
    verifiedAddresses: [...account.addresses],
    suppressedEntries: [...account.suppressed],
    pools: [...account.pools],
    subaccounts: [...account.subaccounts],
    webhooks: [...account.webhooks.values()],
  };
  return line([
    'a',
    { provider, key, ...(password === null ? {} : { password }), quota, sizeMaxBytes, legacyErrors, webhookKey, learns, ...lists },
  ]);
}

function parseLine(text: string): unknown[] | null {
  try {
    const entry: unknown = JSON.parse(text);
    return Array.isArray(entry) ? entry : null;
  } catch {
    // The last line of a killed process may be torn; so may the empty one after it.
    return null;
  }
}

function applyLine(row: unknown[], accounts: Map<string, Record<string, unknown>>, journeys: Map<string, OpenJourney>): void {
  const [kind, first, second] = row;
  if (kind === 'a' && isRecord(first)) accounts.set(`${first['provider']}:${first['key']}`, first);
  // Entries of lists are put behind the account's own, so that the newest of an address is restored last; null took it off.
  if (kind === 'l') {
    const [, provider, key, address, subaccount, entry] = row;
    const known = accounts.get(`${String(provider)}:${String(key)}`);
    const changes: unknown = known?.['listChanges'];
    if (Array.isArray(changes)) changes.push([address, subaccount, entry]);
    else if (known !== undefined) known['listChanges'] = [[address, subaccount, entry]];
  }
  if (kind === 'j' && isRecord(first) && typeof first['id'] === 'string' && Array.isArray(first['steps'])) {
    // The cast: this file is written only by openJournal above, from Journey values.
    journeys.set(first['id'], { journey: first as unknown as Journey, told: typeof second === 'number' ? second : 0 });
  }
  if (kind === 's' && typeof first === 'string' && typeof second === 'number') {
    const open = journeys.get(first);
    if (open !== undefined) journeys.set(first, { journey: open.journey, told: open.told | (1 << second) });
  }
  if (kind === 'e' && typeof first === 'string') journeys.delete(first);
}
