// This file reads failure reports about authentication (RFC 6591, RFC 9991) out of report mails (RFC 5965): the machine-readable part wherever it stands and
// however it is encoded, or the labelled lines of reporters that write none. The message that failed is read for three headers and never opened further.
import { parseMailDate } from '../date.ts';
import { fieldsNamed, fieldText, type HeaderBlock, headerText, readHeaders } from '../headers.ts';
import type { MimePart } from '../mime-tree.ts';
import { decodeBytes, decodeText } from '../transfer-encoding.ts';
import { REPORT_LIMITS } from './limits.ts';
import type { FailureReport } from './model.ts';
import { readDomain, readIp } from './values.ts';
import type { WarningList } from './warnings.ts';

/** A report of one message repeats no field more often than this. */
const FIELDS_MAX = 100;
const FEEDBACK_TYPE = /^[ \t]*feedback-type[ \t]*:/im;
const OTHER_FIELD = /^[ \t]*(?:source-ip|auth-failure|reported-domain)[ \t]*:/im;
/** Types a feedback part hides behind. */
const DISGUISES = ['text/plain', 'application/octet-stream', 'application/feedback-report', 'text/feedback-report'];

/** The report of a mail given as its leaf parts, or null when it is none. Never throws. */
export function readFailureReport(mail: HeaderBlock, leaves: readonly MimePart[], warnings: WarningList): FailureReport | null {
  const block = feedbackBlock(leaves) ?? labelledBlock(mail, leaves, warnings);
  if (block === null) return null;
  const type = first(block, 'feedback-type')?.toLowerCase() ?? null;
  // Complaints (abuse, fraud …) have the same form and are another matter.
  if (type !== 'auth-failure' && !(type === null && first(block, 'auth-failure') !== null)) return null;
  return reportOf(block, { mail, original: originalHeaders(leaves) }, warnings);
}

function feedbackBlock(leaves: readonly MimePart[]): HeaderBlock | null {
  const declared = leaves.find(({ type }) => type === 'message/feedback-report');
  if (declared !== undefined) return readHeaders(Buffer.from(`${decodeText(declared, REPORT_LIMITS.textCharsMax).trim()}\n\n`, 'utf8'));
  for (const part of leaves.filter(({ type }) => DISGUISES.includes(type))) {
    const text = decodeText(part, REPORT_LIMITS.textCharsMax);
    const start = text.search(FEEDBACK_TYPE);
    if (start < 0 || !OTHER_FIELD.test(text)) continue;
    // Prose may stand before the fields, and a person who forwards them may indent them.
    const indented = /^[ \t]/.test(text.slice(start));
    const fields = indented ? text.slice(start).replace(/^[ \t]+(?=[A-Za-z-]+:)/gm, '') : text.slice(start);
    return readHeaders(Buffer.from(`${fields.trim()}\n\n`, 'utf8'));
  }
  return null;
}

/** What labelled lines are called in the machine-readable part. */
const LABELS: readonly (readonly [label: RegExp, field: string])[] = [
  [/^(?:sender|reported|from|header[- ]from)[- ]domain$|^domain$/, 'Reported-Domain'],
  [/^(?:sender|source)[- ]ip(?:[- ]address)?$|^ip(?:[- ]address)?$/, 'Source-IP'],
  [/^(?:received|arrival)[- ]date$/, 'Arrival-Date'],
  [/^(?:envelope[- ]from|mail[- ]from|original[- ]mail[- ]from)$/, 'Original-Mail-From'],
];
const LABELLED_LINES_MAX = 200;

/** Tools without a machine-readable part write lines such as `Sender Domain: example.com`; a domain and an address make a report. */
function labelledBlock(mail: HeaderBlock, leaves: readonly MimePart[], warnings: WarningList): HeaderBlock | null {
  const subject = headerText(mail, 'subject') ?? '';
  const part = leaves.find(({ type }) => type === 'text/plain');
  if (part === undefined || !/\bdmarc\b/i.test(subject) || !/\b(?:forensic|fail(?:ure|ed)?)\b/i.test(subject)) return null;
  const fields: string[] = ['Feedback-Type: auth-failure'];
  for (const line of noticeLines(part)) {
    const match = /^[ \t]*([A-Za-z][A-Za-z -]{0,40}?)[ \t]*:[ \t]*(\S.*)$/.exec(line);
    const label = match?.[1]?.toLowerCase();
    const field = label === undefined ? undefined : LABELS.find(([pattern]) => pattern.test(label))?.[1];
    if (field !== undefined) fields.push(`${field}: ${match?.[2] ?? ''}`);
  }
  const has = (name: string) => fields.some((field) => field.startsWith(`${name}:`));
  if (!has('Reported-Domain') || !has('Source-IP')) return null;
  warnings.add('no-feedback-part');
  return readHeaders(Buffer.from(`${fields.join('\n')}\n\n`, 'utf8'));
}

/** The lines before the copy of the original. */
function noticeLines(part: MimePart): string[] {
  const lines = decodeText(part, REPORT_LIMITS.textCharsMax).split(/\r?\n/).slice(0, LABELLED_LINES_MAX);
  const copy = lines.findIndex((line) => /^-{3,}/.test(line));
  return copy < 0 ? lines : lines.slice(0, copy);
}

function reportOf(
  block: HeaderBlock,
  { mail, original }: { mail: HeaderBlock; original: HeaderBlock | null },
  warnings: WarningList,
): FailureReport {
  const sourceIp = readIp(first(block, 'source-ip') ?? '');
  if (sourceIp === null) warnings.add('source-ip-missing');
  else if (sourceIp.ip === null) warnings.add('source-ip-invalid', sourceIp.text);
  const reportedDomains = all(block, 'reported-domain').flatMap((text) => readDomain(text) ?? []);
  if (reportedDomains.length === 0) warnings.add('domain-missing');
  const arrivalDate = first(block, 'arrival-date') ?? first(block, 'received-date');
  const arrivalMs = arrivalDate === null ? null : parseMailDate(arrivalDate);
  return {
    kind: 'failure',
    reportId: headerText(mail, 'message-id'),
    userAgent: first(block, 'user-agent'),
    version: first(block, 'version'),
    authFailure: first(block, 'auth-failure')?.toLowerCase() ?? null,
    deliveryResult: first(block, 'delivery-result')?.toLowerCase() ?? null,
    sourceIp,
    reportedDomains,
    originalMailFrom: first(block, 'original-mail-from'),
    originalRecipients: all(block, 'original-rcpt-to'),
    originalEnvelopeId: first(block, 'original-envelope-id'),
    arrivalDate,
    arrivalS: arrivalMs === null ? null : Math.floor(arrivalMs / 1000),
    authenticationResults: all(block, 'authentication-results'),
    identityAlignment: (first(block, 'identity-alignment') ?? '')
      .toLowerCase()
      .split(/[\s,]+/)
      .filter((word) => word !== ''),
    dkimDomain: first(block, 'dkim-domain'),
    dkimIdentity: first(block, 'dkim-identity'),
    dkimSelector: first(block, 'dkim-selector'),
    spfDns: all(block, 'spf-dns'),
    incidents: incidentsOf(first(block, 'incidents')),
    originalFrom: original === null ? null : headerText(original, 'from'),
    originalSubject: original === null ? null : headerText(original, 'subject'),
    originalMessageId: original === null ? null : headerText(original, 'message-id'),
  };
}

function originalHeaders(leaves: readonly MimePart[]): HeaderBlock | null {
  const part = leaves.find(({ type }) => type === 'message/rfc822' || type === 'text/rfc822-headers' || type === 'message/global-headers');
  if (part === undefined) return null;
  return readHeaders(Buffer.from(decodeBytes(part, REPORT_LIMITS.textCharsMax).toString('latin1').trimStart(), 'latin1'));
}

/** The first value that says something; null for none. */
function first(block: HeaderBlock, name: string): string | null {
  return all(block, name)[0] ?? null;
}

function all(block: HeaderBlock, name: string): string[] {
  return fieldsNamed(block, name)
    .slice(0, FIELDS_MAX)
    .map((field) => fieldText(block, field))
    .filter((text) => text !== '');
}

function incidentsOf(text: string | null): number | null {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;
}
