// This file tells what bytes are by looking at them: names and types are never trusted.
import { looksLikeCms } from './cms.ts';
import { GZIP_MAGIC } from './gzip.ts';
import { ZIP_EMPTY_MAGIC, ZIP_MAGIC } from './zip.ts';

export type Content = 'gzip' | 'zip' | 'cms' | 'xml' | 'json' | 'base64' | 'mail' | 'other';

/** So many bytes decide. */
export const SNIFF_BYTES = 4096;

/** Headers of which a mail has at least one near its top. */
const MAIL_HEADER =
  /^(?:received|return-path|delivered-to|x-original-to|from|to|date|subject|message-id|mime-version|content-type|dkim-signature|arc-seal|authentication-results)[ \t]*:/im;

export function sniff(head: Buffer): Content {
  if (head.subarray(0, GZIP_MAGIC.length).equals(GZIP_MAGIC)) return 'gzip';
  const four = head.subarray(0, ZIP_MAGIC.length);
  if (four.equals(ZIP_MAGIC) || four.equals(ZIP_EMPTY_MAGIC)) return 'zip';
  if (looksLikeCms(head)) return 'cms';
  // UTF-16 shows itself once its zeros and marks are out of the way.
  const text = head
    .toString('latin1')
    .replace(/^(?:\xEF\xBB\xBF|\xFF\xFE|\xFE\xFF)/, '')
    .replaceAll('\0', '')
    .trimStart();
  if (text.startsWith('<')) return 'xml';
  if (/^(?:\[\s*)?\{/.test(text)) return 'json';
  // What an archive or a report starts with, in base64: a part whose encoding was forgotten. Byte order marks, "<?xml", "<feedback", "<!--", "{" with what follows it.
  if (/^(?:H4sI|UEsD|(?:77u\/)?(?:PD94|PGZlZWRiYWNr|PCEt)|\/\/48|\/v8A|(?:77u\/)?(?:eyJ|ewo|ew0K|eyAi))[A-Za-z0-9+/=\s]*$/.test(text))
    return 'base64';
  const lines = text.startsWith('From ') ? text.slice(text.indexOf('\n') + 1) : text;
  return /^[!-9;-~]{1,76}[ \t]*:/.test(lines) && MAIL_HEADER.test(lines) ? 'mail' : 'other';
}

/** True when XML in a mail is worth reading: bodies are HTML more often than reports. */
export function isReportXml(head: Buffer): boolean {
  const text = head.toString('latin1').replaceAll('\0', '');
  return /<(?:[\w.-]+:)?feedback[\s>/]/i.test(text) || (/<\?xml\b/.test(text) && !/<(?:!doctype\s+)?html\b/i.test(text));
}
