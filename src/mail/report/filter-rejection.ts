// This file reads what a recipient's own filter (Sieve `reject` and `ereject`, RFC 5429 §2) writes back. It comes as a delivery status notification or, from Cyrus, older Dovecot,
// James and Mailutils, as a disposition notification (RFC 8098) that says "deleted" with a reason. A receipt that says "deleted without being read" looks alike and is none.
import { headerText } from '../headers.ts';
import type { ReportedRecipient } from './delivery-status.ts';
import { addressInField } from './report-address.ts';
import type { ReportMail } from './report-mail.ts';

/** Filters write about the one mailbox they stand before; more groups than this are looked at by nobody. */
const NOTIFICATIONS_MAX = 20;
/** Reasons are a sentence or two of the recipient's. In characters. */
const REASON_CHARS_MAX = 2000;

/** What filters say of themselves, all of them in English. */
const FILTER_SPEAKS =
  /automatically (?:rejected|refused)|(?:rejected|refused) (?:automatically )?by (?:the |its |your )?(?:recipient.?s|owner.?s|user.?s) (?:own )?(?:e-?mail |mail(?:box)? |sieve |message )?(?:filter|rule|script)|(?:rejected|refused) by (?:a )?(?:sieve|mail filter)/i;
/** The same where people have translated it; believed only beside a "deleted" of a machine. */
const REJECTED_ELSEWHERE =
  /\breject(?:ed|ion)\b|\brefused\b|(?:zur[üu]ck|ab)gewiesen|abgelehnt|rejet[ée]e?|refus[ée]e?\b|rechazad|recusad|rejeitad|rifiutat|respint|geweigerd|odrzucon|odm[ií]tnut|avvisa[dt]|afvist|отклон|拒否|拒绝|拒絕|거부/i;
/** Outlook and Exchange about mail that somebody deleted. */
const UNREAD =
  /without (?:being|having been) read|not read|ungelesen|sans (?:être|avoir été) lu|sin (?:ser )?le[íi]d|sin leer|sem (?:ser )?lid|ler\b/i;
const GIVEN = /(?:reason|grund|raison|motivo|motif|raz[óo]n)[^\n:]{0,40}:[ \t]*\n?\s{0,10}(\S[\s\S]{0,2000})/i;
const BEHIND = /automatically (?:rejected|refused)[^\n:]{0,120}:[ \t]*\n?\s{0,10}(\S[\s\S]{0,2000})/i;

function isFilterRejection(mail: ReportMail): boolean {
  return /\(rejected\)/i.test(headerText(mail.headers, 'auto-submitted') ?? '') || FILTER_SPEAKS.test(mail.notice);
}

/** The recipients of a delivery status notification, marked where the recipient's own filter wrote it. Never throws. */
export function withFilter(mail: ReportMail, recipients: readonly ReportedRecipient[]): readonly ReportedRecipient[] {
  if (!isFilterRejection(mail)) return recipients;
  const reason = statedReason(mail);
  return recipients.map((one) => ({
    ...one,
    byFilter: true,
    diagnostic: one.action === 'failed' && reason !== '' ? reason : one.diagnostic,
  }));
}

/** True for read receipts and their like, rejections in that form included. */
export function isDisposition(mail: ReportMail): boolean {
  return mail.dispositionParts.length > 0 || /^disposition-notification$/i.test(mail.root.params['report-type'] ?? '');
}

/** Whom a disposition notification says that a filter rejected our mail for; empty when it is a receipt, or no such notification. Never throws. */
export function filterRejections(mail: ReportMail): readonly ReportedRecipient[] {
  if (!mail.dispositionParts.some((text) => DELETED.test(text)) || UNREAD.test(`${mail.subject}\n${mail.notice}`)) return [];
  const system = /mailer-?daemon|postmaster|sieve|mail delivery|mail filter/i.test(mail.from);
  if (!isFilterRejection(mail) && !(system && REJECTED_ELSEWHERE.test(`${mail.subject}\n${mail.notice}`))) return [];
  const diagnostic = statedReason(mail) || mail.notice.replace(/\s+/g, ' ').trim().slice(0, REASON_CHARS_MAX);
  return mail.dispositionParts.slice(0, NOTIFICATIONS_MAX).flatMap((text) => {
    const final = fieldIn(text, 'final-recipient');
    const original = fieldIn(text, 'original-recipient');
    const address = final ?? original;
    if (address === null) return [];
    const recipient = { address, originalAddress: original, status: '', diagnostic, diagnosticType: null, remoteMta: null };
    return [{ ...recipient, action: 'failed' as const, byFilter: true }];
  });
}

/** `Disposition: automatic-action/MDN-sent-automatically; deleted`, also with an error behind it. */
const DELETED = /^disposition[ \t]*:[^\n;]{0,80}(?:\n[ \t][^\n;]{0,80})?;[ \t\n]{0,8}(?:deleted|denied|failed|refused|rejected)\b/im;

function fieldIn(text: string, name: string): string | null {
  const match = new RegExp(`^${name}[ \\t]*:([^\\n]{1,1000})`, 'im').exec(text);
  return match === null ? null : addressInField(match[1] ?? '');
}

/** The recipient's own words, one line; empty where they cannot be told apart. */
function statedReason(mail: ReportMail): string {
  const reason = GIVEN.exec(mail.notice)?.[1] ?? BEHIND.exec(mail.notice)?.[1] ?? '';
  return reason.replace(/\s+/g, ' ').trim().slice(0, REASON_CHARS_MAX);
}
