// This file gathers what a report carries of the message it is about, by which that message can be found again although the recipient is redacted or somebody
// else's: Message-ID, envelope sender, Feedback-ID, ENVID. They are candidates: anybody can write them, so the caller proves each (MAC of the return path, look-up in the store).
import { fieldsNamed, fieldText, type HeaderBlock } from '../headers.ts';
import type { ReportMail } from './report-mail.ts';

export interface ReportIdentifiers {
  /** Message-IDs of the returned message and those the report answers to, with their angle brackets, in the order of trust. */
  readonly messageIds: readonly string[];
  /** Addresses of the form of our return paths (delivery/return-path.ts), lower case, wherever they stand. */
  readonly returnPaths: readonly string[];
  /** Values of the form of our references (delivery/report-reference.ts), lower case. */
  readonly references: readonly string[];
  /** Feedback-ID values of the returned message. */
  readonly feedbackIds: readonly string[];
  /** Original-Envelope-Id of status reports (RFC 3461 §4.4). */
  readonly envelopeIds: readonly string[];
  /** Addresses that the returned message went to: X-HmXmrOriginalRecipient, X-Original-To, Delivered-To, To, each once, lower case. */
  readonly recipients: readonly string[];
}

/** A report is about one message; what names more than this many of a kind is built to cost look-ups. */
const PER_KIND_MAX = 8;
/** RFC 5322 has no limit; ours are below 120 characters, and longer ones are no ids of anybody's. */
const ID_CHARS_MAX = 400;
/** b-, 48 characters of base32, the host: the form that delivery/return-path.ts writes; a test there holds both together. */
const RETURN_PATH = /(?<![\w.+-])b-[a-z2-7]{48}@[a-z0-9](?:[a-z0-9.-]{0,252}[a-z0-9])?/gi;
/** m- and 48 characters of base32. */
const REFERENCE = /(?<![\w.+-])m-[a-z2-7]{48}(?![\w@])/gi;
const MESSAGE_ID = /<[^<>\s@]{1,200}@[^<>\s@]{1,200}>/g;
/** A returned message that the reader could not tell from the notice still has its lines. */
const ID_LINE = /^[ \t>]{0,8}(?:x-)?(?:original-)?message-id[ \t]{0,3}:[ \t]*(<[^<>\s]{3,400}>)/gim;
const RECIPIENT_FIELDS = ['x-hmxmroriginalrecipient', 'x-original-to', 'x-rcpt-to', 'delivered-to', 'to'] as const;
const ADDRESS = /[^\s<>"',;:()[\]]{1,128}@[^\s<>"',;:()[\]]{1,255}/g;

/** What the mail says. `fields`: values of its machine-readable part that may hold identifiers. Never throws; time grows with the length. */
export function identifiersIn(mail: ReportMail, fields: { envelopeId: string | null; originalMailFrom: string | null }): ReportIdentifiers {
  const { returned, headers } = mail;
  const texts = [fields.originalMailFrom ?? '', returned?.text ?? '', headers.text, mail.notice, mail.returnedText ?? ''];
  return {
    messageIds: distinct([
      ...inFields(returned, ['message-id', 'x-original-message-id'], MESSAGE_ID),
      ...inFields(headers, ['x-original-message-id', 'original-message-id', 'in-reply-to', 'references'], MESSAGE_ID),
      ...[...mail.notice.matchAll(ID_LINE)].map((match) => match[1] ?? ''),
    ]),
    returnPaths: distinct(texts.flatMap((text) => (text.match(RETURN_PATH) ?? []).map((address) => address.toLowerCase()))),
    references: distinct(texts.flatMap((text) => (text.match(REFERENCE) ?? []).map((value) => value.toLowerCase()))),
    feedbackIds: distinct(inFields(returned, ['feedback-id', 'x-feedback-id'], null)),
    envelopeIds: distinct(fields.envelopeId === null ? [] : [fields.envelopeId]),
    recipients: distinct(inFields(returned, RECIPIENT_FIELDS, ADDRESS).map((address) => address.toLowerCase())),
  };
}

/** Values of these fields, or what `pattern` finds in them. */
function inFields(block: HeaderBlock | null, names: readonly string[], pattern: RegExp | null): string[] {
  if (block === null) return [];
  return names.flatMap((name) =>
    fieldsNamed(block, name)
      .slice(0, PER_KIND_MAX)
      .flatMap((field) => {
        const text = fieldText(block, field).trim();
        return pattern === null ? [text] : (text.match(pattern) ?? []).slice(0, PER_KIND_MAX);
      }),
  );
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values.filter((value) => value !== '' && value.length <= ID_CHARS_MAX))].slice(0, PER_KIND_MAX);
}
