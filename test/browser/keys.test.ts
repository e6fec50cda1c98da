// This file uses the console without a mouse, in both languages, and along its odd paths: palette, keys of a table, a desk that does not answer,
// a search that finds nothing, a role that may only look.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import {
  becomesTrue,
  ensureBuilt,
  type Look,
  logLine,
  openBrowser,
  openContext,
  reasonToSkip,
  type Served,
  says,
  settled,
  startMock,
  visit,
} from './harness.ts';

describe('the console by keyboard and on odd paths', { skip: reasonToSkip() }, () => {
  let browser: Browser;
  let mock: Served;
  before(async () => {
    ensureBuilt();
    [browser, mock] = await Promise.all([openBrowser(), startMock()]);
  });
  after(async () => {
    await browser?.close();
    await mock?.close();
  });

  async function using(look: Look, work: (page: Page) => Promise<void>): Promise<void> {
    const { context, page, faults } = await openContext(browser, mock.url, look);
    try {
      await work(page);
      assert.deepEqual(faults, []);
    } finally {
      await context.close();
    }
  }

  it('shows the platform’s own rewriting domain on a desk without organisations', () =>
    using({}, async (page) => {
      await page.route('**/v1/tenants?limit=200', (route) => route.fulfill({ json: { data: [], next: null } }));
      await visit(page, `${mock.url}/senders`);
      await page.locator('#platform-domain').getByRole('row').nth(1).waitFor();
    }));

  it('walks a table with J and K, opens with Enter, filters with F, goes back with Esc', () =>
    using({}, async (page) => {
      await visit(page, `${mock.url}/messages`);
      await page.keyboard.press('j');
      await page.keyboard.press('j');
      await page.keyboard.press('k');
      await becomesTrue(page, "document.activeElement?.closest('tr.at')?.rowIndex === 1", 'the first row to have the focus');
      await page.keyboard.press('f');
      await page.waitForURL(/address=/);
      await page.locator('.chip.on').waitFor();
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      await page.waitForURL(`${mock.url}/messages`);
      await settled(page);
      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/messages\/[0-9a-f-]{36}$/);
      await logLine(page);
      await becomesTrue(page, "document.activeElement?.matches('h1.log')", 'the heading to have the focus');
    }));

  it('finds anything with Ctrl K and gives the focus back', () =>
    using({}, async (page) => {
      await visit(page, `${mock.url}/`);
      await page.getByRole('link', { name: 'Tenants' }).focus();
      await page.keyboard.press('Control+k');
      const box = page.getByRole('combobox');
      await box.waitFor();
      await box.fill('chess');
      await page.getByRole('option', { name: /Chess League/ }).waitFor();
      await page.keyboard.press('Escape');
      await becomesTrue(page, "document.activeElement?.textContent?.startsWith('Tenants')", 'Tenants to have the focus');
      await page.keyboard.press('Control+k');
      await box.fill('chess');
      await page.getByRole('option', { name: /Chess League/ }).waitFor();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/tenants\/[0-9a-f-]{36}$/);
    }));

  it('shows its keys with ?, and goes to the search box with /', () =>
    using({}, async (page) => {
      await visit(page, `${mock.url}/messages`);
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keys' }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.keyboard.press('/');
      await becomesTrue(page, "document.activeElement?.type === 'search'", 'the search box to have the focus');
    }));

  it('says what came back when the desk does not answer, and asks again', () =>
    using({}, async (page) => {
      await page.goto(`${mock.url}/messages?address=fail%40mailbox.test`);
      await page.getByRole('heading', { name: 'The desk did not give an answer.' }).waitFor();
      await page.getByText('503 STORE_UNAVAILABLE').waitFor();
      await page.getByText('req-mock-1').waitFor();
      await page.getByRole('button', { name: 'Ask again' }).click();
    }));

  it('says what it asks while it waits', () =>
    using({}, async (page) => {
      const seen = Promise.withResolvers<void>();
      await page.route('**/v1/messages?*slow*', async (route) => {
        await seen.promise;
        await route.continue();
      });
      await page.goto(`${mock.url}/messages?address=slow%40mailbox.test`);
      await page.getByRole('heading', { name: 'Looking through the messages …' }).waitFor();
      seen.resolve();
      await says(page, /No message is found with slow@mailbox\.test\./);
    }));

  it('puts a refusal beside the field it is about, and keeps what was typed', () =>
    using({}, async (page) => {
      await visit(page, `${mock.url}/tenants/new`);
      await page.getByLabel('Name of the organisation').fill('taken');
      await page.getByRole('button', { name: 'Add it' }).click();
      const field = page.getByLabel('Name of the organisation');
      await page.getByText('An organisation of this name exists already.').waitFor();
      assert.equal(await field.getAttribute('aria-invalid'), 'true');
      assert.equal(await field.inputValue(), 'taken');
    }));

  it('remembers language, theme and density', () =>
    using({}, async (page) => {
      await visit(page, `${mock.url}/`);
      await page.locator('.whoami').click();
      await page.getByRole('button', { name: 'Deutsch' }).click();
      await page.getByRole('button', { name: 'dunkel' }).click();
      await page.getByRole('button', { name: 'dicht' }).click();
      await page.reload();
      await says(page, /Die Post läuft/);
      const root = await page.evaluate(
        '[document.documentElement.lang, document.documentElement.dataset.theme, document.documentElement.dataset.density]',
      );
      assert.deepEqual(root, ['de', 'dark', 'compact']);
    }));

  it('leaves out what a role may never do, and says why a state forbids something', () =>
    using({ login: 'viewer' }, async (page) => {
      await visit(page, `${mock.url}/tenants`);
      assert.equal(await page.getByRole('link', { name: 'Add a tenant' }).count(), 0);
      await visit(page, `${mock.url}/accounts/0198c003-0000-7000-8000-000000000001`);
      assert.equal(await page.getByRole('button', { name: 'Pause' }).count(), 0);
    }));

  it('says why an active account cannot be removed', () =>
    using({}, async (page) => {
      await visit(page, `${mock.url}/accounts/0198c003-0000-7000-8000-000000000001`);
      const remove = page.getByRole('button', { name: 'Remove' });
      assert.equal(await remove.getAttribute('aria-disabled'), 'true');
      assert.match((await remove.getAttribute('title')) ?? '', /Pause it first/);
    }));

  it('shows people of a tenant their own rooms and nothing of the platform', () =>
    using({ login: 'club' }, async (page) => {
      await visit(page, `${mock.url}/`);
      const words = await page.getByRole('navigation', { name: 'Rooms', exact: true }).innerText();
      assert.deepEqual(words.split(/\s*\n\s*/), ['Overview', 'Find a person', 'People to fix', 'Our domain', 'For developers']);
      await visit(page, `${mock.url}/messages/0198c004-0000-7000-8000-000000000001`);
      await page.getByRole('heading', { name: 'Three passages' }).waitFor();
      const text = await page.locator('main').innerText();
      assert.doesNotMatch(text, /SparkPost|Elastic Email|Why this way/);
    }));

  it('says that mail goes to the simulator, and what to do', () =>
    using({ cookies: { simulator: '1' } }, async (page) => {
      await visit(page, `${mock.url}/`);
      await page.getByRole('complementary', { name: 'Where mail goes' }).getByRole('link').click();
      await page.waitForURL(`${mock.url}/accounts/new`);
    }));

  it('says the same in German without a word left in English', () =>
    using({ lang: 'de' }, async (page) => {
      await visit(page, `${mock.url}/`);
      const text = await page.locator('body').innerText();
      for (const english of ['Messages', 'Tenants', 'Ledger', 'Taken in', 'Last 24 hours', 'Needs a person', 'Find anything']) {
        assert.ok(!text.includes(english), `"${english}" stands on the German page`);
      }
    }));
});
