// This file checks composing, taking apart and the MIME reading below them; postal-mime is the second opinion.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import PostalMime from 'postal-mime';
import { fc } from '../../test/support/property.ts';
import { AppError } from '../errors.ts';
import { type Mailbox, parseMailbox } from './address-list.ts';
import { type Attachment, parseAttachment } from './attachment.ts';
import { type Composition, composeMessage } from './compose.ts';
import { readParameterised } from './content-type.ts';
import { inspectMessage } from './inspect.ts';
import { readMime } from './mime-tree.ts';
import { takeApart } from './structure.ts';
import { decodeBytes, decodeText } from './transfer-encoding.ts';

function mailbox(text: string): Mailbox {
  const parsed = parseMailbox(text);
  assert.ok(parsed.ok, text);
  return parsed.value;
}

const OPTIONS = { messageId: '<0190a5f2@desk.example>', dateMs: Date.UTC(2026, 4, 5, 8), boundary: '0190a5f27c1e7abc' };
const PLAIN: Composition = {
  from: mailbox('Verein <info@verein.example>'),
  to: [mailbox('a@x.example')],
  cc: [],
  replyTo: [],
  subject: 'Fees',
  text: 'Hello\n',
  html: null,
  headers: {},
  attachments: [],
};

async function codeOf(composition: Partial<Composition>): Promise<string> {
  try {
    await composeMessage({ ...PLAIN, ...composition }, OPTIONS);
  } catch (error) {
    return error instanceof AppError ? error.code : 'other';
  }
  return 'none';
}

test('the same submission gives the same bytes, and they pass the inspection of the doors', async () => {
  const first = await composeMessage(PLAIN, OPTIONS);
  assert.deepEqual(await composeMessage(PLAIN, OPTIONS), first);
  assert.ok(inspectMessage(first).ok);
  assert.match(first.toString(), /^Message-ID: <0190a5f2@desk\.example>\r$/m);
  assert.match(first.toString(), /^Date: Tue, 05 May 2026 08:00:00 \+0000\r$/m);
  assert.doesNotMatch(first.toString(), /bcc/i);
});

test('a line break or control character in any header value is an error', async () => {
  const evil = 'x\r\nBcc: victim@x.example';
  assert.equal(await codeOf({ subject: evil }), 'MAIL_HEADER_LINE_BREAK');
  assert.equal(await codeOf({ subject: 'x\ny' }), 'MAIL_HEADER_LINE_BREAK');
  assert.equal(await codeOf({ from: { ...PLAIN.from, name: evil } }), 'MAIL_HEADER_LINE_BREAK');
  assert.equal(await codeOf({ to: [{ ...PLAIN.from, name: evil }] }), 'MAIL_HEADER_LINE_BREAK');
  assert.equal(await codeOf({ cc: [{ ...PLAIN.from, name: evil }] }), 'MAIL_HEADER_LINE_BREAK');
  assert.equal(await codeOf({ replyTo: [{ ...PLAIN.from, name: evil }] }), 'MAIL_HEADER_LINE_BREAK');
  assert.equal(await codeOf({ headers: { 'X-A': evil } }), 'MAIL_HEADER_LINE_BREAK');
  assert.equal(await codeOf({ headers: { 'X-A: y\r\nBcc': 'z' } }), 'MAIL_HEADER_LINE_BREAK');
  assert.equal(await codeOf({ headers: { 'X A': 'y' } }), 'MAIL_HEADER_INVALID');
  assert.equal(await codeOf({ subject: 'x\0y' }), 'MAIL_HEADER_INVALID');
  for (const name of ['Bcc', 'FROM', 'Content-Type', 'DKIM-Signature', 'X-Packetboat-Tags'])
    assert.equal(await codeOf({ headers: { [name]: 'x' } }), 'MAIL_HEADER_INVALID', name);
  assert.equal(await codeOf({ text: null }), 'MAIL_EMPTY');
  assert.equal(await codeOf({ text: '', html: '' }), 'MAIL_EMPTY');
});

test('whatever text a submission holds, its headers stay its own', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary' }),
      async (subject, name, text) => {
        try {
          const mime = await composeMessage(
            { ...PLAIN, subject, to: [{ ...PLAIN.from, name }], text: `${text}x`, headers: { 'X-A': subject } },
            OPTIONS,
          );
          const names = readMime(mime).headers.fields.map((field) => field.name);
          assert.deepEqual(
            [...names].sort(),
            ['content-transfer-encoding', 'content-type', 'date', 'from', 'message-id', 'mime-version', 'subject', 'to', 'x-a'].filter(
              (known) => names.includes(known),
            ),
          );
        } catch (error) {
          assert.ok(error instanceof AppError, String(error));
        }
      },
    ),
    { numRuns: 300 },
  );
});

// ── there and back ───────────────────────────────────────────────────────────────────────────────────────────────────────────
const words = fc
  .array(fc.constantFrom('Grüße', 'fees', '日本語', 'a,b', '"x"', '=?utf-8?q?', 'long'.repeat(20), '🐈', '<b>', 'x@y'), {
    minLength: 1,
    maxLength: 8,
  })
  .map((list) => list.join(' '));
const lines = fc
  .array(fc.oneof(words, fc.constantFrom('', '.', 'From here', ' indented', 'x'.repeat(1200))), { minLength: 1, maxLength: 6 })
  .map((list) => `${list.join('\r\n')}\r\n`);
const attachment: fc.Arbitrary<Attachment> = fc.record(
  {
    filename: fc.constantFrom('a.pdf', 'Übersicht.csv', 'two words.txt', "quote's.bin"),
    contentType: fc.constantFrom('application/pdf', 'text/csv; charset=utf-8', 'application/octet-stream', 'image/png'),
    content: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    contentId: fc.constant(null),
  },
  { noNullPrototype: true },
);
const inline: fc.Arbitrary<Attachment> = fc.record(
  {
    filename: fc.constant('logo.png'),
    contentType: fc.constant('image/png'),
    content: fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
    contentId: fc.constantFrom('logo', 'logo@verein.example'),
  },
  { noNullPrototype: true },
);
const composition: fc.Arbitrary<Composition> = fc.record(
  {
    from: fc.constantFrom(mailbox('Jörg <info@verein.example>'), mailbox('info@verein.example'), mailbox('"Berg, Bo" <bo@verein.example>')),
    to: fc.constantFrom([mailbox('a@x.example')], [mailbox('Ä <a@x.example>'), mailbox('b@x.example')]),
    cc: fc.constantFrom([], [mailbox('c@x.example')]),
    replyTo: fc.constantFrom([], [mailbox('Kasse <kasse@verein.example>')]),
    subject: words,
    text: fc.option(lines),
    html: lines,
    headers: fc.constantFrom({}, { 'X-Campaign': 'Frühling', 'In-Reply-To': '<1@x.example>' }),
    attachments: fc
      .tuple(fc.array(inline, { maxLength: 1 }), fc.array(attachment, { maxLength: 3 }))
      .map(([first, rest]) => [...first, ...rest]),
  },
  { noNullPrototype: true },
);

test('a composed message taken apart gives what it was made of, and put together again the same message', async () => {
  await fc.assert(
    fc.asyncProperty(composition, async (made) => {
      const mime = await composeMessage(made, OPTIONS);
      const taken = takeApart(mime);
      assert.ok(taken.ok, taken.ok ? '' : taken.reason);
      const { parts } = taken;
      assert.deepEqual([parts.from, parts.to, parts.cc, parts.replyTo], [made.from, made.to, made.cc, made.replyTo]);
      assert.equal(parts.subject, made.subject);
      assert.equal(parts.text, made.text);
      assert.equal(parts.html, made.html);
      assert.deepEqual(parts.attachments, made.attachments);
      assert.deepEqual(
        new Map(parts.headers),
        new Map([...Object.entries(made.headers), ['Message-ID', OPTIONS.messageId], ['Date', 'Tue, 05 May 2026 08:00:00 +0000']]),
      );
      assert.deepEqual(await composeMessage({ ...made, ...parts, headers: made.headers }, OPTIONS), mime);
    }),
    { numRuns: 200 },
  );
});

test('postal-mime reads the same text, html, subject and attachments', async () => {
  await fc.assert(
    fc.asyncProperty(composition, async (made) => {
      const email = await PostalMime.parse(await composeMessage(made, OPTIONS));
      assert.equal(email.subject, made.subject);
      assert.equal(email.text?.replace(/\r?\n/g, '\r\n').trim() ?? null, made.text?.trim() ?? null);
      assert.equal(email.html?.replace(/\r?\n/g, '\r\n').trim(), made.html?.trim());
      const content = email.attachments.map((file) =>
        Buffer.from(typeof file.content === 'string' ? Buffer.from(file.content) : new Uint8Array(file.content)),
      );
      assert.deepEqual(
        content,
        made.attachments.map((file) => file.content),
      );
    }),
    { numRuns: 100 },
  );
});

const HEAD = 'From: info@verein.example\r\nTo: a@x.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n';
const multipart = (type: string, ...parts: string[]) =>
  `${HEAD}Content-Type: ${type}; boundary=b\r\n\r\n${parts.map((part) => `--b\r\n${part}\r\n`).join('')}--b--\r\n`;
const TEXT = 'Content-Type: text/plain\r\n\r\ntext';
const HTML = 'Content-Type: text/html\r\n\r\n<p>html</p>';

const LOSSY: readonly (readonly [mime: string, reason: RegExp])[] = [
  [
    multipart('multipart/signed; protocol="application/pgp-signature"', TEXT, 'Content-Type: application/pgp-signature\r\n\r\nx'),
    /signed or encrypted/,
  ],
  [`${HEAD}Content-Type: application/pkcs7-mime; smime-type=signed-data\r\n\r\nx`, /signed or encrypted/],
  [multipart('multipart/alternative', TEXT, 'Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR'), /calendar/],
  [multipart('multipart/alternative', TEXT, 'Content-Type: text/x-amp-html\r\n\r\nx', HTML), /text\/x-amp-html/],
  [multipart('multipart/alternative', HTML, TEXT), /behind the html/],
  [multipart('multipart/mixed', TEXT, HTML), /without being its alternative/],
  [multipart('multipart/mixed', TEXT, TEXT), /more than one plain text/],
  [multipart('multipart/mixed', TEXT, 'Content-Type: message/rfc822\r\n\r\nSubject: y\r\n\r\ny'), /message\/rfc822/],
  [multipart('multipart/report; report-type=delivery-status', TEXT), /multipart\/report/],
  [multipart('multipart/digest', TEXT), /multipart\/digest/],
  [`${HEAD}Content-Type: multipart/mixed\r\n\r\nx`, /no readable parts/],
  [`${HEAD}Content-Type: text/plain; format=flowed\r\n\r\nx`, /flowed/],
  [`${HEAD}Content-Type: text/plain; charset=x-martian\r\n\r\nx`, /x-martian/],
  [`${HEAD}Content-Transfer-Encoding: x-uuencode\r\n\r\nx`, /x-uuencode/],
  [`${HEAD}X-A: 1\r\nX-A: 2\r\n\r\nx`, /X-A stands there more than once/],
  [`From: a@x.example, b@x.example\r\n\r\nx`, /exactly one address/],
  ['Subject: x\r\n\r\nx', /exactly one address/],
  [`${HEAD}Cc: nonsense\r\n\r\nx`, /Cc cannot be read/],
];

test('what would lose something is refused with the reason', () => {
  for (const [mime, reason] of LOSSY) {
    const taken = takeApart(Buffer.from(mime));
    assert.ok(!taken.ok, mime);
    assert.match(taken.reason, reason);
  }
});

test('a plain message without MIME headers, an html alone and related images are fine', () => {
  const plain = takeApart(Buffer.from('From: a@x.example\r\nReceived: x\r\nReceived: y\r\n\r\nHello\nthere'));
  assert.ok(plain.ok);
  assert.equal(plain.parts.text, 'Hello\r\nthere');
  const html = takeApart(
    Buffer.from(
      `${HEAD}Content-Type: text/html; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>Gr=FC=DFe</p>`,
    ),
  );
  assert.ok(html.ok);
  assert.equal(html.parts.html, '<p>Grüße</p>');
  const related = takeApart(
    Buffer.from(
      multipart(
        'multipart/related',
        HTML,
        'Content-Type: image/png\r\nContent-ID: <logo>\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA',
      ),
    ),
  );
  assert.ok(related.ok);
  assert.equal(related.parts.attachments[0]?.contentId, 'logo');
});

test('nothing makes the readers throw, and hostile nesting stays quick', () => {
  const piece = fc.constantFrom(
    '--b',
    '--b--',
    '\r\n',
    '\n',
    'Content-Type: multipart/mixed; boundary=b',
    'Content-Type: text/plain',
    'x',
    ' ',
    '=',
    '=3D',
    ';',
    '"',
    '(',
    '--',
    'b',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const raw = Buffer.from(pieces.join(''));
      takeApart(raw);
      const root = readMime(raw);
      decodeText(root);
    }),
    { numRuns: 1000 },
  );
  fc.assert(fc.property(fc.uint8Array(), (bytes) => void takeApart(Buffer.from(bytes))));
  const nested = `${'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n'.repeat(2000)}x`;
  takeApart(Buffer.from(nested));
  takeApart(Buffer.from(`${HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(20_000)}`));
  readParameterised(`a/b${';a*0=x'.repeat(20_000)}`);
  readParameterised(`a/b;${'('.repeat(100_000)}`);
});

test('parameters of RFC 2231, quoted and encoded ones decode', () => {
  const cases: readonly (readonly [text: string, name: string, value: string])[] = [
    ['attachment; filename="a b.txt"', 'filename', 'a b.txt'],
    ["attachment; filename*=utf-8''%C3%9Cber.txt", 'filename', 'Über.txt'],
    ["attachment; filename*0*=utf-8''%C3%9C; filename*1=b%20.txt", 'filename', 'Üb%20.txt'],
    ['attachment; filename*0="a"; filename*1="b"', 'filename', 'ab'],
    ['attachment; filename="=?utf-8?q?=C3=9Cber?="', 'filename', 'Über'],
    ['text/plain; charset=utf-8 (comment; x=y)', 'charset', 'utf-8'],
    ['Multipart/Mixed; boundary="a;b"', 'boundary', 'a;b'],
    ['text/plain; charset', 'charset', 'undefined'],
  ];
  for (const [text, name, value] of cases) assert.equal(String(readParameterised(text).params[name]), value, text);
  assert.equal(readParameterised(' Text/Plain ; x=y').value, 'text/plain');
});

test('base64 and quoted-printable decode as they are met, soft breaks and trailing blanks included', () => {
  const part = (encoding: string, body: string) => decodeBytes({ encoding, body: Buffer.from(body, 'latin1') }).toString('latin1');
  assert.equal(part('quoted-printable', 'a=3Db=\r\nc=\nd  \r\ne=E4 = f=zz'), 'a=bcd\r\ne\xe4 = f=zz');
  assert.equal(part('base64', 'SGFs\r\nbG8='), 'Hallo');
  assert.equal(part('7bit', 'a=3D'), 'a=3D');
});

test('attachments are read strictly', () => {
  const good = { filename: 'a.pdf', content_type: 'application/pdf', content: 'YWJj' };
  const parsed = parseAttachment({ ...good, content_id: '<logo>' }, 'attachments[0]');
  assert.ok(parsed.ok);
  assert.deepEqual(parsed.value, { filename: 'a.pdf', contentType: 'application/pdf', content: Buffer.from('abc'), contentId: 'logo' });
  assert.ok(parseAttachment({ ...good, content: 'YW\r\nJj' }, 'a').ok);
  assert.ok(parseAttachment({ ...good, content: '' }, 'a').ok);
  for (const change of [
    { content: 'YWJ' },
    { content: 'YW!j' },
    { content: 'Y=Jj' },
    { filename: '../x' },
    { filename: '' },
    { filename: 'a\r\nb' },
    { content_type: 'pdf' },
    { content_type: 'a/b\r\nX: y' },
    { content_type: 'multipart/mixed' },
    { content_id: 'a b' },
    { content_id: 'a\r\nb' },
  ]) {
    const refused = parseAttachment({ ...good, ...change }, 'attachments[0]');
    assert.ok(!refused.ok, JSON.stringify(change));
    assert.equal(refused.error.code, 'MAIL_ATTACHMENT_INVALID');
    assert.equal(refused.error.field, 'attachments[0]');
  }
});
