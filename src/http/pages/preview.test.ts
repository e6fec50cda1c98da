import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../../test/support/property.ts';
import { previewOf } from './preview.ts';

const MAIL = [
  'From: a@b.example',
  'Subject: x',
  'MIME-Version: 1.0',
  'Content-Type: multipart/related; boundary=x',
  '',
  '--x',
  'Content-Type: text/html; charset=utf-8',
  '',
  '<p onclick="x">Grüße <img src="cid:logo@b"><script>x</script></p>',
  '--x',
  'Content-Type: image/png; name=logo.png',
  'Content-ID: <logo@b>',
  'Content-Transfer-Encoding: base64',
  '',
  'iVBORw0KGgo=',
  '--x--',
  '',
].join('\r\n');

test('A preview shows harmless html with its own pictures, and names the attachments', async () => {
  const preview = await previewOf(Buffer.from(MAIL));
  assert.match(preview.html ?? '', /^<p>Grüße <img src="data:image\/png;base64,iVBORw0KGgo="><\/p>\s*$/);
  assert.deepEqual(preview.attachments, [{ filename: 'logo.png', content_type: 'image/png', size: 8 }]);
});

test('Mail whose parts are nested without end has no preview, and that is no fault of ours', async () => {
  const nested = Array.from({ length: 300 }, (_, n) => `--a${n}\r\nContent-Type: multipart/mixed; boundary=a${n + 1}\r\n\r\n`).join('');
  const deep = `From: a@b.example\r\nContent-Type: multipart/mixed; boundary=a0\r\n\r\n${nested}x\r\n`;
  await assert.rejects(previewOf(Buffer.from(deep)), { code: 'MAIL_MALFORMED' });
});

test('Odd mail has an odd preview, never an error', async () => {
  const odd = fc.oneof(
    fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes)),
    fc.string().map((text) => Buffer.from(MAIL.slice(0, 60) + text)),
  );
  await fc.assert(
    fc.asyncProperty(odd, async (source) => {
      await previewOf(source);
    }),
    { numRuns: 200 },
  );
});
