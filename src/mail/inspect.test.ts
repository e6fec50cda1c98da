// This file checks what the doors learn about a message, and what leaves the one header step (inspect, headers, control, settle, encoded words, dates).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../test/support/property.ts';
import { AppError } from '../errors.ts';
import { formatMailDate, parseMailDate } from './date.ts';
import { decodeWords } from './encoded-words.ts';
import { fieldsNamed, fieldText, fieldValue, firstField, headerText, readHeaders, rewriteHeaders } from './headers.ts';
import { inspectMessage, type MessageFacts } from './inspect.ts';
import { settleHeaders } from './settle.ts';

const FROM = 'From: "Verein" <info@verein.example>\r\n';

function inspected(text: string | Buffer): MessageFacts {
  const parsed = inspectMessage(Buffer.from(text));
  assert.ok(parsed.ok, parsed.ok ? '' : parsed.error.message);
  return parsed.value;
}

test('a plain message gives its facts', () => {
  const facts = inspected(
    `${FROM}To: a@x.example\r\nSubject: =?utf-8?q?J=C3=B6rg?=\r\n =?utf-8?q?_writes?=\r\nMessage-ID: <1@verein.example>\r\nDate: Tue, 05 May 2026 08:00:00 +0000\r\nBcc: b@x.example\r\n\r\nGrüße\r\n`,
  );
  assert.equal(facts.from[0].address, 'info@verein.example');
  assert.equal(facts.from[0].name, 'Verein');
  assert.equal(facts.subject, 'Jörg writes');
  assert.equal(facts.messageId, '<1@verein.example>');
  assert.deepEqual(
    [facts.hasDate, facts.hasBcc, facts.hasMimeVersion, facts.eightBit, facts.smtpUtf8, facts.autoSubmitted],
    [true, true, false, true, false, false],
  );
});

test('control headers say stream, tags, metadata, time and key', () => {
  const { control } = inspected(
    `${FROM}X-Packetboat-Stream: Bulk\r\nX-Packetboat-Tags: fees, 2026 ,fees\r\nX-Packetboat-Metadata: {"member":"17","n":5}\r\n` +
      'X-Packetboat-Send-At: 2026-05-05T10:00:00+02:00\r\nX-Packetboat-Idempotency-Key: abc-1\r\n\r\nx\r\n',
  );
  assert.deepEqual(control, {
    stream: 'bulk',
    tags: ['fees', '2026'],
    metadata: { member: '17', n: '5' },
    sendAtMs: Date.UTC(2026, 4, 5, 8),
    idempotencyKey: 'abc-1',
  });
});

const REFUSED: readonly (readonly [text: string | Buffer, code: string])[] = [
  ['', 'MAIL_EMPTY'],
  ['Subject: x\r\n\r\nx\r\n', 'MAIL_FROM_MISSING'],
  [`${FROM}From: other@verein.example\r\n\r\nx\r\n`, 'MAIL_FROM_MISSING'],
  ['From: \r\n\r\nx\r\n', 'MAIL_FROM_MISSING'],
  ['From: group:;\r\n\r\nx\r\n', 'MAIL_FROM_MISSING'],
  ['From: nobody\r\n\r\nx\r\n', 'MAIL_ADDRESS_INVALID'],
  [`${FROM}\r\nx\ny\r\n`, 'MAIL_LINE_ENDING_INVALID'],
  [`${FROM}\r\nx\n.\r\nMAIL FROM:<x@evil.example>\r\n`, 'MAIL_LINE_ENDING_INVALID'],
  [`${FROM}\r\nx\ry\r\n`, 'MAIL_LINE_ENDING_INVALID'],
  [`${FROM}\r\nx\r`, 'MAIL_LINE_ENDING_INVALID'],
  [`${FROM}\r\nx\0y\r\n`, 'MAIL_MALFORMED'],
  [`${FROM}\r\n${'x'.repeat(999)}\r\n`, 'MAIL_LINE_TOO_LONG'],
  [`${FROM}\r\n${'x'.repeat(999)}`, 'MAIL_LINE_TOO_LONG'],
  [`${FROM}no colon here\r\n\r\nx\r\n`, 'MAIL_HEADER_INVALID'],
  [`${FROM}Bad Name: x\r\n\r\nx\r\n`, 'MAIL_HEADER_INVALID'],
  [Buffer.from(`${FROM}Subject: Gr\xfc\xdfe\r\n\r\nx\r\n`, 'latin1'), 'MAIL_HEADER_INVALID'],
  [`${FROM}${'Received: from a by b\r\n'.repeat(51)}\r\nx\r\n`, 'MAIL_LOOP'],
  [`${FROM}${'X-A: b\r\n'.repeat(2001)}\r\nx\r\n`, 'MAIL_MALFORMED'],
  [`${FROM}X-Packetboat-Stream: letter\r\n\r\nx\r\n`, 'STREAM_INVALID'],
  [`${FROM}X-Packetboat-Tags: ${Array.from({ length: 11 }, (_, n) => `t${n}`).join(',')}\r\n\r\nx\r\n`, 'METADATA_INVALID'],
  [`${FROM}X-Packetboat-Metadata: {"a":{"b":1}}\r\n\r\nx\r\n`, 'METADATA_INVALID'],
  [`${FROM}X-Packetboat-Metadata: nonsense\r\n\r\nx\r\n`, 'METADATA_INVALID'],
  [`${FROM}X-Packetboat-Metadata: {"a":"\\ud83d"}\r\n\r\nx\r\n`, 'METADATA_INVALID'],
  [`${FROM}X-Packetboat-Send-At: tomorrow\r\n\r\nx\r\n`, 'SEND_AT_INVALID'],
  [`${FROM}X-Packetboat-Send-At: 2026-05-05T10:00:00\r\n\r\nx\r\n`, 'SEND_AT_INVALID'],
  [`${FROM}X-Packetboat-Idempotency-Key: two words\r\n\r\nx\r\n`, 'REQUEST_INVALID'],
  [`${FROM}X-Packetboat-Streem: bulk\r\n\r\nx\r\n`, 'MAIL_HEADER_INVALID'],
];

test('what may not travel is refused with the code of its fault', () => {
  for (const [text, code] of REFUSED) {
    const parsed = inspectMessage(Buffer.from(text));
    assert.ok(!parsed.ok, code);
    assert.equal(parsed.error.code, code, String(text).slice(0, 80));
  }
});

test('a line of 998 bytes, a message without body and 50 hops are fine', () => {
  inspected(`${FROM}\r\n${'x'.repeat(998)}\r\n`);
  inspected(FROM);
  inspected(`${FROM}\r\n`);
  inspected(`${FROM}${'Received: from a by b\r\n'.repeat(50)}\r\nx\r\n`);
});

test('UTF-8 in headers needs SMTPUTF8, in the body only 8-bit', () => {
  assert.equal(inspected(`${FROM}Subject: Grüße\r\n\r\nx\r\n`).smtpUtf8, true);
  assert.equal(inspected(`${FROM}Subject: Grüße\r\n\r\nx\r\n`).subject, 'Grüße');
  assert.equal(inspected(`${FROM}\r\nGrüße\r\n`).smtpUtf8, false);
});

test('no bytes make the inspection throw', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void inspectMessage(Buffer.from(bytes))));
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('From', ':', ' ', '\r\n', '\n', '\r', '<', '>', '@', 'a', 'X-Packetboat-Tags', '\t', 'ü') }),
      (text) => void inspectMessage(Buffer.from(text)),
    ),
  );
});

const ADDITIONS = { messageId: '<new@desk.example>', dateMs: Date.UTC(2026, 4, 5, 8) };

test('settling removes what must not travel and adds what is missing, and nothing else changes', () => {
  const kept = 'Received: from a\r\n\tby b\r\nX-Keep:  odd   spacing \r\n';
  const raw = Buffer.from(
    `${kept}Return-Path: <x@y.example>\r\n${FROM}BCC: a@x.example,\r\n b@x.example\r\nX-Packetboat-Tags: a\r\nX-MSYS-API: {"options":{}}\r\nX-MC-Tags: a\r\n` +
      'X-Mailgun-Tag: a\r\nX-PM-Tag: a\r\nX-SES-CONFIGURATION-SET: a\r\nX-Mailin-Tag: a\r\nX-ElasticEmail-Postback: a\r\nX-SMTPAPI: {}\r\nSubject: x\r\n\r\n body \r\n\r\n',
  );
  const settled = settleHeaders(raw, inspected(raw), ADDITIONS).toString();
  assert.equal(
    settled,
    `Message-ID: <new@desk.example>\r\nDate: Tue, 05 May 2026 08:00:00 +0000\r\nMIME-Version: 1.0\r\n${kept}${FROM}Subject: x\r\n\r\n body \r\n\r\n`,
  );
});

test('settling keeps a Message-ID, Date and MIME-Version that are there, and replaces Feedback-ID and List-Unsubscribe only when given', () => {
  const raw = Buffer.from(
    `${FROM}Message-ID: <old@x.example>\r\nDate: x\r\nMIME-Version: 1.0\r\nFeedback-ID: theirs\r\nList-Unsubscribe: <mailto:x@y.example>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\r\nx\r\n`,
  );
  assert.deepEqual(settleHeaders(raw, inspected(raw), ADDITIONS), raw);
  const settled = settleHeaders(raw, inspected(raw), {
    ...ADDITIONS,
    feedbackId: 'fees:42:bulk:packetboat',
    listUnsubscribe: ['https://desk.example/u/1', 'mailto:u@desk.example'],
    oneClick: true,
  });
  assert.equal(
    settled.toString(),
    'Feedback-ID: fees:42:bulk:packetboat\r\nList-Unsubscribe: <https://desk.example/u/1>,\r\n <mailto:u@desk.example>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n' +
      `${FROM}Message-ID: <old@x.example>\r\nDate: x\r\nMIME-Version: 1.0\r\n\r\nx\r\n`,
  );
});

test('a line break in any added value is an error', () => {
  const raw = Buffer.from(`${FROM}\r\nx\r\n`);
  const facts = inspected(raw);
  const code = (run: () => unknown) => {
    try {
      run();
    } catch (error) {
      return error instanceof AppError ? error.code : 'other';
    }
    return 'none';
  };
  assert.equal(
    code(() => settleHeaders(raw, facts, { ...ADDITIONS, messageId: '<a@b>\r\nX: y' })),
    'MAIL_HEADER_LINE_BREAK',
  );
  assert.equal(
    code(() => settleHeaders(raw, facts, { ...ADDITIONS, feedbackId: 'a\nb' })),
    'MAIL_HEADER_LINE_BREAK',
  );
  assert.equal(
    code(() => settleHeaders(raw, facts, { ...ADDITIONS, listUnsubscribe: ['https://x/\r\nX: y'] })),
    'MAIL_HEADER_LINE_BREAK',
  );
  assert.equal(
    code(() => settleHeaders(raw, facts, { ...ADDITIONS, feedbackId: 'ü' })),
    'MAIL_HEADER_INVALID',
  );
  assert.equal(
    code(() => settleHeaders(raw, facts, { ...ADDITIONS, listUnsubscribe: ['mailto:a@b.example'], oneClick: true })),
    'MAIL_HEADER_INVALID',
  );
});

test('rewriting with no change gives the same bytes, whatever they are', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('A', ':', ' ', '\r\n', '\n', '\t', 'ü', 'b') }), (text) => {
      const raw = Buffer.from(text);
      const block = readHeaders(raw);
      assert.deepEqual(rewriteHeaders(raw, block, { remove: () => false }), raw);
      let at = 0;
      for (const field of block.fields) {
        assert.equal(field.start, at);
        assert.ok(field.end > field.start);
        at = field.end;
      }
      assert.equal(at, block.headerEnd);
    }),
  );
});

test('fields are found by name, folded values unfolded, LF and CRLF alike', () => {
  for (const eol of ['\r\n', '\n']) {
    const raw = Buffer.from(['Subject : one', '\ttwo', 'X-A: 1', 'x-a: 2', 'To: =?utf-8?b?SsO2?=', '', 'Body: no header', ''].join(eol));
    const block = readHeaders(raw);
    const subject = firstField(block, 'subject');
    assert.ok(subject);
    assert.equal(fieldValue(block, subject), 'one\ttwo');
    assert.deepEqual(
      fieldsNamed(block, 'x-a').map((field) => fieldText(block, field)),
      ['1', '2'],
    );
    assert.equal(headerText(block, 'to'), 'Jö');
    assert.equal(headerText(block, 'body'), null);
    assert.ok(raw.subarray(block.bodyStart).toString().startsWith('Body:'));
  }
});

test('encoded words decode in both encodings, joined across cuts in a character, odd ones left alone', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['=?utf-8?q?J=C3=B6rg_x?=', 'Jörg x'],
    ['=?UTF-8?B?SsO2cmc=?=', 'Jörg'],
    ['=?iso-8859-1?q?J=F6rg?=', 'Jörg'],
    ['=?utf-8?q?J=C3?= =?utf-8?q?=B6rg?=', 'Jörg'],
    ['a =?utf-8?q?b?= c', 'a b c'],
    ['=?utf-8?q?a?= =?iso-8859-1?q?=F6?=', 'aö'],
    ['=?iso-2022-jp?b?GyRCRnxLXBsoQg==?=', '日本'],
    ['=?utf-8*de?q?x?=', 'x'],
    ['=?nonsense?q?=F6?=', 'ö'],
    ['=?utf-8?x?a?=', '=?utf-8?x?a?='],
    ['=?utf-8?q?open', '=?utf-8?q?open'],
    ['plain', 'plain'],
  ];
  for (const [value, text] of cases) assert.equal(decodeWords(value), text, value);
  fc.assert(fc.property(fc.string(), (text) => void decodeWords(text)));
  decodeWords('=?utf-8?q?a'.repeat(50_000));
});

test('dates are written as RFC 5322 wants them and read back', () => {
  assert.equal(formatMailDate(Date.UTC(2026, 4, 5, 8, 3, 9)), 'Tue, 05 May 2026 08:03:09 +0000');
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (seconds) => parseMailDate(formatMailDate(seconds * 1000)) === seconds * 1000),
  );
  assert.equal(parseMailDate('Tue, 5 May 2026 10:00:00 +0200 (CEST)'), Date.UTC(2026, 4, 5, 8));
  assert.equal(parseMailDate('nonsense'), null);
});
