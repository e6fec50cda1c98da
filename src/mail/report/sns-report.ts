// This file reads Amazon SES notifications that SNS sends as mail: JSON in a text part, alone or inside an SNS envelope ("Notification contents for Amazon SES" and
// "Examples of event data" in the SES developer guide). Bounces, complaints, deliveries and delays.
import type { ReportAction, ReportedRecipient } from './delivery-status.ts';
import type { FeedbackReport } from './feedback-report.ts';
import type { ReportMail } from './report-mail.ts';

/** What such a notification says: about recipients, or of a complaint. */
export type SnsReport =
  | { readonly kind: 'status'; readonly recipients: readonly ReportedRecipient[] }
  | { readonly kind: 'complaint'; readonly report: FeedbackReport };

/** A notification holds the headers of one message; SNS itself stops at 256 KB. In characters. */
const JSON_CHARS_MAX = 256 * 1024;
/** SES takes 50 recipients a message. */
const RECIPIENTS_MAX = 500;

/** Reads such a mail; null when it is none. Never throws. */
export function snsReportOf(mail: ReportMail): SnsReport | null {
  if (!/"(?:notificationType|eventType)\\?"/.test(mail.notice)) return null;
  const event = parsed(mail.notice);
  const type = event === null ? '' : textOf(event['notificationType'] ?? event['eventType']);
  if (event === null) return null;
  if (type === 'Complaint') return complaintOf(recordOf(event['complaint']));
  if (type === 'Bounce') return statusOf(recordOf(event['bounce']), 'bouncedRecipients', 'failed');
  if (type === 'DeliveryDelay') return statusOf(recordOf(event['deliveryDelay']), 'delayedRecipients', 'delayed');
  return type === 'Delivery' ? deliveryOf(recordOf(event['delivery'])) : null;
}

type Fields = Readonly<Record<string, unknown>>;

/** The notification itself; lines that a mailer has broken are joined before a second try. */
function parsed(notice: string): Fields | null {
  const start = notice.indexOf('{');
  const footer = notice.indexOf('\n--', start);
  const text = notice.slice(start, footer < 0 ? undefined : footer).slice(0, JSON_CHARS_MAX);
  const json = text.slice(0, text.lastIndexOf('}') + 1);
  for (const candidate of [json, json.replace(/!?\n[ \t]?/g, '')]) {
    const outer = fieldsIn(candidate);
    if (outer !== null) return typeof outer['Message'] === 'string' ? fieldsIn(outer['Message']) : outer;
  }
  return null;
}

function fieldsIn(json: string): Fields | null {
  try {
    const value: unknown = JSON.parse(json);
    return recordOf(value);
  } catch {
    // No JSON: some other mail that mentions the words.
    return null;
  }
}

function recordOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, RECIPIENTS_MAX) : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function statusOf(block: Fields, list: string, otherwise: ReportAction): SnsReport | null {
  const recipients = listOf(block[list]).map((entry) => {
    const fields = recordOf(entry);
    const said = textOf(fields['diagnosticCode']).replace(/^\s*(?:smtp|x-\w+)\s*;\s*/i, '');
    // SES gives no reply for addresses on its own suppression list: the sub-type says so.
    const diagnostic = said === '' ? textOf(block['bounceSubType']) : said;
    return recipientOf(textOf(fields['emailAddress']), { action: otherwise, status: textOf(fields['status']), diagnostic });
  });
  return recipients.length === 0 ? null : { kind: 'status', recipients };
}

function deliveryOf(block: Fields): SnsReport | null {
  const diagnostic = textOf(block['smtpResponse']);
  const recipients = listOf(block['recipients']).map((entry) =>
    recipientOf(textOf(entry), { action: 'delivered', status: '', diagnostic }),
  );
  return recipients.length === 0 ? null : { kind: 'status', recipients };
}

function recipientOf(text: string, said: { action: ReportAction; status: string; diagnostic: string }): ReportedRecipient {
  const address = /<([^<>]{3,320})>$/.exec(text)?.[1] ?? text;
  return { address, originalAddress: null, diagnosticType: 'smtp', remoteMta: null, ...said };
}

function complaintOf(block: Fields): SnsReport {
  const addresses = listOf(block['complainedRecipients']).map((entry) => textOf(recordOf(entry)['emailAddress']));
  return {
    kind: 'complaint',
    report: {
      type: textOf(block['complaintFeedbackType']) || 'abuse',
      userAgent: textOf(block['userAgent']) || null,
      version: null,
      originalMailFrom: null,
      originalRecipients: addresses.filter((address) => address !== ''),
      sourceIp: null,
      arrivalDate: textOf(block['arrivalDate']) || null,
      reportedDomains: [],
      authFailure: null,
    },
  };
}
