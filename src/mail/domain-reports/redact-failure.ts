// This file keeps of a failure report what helps to mend a domain and takes out whom the message was for: it is one person's mail (RFC 9991 §7).
import type { FailureReport } from './model.ts';

/** Texts of strangers; what is longer helps nobody. */
const TEXT_CHARS_MAX = 500;
const LINES_MAX = 10;
const ADDRESS = /[^\s<>"',;:()[\]=]{1,128}@([^\s<>"',;:()[\]]{1,255})/g;

/** Headers and results only, with every address but the claimed sender's brought down to its domain. Field names are those of the API. */
export function redactFailure(report: FailureReport): Record<string, unknown> {
  const claimed = new Set(addressesIn(report.originalFrom ?? ''));
  const text = (value: string | null) =>
    value === null
      ? null
      : value
          .slice(0, TEXT_CHARS_MAX)
          .replace(ADDRESS, (address, domain: string) => (claimed.has(address.toLowerCase()) ? address : `redacted@${domain}`));
  return {
    auth_failure: text(report.authFailure),
    delivery_result: text(report.deliveryResult),
    source_ip: report.sourceIp?.ip ?? null,
    arrived_at: report.arrivalS === null ? null : new Date(report.arrivalS * 1000).toISOString(),
    from: text(report.originalFrom),
    mail_from: text(report.originalMailFrom),
    recipients: report.originalRecipients.slice(0, LINES_MAX).map((recipient) => text(recipient)),
    subject: text(report.originalSubject),
    message_id: text(report.originalMessageId),
    authentication_results: report.authenticationResults.slice(0, LINES_MAX).map((line) => text(line)),
    identity_alignment: report.identityAlignment.slice(0, LINES_MAX),
    dkim_domain: text(report.dkimDomain),
    dkim_selector: text(report.dkimSelector),
    user_agent: text(report.userAgent),
    incidents: report.incidents,
  };
}

function addressesIn(value: string): string[] {
  return (value.match(ADDRESS) ?? []).map((address) => address.toLowerCase());
}
