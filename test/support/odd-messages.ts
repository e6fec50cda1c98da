// This file generates messages with everything that breaks DKIM canonicalisation: odd folding, blanks at ends, 8-bit text and addresses, long lines, no
// final line break, empty bodies, headers many times over.
import { fc } from './property.ts';

const blank = fc.constantFrom(' ', '  ', '\t', ' \t ');
const word = fc.oneof(
  fc.stringMatching(/^[!-9;-~]{1,12}$/),
  fc.constantFrom(
    'Grüße',
    'Müßiggang',
    '日本語',
    'Ünïcode',
    'naïve\u00a0x',
    '🐈',
    '<schatzmeisterin@förderverein.example>',
    '=?utf-8?q?a_b?=',
  ),
);
const fold = fc.constantFrom('\r\n ', '\r\n\t', ' \r\n  ', '\r\n \t ');
const value = fc
  .array(fc.tuple(word, fc.oneof({ weight: 3, arbitrary: blank }, { weight: 1, arbitrary: fold })), { minLength: 1, maxLength: 12 })
  .map((pieces) => pieces.map(([text, gap], index) => (index === pieces.length - 1 ? text : text + gap)).join(''));
const name = fc.constantFrom(
  'Subject',
  'SUBJECT',
  'to',
  'Cc',
  'Reply-To',
  'Message-ID',
  'X-Other',
  'List-Unsubscribe',
  'Feedback-ID',
  'Content-Type',
  'Received',
);
const separator = fc.constantFrom(': ', ':', ':   ', ':\t', ':\r\n ');
const trailing = fc.constantFrom('', '', ' ', ' \t');
const header = fc.tuple(name, separator, value, trailing).map((parts) => `${parts.join('')}\r\n`);
/** One field many times, each time with another value. */
const repeated = fc
  .tuple(name, fc.array(value, { minLength: 10, maxLength: 40 }))
  .map(([field, values]) => values.map((each) => `${field}: ${each}\r\n`));
const headers = (maxLength: number) =>
  fc.oneof({ weight: 9, arbitrary: fc.array(header, { maxLength }) }, { weight: 1, arbitrary: repeated });
const line = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        trailing,
        value.map((text) => text.replace(/\r\n/g, '')),
        trailing,
      )
      .map((parts) => parts.join('')),
  },
  { weight: 2, arbitrary: fc.constantFrom('', ' ', '\t', '.', '..', ' .') },
  { weight: 1, arbitrary: fc.integer({ min: 60, max: 998 }).map((length) => 'x'.repeat(length)) },
);
const body = fc
  .tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom('', '\r\n', '\r\n\r\n\r\n'))
  .map(([lines, end]) => lines.join('\r\n') + end);
const author = fc.constantFrom('"Verein" <info@', 'info@', 'Vorstand\r\n <büro@', '"a b" (c) <');

/** Messages whose From is of `domain`. */
export function oddMessages(domain: string): fc.Arbitrary<Buffer> {
  return fc.tuple(headers(10), author, headers(6), body).map(([before, from, behind, text]) => {
    const address = from.endsWith('<') ? `${from}x@${domain}>` : from.includes('<') ? `${from}${domain}>` : `${from}${domain}`;
    return Buffer.from(`${before.join('')}From: ${address}\r\n${behind.join('')}\r\n${text}`);
  });
}
