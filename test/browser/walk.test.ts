// This file walks the console against a real desk with its simulator: sign in, Home, search, open a message, make a tenant, a credential, an
// account, look at everything in both themes, sign out.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type DeskProcess, startDesk } from '../support/desk.ts';
import { ensureBuilt, keepsItsPromises, logLine, openBrowser, openContext, reasonToSkip, says, shoot, visit } from './harness.ts';

describe('a walk through the console of a real desk', { skip: reasonToSkip() }, () => {
  let browser: Browser;
  let desk: DeskProcess;
  let context: BrowserContext;
  let page: Page;
  let faults: string[];
  let url: string;
  let messageId: string;
  const ends: (() => Promise<unknown> | unknown)[] = [];

  before(async () => {
    ensureBuilt();
    desk = await startDesk({ after: (end: () => Promise<unknown> | unknown) => void ends.push(end) });
    browser = await openBrowser();
    url = desk.bootstrap.http_url;
    ({ context, page, faults } = await openContext(browser, url, { login: '' }));
  });
  after(async () => {
    await browser?.close();
    for (const end of ends.reverse()) await end();
  });

  it('asks to sign in, says what is wrong, and brings one back to where one wanted to go', async () => {
    await page.goto(`${url}/tenants`);
    await page.waitForURL(/\/sign-in\?back=/);
    await says(page, /sign in/i);
    await page.getByLabel('Login').fill(desk.bootstrap.console_login);
    await page.getByLabel('Password').fill('not the password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Login or password are wrong.').waitFor();
    assert.equal(await page.getByLabel('Login').inputValue(), desk.bootstrap.console_login, 'what was typed stays');
    await page.getByLabel('Password').fill(desk.bootstrap.console_password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`${url}/tenants`);
    await says(page, /One organisation hands us mail\./);
  });

  it('says on Home that the simulator plays the world', async () => {
    await visit(page, `${url}/`);
    await page.getByText('Mail goes to the simulator on this machine, not to the world.').waitFor();
    await page.getByText('Ledger balanced').waitFor();
  });

  it('finds a message by its address and shows its whole passage', async () => {
    const { id } = await desk.hand({
      from: desk.bootstrap.demo_tenant.from,
      to: ['member@mailbox.test', 'bounce@mailbox.test'],
      subject: 'Regatta on Sunday',
      text: 'We start at nine.',
      html: '<p>We start at <b>nine</b>.</p>',
    });
    messageId = id;
    await desk.settled(id, ['delivered', 'bounced', 'failed']);
    await visit(page, `${url}/messages`);
    await page.getByRole('searchbox').fill('member@mailbox.test');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.waitForURL(/address=member%40mailbox\.test/);
    await page.getByRole('link', { name: /Regatta on Sunday/ }).click();
    await page.waitForURL(`${url}/messages/${id}`);
    await page.getByRole('heading', { name: /did not arrive|does not exist|arrived/ }).waitFor();
    await page.getByRole('heading', { name: 'Two passages' }).waitFor();
    await page
      .getByRole('article', { name: 'bounce@mailbox.test' })
      .getByText(/5\d\d[ -]/)
      .first()
      .waitFor();
    await page.getByRole('heading', { name: 'Why this way' }).waitFor();
    await page.getByText('Taken.').first().waitFor();
    await page.getByRole('button', { name: 'Show source' }).click();
    await page.getByText('Subject: Regatta on Sunday').waitFor();
    await page.getByRole('button', { name: 'Show preview' }).click();
    await page.frameLocator('iframe').getByText('nine').waitFor();
  });

  it('adds a tenant, with a domain and its records', async () => {
    await visit(page, `${url}/tenants`);
    await page.getByRole('link', { name: 'Add a tenant' }).click();
    await page.getByLabel('Name of the organisation').fill('Verein Nord');
    await page.getByRole('button', { name: 'Add it' }).click();
    await page.waitForURL(/\/tenants\/[0-9a-f-]{36}$/);
    await page.getByRole('heading', { name: 'It cannot hand in mail yet' }).waitFor();
    await page.getByLabel('Domain', { exact: true }).fill('verein-nord.test');
    await page.getByRole('button', { name: 'Add the domain' }).click();
    await page.getByText('verein-nord.test is added.').waitFor();
    await page.getByText('verein-nord.test', { exact: true }).waitFor();
  });

  it('makes an SMTP log-in whose secret is shown once, pauses and revokes it', async () => {
    await page.getByRole('link', { name: 'Make a credential' }).click();
    await page.getByText('By SMTP, with a user name and a password').click();
    await page.getByLabel('Name', { exact: true }).fill('newsletter tool');
    await page.getByRole('button', { name: 'Make it' }).click();
    await page.getByRole('heading', { name: 'Copy it now' }).waitFor();
    await page.getByRole('link', { name: 'To the credentials' }).click();
    await page.waitForURL(`${url}/credentials`);
    const row = page.getByRole('row', { name: /newsletter tool/ });
    await row.getByRole('button', { name: 'Pause' }).click();
    await row.getByRole('button', { name: 'Resume' }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await row.getByRole('button', { name: 'Pause' }).waitFor();
    await row.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke it' }).click();
    await page.getByText('newsletter tool is revoked.').waitFor();
    await row.waitFor({ state: 'detached' });
    await visit(page, `${url}/credentials?state=revoked`);
    await row.getByText('revoked').waitFor();
  });

  it('adds a smarthost, tests it, pauses and removes it', async () => {
    await visit(page, `${url}/accounts/new?provider=smtp`);
    await page.getByLabel('Name', { exact: true }).fill('Own smarthost');
    await page.getByLabel('Host').fill('127.0.0.1');
    await page.getByLabel('Port').fill('1');
    await page.getByLabel('Encryption').selectOption('none');
    await page.getByRole('button', { name: 'Add it' }).click();
    await page.waitForURL(/\/accounts\/[0-9a-f-]{36}$/);
    await logLine(page);
    await page.getByRole('button', { name: 'Test it' }).click();
    await page.getByText('The test did not go well.').waitFor();
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByRole('button', { name: 'Resume', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove it' }).click();
    await page.waitForURL(`${url}/accounts`);
    await page.locator('main').getByText('Own smarthost').waitFor({ state: 'detached' });
  });

  it('keeps its promises on the desk’s own numbers, in both themes and on a phone', async () => {
    const pages = [
      '/',
      '/messages',
      `/messages/${messageId}`,
      '/accounts',
      '/tenants',
      `/tenants/${desk.bootstrap.demo_tenant.id}`,
      '/credentials',
    ];
    for (const [theme, width] of [
      ['light', 1440],
      ['dark', 390],
    ] as const) {
      await page.emulateMedia({ colorScheme: theme });
      await page.setViewportSize({ width, height: 900 });
      for (const path of pages) {
        await visit(page, `${url}${path}`);
        await shoot(page, `desk-${path.split('/')[1] || 'home'}${path.split('/').length > 2 ? '-one' : ''}-${theme}-${width}`);
        await keepsItsPromises(page, `${path} ${theme} ${width}`);
      }
    }
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  it('signs out', async () => {
    await visit(page, `${url}/`);
    await page.getByRole('button', { name: /sign out/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(/\/sign-in/);
    const { status } = await page.request.get(`${url}/v1/session`).then((answer) => ({ status: answer.status() }));
    assert.equal(status, 401);
    assert.deepEqual(faults, []);
    await context.close();
  });
});
