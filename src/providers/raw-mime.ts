// This file readies raw MIME (RFC 5322) for APIs that take it as a JSON string: it must be UTF-8, and headers that would command the
// provider in the name of a tenant are taken out.
import { isUtf8 } from 'node:buffer';
import { readHeaders, rewriteHeaders } from '../mail/headers.ts';

/** Why this MIME cannot be a JSON string, or null. */
export function notText(mime: Buffer): string | null {
  if (!isUtf8(mime)) return 'The message holds bytes that are not UTF-8; this API takes the message as a JSON text.';
  // Past the limits of the header reader, commands could hide from `withoutCommands`.
  return readHeaders(mime).truncated ? 'The message has more headers than can be checked.' : null;
}

/** The message without the fields whose lower-case name `commands` matches, and with `prepend` (whole lines, each ending in CR LF) on top. */
export function withoutCommands(mime: Buffer, commands: RegExp, prepend = ''): string {
  const block = readHeaders(mime);
  const found = block.fields.some((field) => commands.test(field.name));
  if (!found && prepend === '') return mime.toString('utf8');
  return rewriteHeaders(mime, block, { remove: (field) => commands.test(field.name), prepend }).toString('utf8');
}
