// This file makes of a mail for people the message that goes on: the body and its description stay byte for byte, who sends and who gets it are written anew. From
// becomes an address of ours, so that it does not fail DMARC at the next server; the author stays in the display name and in Reply-To.
import { AppError } from '../errors.ts';
import { formatMailbox } from './format-mailbox.ts';
import { type HeaderBlock, type HeaderField, headerText, rewriteHeaders } from './headers.ts';

interface Person {
  readonly address: string;
  /** Decoded; null when there is none. */
  readonly name: string | null;
}

export interface Forwarding {
  /** An address the organisation may send as. */
  readonly from: string;
  readonly to: string;
  /** Who wrote it. */
  readonly author: Person;
  /** Where an answer goes: Reply-To of the mail, or its author. */
  readonly replyTo: Person;
  /** Name of the organisation, for the display name. */
  readonly via: string;
  /** `1; host`: how often it was forwarded, and by whom last. */
  readonly mark: string;
}

/** How often a mail was forwarded, and by which desk: `1; returns.example.org`. */
const FORWARD_MARK = 'X-Desk-Forwarded';
/** What stays: the description of the body, the thread, the date, and the way it came (which ends a circle). */
const KEPT = new Set([
  'date',
  'subject',
  'in-reply-to',
  'references',
  'mime-version',
  'received',
  'thread-topic',
  'thread-index',
  'importance',
  'comments',
  'keywords',
]);
const NAME_CHARS_MAX = 100;

/** The new message with CR LF line ends. */
export function forwardedMail(raw: Buffer, headers: HeaderBlock, forwarding: Forwarding): Buffer {
  const { author, replyTo, via } = forwarding;
  const shown = (author.name?.trim() || author.address).slice(0, NAME_CHARS_MAX);
  const lines = [
    `From: ${formatMailbox(`${shown} via ${via.slice(0, NAME_CHARS_MAX)}`, forwarding.from)}`,
    `To: ${forwarding.to}`,
    `Reply-To: ${replyTo.name === null ? replyTo.address : formatMailbox(replyTo.name.slice(0, NAME_CHARS_MAX), replyTo.address)}`,
    `${FORWARD_MARK}: ${forwarding.mark}`,
  ];
  for (const line of lines) {
    // Folding between encoded words is the one break there may be.
    if (/[\r\n\0]/.test(line.replaceAll('\r\n ', ' ')))
      throw new AppError('MAIL_HEADER_LINE_BREAK', 'A header of the forwarded mail holds a line break.');
  }
  const remove = ({ name }: HeaderField) => !KEPT.has(name) && !name.startsWith('content-');
  return rewriteHeaders(raw, headers, { remove, prepend: `${lines.join('\r\n')}\r\n` });
}

/** Reads the mark of a mail that was forwarded before; 0 and '' for one that was not. */
export function readForwardMark(headers: HeaderBlock): { hops: number; by: string } {
  const value = headerText(headers, FORWARD_MARK.toLowerCase());
  const parts = /^\s*(\d{1,3})\s*;\s*(\S{1,253})\s*$/.exec(value ?? '');
  if (!parts) return { hops: value === null ? 0 : Number.MAX_SAFE_INTEGER, by: '' };
  return { hops: Number(parts[1]), by: (parts[2] ?? '').toLowerCase() };
}
