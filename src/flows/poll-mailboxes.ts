// This file keeps bounce mailboxes read: one reader for each over all nodes, mails stored raw together with the place behind them, then put away. A line that breaks
// is opened again after a while that grows; what went wrong stands with the mailbox.
import { isIP } from 'node:net';
import type pg from 'pg';
import type { AccessTokens, TokenQuestion } from '../delivery/access-tokens.ts';
import { readReturnPath } from '../delivery/return-path.ts';
import type { IdMint } from '../ids.ts';
import type { Log } from '../log.ts';
import { fieldsNamed, fieldValue, type HeaderBlock, headerText, readHeaders } from '../mail/headers.ts';
import type { Keys } from '../store/keys.ts';
import {
  forgetMailboxDigests,
  type HeldMailbox,
  holdMailboxes,
  keepMailbox,
  type MailboxMail,
  type MailboxSecret,
  releaseMailbox,
  renewMailbox,
  storeMailboxMails,
} from '../store/mailboxes.ts';
import { readTenantByNumber } from '../store/tenant-numbers.ts';
import { isPrivateAddress } from '../tenancy/webhook-target.ts';
import { grantOf } from '../token-grant.ts';
import { type FetchedMail, LogInRefused, type MailboxAccess, type MailboxLine, openMailbox } from '../watch/mailbox/imap-line.ts';
import { type MailboxSettings, parseMailbox } from '../watch/mailbox/settings.ts';
import type { Chore } from './housekeeping.ts';
import { permittedAddresses, type ResolveHost } from './webhook-target.ts';

export interface PollMailboxesDeps {
  readonly pool: pg.Pool;
  readonly keys: Keys;
  /** For mailboxes that are entered without a password. */
  readonly accessTokens: AccessTokens;
  readonly ids: IdMint;
  readonly log: Log;
  readonly returnPath: { readonly secretKeys: readonly Buffer[]; readonly host: string };
  readonly mailBytesMax: number;
  readonly allowPrivate: boolean;
  readonly resolve: ResolveHost;
  /** Mails were stored and may be read. */
  readonly stored: () => void;
  /** The desk winds up: readers log out. */
  readonly signal: AbortSignal;
}

export interface MailboxPoller {
  readonly chores: readonly Chore[];
  /** Resolves when every reader has logged out; the signal has to be given before. */
  ended(): Promise<void>;
}

const LOOK_EVERY_MS = 1_000;
const FORGET_EVERY_MS = 24 * 3_600_000;
/** A reader that dies gives its mailbox back after this; a live one says so in between. */
const HOLD_S = 60;
/** While it waits, a reader looks this often whether the mailbox is still its own. */
const WAIT_MS = 20_000;
const BACKOFF_S = 5;
const BACKOFF_MAX_S = 900;
const ERROR_CHARS_MAX = 500;
/** Where servers note the address a mail really came to, the surest first. */
const CAME_TO = ['delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to', 'to'] as const;
const PER_FIELD_MAX = 5;
const ADDRESSES = /[^\s<>"',;:()[\]]{1,128}@[^\s<>"',;:()[\]]{1,255}/g;

export function makeMailboxPoller(deps: PollMailboxesDeps): MailboxPoller {
  const readers = new Map<string, Promise<void>>();

  async function look(): Promise<void> {
    if (deps.signal.aborted) return;
    const holder = deps.ids.next();
    for (const mailbox of await holdMailboxes(deps.pool, deps.keys, holder, HOLD_S)) {
      // One that was changed is held anew while its reader is about to notice.
      const before = readers.get(mailbox.id);
      const reader = (before ?? Promise.resolve()).then(() => readMailbox(deps, mailbox, holder));
      const entry = reader.finally(() => {
        if (readers.get(mailbox.id) === entry) readers.delete(mailbox.id);
      });
      readers.set(mailbox.id, entry);
    }
  }

  return {
    chores: [
      { name: 'mailboxes', everyMs: LOOK_EVERY_MS, run: look },
      { name: 'forget-mailbox-digests', everyMs: FORGET_EVERY_MS, run: () => forgetMailboxDigests(deps.pool) },
    ],
    async ended() {
      await Promise.all(readers.values());
    },
  };
}

/** Reads one mailbox until it breaks, is taken away, has its rest, or the desk ends. Never rejects. */
async function readMailbox(deps: PollMailboxesDeps, mailbox: HeldMailbox, holder: string): Promise<void> {
  let next = { inSeconds: 0, error: null as string | null };
  const alive = setInterval(() => void keepMailbox(deps.pool, mailbox.id, holder, HOLD_S).catch(() => undefined), WAIT_MS);
  try {
    const { settings, secret } = parseMailbox(mailbox);
    const line = await enter(deps, { id: mailbox.id, settings, secret });
    try {
      await readOn(deps, { ...mailbox, holder }, line, settings.wait === 'idle');
    } finally {
      await line.close();
    }
    next = { inSeconds: deps.signal.aborted || settings.wait === 'idle' ? 0 : settings.interval_s, error: null };
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).slice(0, ERROR_CHARS_MAX);
    deps.log.warn({ event: 'mailbox_failed', mailbox: mailbox.id, failures: mailbox.failures + 1, reason });
    next = { inSeconds: Math.min(BACKOFF_MAX_S, BACKOFF_S * 2 ** Math.min(mailbox.failures, 10)), error: reason };
  }
  clearInterval(alive);
  await releaseMailbox(deps.pool, mailbox.id, holder, next).catch((error: unknown) =>
    // It comes free by itself when its time is over.
    deps.log.warn({ event: 'mailbox_not_released', mailbox: mailbox.id, err: error }),
  );
}

/** Opens the line; an access token that the server does not take is replaced once. */
async function enter(
  deps: PollMailboxesDeps,
  { id, settings, secret }: { id: string; settings: MailboxSettings; secret: MailboxSecret },
): Promise<MailboxLine> {
  const address = await addressOf(deps, settings.host);
  const open = (proof: MailboxAccess['proof']) => openMailbox({ settings, proof, address, mailBytesMax: deps.mailBytesMax });
  const grant = grantOf(settings, secret);
  if (grant === null) return open({ kind: 'password', password: secret['password'] ?? '' });
  const first = await tokenOf(deps.accessTokens, { ownerId: id, grant });
  try {
    return await open({ kind: 'token', token: first });
  } catch (error) {
    if (!(error instanceof LogInRefused)) throw error;
  }
  const second = await tokenOf(deps.accessTokens, { ownerId: id, grant, refused: first });
  try {
    return await open({ kind: 'token', token: second });
  } catch (error) {
    if (!(error instanceof LogInRefused)) throw error;
    const check = 'check the user name, the scope, and that the application may log in to this mailbox';
    throw new Error(`The server refused an access token that was issued just now (${error.message}): ${check}.`, { cause: error });
  }
}

async function tokenOf(tokens: AccessTokens, question: TokenQuestion): Promise<string> {
  const answer = await tokens.get(question);
  if (!answer.ok) throw new Error(answer.reason);
  return answer.token;
}

async function readOn(deps: PollMailboxesDeps, mailbox: HeldMailbox & { holder: string }, line: MailboxLine, stay: boolean): Promise<void> {
  const { id, holder } = mailbox;
  const { uidValidity } = line;
  // Numbered anew: everything that is there is looked at again, and what is stored already is known by its digest.
  let place = mailbox.uidValidity === uidValidity ? mailbox.lastUid : 0;
  await line.putAway(await line.leftBehind(place));
  while (!deps.signal.aborted) {
    const mails = await line.fetchAfter(place);
    if (mails.length > 0) {
      const lastUid = mails.at(-1)?.uid ?? place;
      const rows = await Promise.all(mails.map((mail) => rowOf(deps, mail)));
      const stored = await storeMailboxMails(deps.pool, { mailboxId: id, holder, uidValidity, lastUid }, rows);
      if (stored === null) return;
      place = lastUid;
      if (stored > 0) deps.stored();
      await line.putAway(mails.map(({ uid }) => uid));
      continue;
    }
    if (!(await renewMailbox(deps.pool, id, holder, HOLD_S)) || !stay) return;
    await line.wait(WAIT_MS, deps.signal);
  }
}

/** The address to connect to. Throws WEBHOOK_TARGET_FORBIDDEN, or an Error in words, where there is none that may be. */
async function addressOf(deps: PollMailboxesDeps, host: string): Promise<string> {
  const bare = host.replace(/^\[|\]$/g, '');
  if (isIP(bare) !== 0) {
    if (deps.allowPrivate || !isPrivateAddress(bare)) return bare;
    throw new Error(`${host} is not a public address; PACKETBOAT_ALLOW_PRIVATE_WEBHOOKS allows private ones.`);
  }
  const [first] = await permittedAddresses(host, { allowPrivate: deps.allowPrivate, resolve: deps.resolve });
  if (!first) throw new Error(`${host} has no address.`);
  return first.address;
}

async function rowOf(deps: PollMailboxesDeps, { uid, raw }: FetchedMail): Promise<MailboxMail> {
  const headers = readHeaders(raw);
  const token = tokenIn(deps, headers);
  const tenantId = token === null ? null : await readTenantByNumber(deps.pool, token.tenantNumber);
  const returnPath = headerText(headers, 'return-path') ?? '';
  return {
    id: deps.ids.next(),
    uid,
    tenantId,
    recipientId: tenantId === null ? null : (token?.recipientId ?? null),
    mailFrom: returnPath.match(ADDRESSES)?.[0] ?? '',
    rcptTo: token?.address ?? '',
    raw,
  };
}

/** A mailbox may be where the domain of our return paths delivers: then the mail's own headers hold the signed address it came to. */
function tokenIn(deps: PollMailboxesDeps, headers: HeaderBlock): { tenantNumber: number; recipientId: string; address: string } | null {
  for (const name of CAME_TO) {
    for (const field of fieldsNamed(headers, name).slice(0, PER_FIELD_MAX)) {
      for (const address of fieldValue(headers, field).match(ADDRESSES)?.slice(0, PER_FIELD_MAX) ?? []) {
        const token = readReturnPath(address, deps.returnPath);
        if (token) return { ...token, address };
      }
    }
  }
  return null;
}
