// This file is the line to one bounce mailbox over IMAP (RFC 9051): open it, fetch what lies behind a UID, put away what was stored, wait for more. It keeps no
// place of its own; where it was is the store's to know.
import { isIP } from 'node:net';
import { ImapFlow } from 'imapflow';
import type { MailboxSettings } from './settings.ts';

export interface FetchedMail {
  readonly uid: number;
  /** As the server holds it, cut at the limit. */
  readonly raw: Buffer;
}

export interface MailboxLine {
  /** Changes when the server numbers its mails anew (RFC 9051 §2.3.1.1); decimal. */
  readonly uidValidity: string;
  /** The next mails behind a UID, in their order; empty: none are left. */
  fetchAfter(uid: number): Promise<FetchedMail[]>;
  /** Moves or marks mails that are stored. */
  putAway(uids: readonly number[]): Promise<void>;
  /** Mails up to a UID that were stored, but not put away before the line broke. */
  leftBehind(uid: number): Promise<number[]>;
  /** Resolves when something may have come, after `ms` at the latest. Rejects when the line breaks. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export interface MailboxAccess {
  readonly settings: MailboxSettings;
  readonly proof: { readonly kind: 'password'; readonly password: string } | { readonly kind: 'token'; readonly token: string };
  /** Where to connect; the host of the settings is the name that the certificate has to bear. */
  readonly address: string;
  readonly mailBytesMax: number;
}

/** Mails of one transaction, and their bytes: a crash repeats at most this much work, and memory holds no more. */
const BATCH_MAILS = 50;
const BATCH_BYTES = 16 * 1024 * 1024;
const CONNECT_TIMEOUT_MS = 30_000;
const SOCKET_TIMEOUT_MS = 5 * 60_000;
/** Shorter than the half hour after which servers log idle clients out (RFC 9051 §5.4). */
const IDLE_MAX_MS = 4 * 60_000;
const IDLE_AFTER_MS = 200;
const LOGOUT_MAX_MS = 5_000;

/** The server does not take the password or the token; nothing else is wrong with the line. */
export class LogInRefused extends Error {}

/** Connects, logs in and opens the folder. Rejects with the server's or the network's words, as LogInRefused where it is about the proof. */
export async function openMailbox(access: MailboxAccess): Promise<MailboxLine> {
  const { settings, proof } = access;
  const client = new ImapFlow({
    host: access.address,
    port: settings.port,
    // A name of the server is never an address (RFC 6066 §3).
    ...(isIP(settings.host) === 0 ? { servername: settings.host } : {}),
    secure: settings.tls === 'implicit',
    doSTARTTLS: settings.tls === 'starttls',
    auth: { user: settings.username, ...(proof.kind === 'token' ? { accessToken: proof.token } : { pass: proof.password }) },
    tls: { rejectUnauthorized: settings.verify_certificate, ...(settings.ca === undefined ? {} : { ca: settings.ca }) },
    logger: false,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: SOCKET_TIMEOUT_MS,
    maxIdleTime: IDLE_MAX_MS,
    autoIdleDelay: IDLE_AFTER_MS,
    maxLiteralSize: access.mailBytesMax + BATCH_BYTES,
  });
  let broken: Error | null = null;
  // Without a listener the process would end; whoever waits or asks next is told.
  client.on('error', (error: Error) => {
    broken = error;
  });
  try {
    await client.connect();
    if (settings.tls !== 'none' && !client.secureConnection) throw new Error('The server offers no TLS.');
    const folder = await client.mailboxOpen(settings.folder);
    // It exists already, mostly.
    if (settings.after === 'move') await client.mailboxCreate(settings.move_to).catch(() => undefined);
    return new Line(client, access, String(folder.uidValidity), () => broken);
  } catch (error) {
    client.close();
    if (!(error instanceof Error)) throw inWords(error);
    if (/^Unsupported authentication mechanism/.test(error.message)) throw new Error(NO_MECHANISM[proof.kind], { cause: error });
    throw 'authenticationFailed' in error ? new LogInRefused(inWords(error).message, { cause: error }) : inWords(error);
  }
}

const NO_MECHANISM = {
  password:
    'The server takes no password here (neither AUTH=PLAIN nor AUTH=LOGIN is offered); it may take access tokens: see docs/OAUTH.md.',
  token: 'The server takes no access token (neither AUTH=OAUTHBEARER nor AUTH=XOAUTH2 is offered).',
} as const;

class Line implements MailboxLine {
  readonly uidValidity: string;
  readonly #client: ImapFlow;
  readonly #access: MailboxAccess;
  readonly #broken: () => Error | null;

  constructor(client: ImapFlow, access: MailboxAccess, uidValidity: string, broken: () => Error | null) {
    this.#client = client;
    this.#access = access;
    this.uidValidity = uidValidity;
    this.#broken = broken;
  }

  async fetchAfter(uid: number): Promise<FetchedMail[]> {
    const found = await this.#ask(() => this.#client.search({ uid: `${uid + 1}:*` }, { uid: true }));
    // "n:*" names the last mail even where it lies before n (RFC 9051 §9).
    const behind = numbersIn(found).filter((each) => each > uid);
    if (behind.length === 0) return [];
    const first = behind.toSorted((a, b) => a - b).slice(0, BATCH_MAILS);
    const sized = await this.#ask(() => this.#client.fetchAll(first.join(','), { uid: true, size: true }, { uid: true }));
    const wanted = withinBytes(sized.map((mail) => ({ uid: mail.uid, size: Math.min(mail.size ?? 0, this.#access.mailBytesMax) })));
    // Somebody else removed all of them in between: the place moves on behind them.
    if (wanted.length === 0) return this.fetchAfter(first.at(-1) ?? uid);
    const mails = await this.#ask(() =>
      this.#client.fetchAll(wanted.join(','), { uid: true, source: { start: 0, maxLength: this.#access.mailBytesMax } }, { uid: true }),
    );
    return mails.map((mail) => ({ uid: mail.uid, raw: mail.source ?? Buffer.alloc(0) })).toSorted((a, b) => a.uid - b.uid);
  }

  async putAway(uids: readonly number[]): Promise<void> {
    const { after, move_to: target } = this.#access.settings;
    if (uids.length === 0 || after === 'leave') return;
    const range = uids.join(',');
    const done = await this.#ask<unknown>(() =>
      after === 'move'
        ? this.#client.messageMove(range, target, { uid: true })
        : this.#client.messageFlagsAdd(range, ['\\Seen'], { uid: true }),
    );
    if (done === false)
      throw new Error(after === 'move' ? `The server did not move mails to ${target}.` : 'The server did not mark mails as seen.');
  }

  async leftBehind(uid: number): Promise<number[]> {
    const { after } = this.#access.settings;
    if (uid === 0 || after === 'leave') return [];
    const range = { uid: `1:${uid}` };
    return numbersIn(await this.#ask(() => this.#client.search(after === 'flag' ? { ...range, seen: false } : range, { uid: true })))
      .toSorted((a, b) => a - b)
      .slice(0, BATCH_MAILS * 20);
  }

  wait(ms: number, signal: AbortSignal): Promise<void> {
    const client = this.#client;
    return new Promise((resolve, reject) => {
      const end = (error: Error | null) => {
        clearTimeout(timer);
        client.off('exists', woken);
        client.off('close', closed);
        signal.removeEventListener('abort', woken);
        if (error) reject(error);
        else resolve();
      };
      const woken = () => end(null);
      const closed = () => end(this.#broken() ?? new Error('The server closed the line.'));
      const timer = setTimeout(woken, ms);
      client.on('exists', woken);
      client.on('close', closed);
      signal.addEventListener('abort', woken);
      if (signal.aborted) woken();
      else if (!client.usable) closed();
    });
  }

  async close(): Promise<void> {
    const limit = setTimeout(() => this.#client.close(), LOGOUT_MAX_MS);
    await this.#client.logout().catch(() => this.#client.close());
    clearTimeout(limit);
  }

  async #ask<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw inWords(this.#broken() ?? error);
    }
  }
}

/** As many from the front as fit into one batch, and one at least. */
function withinBytes(mails: readonly { uid: number; size: number }[]): number[] {
  const chosen: number[] = [];
  let bytes = 0;
  for (const { uid, size } of mails.toSorted((a, b) => a.uid - b.uid)) {
    if (chosen.length > 0 && bytes + size > BATCH_BYTES) break;
    chosen.push(uid);
    bytes += size;
  }
  return chosen;
}

/** The library answers false where the server refused the search. */
function numbersIn(found: unknown): number[] {
  if (!Array.isArray(found)) throw new Error('The server did not list its mails.');
  return found.filter((each) => typeof each === 'number');
}

/** The library keeps the server's words beside its own "Command failed". */
function inWords(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const said = 'responseText' in error && typeof error.responseText === 'string' ? error.responseText : '';
  return said === '' ? error : new Error(said, { cause: error });
}
