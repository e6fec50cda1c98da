// This file presses the button of a confirmation page in a real browser: it works without scripts and in an origin of its own, where no cookie of the console can be read.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { httpDesk } from '../support/http-desk.ts';
import { CHROMIUM, openBrowser, PATIENCE_MS } from './harness.ts';

test('The button confirms; the page shares nothing with the console', {
  skip: existsSync(CHROMIUM) ? false : `${CHROMIUM} is not installed`,
}, async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Rowing Club');
  const { body: sender } = await desk.ask('POST', `/v1/tenants/${club.id}/senders`, {
    key: club.key,
    body: { address: 'treasurer@gmail.com' },
  });
  const token = randomBytes(32).toString('base64url');
  await desk.pool.query('update sender_confirmations set token_hash = $2 where sender_id = $1', [sender.id, desk.deps.keys.hash(token)]);
  const url = await desk.app.listen({ host: '127.0.0.1', port: 0 });
  const browser = await openBrowser();
  t.after(() => browser.close());
  const context = await browser.newContext();
  context.setDefaultTimeout(PATIENCE_MS);
  await context.addCookies([{ name: 'session', value: 'of-the-console', url }]);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  await page.goto(`${url}/confirm/${token}`);
  assert.equal(await page.evaluate('self.origin'), 'null', 'an origin of its own');
  await assert.rejects(page.evaluate('document.cookie'), /sandboxed/, 'no cookie can be read there');
  await page.getByRole('button', { name: 'Yes, treasurer@gmail.com may be used' }).click();
  await page.getByRole('heading', { name: 'Thank you, the address is confirmed' }).waitFor();
  assert.deepEqual(faults, []);
  const { body } = await desk.ask('GET', `/v1/tenants/${club.id}/senders`, { key: club.key });
  assert.equal(body.data[0].verified_by, 'mail');
});
