import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fc } from '../../../test/support/property.ts';
import { FAULT, MORE, REPLY_LINE_MAX_BYTES, REPLY_MAX_BYTES, ReplyReader } from './reply.ts';

/** Feeds the chunks through one reused buffer, as the wire does, and returns what came out. */
function readAll(chunks: readonly Buffer[]): [code: number, text: string][] {
  const reader = new ReplyReader();
  const shared = Buffer.alloc(200_000);
  const out: [number, string][] = [];
  for (const chunk of chunks) {
    chunk.copy(shared);
    reader.feed(shared, chunk.length);
    for (let code = reader.next(); code !== MORE; code = reader.next()) {
      out.push([code, code === FAULT ? '' : reader.text()]);
      if (code === FAULT) return out;
    }
    shared.fill(0x78);
  }
  return out;
}

function split(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((from, index) => bytes.subarray(from, at[index] ?? bytes.length));
}

describe('reply reader', () => {
  const table: readonly (readonly [wire: string, expected: [number, string][], because: string])[] = [
    ['250 Ok\r\n', [[250, '250 Ok']], 'one line'],
    ['250\r\n', [[250, '250']], 'RFC 5321 §4.2 lets the text be absent'],
    ['250 Ok\n', [[250, '250 Ok']], 'a bare LF ends a line too'],
    ['250-a\r\n250-b\r\n250 c\r\n', [[250, '250-a\n250-b\n250 c']], 'several lines are one reply'],
    ['250-a\r\n250\r\n', [[250, '250-a\n250']], 'the last line may be bare'],
    [
      '250 A\r\n250 B\r\n354 C\r\n',
      [
        [250, '250 A'],
        [250, '250 B'],
        [354, '354 C'],
      ],
      'pipelined replies come apart',
    ],
    ['250-a\r\n550 b\r\n', [[FAULT, '']], 'codes of one reply must agree'],
    ['hello\r\n', [[FAULT, '']], 'no code'],
    ['25 x\r\n', [[FAULT, '']], 'two digits'],
    ['2500 x\r\n', [[FAULT, '']], 'four digits'],
    ['650 x\r\n', [[FAULT, '']], 'codes end at 5yz'],
    ['\r\n', [[FAULT, '']], 'an empty line'],
    ['HTTP/1.1 400 Bad Request\r\n', [[FAULT, '']], 'another protocol'],
    ['250 a\u0007b\u001b[31m\tc\r\n', [[250, '250 a b [31m c']], 'control characters are blanked'],
    ['550 Empfänger unbekannt\r\n', [[550, '550 Empfänger unbekannt']], 'UTF-8 stays'],
  ];
  for (const [wire, expected, because] of table) {
    it(`reads ${JSON.stringify(wire)}: ${because}`, () => {
      assert.deepEqual(readAll([Buffer.from(wire)]), expected);
      assert.deepEqual(readAll([...Buffer.from(wire)].map((byte) => Buffer.from([byte]))), expected, 'byte by byte');
    });
  }

  it('says the same however the bytes are cut', () => {
    const line = fc.stringMatching(/^[ -~]{0,60}$/);
    const reply = fc.tuple(fc.integer({ min: 200, max: 599 }), fc.array(line, { minLength: 1, maxLength: 5 }));
    fc.assert(
      fc.property(fc.array(reply, { maxLength: 6 }), fc.array(fc.nat(), { maxLength: 12 }), (replies, cuts) => {
        const rows = replies.map(([code, lines]) => lines.map((text, at) => `${code}${at === lines.length - 1 ? ' ' : '-'}${text}`));
        const wire = Buffer.from(rows.map((lines) => `${lines.join('\r\n')}\r\n`).join(''));
        const expected = rows.map((lines, at): [number, string] => [replies[at]?.[0] ?? 0, lines.join('\n')]);
        assert.deepEqual(readAll(split(wire, cuts)), expected);
      }),
    );
  });

  it('never throws and never loops on noise', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 8 }), (chunks) => {
        for (const [code] of readAll(chunks.map((chunk) => Buffer.from(chunk)))) assert.ok(code === FAULT || (code >= 200 && code < 600));
      }),
    );
  });

  it('gives up on a line without an end', () => {
    const reader = new ReplyReader();
    reader.feed(Buffer.from('250 '), 4);
    assert.equal(reader.next(), MORE);
    const more = Buffer.alloc(REPLY_LINE_MAX_BYTES, 0x61);
    reader.feed(more, more.length);
    assert.equal(reader.next(), FAULT);
    reader.feed(Buffer.from('\r\n250 Ok\r\n'), 10);
    assert.equal(reader.next(), FAULT, 'after a fault nothing is believed');
  });

  it('gives up on a reply that never ends', () => {
    const line = Buffer.from(`250-${'x'.repeat(100)}\r\n`);
    const reader = new ReplyReader();
    let fed = 0;
    let code: number = MORE;
    while (code === MORE && fed < REPLY_MAX_BYTES * 2) {
      reader.feed(line, line.length);
      fed += line.length;
      code = reader.next();
    }
    assert.equal(code, FAULT);
    assert.ok(fed <= REPLY_MAX_BYTES + line.length);
  });
});
