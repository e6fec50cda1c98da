// This file holds the bytes of composed messages against the composer's own way of writing them, and quoted-printable against its rules.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import MailComposer from 'nodemailer/lib/mail-composer';
import { fc } from '../../test/support/property.ts';
import { type MimePart, readMime } from './mime-tree.ts';
import { decodeBytes } from './transfer-encoding.ts';
import { type MimeTree, quotedPrintable, writeMime } from './write-mime.ts';

const letters = fc.constantFrom(
  'a',
  'b',
  ' ',
  '\t',
  '=',
  '.',
  '\r\n',
  '\n',
  '\r',
  'ü',
  '日',
  '🐈',
  '\u0000',
  '\u007f',
  'word',
  'x'.repeat(80),
  ' '.repeat(30),
);
const text = fc.array(letters, { maxLength: 120 }).map((parts) => parts.join(''));

const decoded = (written: string) => decodeBytes({ body: Buffer.from(written), encoding: 'quoted-printable' }).toString();
/** What a text is on the wire: every line ends with CRLF. */
const onTheWire = (given: string) => given.replace(/\r?\n/g, '\r\n');

test('quoted-printable gives the text back, in lines of 76 characters, none of which ends with a blank', () => {
  fc.assert(
    fc.property(text, (given) => {
      const written = quotedPrintable(Buffer.from(given)).toString('latin1');
      assert.match(written, /^[\x20-\x7e\t\r\n]*$/);
      for (const line of written.split('\r\n')) {
        assert.ok(line.length <= 76, `${line.length} characters`);
        assert.doesNotMatch(line, /[\r\n]|[ \t]$|=[0-9A-F]?[^0-9A-F]/);
        assert.match(line.replace(/=$/, ''), /^(?:[^=]|=[0-9A-F]{2})*$/);
      }
      assert.equal(decoded(written), onTheWire(given));
    }),
    { numRuns: 500 },
  );
});

test('a soft line break stands behind a word where one is near, and never inside a character', () => {
  const words = quotedPrintable(Buffer.from('The fees of this year have been paid, says the treasurer. '.repeat(3))).toString();
  assert.deepEqual(
    words
      .split('=\r\n')
      .slice(0, -1)
      .map((line) => line.at(-1)),
    [' ', ' '],
  );
  for (const line of quotedPrintable(Buffer.from('日'.repeat(100)))
    .toString()
    .split('=\r\n')) {
    assert.equal(decoded(line).replaceAll('日', ''), '');
  }
});

const attachment = fc.record(
  {
    filename: fc.constantFrom('a.pdf', 'Übersicht.csv', 'letter.eml'),
    contentType: fc.constantFrom('application/pdf', 'text/csv', 'message/rfc822'),
    content: fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      fc.constant(Buffer.from('Subject: x\n\nhello\n')),
    ),
    cid: fc.constantFrom(undefined, 'logo@x.example'),
  },
  { noNullPrototype: true },
);

test("the same headers, parts and contents come out as by the composer's own streams", async () => {
  await fc.assert(
    fc.asyncProperty(text, fc.option(text), fc.array(attachment, { maxLength: 3 }), async (plain, html, attachments) => {
      const compiled = () =>
        new MailComposer({
          newline: 'win',
          baseBoundary: 'base',
          boundaryPrefix: 'pb',
          from: 'a@x.example',
          to: 'b@x.example',
          subject: 'Grüße '.repeat(20),
          messageId: '<1@x.example>',
          date: 'Tue, 05 May 2026 08:00:00 +0000',
          text: Buffer.from(`${plain}.`),
          ...(html === null ? {} : { html: Buffer.from(`${html}.`) }),
          attachments,
        }).compile();
      const theirs = await compiled().build();
      // The library declares its tree less closely than it is.
      const ours = writeMime(compiled() as unknown as MimeTree);
      assert.doesNotMatch(ours.toString('latin1'), /(?<!\r)\n/);
      assert.deepEqual(flat(readMime(ours)), flat(readMime(theirs)));
    }),
    { numRuns: 200 },
  );
});

/** Every part with its headers and its decoded content, line ends aside where it is a text. */
function flat(part: MimePart): unknown {
  const content = part.children.length > 0 ? '' : decodeBytes(part).toString('latin1');
  return {
    headers: part.raw.toString('latin1', 0, part.raw.length - part.body.length),
    content: /^text|^message/.test(part.type) ? content.replace(/\r?\n/g, '\n') : content,
    children: part.children.map(flat),
  };
}
