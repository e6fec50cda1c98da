import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fc } from '../../../../test/support/property.ts';
import { DataReader } from './data-reader.ts';
import type { DataProblem, HeldBytes } from './kept-message.ts';

interface Read {
  readonly outcome: string;
  /** Bytes after the end of the message; null when the end never came. */
  readonly left: string | null;
}

/** Feeds `stream` in pieces cut at `cuts`, as a connection would. */
function read(stream: string, cuts: readonly number[] = [], limits: { size?: number; held?: number } = {}): Read {
  const account: HeldBytes = { held: 0, max: limits.held ?? 1_000_000 };
  const reader = new DataReader(limits.size ?? 1_000_000, account);
  const edges = [...new Set(cuts.map((cut) => cut % (stream.length + 1)))].sort((a, b) => a - b);
  let from = 0;
  for (const edge of [...edges, stream.length]) {
    const end = reader.push(Buffer.from(stream.slice(from, edge), 'latin1'), 0);
    if (end >= 0) {
      const outcome = reader.take();
      const told = outcome.ok ? outcome.data.toString('latin1') : `refused: ${outcome.problem}`;
      reader.release();
      assert.equal(account.held, 0);
      return { outcome: told, left: stream.slice(from + end) };
    }
    from = edge;
  }
  return { outcome: 'unfinished', left: null };
}

/** The slow and plain way: the first CR LF . CR LF ends it (a CR LF stands before the first byte), then the text is judged and unstuffed. */
function oracle(stream: string, size = 1_000_000): Read {
  const whole = `\r\n${stream}`;
  const end = whole.indexOf('\r\n.\r\n');
  if (end < 0) return { outcome: 'unfinished', left: null };
  const lines = whole
    .slice(0, end + 2)
    .split('\r\n')
    .slice(1, -1);
  const content = lines.map((line) => `${line.replace(/^\./, '')}\r\n`).join('');
  const left = whole.slice(end + 5);
  let problem: DataProblem | null = null;
  if (content.length > size) problem = 'too-large';
  if (stream.slice(0, end + 1).includes('\0')) problem = 'nul';
  if (/\r(?!\n)|(?<!\r)\n/.test(whole.slice(0, end + 2))) problem = 'line-ending';
  return { outcome: problem === null ? content : `refused: ${problem}`, left };
}

const TABLE: readonly [stream: string, outcome: string, left: string | null, because: string][] = [
  ['hello\r\n.\r\n', 'hello\r\n', '', 'a message of one line'],
  ['.\r\n', '', '', 'an empty message'],
  ['\r\n.\r\n', '\r\n', '', 'an empty line'],
  ['a\r\n.\r\nMAIL', 'a\r\n', 'MAIL', 'what follows is left alone'],
  ['a\r\n.\r\nb\r\n.\r\n', 'a\r\n', 'b\r\n.\r\n', 'the first end counts'],
  ['..\r\n.\r\n', '.\r\n', '', 'a stuffed dot alone'],
  ['...\r\n.\r\n', '..\r\n', '', 'two dots, one stuffed'],
  ['.a\r\n..b\r\n.\r\n', 'a\r\n.b\r\n', '', 'any dot at the start of a line goes'],
  ['a.\r\n.\r\n', 'a.\r\n', '', 'a dot at the end of a line stays'],
  ['a\r\n.', 'unfinished', null, 'a dot without its line end'],
  ['a\r\n.\r', 'unfinished', null, 'an end without its last byte'],
  ['a\n.\nb\r\n.\r\n', 'refused: line-ending', '', 'LF . LF ends nothing'],
  ['a\n.\r\nb\r\n.\r\n', 'refused: line-ending', '', 'LF . CR LF ends nothing'],
  ['a\r\n.\nb\r\n.\r\n', 'refused: line-ending', '', 'CR LF . LF ends nothing'],
  ['a\r.\r\nb\r\n.\r\n', 'refused: line-ending', '', 'CR . CR LF ends nothing'],
  ['a\r.\rb\r\n.\r\n', 'refused: line-ending', '', 'CR . CR ends nothing'],
  ['a\r\n.\rb\r\n.\r\n', 'refused: line-ending', '', 'CR LF . CR ends nothing'],
  ['a\r\n\0.\r\nb\r\n.\r\n', 'refused: nul', '', 'a NUL in front of the dot'],
  ['a\r\n.\0\r\nb\r\n.\r\n', 'refused: nul', '', 'a NUL behind the dot'],
  ['a\r\r\n.\r\n', 'refused: line-ending', '', 'CR CR LF . CR LF ends it, and spoils it'],
  ['a\r\n.\r\r\n.\r\n', 'refused: line-ending', '', 'CR LF . CR CR LF does not end it'],
  ['\n.\r\n.\r\n', 'refused: line-ending', '', 'LF . CR LF at the very start ends nothing'],
  ['a\nb\r\n.\r\n', 'refused: line-ending', '', 'an LF alone'],
  ['a\rb\r\n.\r\n', 'refused: line-ending', '', 'a CR alone'],
  ['a\0b\r\n.\r\n', 'refused: nul', '', 'a NUL'],
  ['\xff\xfe\r\n.\r\n', '\xff\xfe\r\n', '', 'bytes above 127 pass'],
];

const nasty = fc
  .array(fc.constantFrom('\r\n', '\r', '\n', '.', 'a', '\r\n.', '\r\n.\r\n', '\0', 'word'), { maxLength: 30 })
  .map((parts) => parts.join(''));
const cuts = fc.array(fc.nat(200), { maxLength: 12 });

describe('a message after DATA', () => {
  for (const [stream, outcome, left, because] of TABLE) {
    it(because, () => {
      assert.deepEqual(read(stream), { outcome, left });
      assert.deepEqual(oracle(stream), { outcome, left });
      const everywhere = Array.from({ length: stream.length }, (_, index) => index);
      assert.deepEqual(read(stream, everywhere), { outcome, left }, 'byte by byte');
      for (const cut of everywhere) assert.deepEqual(read(stream, [cut]), { outcome, left }, `cut at ${cut}`);
    });
  }

  it('is read the same however the stream is cut, and as the plain reading has it', () => {
    fc.assert(
      fc.property(nasty, cuts, (stream, where) => {
        const finished = `${stream}\r\n.\r\nQUIT\r\n`;
        assert.deepEqual(read(finished, where), oracle(finished));
        assert.deepEqual(read(finished), oracle(finished));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is refused for its size the same however the stream is cut', () => {
    fc.assert(
      fc.property(nasty, cuts, fc.nat(40), (stream, where, size) => {
        const finished = `${stream}\r\n.\r\n`;
        assert.deepEqual(read(finished, where, { size }), oracle(finished, size));
      }),
      { numRuns: 500 },
    );
  });

  it('survives stuffing and unstuffing', () => {
    const line = fc.string({ maxLength: 20, unit: fc.constantFrom('.', 'a', ' ', '\xe9') });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), cuts, (lines, where) => {
        const stuffed = lines.map((text) => `${text.startsWith('.') ? '.' : ''}${text}\r\n`).join('');
        assert.equal(read(`${stuffed}.\r\n`, where).outcome, lines.map((text) => `${text}\r\n`).join(''));
      }),
    );
  });

  it('keeps a drip of bytes in few pieces and gives it out whole', () => {
    const account: HeldBytes = { held: 0, max: 1_000_000 };
    const reader = new DataReader(1_000_000, account);
    const content = `${'0123456789'.repeat(20_000)}\r\n`;
    const stream = Buffer.from(`${content}.\r\n`);
    let end = -1;
    for (let at = 0; at < stream.length; at += 7) end = reader.push(Buffer.from(stream.subarray(at, at + 7)), 0);
    assert.ok(end > 0);
    assert.equal(account.held, content.length);
    const outcome = reader.take();
    assert.ok(outcome.ok && outcome.data.equals(Buffer.from(content)));
  });

  it('is refused when all messages together need too much memory, and gives its share back', () => {
    assert.deepEqual(read('a'.repeat(100), [10, 20]), { outcome: 'unfinished', left: null });
    assert.deepEqual(read(`${'a'.repeat(100)}\r\n.\r\n`, [10, 20], { held: 50 }), { outcome: 'refused: no-room', left: '' });
  });

  it('costs little when every line starts with a dot', () => {
    const reader = new DataReader(10_000_000, { held: 0, max: 100_000_000 });
    const stream = Buffer.from(`${'..\r\n'.repeat(500_000)}.\r\n`);
    assert.equal(reader.push(stream, 0), stream.length);
    const outcome = reader.take();
    assert.ok(outcome.ok && outcome.data.length === 1_500_000);
  });
});
