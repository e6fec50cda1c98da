// This file is the one header step before signing: what must not travel is removed, what must be there is added. The body and every other header keep their
// bytes (RFC 5322 §3.6, RFC 8058 for one-click unsubscribe).
import { AppError } from '../errors.ts';
import { CONTROL_HEADER_PREFIX } from './control.ts';
import { formatMailDate } from './date.ts';
import { type HeaderField, rewriteHeaders } from './headers.ts';
import type { MessageFacts } from './inspect.ts';

export interface HeaderAdditions {
  /** Used when the message has none: `<id@domain>` with its brackets. */
  readonly messageId: string;
  /** Used for Date when the message has none; milliseconds since 1970. */
  readonly dateMs: number;
  /** campaign:tenant:stream:platform, at most four parts, for Gmail's feedback loop; replaces one that came with the message. */
  readonly feedbackId?: string;
  /** A header of ours by which reports find the message again: its name, and its value for this message; replaces one that came with the message. */
  readonly reference?: { readonly name: string; readonly value: string };
  /** URIs of List-Unsubscribe without brackets, an https one first; replaces what came with the message. */
  readonly listUnsubscribe?: readonly string[];
  /** Adds List-Unsubscribe-Post (RFC 8058); only with an https URI in `listUnsubscribe`. */
  readonly oneClick?: boolean;
}

/** Options that senders write for one provider; another provider would pass them on to every reader. */
const PROVIDER_OPTION_PREFIXES = ['x-mc-', 'x-mailgun-', 'x-pm-', 'x-ses-', 'x-mailin-', 'x-elasticemail-', 'x-mj-'] as const;
const PROVIDER_OPTIONS = new Set(['x-msys-api', 'x-smtpapi', 'resend-idempotency-key']);
/** Bcc would tell readers of each other; Return-Path belongs to the last server (RFC 5321 §4.4). */
const NEVER_TRAVELS = new Set(['bcc', 'resent-bcc', 'return-path']);

/** The message ready to be signed. Throws AppError MAIL_HEADER_LINE_BREAK or MAIL_HEADER_INVALID when an addition is no header value. */
export function settleHeaders(raw: Buffer, facts: MessageFacts, additions: HeaderAdditions): Buffer {
  let prepend = '';
  if (facts.messageId === null) prepend += line('Message-ID', additions.messageId);
  if (!facts.hasDate) prepend += line('Date', formatMailDate(additions.dateMs));
  if (!facts.hasMimeVersion) prepend += 'MIME-Version: 1.0\r\n';
  if (additions.feedbackId !== undefined) prepend += line('Feedback-ID', additions.feedbackId);
  if (additions.reference !== undefined) prepend += line(additions.reference.name, additions.reference.value);
  if (additions.listUnsubscribe !== undefined) prepend += unsubscribeLines(additions.listUnsubscribe, additions.oneClick === true);
  const reference = additions.reference?.name.toLowerCase();
  const replacesFeedbackId = additions.feedbackId !== undefined;
  const replacesUnsubscribe = additions.listUnsubscribe !== undefined;
  const remove = ({ name }: HeaderField) => {
    if (name === 'feedback-id') return replacesFeedbackId;
    if (name === 'list-unsubscribe' || name === 'list-unsubscribe-post') return replacesUnsubscribe;
    return name === reference || NEVER_TRAVELS.has(name) || isPrivate(name);
  };
  return rewriteHeaders(raw, facts.headers, { remove, prepend });
}

/** True for headers that speak to us or to a provider, not to the reader. `name` in lower case. */
function isPrivate(name: string): boolean {
  if (name.startsWith('resend-') || name.startsWith('x-')) {
    return (
      PROVIDER_OPTIONS.has(name) ||
      name.startsWith(CONTROL_HEADER_PREFIX) ||
      PROVIDER_OPTION_PREFIXES.some((prefix) => name.startsWith(prefix))
    );
  }
  return false;
}

function unsubscribeLines(uris: readonly string[], oneClick: boolean): string {
  if (uris.length === 0) throw new AppError('MAIL_HEADER_INVALID', 'List-Unsubscribe has no address.');
  if (oneClick && !uris.some((uri) => /^https:/i.test(uri))) {
    throw new AppError('MAIL_HEADER_INVALID', 'One-click unsubscribe needs an https address (RFC 8058).');
  }
  for (const uri of uris)
    if (/[<>\s]/.test(uri) && !/[\r\n]/.test(uri))
      throw new AppError('MAIL_HEADER_INVALID', 'An address of List-Unsubscribe holds a blank or bracket.');
  // One address a line: they are long, and every reader unfolds.
  const value = uris.map((uri) => checked('List-Unsubscribe', `<${uri}>`)).join(',\r\n ');
  const post = oneClick ? 'List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n' : '';
  return `List-Unsubscribe: ${value}\r\n${post}`;
}

function line(name: string, value: string): string {
  return `${name}: ${checked(name, value)}\r\n`;
}

/** Values added here are ours and plain ASCII; a line break would start a header of its own. */
function checked(name: string, value: string): string {
  if (/[\r\n]/.test(value)) throw new AppError('MAIL_HEADER_LINE_BREAK', `The value of ${name} holds a line break.`);
  if (!/^[\x20-\x7e]+$/.test(value)) throw new AppError('MAIL_HEADER_INVALID', `The value of ${name} is empty or not plain ASCII.`);
  return value;
}
