// This file says what a received mail means for the recipients of ours: a bounce, a delay, a delivery, a complaint, an automatic reply, or none of it
// (docs/ARCHITECTURE.md §7, `feedback parse`). The order decides: machine-readable reports, complaints, notices in words, automatic replies.
import { autoReplyIn } from '../mail/report/auto-reply.ts';
import { challengeIn } from '../mail/report/challenge.ts';
import { deliveryStatusOf, type ReportAction, type ReportedRecipient } from '../mail/report/delivery-status.ts';
import { type FeedbackReport, feedbackReportOf } from '../mail/report/feedback-report.ts';
import { filterRejections, withFilter } from '../mail/report/filter-rejection.ts';
import { identifiersIn, type ReportIdentifiers } from '../mail/report/identifiers.ts';
import { isNotice } from '../mail/report/is-notice.ts';
import { namelessRecipient, noticeReasons, noticeRecipients, returnedRecipients } from '../mail/report/notice.ts';
import { innerReport, openReport, type ReportMail, returnedHeader } from '../mail/report/report-mail.ts';
import { snsReportOf } from '../mail/report/sns-report.ts';
import { classifyAnswer, type ReplyExplanation, verdictOf } from './classify.ts';
import { NO_OWN_RULES, type OwnRules } from './own-rules.ts';
import type { FeedbackClass, Verdict } from './vocabulary.ts';

export type FeedbackMailKind = 'bounce' | 'delayed' | 'delivered' | 'complaint' | 'auto-reply' | 'other';

export interface MailedVerdict extends Verdict {
  /** As the report wrote it; empty when it names none (only the return path knows then). */
  readonly address: string;
  readonly originalAddress: string | null;
  readonly action: ReportAction;
  /** Enhanced code, `5.1.1`; empty when the mail holds none. */
  readonly status: string;
  /** Basic code, `550`; empty when the mail holds none. */
  readonly code: string;
  /** The remote server's words, one line. */
  readonly diagnostic: string;
  /** The rule that decided. */
  readonly rule: string;
  readonly remoteMta: string | null;
}

export interface MailedComplaint {
  /** `abuse`, `opt-out`, `auth-failure`, `not-spam` … */
  readonly type: string;
  /** As reported; may be redacted. */
  readonly recipients: readonly string[];
  readonly sourceIp: string | null;
  readonly userAgent: string | null;
  readonly arrivalDate: string | null;
}

export interface FeedbackMail {
  readonly kind: FeedbackMailKind;
  readonly recipients: readonly MailedVerdict[];
  readonly complaint: MailedComplaint | null;
  /** An automatic reply that holds our message back until a person confirms it. Nobody but that person answers it. */
  readonly challenge: boolean;
  /** What the report carries of the message it is about, to find it by: candidates, which the caller proves. */
  readonly ourIdentifiers: ReportIdentifiers;
  readonly reportingMta: string | null;
}

/** Reads any received mail; `own`: the operator's rules, asked before ours. Never throws; CRLF, LF and CR agree. */
export function readFeedbackMail(raw: Buffer, own: OwnRules = NO_OWN_RULES): FeedbackMail {
  const mail = openReport(raw);
  const read = readReport(mail, own);
  if (read.challenge) return read;
  if ((read.kind !== 'other' && read.kind !== 'auto-reply') || !isNotice(mail)) return read;
  const inner = innerReport(mail);
  const again = inner === null ? read : readReport(inner, own);
  if (again.recipients.length > 0) return again;
  const returned = returnedRecipients(mail);
  const about = returned.length > 0 ? returned : namelessRecipient(mail);
  return about.length > 0 ? { ...read, ...bounceOf(mail, about, own) } : read;
}

function readReport(mail: ReportMail, own: OwnRules): FeedbackMail {
  const status = deliveryStatusOf(mail);
  const identifiers = (originalMailFrom: string | null) =>
    identifiersIn(mail, { envelopeId: status?.envelopeId ?? null, originalMailFrom });
  const base = { challenge: false, ourIdentifiers: identifiers(null), reportingMta: status?.reportingMta ?? null };
  if (status !== null) {
    const recipients = withFilter(mail, withReasons(mail, status.recipients));
    return { ...base, ...bounceOf(mail, recipients, own) };
  }
  const rejected = filterRejections(mail);
  if (rejected.length > 0) return { ...base, ...bounceOf(mail, rejected, own) };
  const sns = snsReportOf(mail);
  if (sns?.kind === 'status') return { ...base, ...bounceOf(mail, sns.recipients, own) };
  const report = sns?.report ?? feedbackReportOf(mail);
  if (report !== null) {
    const ourIdentifiers = identifiers(report.originalMailFrom);
    return { ...base, ourIdentifiers, kind: 'complaint', recipients: [], complaint: complaintOf(mail, report) };
  }
  if (challengeIn(mail)) return { ...base, kind: 'auto-reply', challenge: true, recipients: [], complaint: null };
  const named = noticeRecipients(mail);
  if (named.length > 0) return { ...base, ...bounceOf(mail, named, own) };
  return { ...base, kind: autoReplyIn(mail) ? 'auto-reply' : 'other', recipients: [], complaint: null };
}

/** Recipients that the machine-readable part names without a word get the words of the notice. */
function withReasons(mail: ReportMail, recipients: readonly ReportedRecipient[]): readonly ReportedRecipient[] {
  if (recipients.every(({ diagnostic }) => diagnostic !== '')) return recipients;
  const reasons = noticeReasons(mail);
  return recipients.map((recipient) => {
    const diagnostic = recipient.diagnostic || (reasons.get(recipient.address.toLowerCase()) ?? '');
    return { ...recipient, diagnostic };
  });
}

function bounceOf(
  mail: ReportMail,
  reported: readonly ReportedRecipient[],
  own: OwnRules,
): Pick<FeedbackMail, 'kind' | 'recipients' | 'complaint'> {
  const lower = reported.length === 1 ? '' : mail.notice.toLowerCase();
  // With one recipient the whole notice is about them, and its words help where the diagnostic says nothing.
  const about = (address: string) => (reported.length === 1 ? mail.notice : paragraphAbout(mail.notice, lower, address));
  const recipients = reported.map((recipient) => verdictFor(recipient, about(recipient.address), own));
  const actions = new Set(recipients.map((recipient) => recipient.action));
  return { kind: actions.has('failed') ? 'bounce' : actions.has('delayed') ? 'delayed' : 'delivered', recipients, complaint: null };
}

const REPORTED_AS_DONE: ReadonlySet<ReportAction> = new Set<ReportAction>(['delivered', 'relayed', 'expanded']);
const DELIVERED: Verdict = { class: 'delivered', fault: null, bounceType: 'soft', hard: false, suppress: false };

function verdictFor(recipient: ReportedRecipient, notice: string, own: OwnRules): MailedVerdict {
  const { address, originalAddress, action, diagnostic, remoteMta } = recipient;
  if (REPORTED_AS_DONE.has(action)) {
    return {
      address,
      originalAddress,
      action,
      status: recipient.status,
      code: '',
      diagnostic,
      remoteMta,
      rule: `action ${action}`,
      ...DELIVERED,
    };
  }
  const said = classifyAnswer({ ...recipient, notice: recipient.byFilter ? '' : notice, failed: action === 'failed' }, own);
  const answer = recipient.byFilter && action === 'failed' ? byTheirFilter(said) : said;
  const held = action === 'delayed' ? { ...answer.verdict, bounceType: 'soft' as const, suppress: false } : answer.verdict;
  return {
    address,
    originalAddress,
    action,
    status: answer.enhanced,
    code: answer.code,
    diagnostic,
    remoteMta,
    rule: answer.rule,
    ...held,
  };
}

/** What a delivery program says of itself in a filter's place; every other reason is the recipient's own words. */
const BESIDE_FILTERS: ReadonlySet<FeedbackClass> = new Set<FeedbackClass>(['mailbox-full', 'message-too-large', 'spam-content', 'virus']);

/** "There is no such user" from a recipient's own filter is a wish, no fact: the address lives, and nothing of it holds the address (policy, §6a). */
function byTheirFilter(said: ReplyExplanation): ReplyExplanation {
  const feedbackClass = BESIDE_FILTERS.has(said.verdict.class) ? said.verdict.class : 'recipient-filtered';
  return {
    ...said,
    verdict: verdictOf(feedbackClass, { permanent: true, suppress: false }),
    rule: `filter of the recipient, ${said.rule}`,
  };
}

/** What the notice says about one address among several: from the address to the next empty line. `lower`: the notice in lower case, made once for all. */
function paragraphAbout(notice: string, lower: string, address: string): string {
  const start = address === '' ? -1 : lower.indexOf(address.toLowerCase());
  if (start < 0) return '';
  const end = notice.indexOf('\n\n', start);
  return notice.slice(start, end < 0 ? start + PARAGRAPH_CHARS_MAX : Math.min(end, start + PARAGRAPH_CHARS_MAX));
}

const PARAGRAPH_CHARS_MAX = 2000;

function complaintOf(mail: ReportMail, report: FeedbackReport): MailedComplaint {
  const { type, sourceIp, userAgent, arrivalDate } = report;
  const named = report.originalRecipients;
  const to = named.length > 0 ? null : returnedHeader(mail, 'to');
  return { type, sourceIp, userAgent, arrivalDate, recipients: to === null ? named : [to] };
}
