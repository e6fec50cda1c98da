// This file reads out of a report what it brings back of the message it is about: the identifiers by which that message is found again, and what the mail says of
// itself in its headers.
import { fieldsNamed, fieldValue, type HeaderBlock, headerText } from '../headers.ts';
import { readFeedbackReport } from './feedback-report.ts';
import { openReport, type ReportMail, returnedHeader } from './report-mail.ts';

export interface ReturnedIds {
  /** Envelope senders of the returned message: its Return-Path, and Original-Mail-From of a complaint (RFC 5965 §3.2). Bare, as written. */
  readonly returnPaths: readonly string[];
  /** Values of the asked-for reference header, in the returned headers. */
  readonly references: readonly string[];
  /** With its brackets. */
  readonly messageId: string | null;
  readonly feedbackId: string | null;
}

export interface MailHead {
  readonly headers: HeaderBlock;
  /** Decoded; empty when absent. */
  readonly subject: string;
  readonly from: string;
}

/** Values of one header that are looked at; our own messages hold one. */
const VALUES_MAX = 5;

/** Opens any mail once for both answers. `referenceHeader` in lower case. Never throws. */
export function readReturned(raw: Buffer, referenceHeader: string): MailHead & ReturnedIds {
  const mail = openReport(raw);
  const reported = mail.feedbackParts.length > 0 ? (readFeedbackReport(raw)?.originalMailFrom ?? null) : null;
  const returnPath = returnedHeader(mail, 'return-path');
  return {
    headers: mail.headers,
    subject: headerText(mail.headers, 'subject') ?? '',
    from: headerText(mail.headers, 'from') ?? '',
    returnPaths: [returnPath, reported].flatMap((value) => (value === null ? [] : [value.replace(/^<(.*)>$/, '$1')])),
    references: valuesOf(mail, referenceHeader),
    messageId: returnedHeader(mail, 'message-id'),
    feedbackId: returnedHeader(mail, 'feedback-id'),
  };
}

function valuesOf(mail: ReportMail, name: string): string[] {
  const block = mail.returned;
  if (block === null) return [];
  return fieldsNamed(block, name)
    .slice(0, VALUES_MAX)
    .map((field) => fieldValue(block, field));
}
