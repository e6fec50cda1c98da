// This file writes From anew for senders without a domain, as mailing lists do: the organisation speaks from an address that receivers can prove, the person
// stays in Reply-To. Every other header and the body keep their bytes.
import { AppError } from '../errors.ts';
import { formatMailbox } from './format-mailbox.ts';
import { type HeaderField, rewriteHeaders } from './headers.ts';
import type { MessageFacts } from './inspect.ts';

export interface RewrittenFrom {
  /** What From becomes. */
  readonly address: string;
  readonly organisation: string;
}

/**
 * Statements of others about the bytes as they were, which a new From breaks, and Sender, which would name the person's domain beside it. A broken signature is
 * worse than none.
 */
const BROKEN = new Set([
  'from',
  'sender',
  'dkim-signature',
  'domainkey-signature',
  'x-google-dkim-signature',
  'arc-seal',
  'arc-message-signature',
  'arc-authentication-results',
  'authentication-results',
  'received-spf',
]);
const NAME_CHARS_MAX = 100;

/** The name readers see: the organisation's; before it the person's own, where it says something else. */
export function rewrittenName(name: string | null, organisation: string): string {
  const club = organisation.trim().slice(0, NAME_CHARS_MAX);
  const person = (name ?? '').trim().slice(0, NAME_CHARS_MAX);
  // A name that looks like an address would show the one that From no longer has.
  if (person === '' || person.includes('@')) return club;
  return person.toLowerCase().includes(club.toLowerCase()) ? person : `${person} via ${club}`;
}

/** The message with CR LF line ends. `facts` are those of `raw`, which has settled headers. An existing Reply-To wins over the person in From. */
export function rewriteFrom(raw: Buffer, facts: MessageFacts, to: RewrittenFrom): Buffer {
  const { headers } = facts;
  const [author] = facts.from;
  const from = `From: ${formatMailbox(rewrittenName(author.name, to.organisation), to.address)}\r\n`;
  if (/[\r\n\0]/.test(from.slice(0, -2).replaceAll('\r\n ', ' ')))
    throw new AppError('MAIL_HEADER_LINE_BREAK', 'The new From holds a line break.');
  let replyTo = '';
  if (!headers.fields.some(({ name, valueStart, end }) => name === 'reply-to' && headers.text.slice(valueStart, end).trim() !== '')) {
    const field = headers.fields.find(({ name }) => name === 'from');
    // As it was written, bytes and folding: everybody who stood in From gets the answer.
    const value = field ? headers.text.slice(field.valueStart, field.end).trimEnd() : ` ${author.address}`;
    replyTo = `Reply-To:${value}\r\n`;
  }
  const remove = ({ name }: HeaderField) => BROKEN.has(name) || (replyTo !== '' && name === 'reply-to');
  return rewriteHeaders(raw, headers, { remove, prepend: from + replyTo });
}
