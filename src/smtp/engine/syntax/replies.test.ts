import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fc } from '../../../../test/support/property.ts';
import { AppError } from '../../../errors.ts';
import { silentLog } from '../../../log.ts';
import { renderReply, replyOfError } from './replies.ts';

describe('a reply', () => {
  it('is one line with code and enhanced code', () => {
    assert.equal(renderReply({ code: 250, enhanced: '2.1.0', text: 'Ok' }), '250 2.1.0 Ok\r\n');
    assert.equal(renderReply({ code: 334, text: '' }), '334 \r\n');
  });

  it('stays ASCII, with typography spelt out', () => {
    assert.equal(renderReply({ code: 535, enhanced: '5.7.8', text: 'Use “Bearer …” für jörg' }), '535 5.7.8 Use "Bearer ..." f?r j?rg\r\n');
  });

  it('cannot be broken into two by its text', () => {
    assert.equal(renderReply({ code: 550, enhanced: '5.7.1', text: 'no\r\n250 yes\0' }), '550 5.7.1 no  250 yes \r\n');
  });

  it('goes over several lines of at most 512 bytes, each with both codes', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 3_000, unit: 'grapheme' }), (text) => {
        const lines = renderReply({ code: 550, enhanced: '5.7.1', text }).split('\r\n');
        assert.equal(lines.pop(), '');
        for (const [index, line] of lines.entries()) {
          assert.ok(line.length <= 510);
          assert.match(line, index === lines.length - 1 ? /^550 5\.7\.1 [ -~]*$/ : /^550-5\.7\.1 [ -~]*$/);
        }
      }),
    );
  });

  it('tells an AppError in its SMTP form and hides everything else', () => {
    const known = replyOfError(new AppError('RATE_LIMITED', 'Too fast.'), silentLog, {});
    assert.deepEqual([known.code, known.enhanced], [451, '4.7.1']);
    const unknown = replyOfError(new Error('password is hunter2'), silentLog, {});
    assert.deepEqual([unknown.code, unknown.enhanced], [451, '4.3.0']);
    assert.doesNotMatch(unknown.text, /hunter2/);
  });
});
