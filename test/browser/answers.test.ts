// This file walks the rooms of answers on a real desk: mail that receivers refuse and people complain about is handed in, then Bounces, On hold,
// Complaints, Incidents and explaining a reply are used, as the operator and as people of the organisation, in both themes and on a phone.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type DeskProcess, startDesk } from '../support/desk.ts';
import { until } from '../support/until.ts';
import { ensureBuilt, keepsItsPromises, logLine, openBrowser, openContext, reasonToSkip, says, settled, shoot, visit } from './harness.ts';

const CLUB_PASSWORD = 'a long enough password of the club';
/** What the simulated receivers do with each, by its local part. */
const PEOPLE = [
  'member',
  'bounce',
  'bounce+2',
  'inactive',
  'full',
  'bad-domain',
  'content',
  'policy',
  'complaint',
  'complaint+2',
  'unauthenticated',
  'unauthenticated+2',
];

describe('the rooms of answers on a real desk', { skip: reasonToSkip() }, () => {
  let browser: Browser;
  let desk: DeskProcess;
  let context: BrowserContext;
  let page: Page;
  let faults: string[];
  let url: string;
  const ends: (() => Promise<unknown> | unknown)[] = [];

  before(async () => {
    ensureBuilt();
    desk = await startDesk({ after: (end: () => Promise<unknown> | unknown) => void ends.push(end) });
    browser = await openBrowser();
    url = desk.bootstrap.http_url;
    for (const stream of ['transactional', 'bulk'])
      await desk.hand({
        from: desk.bootstrap.demo_tenant.from,
        to: PEOPLE.map((name) => `${name}@mailbox.test`),
        subject: `Club news, ${stream}`,
        text: 'We start at nine.',
        tags: ['newsletter'],
        stream,
      });
    await heard('/v1/bounces', (rows) => rows.length >= 8);
    await heard('/v1/complaints', (rows) => rows.length >= 1);
    await heard('/v1/suppressions', (rows) => rows.length >= 2);
    await heard('/v1/incidents', (rows) => rows.length >= 1);
    await until(async () => (await desk.api('GET', '/v1/statistics')).body.total.by_fault.recipient > 0, { what: 'counts of refusals' });
    const { id } = desk.bootstrap.demo_tenant;
    const club = { login: 'club', password: CLUB_PASSWORD, role: 'owner', tenant_id: id };
    assert.equal((await desk.api('POST', '/v1/people', club)).status, 201);
    await signIn(desk.bootstrap.console_login, desk.bootstrap.console_password);
  });
  after(async () => {
    await browser?.close();
    for (const end of ends.reverse()) await end();
  });

  async function heard(path: string, enough: (rows: readonly Record<string, unknown>[]) => boolean): Promise<void> {
    await until(async () => enough((await desk.api('GET', `${path}?limit=100`)).body.data), { what: path });
  }

  async function signIn(login: string, password: string): Promise<void> {
    await context?.close();
    ({ context, page, faults } = await openContext(browser, url, { login: '' }));
    await visit(page, `${url}/sign-in`);
    await page.getByLabel('Login').fill(login);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`${url}/`);
  }

  it('Bounces says who was refused and whose turn it is, and leads by its chart, groups and cells to the words and the message', async () => {
    await visit(page, `${url}/bounces`, /recipients did not get their mail in the last 7 days\./);
    await page.getByRole('heading', { name: 'Whose turn' }).waitFor();
    await page.getByText('how this is counted').first().click();
    await page
      .getByText(/Delivered, of those delivered, bounced, failed or expired/)
      .first()
      .waitFor();
    await page.getByText('The same as a table').click();
    await page.getByRole('button', { name: 'tenant' }).click();
    await page.waitForURL(/by=tenant/);
    await page.getByRole('button', { name: 'reason' }).click();
    await page.getByRole('link', { name: 'no such address' }).first().click();
    await page.waitForURL(/class=invalid-recipient/);
    const list = page.locator('#list');
    await list.getByText(/^55\d/).first().waitFor();
    await list.filter({ hasText: /Next: .*the provider calls it/ }).waitFor();
    await list
      .getByRole('link', { name: /bounce.*@mailbox\.test/ })
      .first()
      .click();
    await page.waitForURL(/\/messages\/[0-9a-f-]{36}#/);
    await logLine(page);
  });

  it('Bounces keeps its filters in the address, finds one address, and gives a file', async () => {
    await visit(page, `${url}/bounces?time=24h&fault=recipient`);
    await page.getByLabel('Whole address').fill('full@mailbox.test');
    await page.getByRole('button', { name: 'Look' }).click();
    await page.waitForURL(/address=full%40mailbox\.test/);
    await page.locator('#list tbody tr').first().waitFor();
    const [file] = await Promise.all([page.waitForEvent('download'), page.locator('#list').getByRole('button', { name: 'CSV' }).click()]);
    assert.match(file.suggestedFilename(), /^bounces_.*full@mailbox.test.*\.csv$/);
    await page.getByRole('link', { name: 'Clear all' }).click();
    await page.waitForURL(`${url}/bounces?time=24h`);
  });

  it('On hold shows each address with its proof, finds one, and takes one more', async () => {
    await visit(page, `${url}/holds`, /on hold, each with its reason\./);
    const row = page.getByRole('row', { name: /bounce@mailbox\.test/ });
    await row.getByText(/^55\d/).waitFor();
    await page.getByRole('link', { name: 'Put an address on hold' }).click();
    await page.getByLabel('Address', { exact: true }).fill('left@mailbox.test');
    await page.getByRole('button', { name: 'Put it on hold' }).click();
    await page.getByText('left@mailbox.test is on hold.').waitFor();
    await page.getByLabel('An address, or how it begins').fill('left@mailbox.test');
    await page.getByRole('button', { name: 'Look' }).click();
    await page.waitForURL(/address=left%40mailbox\.test/);
    await page.locator('h1.log', { hasText: 'left@mailbox.test' }).waitFor();
    await says(page, /^The address left@mailbox\.test is on hold until somebody lets it go/);
  });

  it('On hold lets one go with a reason, and hands in again what was stopped', async () => {
    await visit(page, `${url}/holds?address=bounce%2B2%40mailbox.test`);
    await page.getByRole('button', { name: 'Let it go' }).first().click();
    const dialog = page.getByRole('dialog');
    assert.equal(await dialog.getByRole('button', { name: 'Let it go' }).getAttribute('aria-disabled'), 'true', 'a reason is needed');
    await dialog.getByLabel('Why').fill('she has a new mailbox under the old name');
    await dialog.getByLabel(/Hand in again/).check();
    await dialog.getByRole('button', { name: 'Let it go' }).click();
    await page.getByText(/bounce\+2@mailbox\.test is let go\./).waitFor();
    await dialog.waitFor({ state: 'detached' });
  });

  it('On hold takes a list from a file, and names the lines it could not read', async () => {
    await visit(page, `${url}/holds/import`);
    const buffer = Buffer.from('address\r\nold@mailbox.test\r\nnot an address\r\nolder@mailbox.test\r\n');
    await page.getByLabel('File', { exact: true }).setInputFiles({ name: 'left.csv', mimeType: 'text/csv', buffer });
    await page.getByText('4 lines. Nothing is changed until you press the button.').waitFor();
    await page.getByRole('button', { name: 'See what it would do' }).click();
    await page
      .getByRole('heading', { name: /The file would put 2 addresses on hold; 1 lines? cannot be read\. Nothing is changed yet\./ })
      .waitFor();
    await page.getByRole('button', { name: 'Put them on hold' }).click();
    await page.getByRole('heading', { name: /2 addresses are on hold now; 1 lines? could not be read/ }).waitFor();
    await page.getByRole('row', { name: /not an address/ }).waitFor();
    await page.getByRole('link', { name: 'To the addresses on hold' }).click();
    await page.getByRole('link', { name: 'older@mailbox.test' }).waitFor();
  });

  it('the policy of holds is read as sentences, and changed only after seeing what that would have done', async () => {
    await visit(page, `${url}/holds/policy`, /rules decide for everybody who has none of their own\./);
    const row = page.getByRole('row', { name: /The mailbox is closed/ });
    await row.getByText(/At the first time, on hold for 90 days/).waitFor();
    await row.getByRole('button', { name: /Edit/ }).click();
    await page.getByLabel('On hold, days').fill('30');
    assert.equal(await page.getByRole('button', { name: 'Save these rules' }).getAttribute('aria-disabled'), 'true');
    await page.getByRole('button', { name: 'See what it would have done' }).click();
    await page.getByRole('heading', { name: /These rules would have held .* later delivered\./ }).waitFor();
    await page.getByRole('button', { name: 'Save these rules' }).click();
    await page.getByText('The rules hold from the next answer on.').waitFor();
    await row.getByText(/on hold for 30 days/).waitFor();
    await page.getByRole('button', { name: 'Back to the rules it came with' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Go back' }).click();
    await row.getByText(/on hold for 90 days/).waitFor();
  });

  it('Complaints is kind, names the mailing, and says how near the lines are', async () => {
    await visit(page, `${url}/complaints`, /pressed “spam” in the last 7 days\./);
    await page.getByText(/Often it is the wrong button/).waitFor();
    await page.getByText('newsletter', { exact: true }).first().waitFor();
    await page
      .getByText(/too few to say|over the second line/)
      .first()
      .waitFor();
  });

  it('Incidents says what is wrong in the receivers’ words, who is on it, and ends', async () => {
    await visit(page, `${url}/incidents`, /open\..*Nobody is on it yet\./);
    await page.getByRole('link', { name: 'Look at it' }).click();
    await page.waitForURL(/\/incidents\/[0-9a-f-]{36}$/);
    // At midnight it opened yesterday, and the day is named.
    await says(page, /^Receivers cannot verify that mail comes from .* Open since (?:\w{3} )?\d\d:\d\d\.$/);
    await page.getByRole('cell', { name: /^55\d/ }).waitFor();
    for (const [theme, width] of [
      ['light', 1280],
      ['dark', 360],
    ] as const) {
      await page.emulateMedia({ colorScheme: theme });
      await page.setViewportSize({ width, height: 900 });
      await settled(page);
      await shoot(page, `answers-incident-one-${theme}-${width}`);
      await keepsItsPromises(page, `one incident ${theme} ${width}`);
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.getByRole('button', { name: 'I am on it' }).click();
    await page.getByText('Written down that you are on it.').waitFor();
    await visit(page, `${url}/incidents`);
    await says(page, /Somebody is on each of them\./);
  });

  it('explains a reply, found by the palette too, with the rule that decided', async () => {
    await visit(page, `${url}/`);
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('550 5.1.1 The email account that you tried to reach does not exist.');
    await page.getByRole('option', { name: /What does/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/explain\?reply=550/);
    await page
      .getByRole('heading', { name: /It lies with the recipient\. By the usual rules this alone puts the address on hold\./ })
      .waitFor();
    await page.getByText('Rule that decided').waitFor();
    await page.getByLabel('The reply').fill('550 5.7.1 Service unavailable; client host [192.0.2.1] blocked using a block list');
    await page.getByRole('button', { name: 'Explain it' }).click();
    await page.getByRole('heading', { name: /ours to mend.*nobody on hold/ }).waitFor();
  });

  it('keeps its promises on its own numbers, in both themes and on a phone', () => everywhere('answers'));

  it('gives people of the organisation the same of their own, in their words', async () => {
    await signIn('club', CLUB_PASSWORD);
    await visit(page, `${url}/bounces`, /whose addresses need you/);
    await page.getByRole('heading', { name: 'Waits for you' }).waitFor();
    await page.getByRole('heading', { name: 'What you can do' }).waitFor();
    await page.getByRole('link', { name: 'bounce@mailbox.test' }).first().waitFor();
    const text = await page.locator('main').innerText();
    assert.doesNotMatch(text, /sparkpost|elastic|mandrill|Whose turn|rule [a-z]+-[a-z]/i);
    await visit(page, `${url}/complaints`, /pressed “spam”/);
    await visit(page, `${url}/holds`, /on hold/);
    await everywhere('answers-club');
  });

  it('closes an incident with what ended it', async () => {
    await signIn(desk.bootstrap.console_login, desk.bootstrap.console_password);
    await visit(page, `${url}/incidents`);
    await page.getByRole('link', { name: 'Look at it' }).click();
    await page.getByRole('button', { name: 'Close it' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('What ended it').fill('the records are in place');
    await dialog.getByRole('button', { name: 'Close it' }).click();
    await page.getByText('the records are in place').waitFor();
    await says(page, /^This is over; it was closed/);
    await visit(page, `${url}/incidents`, /^Nothing is wrong that needs a person\.$/);
    assert.deepEqual(faults, []);
  });

  async function everywhere(name: string): Promise<void> {
    for (const [theme, width] of [
      ['light', 1280],
      ['dark', 360],
    ] as const) {
      await page.emulateMedia({ colorScheme: theme });
      await page.setViewportSize({ width, height: 900 });
      for (const path of [
        '/bounces',
        '/holds',
        '/holds/policy',
        '/complaints',
        '/incidents',
        '/explain?reply=452%204.2.2%20Mailbox%20full',
      ]) {
        if (name.endsWith('club') && path === '/incidents') continue;
        await visit(page, `${url}${path}`);
        await shoot(page, `${name}-${path.split('?')[0]?.slice(1).replace('/', '-')}-${theme}-${width}`);
        await keepsItsPromises(page, `${path} ${theme} ${width}`);
      }
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    assert.deepEqual(faults, []);
  }
});
