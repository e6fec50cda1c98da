// This file finds out whom inbound mails are about: the signed return path they came to; else what they bring back of our message (its return path, our reference,
// its Message-ID). Whoever knows a return path can speak of its recipient only, and a report never touches an address we did not mail.
import type pg from 'pg';
import { REFERENCE_HEADER, readReference } from '../delivery/report-reference.ts';
import { readReturnPath } from '../delivery/return-path.ts';
import type { FeedbackMail } from '../feedback/from-mail.ts';
import type { AboutWhom } from '../feedback/verdict-about.ts';
import { isId } from '../ids.ts';
import type { MailHead, ReturnedIds } from '../mail/report/returned-ids.ts';
import type { TakenInbound } from '../store/answer-queues.ts';
import { findByHeaderMessageId, findReported, findReportedOf, type MatchedBy, type ReportedRecipient } from '../store/inbound-readings.ts';

export interface OpenedMail {
  readonly mail: TakenInbound;
  readonly read: FeedbackMail;
  readonly head: MailHead & ReturnedIds;
}

export interface InboundMatch {
  readonly matchedBy: MatchedBy;
  readonly recipients: readonly (AboutWhom & { readonly tenantId: string; readonly messageId: string })[];
}

export interface MatchInboundDeps {
  readonly pool: pg.Pool;
  readonly returnPath: { readonly secretKeys: readonly Buffer[]; readonly host: string };
}

/** In lower case, as headers are looked up. */
export const REFERENCE_NAME = REFERENCE_HEADER.toLowerCase();
/** The Message-ID that a message without one gets from us: its id at the From domain. */
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
  const messages = await Promise.all(clues.map(({ message, late }) => message ?? (late ? findLate(deps, late) : null)));
  const named = mails.flatMap(({ read }) => namedIn(read));
  const found = await findReportedOf(
    deps.pool,
    messages.flatMap((message) => (message ? [message.id] : [])),
    named,
  );
  return mails.map((opened, index) => {
    const { tokenId, returnedTokenId } = clues[index] ?? NO_CLUES;
    const message = messages[index] ?? null;
    return judge(opened, {
      token: tokenId === null ? null : (byToken.get(tokenId) ?? null),
      returnedToken: returnedTokenId === null ? null : (byToken.get(returnedTokenId) ?? null),
      message,
      candidates: message === null ? [] : candidatesIn(found, message),
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
  readonly message: MessageClue | null;
  /** An application's own Message-ID and the tenant that Feedback-ID names: worth a search when nothing better is there. */
  readonly late: { readonly tenantNumber: number; readonly messageId: string } | null;
}

const NO_CLUES: Clues = { tokenId: null, returnedTokenId: null, message: null, late: null };

function cluesOf(deps: MatchInboundDeps, { mail, read, head }: OpenedMail): Clues {
  // Mail for people and automatic replies bring nothing back that was proven; only reports do.
  const isReport = read.kind !== 'other' && read.kind !== 'auto-reply';
  if (!isReport) return { ...NO_CLUES, tokenId: mail.recipientId };
  const returned = head.returnPaths.map((path) => readReturnPath(path, deps.returnPath)).find((token) => token !== null) ?? null;
  const message = messageClue(deps, head);
  const tenant = /^[^:]*:t(\d{1,9}):/.exec(head.feedbackId ?? '')?.[1];
  const alone = mail.recipientId === null && returned === null && message === null;
  return {
    tokenId: mail.recipientId,
    returnedTokenId: returned?.recipientId ?? null,
    message,
    late: alone && tenant !== undefined && head.messageId !== null ? { tenantNumber: Number(tenant), messageId: head.messageId } : null,
  };
}

function messageClue(deps: MatchInboundDeps, head: ReturnedIds): MessageClue | null {
  for (const value of head.references) {
    const reference = readReference(value, deps.returnPath.secretKeys);
    if (reference) return { id: reference.id, by: 'reference', headerMessageId: null };
  }
  const own = OWN_MESSAGE_ID.exec(head.messageId ?? '')?.[1]?.toLowerCase();
  return own !== undefined && isId(own) ? { id: own, by: 'message-id', headerMessageId: head.messageId } : null;
}

async function findLate(deps: MatchInboundDeps, late: NonNullable<Clues['late']>): Promise<MessageClue | null> {
  const id = await findByHeaderMessageId(deps.pool, late.tenantNumber, late.messageId);
  return id === null ? null : { id, by: 'message-id', headerMessageId: late.messageId };
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
  readonly message: MessageClue | null;
  readonly candidates: readonly ReportedRecipient[];
}

function judge({ mail, read }: OpenedMail, found: Found): InboundMatch | null {
  const { token, returnedToken, message, candidates } = found;
  // The returned message was another recipient's: the report went to the wrong one of our return paths.
  if (returnedToken?.mailed && returnedToken.id !== token?.id) return match('returned-path', [returnedToken], true);
  const elsewhere = token !== null && message !== null && candidates.length > 0 && message.id !== token.messageId;
  if (token !== null && !elsewhere) return match('return-path', [token], true);
  // Its row went with its week; the token still says whose mail it is.
  if (mail.recipientId !== null && token === null) return null;
  if (message === null) return null;
  const names = new Set(namedIn(read));
  const meant = candidates.filter((row) => names.has(row.address.toLowerCase()));
  // A message to one person can only have been about them, whatever a forward or a redacted report calls them.
  const chosen = meant.length > 0 ? meant : candidates.filter((row) => row.recipientCount === 1);
  if (chosen.length === 0) return null;
  // Everybody who got a message knows what names it, and could speak of its other recipients.
  return match(message.by, chosen, chosen[0]?.recipientCount === 1);
}

function match(matchedBy: MatchedBy, rows: readonly ReportedRecipient[], proven: boolean): InboundMatch {
  return {
    matchedBy,
    recipients: rows.map(({ id, address, tenantId, messageId }) => ({ recipientId: id, address, tenantId, messageId, proven })),
  };
}
