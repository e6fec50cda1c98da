import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../test/support/property.ts';
import { readCursor, writeCursor } from './cursor.ts';

test('A cursor gives back what went in, and only to its own list', () => {
  const part = fc.stringMatching(/^[0-9a-f-]{1,40}$/);
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 3 }), (parts) => {
      const cursor = writeCursor('events', ...parts);
      assert.match(cursor, /^[A-Za-z0-9_-]+$/);
      assert.deepEqual(readCursor('events', cursor), parts);
      assert.throws(() => readCursor('list', cursor), { code: 'CURSOR_INVALID' });
    }),
  );
});

test('A cursor that was cut, bent or invented is refused', () => {
  const cursor = writeCursor('list', '01a1ff5a-dd89-7061-a177-ab85092038c3');
  for (let at = 0; at < cursor.length; at += 1) {
    assert.throws(() => readCursor('list', cursor.slice(0, at)), { code: 'CURSOR_INVALID', field: 'after' });
  }
  fc.assert(fc.property(fc.string(), (text) => assert.throws(() => readCursor('list', text), { code: 'CURSOR_INVALID' })));
});
