// This file takes one command line off the wire (RFC 5321 §2.3.8, §4.1.1; UTF-8 by RFC 6531 §3.3): only CR LF ends it, nothing odd stands in it.
import { isUtf8 } from 'node:buffer';
import { errorReply, renderReply } from './replies.ts';

/** A line that is no command. */
export interface Garbage {
  readonly reply: string;
  /** What follows cannot be trusted either: client and server may disagree on where lines end. */
  readonly hangUp: boolean;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the bytes no plain command holds
const ODD = /[\x00-\x1f\x7f-\xff]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the bytes no command holds
const CONTROL = /[\x00-\x1f\x7f]/;
const CR = 0x0d;

const LINE_ENDING: Garbage = {
  reply: renderReply({
    ...errorReply('MAIL_LINE_ENDING_INVALID', 'This command line does not end with CR LF.'),
    code: 500,
    enhanced: '5.5.2',
  }),
  hangUp: true,
};
const CONTROL_BYTES: Garbage = { reply: '500 5.5.2 Commands hold no control characters\r\n', hangUp: false };
const NOT_UTF8: Garbage = { reply: '500 5.5.2 This line is neither ASCII nor UTF-8\r\n', hangUp: false };
export const LINE_TOO_LONG: Garbage = { reply: '500 5.5.2 This line is too long for a command; goodbye\r\n', hangUp: true };

/** The text of the line from `start` to the LF at `end`, without its CR LF. */
export function readCommandLine(input: Buffer, start: number, end: number): string | Garbage {
  if (end === start || input[end - 1] !== CR) return LINE_ENDING;
  const text = input.toString('latin1', start, end - 1);
  if (!ODD.test(text)) return text;
  if (text.includes('\r')) return LINE_ENDING;
  if (CONTROL.test(text)) return CONTROL_BYTES;
  const bytes = input.subarray(start, end - 1);
  return isUtf8(bytes) ? bytes.toString('utf8') : NOT_UTF8;
}
