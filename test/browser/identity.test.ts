// This file walks the rooms of identity and of mail that comes back on a real desk: Domains, Single senders, Reports and Inbound, as the operator and
// as people of the organisation, with a report handed in and a mailbox that cannot be reached.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type DeskProcess, startDesk } from '../support/desk.ts';
import { until } from '../support/until.ts';
import { ensureBuilt, keepsItsPromises, logLine, openBrowser, openContext, reasonToSkip, says, shoot, visit } from './harness.ts';

const CLUB_PASSWORD = 'a long enough password of the club';

/** Two days ago at midnight, seconds since 1970: reports come about a day that is over. */
function reportedDay(): number {
  return Math.floor(Date.now() / 86_400_000 - 2) * 86_400;
}

function report(domain: string, begin: number): Buffer {
  const row = (ip: string, count: number, dkim: string) => `<record>
    <row><source_ip>${ip}</source_ip><count>${count}</count>
    <policy_evaluated><disposition>none</disposition><dkim>${dkim}</dkim><spf>fail</spf></policy_evaluated></row>
    <identifiers><header_from>${domain}</header_from></identifiers>
    <auth_results>${dkim === 'pass' ? `<dkim><domain>${domain}</domain><selector>pb1</selector><result>pass</result></dkim>` : ''}
    <spf><domain>elsewhere.test</domain><result>none</result></spf></auth_results></record>`;
  return Buffer.from(`<?xml version="1.0"?><feedback><report_metadata><org_name>receiver.test</org_name><email>dmarc@receiver.test</email>
    <report_id>browser-1</report_id><date_range><begin>${begin}</begin><end>${begin + 86_399}</end></date_range></report_metadata>
    <policy_published><domain>${domain}</domain><p>none</p></policy_published>
    ${row('192.0.2.1', 40, 'pass')}${row('198.51.100.9', 3, 'fail')}</feedback>`);
}

describe('the rooms of identity on a real desk', { skip: reasonToSkip() }, () => {
  let browser: Browser;
  let desk: DeskProcess;
  let context: BrowserContext;
  let page: Page;
  let faults: string[];
  let url: string;
  let domain: { readonly id: string; readonly name: string };
  const ends: (() => Promise<unknown> | unknown)[] = [];

  before(async () => {
    ensureBuilt();
    desk = await startDesk(
      { after: (end: () => Promise<unknown> | unknown) => void ends.push(end) },
      // Nobody is asked for names: how long that takes is no question here.
      { env: { PACKETBOAT_ALLOW_PRIVATE_WEBHOOKS: 'true', PACKETBOAT_DNS_SERVERS: '127.0.0.1:1' } },
    );
    browser = await openBrowser();
    url = desk.bootstrap.http_url;
    const { id } = desk.bootstrap.demo_tenant;
    const club = { login: 'club', password: CLUB_PASSWORD, role: 'owner', tenant_id: id };
    assert.equal((await desk.api('POST', '/v1/people', club)).status, 201);
    domain = (await desk.api('GET', `/v1/tenants/${id}/domains`)).body.data[0];
    await desk.hand({
      from: desk.bootstrap.demo_tenant.from,
      to: ['bounce@mailbox.test'],
      subject: 'Club news',
      text: 'We start at nine.',
    });
    await signIn(desk.bootstrap.console_login, desk.bootstrap.console_password);
  });
  after(async () => {
    await browser?.close();
    for (const end of ends.reverse()) await end();
  });

  async function signIn(login: string, password: string): Promise<void> {
    await context?.close();
    ({ context, page, faults } = await openContext(browser, url, { login: '' }));
    await visit(page, `${url}/sign-in`);
    await page.getByLabel('Login').fill(login);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`${url}/`);
  }

  async function everywhere(name: string, paths: readonly string[]): Promise<void> {
    for (const [theme, width] of [
      ['light', 1280],
      ['dark', 390],
    ] as const) {
      await page.emulateMedia({ colorScheme: theme });
      await page.setViewportSize({ width, height: 900 });
      for (const path of paths) {
        await visit(page, `${url}${path}`);
        await shoot(page, `${name}-${path.split(/[/?]/).slice(1, 3).join('-').slice(0, 24)}-${theme}-${width}`);
        await keepsItsPromises(page, `${path} ${theme} ${width}`);
      }
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    assert.deepEqual(faults, []);
  }

  it('Domains leads to the records of one, each with what to publish, and looks at them now', async () => {
    await visit(page, `${url}/domains`, /domain/);
    await page.getByRole('link', { name: domain.name }).click();
    await page.waitForURL(/\/domains\/[0-9a-f-]{36}$/);
    await logLine(page);
    const records = page.locator('#records');
    await records.getByText('DKIM, needed').first().waitFor();
    await page.getByRole('button', { name: 'Look now' }).click();
    await page.getByText(/Looked: what stands here is from this moment\.|That did not work\./).waitFor();
    await page.getByRole('button', { name: 'Copy the letter' }).waitFor();
    await page.getByText('Zone file snippet').click();
    await page.locator('#publish pre').waitFor();
    await page.locator('#keys').getByText('signs').first().waitFor();
    await page.locator('#ways').getByRole('row').nth(1).waitFor();
  });

  it('Domains takes a new one, which waits for its records', async () => {
    await visit(page, `${url}/domains`);
    await page.getByText('Add a domain').click();
    await page.getByLabel('Domain', { exact: true }).fill('verein-nord.test');
    await page.getByRole('button', { name: 'Add the domain' }).click();
    await page.waitForURL(/\/domains\/[0-9a-f-]{36}$/);
    await page.getByRole('heading', { name: 'Records' }).waitFor();
    await page.locator('#records').getByText('_domainkey').first().waitFor();
  });

  it('a key that others may have is revoked, and a domain removed, each with what follows said before', async () => {
    await visit(page, `${url}/domains`);
    await page.getByRole('link', { name: 'verein-nord.test' }).click();
    await page.waitForURL(/\/domains\/[0-9a-f-]{36}$/);
    const keys = page.locator('#keys');
    await keys.getByRole('button', { name: 'Revoke now' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('There is no way back.').waitFor();
    await dialog.getByText('The key is erased here').waitFor();
    await dialog.getByRole('button', { name: 'Revoke now' }).click();
    await keys.getByText('revoked; its record has to be empty').waitFor();
    await keys.getByText('not seen in DNS yet').waitFor();
    await page.getByRole('button', { name: 'Tell every account' }).click();
    await page.locator('#providers').getByRole('row').nth(1).waitFor();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await dialog.getByText('Three accounts were told of it:').waitFor();
    await dialog.getByLabel('Remove it at the providers too').check();
    await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.waitForURL(`${url}/domains`);
    await page.locator('#removals').getByRole('row').nth(3).waitFor();
    await page.locator('#removals').getByRole('button', { name: 'Try now' }).first().click();
    await page.getByText('verein-nord.test is gone there too.').waitFor();
  });

  it('Single senders takes an address, and says beforehand what readers would see', async () => {
    await visit(page, `${url}/senders`);
    await page.locator('#list').getByLabel('Address').fill('chess.club@gmail.com');
    await page.getByRole('button', { name: 'Add the sender' }).click();
    await page.getByRole('cell', { name: 'chess.club@gmail.com', exact: true }).waitFor();
    await page.locator('#preview').getByRole('textbox').fill('chess.club@gmail.com');
    await page.getByRole('button', { name: 'Show it' }).click();
    await page.locator('#preview').getByText('Why', { exact: true }).waitFor();
  });

  it('Reports takes a report as a file, and says what it means for the domain', async () => {
    await visit(page, `${url}/reports`, /No receiver has reported yet\./);
    await page.getByText('Hand in a report').click();
    await page.getByLabel('File', { exact: true }).setInputFiles({
      name: 'report.xml',
      mimeType: 'application/xml',
      buffer: report(domain.name, reportedDay()),
    });
    await page.getByRole('button', { name: 'Hand it in' }).click();
    await page.getByText('One report is stored.').waitFor();
    await page.getByRole('link', { name: 'receiver.test' }).click();
    await page.waitForURL(/\/reports\/received\//);
    await page.getByRole('cell', { name: /192\.0\.2\.1/ }).waitFor();
    await page.locator('.crumb').getByRole('link', { name: domain.name }).click();
    await page.waitForURL(new RegExp(`/reports/${domain.id}$`));
    await says(page, /messages in its name are proven|No receiver reported/);
  });

  it('Inbound shows mail that came back, and a mailbox that cannot be read says so', async () => {
    await visit(page, `${url}/inbound/mailboxes`);
    await page.getByRole('link', { name: 'Add a bounce mailbox' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Old bounces');
    await page.getByLabel('Host of the IMAP server').fill('127.0.0.1');
    await page.getByLabel('Port').fill('1');
    await page.getByLabel('Encryption').selectOption('none');
    await page.getByLabel('User name').fill('bounces');
    await page.getByLabel('Password').fill('secret');
    await page.getByRole('button', { name: 'Add it' }).click();
    await page.waitForURL(/\/inbound\/mailboxes\/[0-9a-f-]{36}$/);
    const mailbox = new URL(page.url()).pathname.split('/').at(-1);
    await until(async () => (await desk.api('GET', `/v1/mailboxes/${mailbox}`)).body.status === 'failing', { what: 'a failing mailbox' });
    await visit(page, `${url}/inbound`, /^The mailbox Old bounces cannot be read\./);
  });

  it('an account and a tenant show their lists and what they are told by mail', async () => {
    const accounts = (await desk.api('GET', '/v1/provider-accounts')).body.data as { readonly id: string; readonly provider: string }[];
    const sparkpost = accounts.find((account) => account.provider === 'sparkpost');
    assert.ok(sparkpost);
    await visit(page, `${url}/accounts/${sparkpost.id}`);
    await page.getByRole('link', { name: 'What it says about our addresses' }).click();
    await page.waitForURL(/\/list$/);
    await logLine(page);
    await visit(page, `${url}/tenants/${desk.bootstrap.demo_tenant.id}`);
    await page.getByLabel('Tell failures by mail').check();
    await page.locator('#notices').getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    await page.getByRole('heading', { name: 'Answers of people' }).waitFor();
  });

  it('keeps its promises on its own numbers, in both themes and on a phone', () =>
    everywhere('identity', [
      '/domains',
      `/domains/${domain.id}`,
      `/senders?tenant=${desk.bootstrap.demo_tenant.id}`,
      '/reports',
      `/reports/${domain.id}`,
      '/inbound',
      '/inbound/mailboxes',
    ]));

  it('gives people of the organisation the same of their own', async () => {
    await signIn('club', CLUB_PASSWORD);
    await visit(page, `${url}/domains`);
    await page.getByRole('link', { name: domain.name }).waitFor();
    await everywhere('identity-club', [
      '/domains',
      `/domains/${domain.id}`,
      '/senders',
      '/reports',
      `/reports/${domain.id}`,
      '/inbound',
      '/developers',
    ]);
    await visit(page, `${url}/inbound/mailboxes`);
    await says(page, /There is nothing at this address\./);
  });
});
