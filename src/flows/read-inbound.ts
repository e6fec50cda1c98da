// This file reads stored inbound mails: what each is, whom it is about, what follows for that recipient. What was read is written down in the transaction that
// records its effect, so a mail can be shown, and read again when the rules have become better.
import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import { type FeedbackMail, readFeedbackMail } from '../feedback/from-mail.ts';
import type { OwnRules } from '../feedback/own-rules.ts';
import { eventAbout } from '../feedback/verdict-about.ts';
import type { FeedbackEvent } from '../feedback/vocabulary.ts';
import type { Log } from '../log.ts';
import { mayHoldReport } from '../mail/domain-reports/may-hold-report.ts';
import { headerText, readHeaders } from '../mail/headers.ts';
import { roleHost } from '../mail/role-address.ts';
import { finishAnswers, postponeAnswer, type TakenInbound, takeInbound } from '../store/answer-queues.ts';
import { isDatabaseAway } from '../store/db.ts';
import { type InboundOutcome, type InboundReading, writeReadings, writeUnreadable } from '../store/inbound-readings.ts';
import { queueReportMails } from '../store/report-queue.ts';
import { readTenantByNumber } from '../store/tenant-numbers.ts';
import { type InboundMatch, type MatchInboundDeps, matchInbound, type OpenedMail, tenantNumberIn } from './match-inbound.ts';
import { type Heard, INBOUND_ACCOUNT, type makeRecordFeedback } from './record-feedback.ts';

/** What became of a mail for people: the message it went on as, or why it stays where it is. */
export interface Forwarded {
  readonly messageId: string | null;
  readonly note: string | null;
}

export interface ReadInboundDeps extends MatchInboundDeps {
  readonly hot: pg.Pool;
  readonly clock: Clock;
  readonly log: Log;
  readonly record: ReturnType<typeof makeRecordFeedback>;
  /** The operator's own rules for answers, as they stand now. */
  readonly ownRules: () => OwnRules;
  /** Passes a mail for people on to those who wrote the message it answers, or whose From it came to. Null where it is no such mail. */
  readonly forward: (opened: OpenedMail, match: InboundMatch | null) => Promise<Forwarded | null>;
}

const MAILS_AT_ONCE = 50;
const TRIES_MAX = 5;
/** Kept of each for the list; the mail itself is kept whole. */
const TEXT_CHARS_MAX = 500;
const RECIPIENTS_SHOWN_MAX = 100;

/** The reader: takes stored mails until none is due. Returns how many it finished. */
export function makeInboundReader(deps: ReadInboundDeps): () => Promise<number> {
  async function read(taken: readonly TakenInbound[]): Promise<void> {
    const opened = taken.map((mail) => ({ mail, read: readFeedbackMail(mail.raw, deps.ownRules()), headers: readHeaders(mail.raw) }));
    const asked = opened.filter((each) => !isForOperators(each));
    const found = await matchInbound(deps, asked);
    const matches = new Map(asked.map((each, index) => [each, found[index] ?? null]));
    const readings: Reading[] = [];
    for (const each of opened) readings.push(await understand(deps, each, matches.get(each) ?? null));
    await deps.record(
      readings.flatMap(({ heard }) => heard),
      async (client) => {
        await finishAnswers(
          client,
          'inbound_queue',
          taken.map((mail) => mail.id),
        );
        await writeReadings(
          client,
          readings.map(({ row }) => row),
        );
        await queueReportMails(
          client,
          opened.filter(isForReports).map(({ mail }) => mail.id),
        );
      },
    );
  }

  async function readAlone(mail: TakenInbound): Promise<void> {
    try {
      await read([mail]);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      // A database that is away blames no mail, however often it was taken meanwhile.
      const away = isDatabaseAway(error);
      const said = { mail: mail.id, tries: mail.tries, reason };
      if (away) deps.log.warn({ event: 'inbound_waits_for_database', ...said });
      else deps.log.error({ event: 'inbound_unreadable', ...said });
      const parked = mail.tries >= TRIES_MAX && !away;
      const dueAtMs = parked ? null : deps.clock.nowMs() + 10_000 * 2 ** Math.min(mail.tries, TRIES_MAX);
      if (parked) await writeUnreadable(deps.pool, mail, reason);
      await postponeAnswer(deps.hot, 'inbound_queue', mail.id, { dueAtMs, error: reason });
    }
  }

  return async () => {
    let finished = 0;
    for (;;) {
      const taken = await takeInbound(deps.hot, MAILS_AT_ONCE);
      if (taken.length === 0) return finished;
      try {
        await read(taken);
      } catch (error) {
        deps.log.warn({
          event: 'inbound_batch_split',
          mails: taken.length,
          reason: error instanceof Error ? error.message : String(error),
        });
        for (const mail of taken) await readAlone(mail);
      }
      finished += taken.length;
    }
  };
}

/**
 * It came to postmaster or abuse. Whatever it says it is, it moves nobody and goes nowhere by itself: anybody can write there.
 * What is read from a bounce mailbox names no address it came to.
 */
function isForOperators({ mail }: Pick<OpenedMail, 'mail'>): boolean {
  return mail.tenantId === null && roleHost(mail.rcptTo) !== null;
}

/** Reports about domains wait in a queue of their own. What came to a return path is about a recipient. */
function isForReports(opened: OpenedMail): boolean {
  const { mail, read } = opened;
  if (mail.recipientId !== null || isForOperators(opened)) return false;
  const readable = read.kind === 'other' || read.kind === 'auto-reply' || read.complaint?.type === 'auth-failure';
  return readable && mayHoldReport(mail.raw);
}

interface Reading {
  readonly heard: readonly Heard[];
  readonly row: InboundReading;
}

async function understand(deps: ReadInboundDeps, opened: OpenedMail, match: InboundMatch | null): Promise<Reading> {
  const { mail, read } = opened;
  // The same mail delivered twice says nothing new.
  const key = createHash('sha256').update(mail.raw).digest('base64url');
  const events = match?.recipients.map((whom) => eventAbout(read, whom, { id: mail.id, key })) ?? [];
  const heard = events.map((event, index) => ({
    event,
    accountId: INBOUND_ACCOUNT,
    source: match?.matchedBy === 'return-path' ? 'return-path' : 'report',
    proven: match?.recipients[index]?.proven ?? false,
    recipientId: event.recipientId,
  }));
  if (isForOperators(opened)) return { heard, row: rowOf(opened, null, [], FOR_PEOPLE) };
  const again: Forwarded | null = mail.forwardedMessageId === null ? null : { messageId: mail.forwardedMessageId, note: null };
  const forwarded = again ?? (read.kind === 'other' ? await deps.forward(opened, match) : null);
  const row = rowOf(opened, match, events, forwarded);
  return { heard, row: row.tenantId === null && match === null ? { ...row, tenantId: await namedOrganisation(deps, read) } : row };
}

const FOR_PEOPLE: Forwarded = { messageId: null, note: 'It came to postmaster or abuse, and is for the people of the platform.' };

/**
 * Whose mail a complaint is about that hides everything but Feedback-ID: the organisation can look at it, but anybody can write the header, so
 * it moves nobody and counts nowhere.
 */
async function namedOrganisation(deps: ReadInboundDeps, read: FeedbackMail): Promise<string | null> {
  const number = read.kind === 'complaint' ? tenantNumberIn(read.ourIdentifiers.feedbackIds) : null;
  return number === null ? null : readTenantByNumber(deps.pool, number);
}

function rowOf(
  { mail, read, headers }: OpenedMail,
  match: InboundMatch | null,
  events: readonly FeedbackEvent[],
  forwarded: Forwarded | null,
): InboundReading {
  const first = match?.recipients[0] ?? null;
  const [event] = events;
  const verdict = read.recipients[0];
  return {
    id: mail.id,
    tenantId: mail.tenantId ?? tenantOf(match),
    recipientId: first?.recipientId ?? null,
    messageId: first?.messageId ?? null,
    kind: read.kind,
    class: event?.class ?? verdict?.class ?? null,
    fault: event?.fault ?? verdict?.fault ?? null,
    matchedBy: match?.matchedBy ?? null,
    outcome: outcomeOf(read, match, forwarded),
    note: forwarded?.note ?? null,
    subject: (headerText(headers, 'subject') ?? '').slice(0, TEXT_CHARS_MAX),
    from: (headerText(headers, 'from') ?? '').slice(0, TEXT_CHARS_MAX),
    forwardedMessageId: forwarded?.messageId ?? null,
    detail: {
      recipients: read.recipients.slice(0, RECIPIENTS_SHOWN_MAX).map(shown),
      complaint: read.complaint,
      challenge: read.challenge,
      identifiers: read.ourIdentifiers,
      reporting_mta: read.reportingMta,
      matched: (match?.recipients ?? []).map(({ recipientId, messageId, address }, index) => ({
        recipient_id: recipientId,
        message_id: messageId,
        address,
        type: events[index]?.type ?? null,
        class: events[index]?.class ?? null,
        suppress: events[index]?.suppress ?? false,
      })),
    },
  };
}

/** A report about recipients of several organisations is shown to none of them. */
function tenantOf(match: InboundMatch | null): string | null {
  const tenants = new Set(match?.recipients.map(({ tenantId }) => tenantId));
  return tenants.size === 1 ? ([...tenants][0] ?? null) : null;
}

function outcomeOf(read: FeedbackMail, match: InboundMatch | null, forwarded: Forwarded | null): InboundOutcome {
  if (forwarded !== null && forwarded.messageId !== null) return 'forwarded';
  if (forwarded === FOR_PEOPLE) return 'kept';
  if (match === null && forwarded === null) return 'unmatched';
  return read.kind === 'other' ? 'kept' : 'recorded';
}

function shown(verdict: FeedbackMail['recipients'][number]) {
  const { address, action, status, code, class: cls, fault, hard, suppress, diagnostic, rule } = verdict;
  return { address, action, status, code, class: cls, fault, hard, suppress, diagnostic: diagnostic.slice(0, TEXT_CHARS_MAX), rule };
}
