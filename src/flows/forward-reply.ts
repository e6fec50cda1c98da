// This file sends a person's answer that came to a return path, or to a From that was written anew, on to those who wrote the message: as an ordinary message of the organisation, so that it is routed,
// counted and shown like any other. Nothing automatic goes on, nothing goes in circles, and what does not go on stays readable with the reason beside it.
import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import { looksLikeReturnPath } from '../delivery/return-path.ts';
import { AppError } from '../errors.ts';
import { idFloor, idTimeMs } from '../ids.ts';
import { parseAddressList } from '../mail/address-list.ts';
import { automaticBecause, isNobody } from '../mail/automatic.ts';
import { forwardedMail, readForwardMark } from '../mail/forwarded-mail.ts';
import { fieldsNamed, fieldValue, firstField, type HeaderBlock, headerText, readHeaders } from '../mail/headers.ts';
import { readSource } from '../store/message-detail.ts';
import { activeTenantName, forwardedSince, readReplyForwarding } from '../store/reply-forwarding.ts';
import { findRewritten } from '../store/rewriting.ts';
import { domainOf } from '../tenancy/may-send.ts';
import { readRewritten } from '../tenancy/rewriting.ts';
import type { InboundMatch, OpenedMail } from './match-inbound.ts';
import type { Forwarded } from './read-inbound.ts';
import type { SendingRights } from './sending-rights.ts';
import type { AcceptMessage } from './submission.ts';

export interface ForwardReplyDeps {
  readonly pool: pg.Pool;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly rights: Pick<SendingRights, 'check'>;
  readonly accept: AcceptMessage;
  readonly returnPathHost: string;
  /** Below it From is written anew; null: this desk has none. */
  readonly rewriteDomain: string | null;
}

/** Another desk may have sent it on before us; a third time is a circle. */
const HOPS_MAX = 2;
/** A mail of a person passes a handful of servers; the door's own bound is for all mail. */
const RECEIVED_MAX = 25;
const PER_TENANT_HOUR = 200;
const PER_AUTHOR_HOUR = 20;
const HOUR_MS = 3_600_000;
/** A mail that waited this long is history. */
const AGE_MAX_MS = 7 * 24 * HOUR_MS;
const FROM_CHARS_MAX = 500;

const stays = (note: string): Forwarded => ({ messageId: null, note });

/** Makes the flow. It throws when the store is away: then the mail is read again later. */
export function makeForwardReply(deps: ForwardReplyDeps): (opened: OpenedMail, match: InboundMatch | null) => Promise<Forwarded | null> {
  return async (opened, match) => {
    const whom = await forWhom(deps, opened, match);
    if (whom === null) return null;
    const { mail, headers } = opened;
    const { tenantId } = whom;
    const wrong = whyNot(deps, opened);
    if (wrong !== null) return stays(wrong);
    const setting = await readReplyForwarding(deps.pool, tenantId);
    if (!setting.enabled) return stays('Answers are not forwarded for this organisation.');
    const name = await activeTenantName(deps.pool, tenantId);
    if (name === null) return stays('The organisation is paused.');
    const way = await whom.way(setting.address);
    if (typeof way === 'string') return stays(way);
    const author = mailboxIn(headers, 'from');
    if (author === null) return stays('It names no author.');
    if (author.address.toLowerCase() === way.to.toLowerCase()) return stays('It comes from the address that answers go to.');
    const tooMany = await whyTooMany(deps, tenantId, headers);
    if (tooMany !== null) return stays(tooMany);
    const { hops } = readForwardMark(headers);
    const raw = forwardedMail(mail.raw, headers, {
      ...way,
      author,
      replyTo: mailboxIn(headers, 'reply-to') ?? author,
      via: name,
      mark: `${hops + 1}; ${deps.returnPathHost}`,
    });
    return handIn(deps, { tenantId, mailId: mail.id, raw, to: way.to });
  };
}

interface Way {
  readonly from: string;
  readonly to: string;
}

/** Whose mail it is, and how to find the way: addresses, or why there is none. Null: it answers nobody. */
async function forWhom(
  deps: ForwardReplyDeps,
  { mail }: OpenedMail,
  match: InboundMatch | null,
): Promise<{ readonly tenantId: string; readonly way: (contact: string | null) => Promise<Way | string> } | null> {
  const [whom] = match?.recipients ?? [];
  if (whom && match?.matchedBy === 'return-path') {
    const { tenantId, messageId } = whom;
    return { tenantId, way: (contact) => wayOfMessage(deps, { tenantId, messageId }, contact) };
  }
  const written = mail.recipientId === null && deps.rewriteDomain !== null ? readRewritten(mail.rcptTo, deps.rewriteDomain) : null;
  if (written === null) return null;
  const found = await findRewritten(deps.pool, written);
  if (found === null) return null;
  // It goes to the person from the person's own address, which is written anew on the way like any mail of theirs.
  return { tenantId: found.tenantId, way: async () => ({ from: found.address, to: found.address }) };
}

async function wayOfMessage(
  deps: ForwardReplyDeps,
  { tenantId, messageId }: { tenantId: string; messageId: string },
  contact: string | null,
): Promise<Way | string> {
  const original = await readSource(deps.pool, tenantId, messageId);
  if (original === null) return 'The message it answers is no longer stored.';
  const way = await wayFor(deps, tenantId, readHeaders(original), contact);
  return way ?? 'No address for answers is known: neither Reply-To nor From of the message can be used, and the organisation named none.';
}

/** Why this is one too many, or null. */
async function whyTooMany(deps: ForwardReplyDeps, tenantId: string, headers: HeaderBlock): Promise<string | null> {
  const sent = await forwardedSince(deps.pool, tenantId, {
    sinceId: idFloor(deps.clock.nowMs() - HOUR_MS),
    from: (headerText(headers, 'from') ?? '').slice(0, FROM_CHARS_MAX),
  });
  if (sent.all >= PER_TENANT_HOUR) return `More than ${PER_TENANT_HOUR} answers came within an hour.`;
  return sent.fromAuthor >= PER_AUTHOR_HOUR ? `More than ${PER_AUTHOR_HOUR} answers of this author came within an hour.` : null;
}

/** Why a mail goes on to nobody, whoever it is for; null when it may. */
function whyNot(deps: ForwardReplyDeps, { mail, headers }: OpenedMail): string | null {
  if (mail.mailFrom === '') return 'It came with the null sender, so it is no answer of a person.';
  const { hops, by } = readForwardMark(headers);
  if (by === deps.returnPathHost.toLowerCase()) return 'This desk forwarded it before.';
  if (hops >= HOPS_MAX) return 'It was forwarded too often.';
  const automatic = automaticBecause(headers);
  if (automatic !== null) return `It is automatic: ${automatic}.`;
  if (fieldsNamed(headers, 'received').length > RECEIVED_MAX) return `It passed more than ${RECEIVED_MAX} servers.`;
  return deps.clock.nowMs() - idTimeMs(mail.id) > AGE_MAX_MS ? 'It is too old to be forwarded.' : null;
}

/** The address answers to a message go to, and the one they go from; null where the organisation may use neither of the message's own and named none. */
async function wayFor(deps: ForwardReplyDeps, tenantId: string, original: HeaderBlock, contact: string | null): Promise<Way | null> {
  const usable = async (address: string | undefined) =>
    address !== undefined &&
    domainOf(address) !== deps.returnPathHost.toLowerCase() &&
    !looksLikeReturnPath(address) &&
    (await deps.rights.check(tenantId, address)).allowed;
  const from = mailboxIn(original, 'from')?.address;
  if (from === undefined || !(await usable(from))) return null;
  for (const address of [mailboxIn(original, 'reply-to')?.address, from]) {
    if (address !== undefined && !isNobody(address) && (await usable(address))) return { from, to: address };
  }
  // An operator or the organisation named it; what it may be was decided then.
  return contact === null ? null : { from, to: contact };
}

/** The first mailbox of a header, or null. */
function mailboxIn(headers: HeaderBlock, name: string): { address: string; name: string | null } | null {
  const field = firstField(headers, name);
  if (field === null) return null;
  const list = parseAddressList(fieldValue(headers, field));
  return list.ok ? (list.value[0] ?? null) : null;
}

async function handIn(deps: ForwardReplyDeps, forward: { tenantId: string; mailId: string; raw: Buffer; to: string }): Promise<Forwarded> {
  try {
    const accepted = await deps.accept({
      tenantId: forward.tenantId,
      credentialId: null,
      stream: 'transactional',
      raw: forward.raw,
      // Whoever fails to get it, nobody is told by mail.
      mailFrom: '',
      recipients: [forward.to],
      tags: ['forwarded-answer'],
      metadata: { inbound_mail: forward.mailId },
      sendAtMs: null,
      // Read again after a crash, it goes on once.
      idempotency: { key: `forward-${forward.mailId}`, bodyHash: createHash('sha256').update(forward.raw).digest() },
    });
    return { messageId: accepted.id, note: null };
  } catch (error) {
    // A mail that our own door would not take stays where it can be read; a store that is away is asked again.
    if (error instanceof AppError && !error.retryable) return stays(`It cannot go on as a message: ${error.message}`);
    throw error;
  }
}
