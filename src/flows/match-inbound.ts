// This file finds out whom inbound mails are about: the signed return path they came to; else what they bring back of our message (its return path, our reference,
// its Message-ID). Whoever knows a return path can speak of its recipient only, and a report never touches an address we did not mail.
import type pg from 'pg';
import { readReference } from '../delivery/report-reference.ts';
import { readReturnPath } from '../delivery/return-path.ts';
import type { FeedbackMail } from '../feedback/from-mail.ts';
import type { AboutWhom } from '../feedback/verdict-about.ts';
import { isId } from '../ids.ts';
import type { HeaderBlock } from '../mail/headers.ts';
import type { TakenInbound } from '../store/answer-queues.ts';
import { findByHeaderMessageId, findReported, findReportedOf, type MatchedBy, type ReportedRecipient } from '../store/inbound-readings.ts';

export interface OpenedMail {
  readonly mail: TakenInbound;
  readonly read: FeedbackMail;
  readonly headers: HeaderBlock;
}

export interface InboundMatch {
  readonly matchedBy: MatchedBy;
  readonly recipients: readonly (AboutWhom & { readonly tenantId: string; readonly messageId: string })[];
}

export interface MatchInboundDeps {
  readonly pool: pg.Pool;
  readonly returnPath: { readonly secretKeys: readonly Buffer[]; readonly host: string };
}

/** The Message-ID that a message without one gets from us: an id at the From domain, its own where it came by SMTP. */
const OWN_MESSAGE_ID = /^<([0-9a-f-]{36})@[^<>@\s]+>$/i;
/** Addresses of one report that are looked for; more are no report about one message. */
const NAMED_MAX = 50;

/** Answers in the order of the mails; null: about nobody we know. */
export async function matchInbound(deps: MatchInboundDeps, mails: readonly OpenedMail[]): Promise<(InboundMatch | null)[]> {
  const clues = mails.map((opened) => cluesOf(deps, opened));
  const byToken = await findReported(
    deps.pool,
    clues.flatMap(({ tokenId, returnedTokenId }) => [tokenId, returnedTokenId].filter((id) => id !== null)),
  );
  const names = mails.flatMap(({ read }) => [...namedIn(read), ...read.ourIdentifiers.recipients]);
  const known = await findReportedOf(
    deps.pool,
    clues.flatMap(({ messages }) => messages.map(({ id }) => id)),
    names,
  );
  const searched = await Promise.all(
    clues.map(({ messages, late }) =>
      late !== null && !messages.some((message) => candidatesIn(known, message).length > 0) ? findLate(deps, late) : [],
    ),
  );
  const messages = clues.map((each, index) => [...each.messages, ...(searched[index] ?? [])]);
  const found = [
    ...known,
    ...(await findReportedOf(
      deps.pool,
      searched.flat().map(({ id }) => id),
      names,
    )),
  ];
  return mails.map((opened, index) => {
    const { tokenId, returnedTokenId } = clues[index] ?? NO_CLUES;
    // The first of the messages it may mean that is one of ours.
    const meant = (messages[index] ?? []).map((message) => ({ message, candidates: candidatesIn(found, message) }));
    return judge(opened, {
      token: tokenId === null ? null : (byToken.get(tokenId) ?? null),
      returnedToken: returnedTokenId === null ? null : (byToken.get(returnedTokenId) ?? null),
      meant: meant.find(({ candidates }) => candidates.length > 0) ?? null,
    });
  });
}

interface MessageClue {
  readonly id: string;
  readonly by: 'reference' | 'message-id';
  /** The Message-ID a message has to have to be meant; null where the reference proves it. */
  readonly headerMessageId: string | null;
}

interface Clues {
  readonly tokenId: string | null;
  readonly returnedTokenId: string | null;
  readonly messages: readonly MessageClue[];
  /** A Message-ID that names no message by itself (an application's own, or one we wrote while composing), and the tenant of Feedback-ID: worth a search where nothing better is there. */
  readonly late: { readonly tenantNumber: number; readonly messageId: string } | null;
}

const NO_CLUES: Clues = { tokenId: null, returnedTokenId: null, messages: [], late: null };

function cluesOf(deps: MatchInboundDeps, { mail, read }: OpenedMail): Clues {
  // Mail for people and automatic replies bring nothing back that was proven; only reports do.
  const isReport = read.kind !== 'other' && read.kind !== 'auto-reply';
  if (!isReport) return { ...NO_CLUES, tokenId: mail.recipientId };
  const { returnPaths, references, messageIds, feedbackIds } = read.ourIdentifiers;
  const returned = returnPaths.flatMap((path) => readReturnPath(path, deps.returnPath)?.recipientId ?? []);
  const messages = [
    ...references.flatMap((value): MessageClue[] => {
      const reference = readReference(value, deps.returnPath.secretKeys);
      return reference ? [{ id: reference.id, by: 'reference', headerMessageId: null }] : [];
    }),
    ...messageIds.flatMap((value): MessageClue[] => {
      const own = OWN_MESSAGE_ID.exec(value)?.[1]?.toLowerCase();
      return own !== undefined && isId(own) ? [{ id: own, by: 'message-id', headerMessageId: value }] : [];
    }),
  ];
  const tenant = tenantNumberIn(feedbackIds);
  const [messageId] = messageIds;
  const alone = mail.recipientId === null && returned.length === 0 && !messages.some(({ by }) => by === 'reference');
  return {
    tokenId: mail.recipientId,
    returnedTokenId: mail.recipientId !== null && returned.includes(mail.recipientId) ? null : (returned[0] ?? null),
    messages,
    late: alone && tenant !== null && messageId !== undefined ? { tenantNumber: tenant, messageId } : null,
  };
}

/** The organisation that a Feedback-ID of ours names (flows/outgoing.ts), by its number; null: none does. */
export function tenantNumberIn(feedbackIds: readonly string[]): number | null {
  const number = feedbackIds.map((value) => /^[^:]*:t(\d{1,9}):/.exec(value)?.[1]).find((each) => each !== undefined);
  return number === undefined ? null : Number(number);
}

/** A message that we composed has a Message-ID a moment older than its id, so its place in time is known. */
function composedAt(messageId: string): string | null {
  const own = OWN_MESSAGE_ID.exec(messageId)?.[1]?.toLowerCase();
  return own !== undefined && isId(own) ? own : null;
}

async function findLate(deps: MatchInboundDeps, late: NonNullable<Clues['late']>): Promise<MessageClue[]> {
  const id = await findByHeaderMessageId(deps.pool, late.tenantNumber, late.messageId, composedAt(late.messageId));
  return id === null ? [] : [{ id, by: 'message-id', headerMessageId: late.messageId }];
}

/** Addresses a report names, in lower case. */
function namedIn(read: FeedbackMail): string[] {
  const verdicts = read.recipients.flatMap(({ address, originalAddress }) => [address, originalAddress ?? '']);
  return [...verdicts, ...(read.complaint?.recipients ?? [])]
    .filter((address) => address !== '')
    .slice(0, NAMED_MAX)
    .map((address) => address.toLowerCase());
}

function candidatesIn(found: readonly ReportedRecipient[], message: MessageClue): ReportedRecipient[] {
  const { headerMessageId } = message;
  return found.filter(
    (row) => row.messageId === message.id && row.mailed && (headerMessageId === null || row.headerMessageId === headerMessageId),
  );
}

interface Found {
  readonly token: ReportedRecipient | null;
  readonly returnedToken: ReportedRecipient | null;
  readonly meant: { readonly message: MessageClue; readonly candidates: readonly ReportedRecipient[] } | null;
}

function judge({ mail, read }: OpenedMail, { token, returnedToken, meant }: Found): InboundMatch | null {
  // The returned message was another recipient's: the report went to the wrong one of our return paths.
  if (returnedToken?.mailed) return match('returned-path', [returnedToken], true);
  const elsewhere = token !== null && meant !== null && meant.message.id !== token.messageId;
  if (token !== null && !elsewhere) return match('return-path', [token], true);
  // Its row went with its week.
  if (mail.recipientId !== null && token === null) return null;
  if (meant === null) return null;
  const chosen = chooseAmong(read, meant.candidates);
  if (chosen.length === 0) return null;
  // Everybody who got a message knows what names it, and could speak of its other recipients.
  return match(meant.message.by, chosen, chosen[0]?.recipientCount === 1);
}

/** A message to one person can only have been about them, whatever a forward or a redacted report calls them; of several, those whom the report names. */
function chooseAmong(read: FeedbackMail, candidates: readonly ReportedRecipient[]): ReportedRecipient[] {
  const names = new Set(namedIn(read));
  const named = candidates.filter((row) => names.has(row.address.toLowerCase()));
  if (named.length > 0) return named;
  const single = candidates.filter((row) => row.recipientCount === 1);
  if (single.length > 0 || read.kind !== 'complaint') return single;
  // A complaint that hides its recipient may still bring back whom the message was addressed to.
  const addressed = candidates.filter((row) => read.ourIdentifiers.recipients.includes(row.address.toLowerCase()));
  return addressed.length === 1 ? addressed : [];
}

function match(matchedBy: MatchedBy, rows: readonly ReportedRecipient[], proven: boolean): InboundMatch {
  return {
    matchedBy,
    recipients: rows.map(({ id, address, tenantId, messageId }) => ({ recipientId: id, address, tenantId, messageId, proven })),
  };
}
