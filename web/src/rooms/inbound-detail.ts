// This file reads what the API says was found in a mail that came back. Its parts are loose there; here each is looked at before it is shown.

export interface ReadRecipient {
  readonly address: string | null;
  readonly class: string | null;
  readonly fault: string | null;
  readonly hard: boolean;
  readonly suppress: boolean;
  readonly diagnostic: string;
  readonly rule: string | null;
  /** Reply code and enhanced code, as they came. */
  readonly codes: string;
}

export interface MatchedRecipient {
  readonly address: string;
  readonly messageId: string;
  readonly recipientId: string;
}

export interface ReadDetail {
  readonly recipients: readonly ReadRecipient[];
  readonly matched: readonly MatchedRecipient[];
  /** The type of a complaint; '' where it names none; null where it is none. */
  readonly complaint: string | null;
  readonly challenge: boolean;
  readonly reportingMta: string | null;
}

/** `detail` as the API gives it; null for a mail nobody could read. */
export function readDetail(detail: Readonly<Record<string, unknown>> | null): ReadDetail {
  const parts = detail ?? {};
  const complaint = record(parts['complaint']);
  return {
    recipients: records(parts['recipients']).map((row) => ({
      address: text(row['address']),
      class: text(row['class']),
      fault: text(row['fault']),
      hard: row['hard'] === true,
      suppress: row['suppress'] === true,
      diagnostic: text(row['diagnostic']) ?? '',
      rule: text(row['rule']),
      codes: [row['code'], row['status']].flatMap((code) => text(code) ?? []).join(' '),
    })),
    matched: records(parts['matched']).flatMap((row) => {
      const [address, messageId, recipientId] = [text(row['address']), text(row['message_id']), text(row['recipient_id'])];
      return address === null || messageId === null || recipientId === null ? [] : [{ address, messageId, recipientId }];
    }),
    complaint: complaint === null ? null : (text(complaint['type']) ?? ''),
    challenge: parts['challenge'] === true,
    reportingMta: text(parts['reporting_mta']),
  };
}

function text(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}

function record(value: unknown): Readonly<Record<string, unknown>> | null {
  // An object that is no list has named fields; each is looked at before it is used.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
}

function records(value: unknown): Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.map(record).filter((row) => row !== null) : [];
}
