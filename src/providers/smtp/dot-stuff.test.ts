import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fc } from '../../../test/support/property.ts';
import { dotStuff, ending } from './dot-stuff.ts';

/** What a server does (RFC 5321 §4.5.2): ends at the first lone dot, takes one dot off every line that begins with one. */
function receive(wire: Buffer): { mime: string; rest: string } {
  const text = `\r\n${wire.toString('latin1')}`;
  const end = text.indexOf('\r\n.\r\n');
  const mime = text.slice(0, end + 2).replaceAll('\r\n.', '\r\n');
  return { mime: mime.slice(2), rest: text.slice(end + 5) };
}

describe('dot stuffing', () => {
  it('leaves a message without leading dots as it is, the same bytes', () => {
    const mime = Buffer.from('Subject: a.b\r\n\r\nHello. World.\r\n');
    assert.equal(dotStuff(mime), mime);
  });

  it('comes back whole from the other side, and nothing is left over', () => {
    const piece = fc.constantFrom('.', '..', '\r\n', '\r\n.', '\r\n.\r\n', 'a', '.a', ' ', 'é');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const mime = Buffer.from(pieces.join(''), 'latin1');
        const stuffed = dotStuff(mime);
        assert.ok(stuffed);
        const { mime: back, rest } = receive(Buffer.concat([stuffed, Buffer.from(ending(mime))]));
        const whole = mime.toString('latin1');
        assert.equal(back, whole === '' || whole.endsWith('\r\n') ? whole : `${whole}\r\n`);
        assert.equal(rest, '', 'the final dot is the last thing');
      }),
    );
  });

  for (const smuggled of ['\n.\r\n', '\n.\n', '\r.\r', '\r.\r\n', 'a\n.\r\nMAIL FROM:<evil@club.example>\r\n']) {
    it(`refuses ${JSON.stringify(smuggled)}, which some servers take for the end`, () => {
      assert.equal(dotStuff(Buffer.from(`Subject: a\r\n\r\nx${smuggled}`)), null);
    });
  }

  it('doubles the dot of a line that ends in a bare LF, so that it ends nothing', () => {
    assert.equal(dotStuff(Buffer.from('a\r\n.\nb\r\n'))?.toString(), 'a\r\n..\nb\r\n');
  });
});
