// This file says whether a machine wrote a mail (RFC 3834 §2, RFC 2919, common practice): such mail is never answered and never forwarded to people.

import { parseAddressList } from './address-list.ts';
import { fieldsNamed, fieldValue, firstField, type HeaderBlock, headerText } from './headers.ts';

/** Headers that only machines write; their presence is enough. */
const MARKS = [
  'list-id',
  'list-unsubscribe',
  'x-autoreply',
  'x-autorespond',
  'x-autoresponder',
  'x-auto-reply',
  'x-loop',
  'feedback-id',
] as const;
/** Mailboxes behind which nobody sits. */
const NOBODY = /^(?:mailer-?daemon|post-?master|no-?reply|do-?not-?reply|bounces?|root|cron|daemon)(?:[+-].*)?$/i;

/** Why this mail is automatic, in a few words; null when a person may have written it. */
export function automaticBecause(headers: HeaderBlock): string | null {
  const value = (name: string) => headerText(headers, name)?.toLowerCase().trim() ?? '';
  const submitted = value('auto-submitted');
  if (submitted !== '' && submitted !== 'no') return `Auto-Submitted: ${submitted.slice(0, 60)}`;
  if (/^(?:bulk|list|junk|auto)/.test(value('precedence'))) return `Precedence: ${value('precedence').slice(0, 60)}`;
  const mark = MARKS.find((name) => firstField(headers, name) !== null);
  if (mark !== undefined) return `it has a ${mark} header`;
  if (/multipart\/report|disposition-notification|delivery-status/.test(value('content-type'))) return 'it is a report';
  if (value('return-path') === '<>') return 'it came with the null sender';
  const author = authorOf(headers);
  if (author === null) return 'it names no author';
  return isNobody(author) ? `it comes from ${author}` : null;
}

/** True for addresses that nobody reads. */
export function isNobody(address: string): boolean {
  return NOBODY.test(address.slice(0, address.lastIndexOf('@')));
}

/** The address in From, or null when there is none or not one. */
function authorOf(headers: HeaderBlock): string | null {
  const [from, ...more] = fieldsNamed(headers, 'from');
  if (from === undefined || more.length > 0) return null;
  const list = parseAddressList(fieldValue(headers, from));
  return list.ok ? (list.value[0]?.address ?? null) : null;
}
