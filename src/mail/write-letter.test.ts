// This file holds letters against the composer's bytes: whatever is in one, nobody can tell which of the two wrote it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import MailComposer from 'nodemailer/lib/mail-composer';
import { fc } from '../../test/support/property.ts';
import { type Letter, writeLetter } from './write-letter.ts';
import { type MimeTree, writeMime } from './write-mime.ts';

function byComposer({ custom, text, html, boundary, ...headers }: Letter): Buffer {
  const composer = new MailComposer({
    newline: 'win',
    baseBoundary: boundary.replace(/^pb-|-Part_1$/g, ''),
    boundaryPrefix: 'pb',
    ...headers,
    from: { ...headers.from },
    to: headers.to.map((box) => ({ ...box })),
    cc: headers.cc.map((box) => ({ ...box })),
    replyTo: headers.replyTo.map((box) => ({ ...box })),
    headers: [...custom],
    ...(text ? { text: Buffer.from(text) } : {}),
    ...(html ? { html: Buffer.from(html) } : {}),
  });
  // The library declares its tree less closely than it is.
  return writeMime(composer.compile() as unknown as MimeTree);
}

const word = fc.constantFrom(
  'fees',
  'Grüße',
  '日本語',
  'a,b',
  '"x"',
  '=?utf-8?q?a?=',
  '=?',
  'long'.repeat(20),
  '🐈',
  '<b>',
  'x@y',
  ' ',
  '\t',
  '12',
  '\\',
  "O'Neill",
  'a_b',
);
const words = fc.array(word, { maxLength: 14 }).map((list) => list.join(' '));
const line = fc.oneof(words, fc.constantFrom('', '.', 'From here', ' indented', 'x'.repeat(1200), '=', '\u0000', '\ud800', '0123 4567'));
const content = fc.array(line, { minLength: 1, maxLength: 12 }).map((list) => list.join('\r\n'));
const address = fc.constantFrom(
  'a@x.example',
  "o'neill+tag@sub.x-y.example",
  'ü@x.example',
  '"two words"@x.example',
  'a@xn--jgeva-dua.example',
  'a@x_y.example',
  `${'long'.repeat(12)}@x.example`,
);
const box = fc.record({ name: fc.oneof(fc.constant(''), words), address }, { noNullPrototype: true });
const boxes = fc.array(box, { maxLength: 5 });
const name = fc.constantFrom(
  'X-Campaign',
  'X-A',
  'X-Crm2-Of',
  'X-Mime',
  'X-CRM',
  'x-a',
  'X-Entity-Id',
  'X-Smtpapi',
  'References',
  'List-Id',
);
const letter: fc.Arbitrary<Letter> = fc.record(
  {
    custom: fc.array(fc.record({ key: name, value: words }, { noNullPrototype: true }), { maxLength: 3 }),
    from: box,
    to: boxes,
    cc: boxes,
    replyTo: boxes,
    subject: words,
    messageId: fc.constantFrom('<0190a5f2@desk.example>', `<${'0'.repeat(90)}@desk.example>`),
    date: fc.constant('Tue, 05 May 2026 08:00:00 +0000'),
    text: fc.option(content),
    html: fc.option(content),
    boundary: fc.constant('pb-0190a5f27c1e7abc-Part_1'),
  },
  { noNullPrototype: true },
);

test("a letter has the composer's bytes, or is left to the composer", () => {
  let ours = 0;
  fc.assert(
    fc.property(letter, (given) => {
      const mine = writeLetter(given);
      if (mine === null) return;
      ours += 1;
      assert.equal(mine.toString('latin1'), byComposer(given).toString('latin1'));
    }),
    { numRuns: 1_000 },
  );
  assert.ok(ours > 100, `${ours} letters`);
});

const PLAIN: Letter = {
  custom: [],
  from: { name: 'Rowing Club', address: 'office@club.example' },
  to: [{ name: '', address: 'a@x.example' }],
  cc: [],
  replyTo: [],
  subject: 'Fees',
  messageId: '<0190a5f2@desk.example>',
  date: 'Tue, 05 May 2026 08:00:00 +0000',
  text: 'Hello',
  html: null,
  boundary: 'pb-0190a5f27c1e7abc-Part_1',
};

test('a name of which the composer would change the spelling is left to it, and so is a letter without words', () => {
  for (const key of ['X-CRM', 'x-campaign', 'X-Entity-Id', 'X-Smtpapi', 'List-Unsubscribe', 'References', 'In-Reply-To'])
    assert.equal(writeLetter({ ...PLAIN, custom: [{ key, value: 'x' }] }), null, key);
  assert.equal(writeLetter({ ...PLAIN, text: '', html: null }), null);
  assert.notEqual(writeLetter({ ...PLAIN, custom: [{ key: 'X-Campaign', value: 'spring' }] }), null);
});

test('a letter keeps its bytes while others are written, and one too long for the common room is whole, too', () => {
  const first = writeLetter(PLAIN);
  const before = first?.toString('latin1');
  for (const text of ['Gr\u00fc\u00dfe, '.repeat(100_000), '\u65e5'.repeat(200_000), 'x'.repeat(130_000)]) {
    const given = { ...PLAIN, text, html: `<p>${text}</p>` };
    assert.ok(writeLetter(given)?.equals(byComposer(given)));
  }
  assert.equal(first?.toString('latin1'), before);
});
