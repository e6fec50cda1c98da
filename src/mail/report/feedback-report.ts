// This file reads complaints: ARF (RFC 5965, RFC 6591 for authentication failures), its older forms, and Microsoft's JMRP, which has no machine-readable part.
import { fieldsNamed, fieldText, firstField, readHeaders } from '../headers.ts';
import { addressInField, firstAddress } from './report-address.ts';
import { openReport, type ReportMail } from './report-mail.ts';

export interface FeedbackReport {
  /** `abuse`, `fraud`, `opt-out`, `not-spam`, `auth-failure`, `virus`, `other` … in lower case. */
  readonly type: string;
  readonly userAgent: string | null;
  readonly version: string | null;
  readonly originalMailFrom: string | null;
  /** Original-Rcpt-To as given; may be redacted. */
  readonly originalRecipients: readonly string[];
  readonly sourceIp: string | null;
  /** Arrival-Date or Received-Date as given. */
  readonly arrivalDate: string | null;
  readonly reportedDomains: readonly string[];
  /** `dmarc`, `spf` …, for auth-failure. */
  readonly authFailure: string | null;
}

/** One report about more recipients than this is not about one message. */
const RECIPIENTS_MAX = 500;

/** Reads a complaint; null when the mail is none. Never throws. */
export function readFeedbackReport(raw: Buffer): FeedbackReport | null {
  return feedbackReportOf(openReport(raw));
}

export function feedbackReportOf(mail: ReportMail): FeedbackReport | null {
  const text = mail.feedbackParts.find((part) => /^feedback-type[ \t]*:/im.test(part)) ?? mail.feedbackParts[0];
  return text === undefined ? (jmrpReport(mail) ?? unsubscribeMail(mail)) : arfReport(text);
}

function arfReport(text: string): FeedbackReport {
  const block = readHeaders(Buffer.from(`${text.trimStart()}\n\n`, 'utf8'));
  const first = (name: string) => {
    const field = firstField(block, name);
    return field === null ? null : fieldText(block, field) || null;
  };
  const recipients = fieldsNamed(block, 'original-rcpt-to')
    .slice(0, RECIPIENTS_MAX)
    .map((field) => recipientOf(fieldText(block, field)))
    .filter((address) => address !== '');
  const mailFrom = first('original-mail-from');
  return {
    type: (first('feedback-type') ?? 'abuse').toLowerCase(),
    userAgent: first('user-agent'),
    version: first('version'),
    originalMailFrom: mailFrom === null ? null : mailFrom.replace(/^<(.*)>$/, '$1'),
    originalRecipients: [...recipients, ...removalRecipients(block)],
    sourceIp: first('source-ip'),
    arrivalDate: first('arrival-date') ?? first('received-date'),
    reportedDomains: fieldsNamed(block, 'reported-domain').map((field) => fieldText(block, field)),
    authFailure: first('auth-failure'),
  };
}

/** Some older reports name the complainer in Removal-Recipient, instead or once more. */
function removalRecipients(block: ReturnType<typeof readHeaders>): string[] {
  return fieldsNamed(block, 'removal-recipient')
    .map((field) => addressInField(fieldText(block, field)) ?? '')
    .filter((address) => address !== '');
}

function recipientOf(value: string): string {
  const bare = value.trim();
  return firstAddress(bare) ?? bare.replace(/^<(.*)>$/, '$1');
}

/**
 * Hotmail and Outlook.com (JMRP) send the message as an attachment and name the complainer in its X-HmXmrOriginalRecipient. The mail's own headers
 * count as well, because some set-ups forward the inner message alone.
 */
function jmrpReport(mail: ReportMail): FeedbackReport | null {
  for (const block of [mail.returned, mail.headers]) {
    const field = block === null ? null : firstField(block, 'x-hmxmroriginalrecipient');
    if (block === null || field === null) continue;
    const address = firstAddress(fieldText(block, field));
    const ip = firstField(block, 'x-originating-ip');
    return {
      type: 'abuse',
      userAgent: null,
      version: null,
      originalMailFrom: null,
      originalRecipients: address === null ? [] : [address],
      sourceIp: ip === null ? (SUBJECT_IP.exec(mail.subject)?.[1] ?? null) : fieldText(block, ip).replace(/^\[(.*)\]$/, '$1'),
      arrivalDate: null,
      reportedDomains: [],
      authFailure: null,
    };
  }
  return null;
}

/** "complaint about message from 192.0.2.9" */
const SUBJECT_IP = /^complaint about message from \[?([\d.]{7,15}|[\da-f:]{3,39})\]?/i;

/** Apple Mail's unsubscribe button writes an ordinary mail; the sender is the one who wants out. */
function unsubscribeMail(mail: ReportMail): FeedbackReport | null {
  if (!/^\s*unsubscribe\b/i.test(mail.subject) || !/sent this (?:e-?mail|message) to unsubscribe/i.test(mail.notice)) return null;
  const address = firstAddress(mail.from);
  return {
    type: 'opt-out',
    userAgent: null,
    version: null,
    originalMailFrom: null,
    originalRecipients: address === null ? [] : [address],
    sourceIp: null,
    arrivalDate: null,
    reportedDomains: [],
    authFailure: null,
  };
}
