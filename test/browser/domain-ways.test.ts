// This file looks at the ways of a domain in the console on the mock API: the better way with its records, what is folded away, none, a failure.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import {
  copiedStays,
  ensureBuilt,
  keepsItsPromises,
  openBrowser,
  openContext,
  reasonToSkip,
  type Served,
  settled,
  shoot,
  startMock,
  visit,
} from './harness.ts';

const DOMAIN = '/domains/0198c005-0000-7000-8000-00000000000';
const ALIGNMENT = '**/v1/domains/*/alignment*';

describe('the ways of a domain', { skip: reasonToSkip() }, () => {
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

  async function looking(look: Parameters<typeof openContext>[2], run: (page: Page) => Promise<void>): Promise<void> {
    const { context, page, faults } = await openContext(browser, mock.url, look);
    try {
      await run(page);
      assert.deepEqual(faults, []);
    } finally {
      await context.close();
    }
  }

  for (const theme of ['light', 'dark'] as const) {
    for (const width of [1280, 390]) {
      it(`opens records and reasons in ${theme} at ${width} px`, () =>
        looking({ theme, width, lang: width === 390 ? 'de' : 'en' }, async (page) => {
          await visit(page, `${mock.url}${DOMAIN}3`);
          const ways = page.locator('#ways');
          await ways.locator('.ways summary').first().waitFor();
          for (const summary of await ways.locator('summary').all()) await summary.click();
          await settled(page);
          await shoot(page, `domain-ways-open-${theme}-${width}`);
          await keepsItsPromises(page, 'the ways of a domain, all open');
        }));
    }
  }

  it('says which records open the better way, each to copy, and what mail each way takes', () =>
    looking({}, async (page) => {
      await visit(page, `${mock.url}${DOMAIN}3`);
      const ways = page.locator('#ways');
      await ways.getByText('your mail takes the better way. The better way is SparkPost EU.').waitFor();
      await ways.locator('summary', { hasText: 'The three records' }).click();
      await copiedStays(page);
      await page.evaluate('navigator.clipboard.writeText = async (text) => { document.title = text; }');
      await ways.getByRole('button', { name: 'Copy Should say' }).first().click();
      await ways.getByText('copied', { exact: true }).waitFor();
      assert.equal(await page.title(), 'pb1.7.dkim.harbour.example');
      const row = ways.getByRole('row').filter({ has: page.getByRole('link', { name: 'Own smarthost' }) });
      await row.getByText('all its mail').waitFor();
      await row.getByText('130 of 412 proven').waitFor();
      await row.getByText('receivers find something else').waitFor();
      assert.equal(await row.getByText('The return path is at').isVisible(), false);
      await row.getByText('DKIM, SPF and rules for bulk mail').click();
      await row.getByText('The return path is at').waitFor();
    }));

  it('names no account to an organisation, but the kind of provider', () =>
    looking({ login: 'club' }, async (page) => {
      await visit(page, `${mock.url}${DOMAIN}2`);
      const ways = page.locator('#ways');
      await ways.getByText('Mail server (SMTP)').waitFor();
      const said = await ways.innerText();
      assert.match(said, /SparkPost/);
      assert.doesNotMatch(said, /SparkPost EU|Own smarthost|The better way is/);
    }));

  it('says what opens a first way where there is none', () =>
    looking({}, async (page) => {
      await visit(page, `${mock.url}${DOMAIN}5`);
      const ways = page.locator('#ways');
      await ways.getByText('No way is open to its mail yet.').waitFor();
      await ways.getByRole('link', { name: 'Add an account' }).waitFor();
    }));

  it('says that it could not ask, leaves the rest of the page, and asks again', () =>
    looking({}, async (page) => {
      const body = JSON.stringify({ status: 503, code: 'DATABASE_UNAVAILABLE', detail: 'The database does not answer.' });
      await page.route(ALIGNMENT, (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body }));
      await visit(page, `${mock.url}${DOMAIN}1`);
      const ways = page.locator('#ways');
      await ways.getByText('We could not ask for the ways of this domain.').waitFor();
      await page.locator('#records').getByText('DKIM, needed').first().waitFor();
      await page.unroute(ALIGNMENT);
      await ways.getByRole('button', { name: 'Ask again' }).click();
      await ways.getByText('12,222 of 12,222 proven').waitFor();
    }));
});
