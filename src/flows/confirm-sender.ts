// This file asks the owner of an address, by mail, whether an organisation may write in its name, and takes the answer. The question is queued in the transaction that
// asks for it; the answer counts once.
import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import type { IdMint } from '../ids.ts';
import type { Language } from '../language.ts';
import { recordAudit } from '../store/audit.ts';
import type { Keys } from '../store/keys.ts';
import { type Queryable, withOwner } from '../store/scope.ts';
import {
  type AskedConfirmation,
  countConfirmations,
  findConfirmation,
  useConfirmation,
  writeConfirmation,
} from '../store/sender-confirmations.ts';
import { queueSystemMail } from '../store/system-mails.ts';
import { confirmationMail } from '../tenancy/confirmation-words.ts';
import type { SendingRights } from './sending-rights.ts';

export interface ConfirmSenderDeps {
  readonly pool: pg.Pool;
  readonly keys: Keys;
  readonly ids: IdMint;
  readonly clock: Pick<Clock, 'nowMs'>;
  /** Origin under which people reach this desk; null: it has none. */
  readonly publicUrl: string | null;
  readonly rights: Pick<SendingRights, 'forget'>;
}

/** Long enough for somebody on holiday to come back, short enough that a forgotten mail lets nobody act. */
const LIFETIME_MS = 7 * 86_400_000;
/** An address is written to this often a day, whoever asks: nobody's mailbox is flooded through this desk. */
export const CONFIRMATIONS_PER_ADDRESS_DAY = 3;
/** An organisation has a handful of senders without a domain; more at once is a list of strangers. */
export const CONFIRMATIONS_PER_TENANT_DAY = 50;
/** 256 bits: nobody guesses it. */
const TOKEN_BYTES = 32;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;
const HOUR_MS = 3_600_000;

export interface ConfirmationWanted {
  readonly tenantId: string;
  readonly senderId: string;
  readonly address: string;
  readonly organisation: string;
  readonly language: Language;
}

/** Why no mail can go to the address now, or null. Counts under a lock that ends with the transaction of `db`. */
export async function whyNoConfirmation(
  deps: Pick<ConfirmSenderDeps, 'publicUrl'>,
  db: Queryable,
  { tenantId, address }: Pick<ConfirmationWanted, 'tenantId' | 'address'>,
): Promise<AppError | null> {
  if (deps.publicUrl === null)
    return new AppError('PUBLIC_URL_MISSING', 'This desk has no public address that a link in a mail could lead to.');
  const lately = await countConfirmations(db, tenantId, address);
  if (lately.toAddress >= CONFIRMATIONS_PER_ADDRESS_DAY) {
    const next = new Date((lately.oldestToAddress?.getTime() ?? 0) + 24 * HOUR_MS).toISOString();
    return new AppError(
      'SENDER_CONFIRMATION_LIMIT',
      `${address} got ${CONFIRMATIONS_PER_ADDRESS_DAY} confirmation mails within 24 hours; the next can go at ${next}.`,
    );
  }
  if (lately.ofTenant >= CONFIRMATIONS_PER_TENANT_DAY) {
    return new AppError(
      'SENDER_CONFIRMATION_LIMIT',
      `This organisation had ${CONFIRMATIONS_PER_TENANT_DAY} confirmation mails sent within 24 hours.`,
    );
  }
  return null;
}

/** Queues the mail in the transaction of `db`; ask `whyNoConfirmation` first. */
export async function askForConfirmation(deps: ConfirmSenderDeps, db: Queryable, wanted: ConfirmationWanted): Promise<void> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const expiresMs = deps.clock.nowMs() + LIFETIME_MS;
  await writeConfirmation(db, wanted.tenantId, {
    id: deps.ids.next(),
    senderId: wanted.senderId,
    address: wanted.address,
    tokenHash: deps.keys.hash(token),
    language: wanted.language,
    expiresMs,
  });
  const link = `${deps.publicUrl}/confirm/${token}`;
  const { organisation, address, language } = wanted;
  await queueSystemMail(db, deps.keys, {
    id: deps.ids.next(),
    tenantId: wanted.tenantId,
    kind: 'sender-confirmation',
    to: address,
    ...confirmationMail({ organisation, address, link, expiresMs }, language),
  });
}

/** What a link asks; null: nobody has such a link. Changes nothing. */
export function readConfirmation(deps: Pick<ConfirmSenderDeps, 'pool' | 'keys'>, token: string): Promise<AskedConfirmation | null> {
  return TOKEN.test(token) ? findConfirmation(deps.pool, deps.keys.hash(token)) : Promise.resolve(null);
}

/** The button was pressed: true when it confirmed the address now. */
export async function confirmSender(deps: Pick<ConfirmSenderDeps, 'pool' | 'keys' | 'ids' | 'rights'>, token: string): Promise<boolean> {
  if (!TOKEN.test(token)) return false;
  const used = await withOwner(deps.pool, async (db) => {
    const taken = await useConfirmation(db, deps.keys.hash(token));
    if (taken) {
      const { tenantId, senderId, address, id } = taken;
      const entry = { actor: `confirmation:${id}`, tenantId, action: 'sender.confirm', subject: senderId, detail: { address } };
      await recordAudit(db, deps.ids, entry);
    }
    return taken;
  });
  if (used) deps.rights.forget(used.tenantId);
  return used !== null;
}
