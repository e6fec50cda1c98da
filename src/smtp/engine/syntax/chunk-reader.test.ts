import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../../../test/support/property.ts';
import { ChunkReader } from './chunk-reader.ts';
import type { HeldBytes } from './kept-message.ts';

/** The slow and plain way. */
function oracle(text: string): string {
  if (/\r(?!\n)|(?<!\r)\n/.test(text)) return 'line-ending';
  if (text.includes('\0')) return 'nul';
  return text === '' || text.endsWith('\r\n') ? text : `${text}\r\n`;
}

test('a message is the same, however it is cut into chunks and pieces', () => {
  const text = fc
    .array(fc.constantFrom('a', 'text', '\r\n', '\r', '\n', '.', '\0', '\r\n.\r\n', '\xff'), { maxLength: 12 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, fc.array(fc.nat(40), { maxLength: 6 }), (whole, where) => {
      const account: HeldBytes = { held: 0, max: 1_000 };
      const reader = new ChunkReader(1_000, account);
      const cuts = [...new Set(where.map((cut) => cut % (whole.length + 1)))].sort((a, b) => a - b);
      let from = 0;
      for (const to of [...cuts, whole.length]) {
        reader.push(Buffer.from(`[${whole.slice(from, to)}]`, 'latin1'), 1, 1 + to - from);
        from = to;
      }
      const outcome = reader.finish();
      assert.equal(outcome.ok ? outcome.data.toString('latin1') : outcome.problem, oracle(whole));
      reader.release();
      assert.equal(account.held, 0);
    }),
    { numRuns: 1_000 },
  );
});
