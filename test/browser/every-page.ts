// This file looks at every page of the console on the mock API: one sentence, axe, no sideways scroll (on phones at 390 and 320), a picture.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import {
  doesNotScroll,
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

const MESSAGE = '/messages/0198c004-0000-7000-8000-0000000000';
const DOMAIN_ID = '0198c005-0000-7000-8000-00000000000';
const DOMAIN = `/domains/${DOMAIN_ID}`;
const REPORT = '/reports/received/0198c030-0000-7000-8000-00000000000';
const PAGES: readonly (readonly [name: string, path: string, login?: string])[] = [
  ['sign-in', '/sign-in', ''],
  ['home', '/'],
  ['messages', '/messages'],
  ['messages-filtered', '/messages?state=held&time=24h'],
  ['messages-nothing', '/messages?address=nobody%40mailbox.test'],
  ['message', `${MESSAGE}01`],
  ['message-crew', `${MESSAGE}14`],
  ['message-held', `${MESSAGE}07?view=preview`],
  ['message-source', `${MESSAGE}08?view=source`],
  ['bounces', '/bounces'],
  ['bounces-filtered', '/bounces?fault=sender-reputation&mailbox_provider=microsoft&by=domain'],
  ['bounces-nobody', '/bounces?domain=quiet.example'],
  ['complaints', '/complaints'],
  ['holds', '/holds'],
  ['holds-nothing', '/holds?address=nobody%40mailbox.test'],
  ['hold-new', '/holds/new'],
  ['hold-import', '/holds/import'],
  ['hold-policy', '/holds/policy'],
  ['inbound', '/inbound'],
  ['inbound-nothing', '/inbound?kind=delayed'],
  ['inbound-fails', '/inbound?kind=delivered'],
  ['inbound-mail', '/inbound/0198c020-0000-7000-8000-000000000001?view=source'],
  ['inbound-unreadable', '/inbound/0198c020-0000-7000-8000-000000000006'],
  ['mailboxes', '/inbound/mailboxes'],
  ['mailbox', '/inbound/mailboxes/0198c022-0000-7000-8000-000000000002'],
  ['mailbox-new', '/inbound/mailboxes/new'],
  ['reports', '/reports'],
  ['reports-nothing', '/reports?domain=nobody.example'],
  ['reports-fails', '/reports?state=conflict'],
  ['report', `${REPORT}1`],
  ['report-forged', `${REPORT}2`],
  ['report-tls', `${REPORT}3`],
  ['domain-reports', `/reports/${DOMAIN_ID}1`],
  ['domain-reports-none', `/reports/${DOMAIN_ID}2`],
  ['domain-reports-blocked', `/reports/${DOMAIN_ID}3?time=90d`],
  ['incidents', '/incidents'],
  ['incidents-closed', '/incidents?state=closed'],
  ['incident', '/incidents/0198c00a-0000-7000-8000-000000000001'],
  ['outside', '/outside'],
  ['explain', '/explain?reply=550%205.1.1%20User%20unknown'],
  ['accounts', '/accounts'],
  ['account', '/accounts/0198c003-0000-7000-8000-000000000003'],
  ['account-list', '/accounts/0198c003-0000-7000-8000-000000000001/list'],
  ['account-list-nothing', '/accounts/0198c003-0000-7000-8000-000000000001/list?address=nobody%40mailbox.test'],
  ['account-new', '/accounts/new?provider=smtp'],
  ['tenants', '/tenants'],
  ['tenant', '/tenants/0198c000-0000-7000-8000-000000000001'],
  ['tenant-new', '/tenants/new'],
  ['domains', '/domains'],
  ['domains-nothing', '/domains?name=nobody'],
  ['domains-fails', '/domains?name=fail'],
  ['domain-verified', `${DOMAIN}1`],
  ['domain-pending', `${DOMAIN}2`],
  ['domain-warning', `${DOMAIN}3`],
  ['domain-broken', `${DOMAIN}4`],
  ['domain-vouched', `${DOMAIN}5`],
  ['senders', '/senders?tenant=0198c001-0000-7000-8000-000000000002'],
  ['senders-nothing', '/senders?tenant=0198c001-0000-7000-8000-000000000003'],
  ['credentials', '/credentials'],
  ['credential-new', '/credentials/new'],
  ['missing', '/nowhere'],
  ['club-overview', '/', 'club'],
  ['club-find', '/messages', 'club'],
  ['club-message', `${MESSAGE}01`, 'club'],
  ['club-people', '/bounces', 'club'],
  ['club-holds', '/holds', 'club'],
  ['club-complaints', '/complaints', 'club'],
  ['club-policy', '/holds/policy', 'club'],
  ['club-domains', '/domains', 'club'],
  ['club-domain', `${DOMAIN}2`, 'club'],
  ['club-reports', '/reports', 'club'],
  ['club-domain-reports', `/reports/${DOMAIN_ID}1`, 'club'],
  ['club-senders', '/senders', 'club'],
  ['club-inbound', '/inbound', 'club'],
  ['club-developers', '/developers', 'club'],
];

interface View {
  readonly theme: 'light' | 'dark';
  readonly width: number;
  readonly lang: 'en' | 'de';
}

interface Window {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly faults: string[];
}

/** Declares a test per page and view. Every page is loaded anew, in one window per view and person: opening windows took longer than looking. */
export function everyPage(views: readonly View[]): void {
  describe('every page of the console', { skip: reasonToSkip() }, () => {
    let browser: Browser;
    let mock: Served;
    const windows = new Map<string, Promise<Window>>();
    before(async () => {
      ensureBuilt();
      [browser, mock] = await Promise.all([openBrowser(), startMock()]);
    });
    after(async () => {
      await browser?.close();
      await mock?.close();
    });

    function windowOf(view: View, login: string): Promise<Window> {
      const key = `${view.theme} ${view.width} ${view.lang} ${login}`;
      const opened = windows.get(key) ?? openContext(browser, mock.url, { ...view, login });
      windows.set(key, opened);
      return opened;
    }

    for (const view of views) {
      for (const [name, path, login = 'owner'] of PAGES) {
        const { theme, width, lang } = view;
        it(`${name} keeps its promises in ${theme} at ${width} px in ${lang}`, async () => {
          const { page, faults } = await windowOf(view, login);
          faults.length = 0;
          await visit(page, `${mock.url}${path}`);
          await settled(page);
          await shoot(page, `${name}-${theme}-${width}-${lang}`);
          await keepsItsPromises(page, name);
          if (width === 390) await isNarrowToo(page, name);
          assert.deepEqual(faults, []);
        });
      }
    }
  });
}

/** The narrowest phones. */
async function isNarrowToo(page: Page, name: string): Promise<void> {
  const before = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 700 });
  try {
    await doesNotScroll(page, `${name} at 320`);
  } finally {
    if (before !== null) await page.setViewportSize(before);
  }
}
