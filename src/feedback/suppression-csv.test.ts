import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../test/support/property.ts';
import { csvRow, makeCsvReader } from './csv.ts';
import { holdingClasses } from './hold-policy.ts';
import { csvFile } from './suppression-csv.ts';

const read = (text: string, piece = text.length) => {
  const reader = csvFile.reader();
  const entries = [];
  for (let at = 0; at < text.length; at += piece) entries.push(...reader.push(text.slice(at, at + piece)));
  return [...entries, ...reader.end()];
};

const REASONS = ['manual', ...holdingClasses()].join(', ');

test('a quotation mark that is never closed is named, with its line, instead of swallowing the rest without a word', () => {
  assert.deepEqual(read('address\na@club.test\n"b@club.test,x\nc@club.test\n').slice(1), [
    {
      line: 3,
      address: 'b@club.test,x',
      message: 'A quotation mark that begins here is never closed, so that the rest of the file was not read.',
    },
  ]);
});

test('a list with a header, in any order of columns, with the lines of what cannot be taken', () => {
  const text =
    '\ufeffreason;Email;expires_at\r\ninvalid-recipient;a@club.test;\r\nip-reputation;b@club.test;\r\n;c@club.test;2027-01-01T00:00:00Z\r\n;;\r\nmanual;"d@club.test";soon';
  const expected = [
    { line: 2, hold: { address: 'a@club.test', stream: null, reason: 'invalid-recipient', evidence: null, expiresAtMs: null } },
    {
      line: 3,
      address: 'b@club.test',
      message: `"ip-reputation" is no reason to hold an address; leave it empty, or write one of: ${REASONS}.`,
    },
    { line: 4, hold: { address: 'c@club.test', stream: null, reason: 'manual', evidence: null, expiresAtMs: Date.parse('2027-01-01') } },
    { line: 6, address: 'd@club.test', message: 'expires_at is a time such as 2026-03-01T09:00:00Z.' },
  ];
  for (const piece of [text.length, 1, 7]) assert.deepEqual(read(text, piece), expected);
});

test('a bare list needs no header; a file of something else is refused', () => {
  assert.deepEqual(
    read('a@club.test\nb@club.test\n').map((entry) => ('hold' in entry ? entry.hold.address : entry)),
    ['a@club.test', 'b@club.test'],
  );
  assert.throws(() => read('{"suppressions": []}'), { code: 'REQUEST_INVALID' });
});

test('a file without a header is a bare list or has the columns of an export; what could be something else is refused, with what it would be', () => {
  const rows: readonly (readonly [text: string, expected: string[] | RegExp, because: string])[] = [
    [
      'a@club.test,bulk,mailbox-full,452 full,2027-01-01T00:00:00Z,host,2026-01-01T00:00:00Z\n',
      ['bulk mailbox-full 1798761600000'],
      'an export',
    ],
    ['a@club.test,,manual\nb@club.test,bulk,complaint\n', ['all manual null', 'bulk complaint null'], 'the first columns of one'],
    ['a@club.test;;\nb@club.test;;\n', ['all manual null', 'all manual null'], 'a bare list from a spreadsheet'],
    ['a@club.test\nb@club.test,bulk\n', ['all manual null', 'line 2: More than an address'], 'a bare list in which more stands'],
    ['a@club.test,Anna\n', /column 2 would be "stream", and there stands "Anna"/, 'names'],
    ['a@club.test,,soft\n', /column 3 would be "reason", and there stands "soft"/, 'words of another program'],
    ['a@club.test,,,,,,,x\n', /it has 8 columns, an export 7/, 'a longer table'],
  ];
  const said = (text: string) =>
    read(text).map((entry) =>
      'hold' in entry
        ? `${entry.hold.stream ?? 'all'} ${entry.hold.reason} ${entry.hold.expiresAtMs}`
        : `line ${entry.line}: ${entry.message.slice(0, 20)}`,
    );
  for (const [text, expected, because] of rows) {
    if (expected instanceof RegExp) assert.throws(() => read(text), { code: 'REQUEST_INVALID', message: expected }, because);
    else assert.deepEqual(said(text), expected, because);
  }
});

test('the reader says what it took the columns for', () => {
  const of = (text: string) => {
    const reader = csvFile.reader();
    reader.push(text);
    reader.end();
    return reader.columns?.();
  };
  assert.deepEqual(of('Email,Status,reason\na@club.test,gone,\n'), { named: true, read: ['address', 'reason'], not_read: ['Status'] });
  assert.deepEqual(of('a@club.test\n'), { named: false, read: ['address'], not_read: [] });
  assert.deepEqual(of('a@club.test,bulk\n')?.read.slice(0, 2), ['address', 'stream']);
  assert.equal(of(''), null);
});

test('an export is read back as it was', () => {
  const hold = {
    address: 'a@club.test',
    stream: 'bulk',
    reason: 'mailbox-full',
    evidence: '452 "4.2.2", full',
    expiresAtMs: Date.parse('2027-01-01'),
  } as const;
  const text = `${csvFile.head}${csvFile.render({ ...hold, source: 'host', createdAtMs: 0 })}${csvFile.foot}`;
  assert.deepEqual(read(text), [{ line: 2, hold }]);
});

test('rows come back as they were written, in any pieces', () => {
  const cell = fc
    .string({ maxLength: 12 })
    .map((text) => text.trim())
    .filter((text) => !/^[=+\-@\t\r']/.test(text) && !text.startsWith('\ufeff'));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constant('x'), cell, cell), { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 1, max: 9 }),
      (rows, piece) => {
        const text = rows.map((cells) => csvRow(cells)).join('');
        const reader = makeCsvReader();
        const found = [];
        for (let at = 0; at < text.length; at += piece) found.push(...reader.push(text.slice(at, at + piece)));
        found.push(...reader.end());
        assert.deepEqual(
          found.map((row) => row.cells),
          rows,
        );
      },
    ),
  );
});

test('a row without an end, or with a million cells, is cut and refused', () => {
  for (const long of [`"${'x'.repeat(100_000)}`, ','.repeat(100_000)]) {
    const entries = read(`address\n${long}\n`);
    assert.equal(entries.length, 1);
    const [entry] = entries;
    assert.ok(entry && 'message' in entry && /too long|never closed/.test(entry.message));
  }
});

test('no cell is a formula, not even one that is an address', () => {
  const formulas = [
    "=cmd|'/Ccalc'!A0@club.test",
    '=1+1@club.test',
    '"=1+1"@club.test',
    '@sum@club.test',
    "+cmd|'/Ccalc'!A0@club.test",
    '-2+3+cmd',
    '=1+1',
  ];
  for (const cell of formulas) assert.match(csvRow([cell]), /^"?['"]/, cell);
  for (const address of ['+49123@club.test', '-news@club.test', 'müller+forum@club.test'])
    assert.equal(csvRow([address]), `${address}\r\n`);
});
