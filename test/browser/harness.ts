// This file opens the console in Debian's Chromium: on the mock API (every state, no database) or on a real desk. Nothing here reaches beyond
// 127.0.0.1; a page that asks for anything elsewhere, logs an error or scrolls sideways fails its test.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Page, type Request } from 'playwright-core';

export const CHROMIUM = '/usr/bin/chromium';
const ROOT = join(import.meta.dirname, '../..');
const DIST = join(ROOT, 'web/dist/index.html');
const VITE = join(ROOT, 'node_modules/.bin/vite');
/** Pictures for review; the folder is not committed. */
const SHOTS = join(ROOT, '.cache/console-shots');
/** A page of this console answers in a fraction of a second; a busy machine gets this, milliseconds. Only what fails waits for so long. */
export const PATIENCE_MS = 60_000;
/** A browser is there within a second or two; several that start at once on a busy machine get this, milliseconds. */
const START_LIMIT_MS = 240_000;
/** For how long the console says the result of what one did, and "copied", milliseconds (web/src/desk: toast.tsx, copy.tsx). */
const RESULT_MS = 6_000;
const COPIED_MS = 2_000;
/** How long it says them here: a busy machine looks only after a while. Less than anybody's patience, so that what lies below can still be pressed. */
const SAID_MS = 30_000;
const longer = (ms: number) =>
  `{ const set = window.setTimeout; window.setTimeout = (work, ms, ...rest) => set(work, ms === ${ms} ? ${SAID_MS} : ms, ...rest); }`;

/** Why the browser tests cannot run here, or false. */
export function reasonToSkip(): string | false {
  if (!existsSync(CHROMIUM)) return `${CHROMIUM} is not installed`;
  if (!existsSync(DIST) && !existsSync(VITE)) return 'the console is not built and vite is not installed';
  return false;
}

/** Builds the console when it is not built yet. */
export function ensureBuilt(): void {
  if (existsSync(DIST)) return;
  const { status, stderr } = spawnSync(process.execPath, [VITE, 'build'], { cwd: join(ROOT, 'web'), encoding: 'utf8' });
  assert.equal(status, 0, `the console could not be built: ${stderr}`);
}

export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    timeout: START_LIMIT_MS,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export interface Served {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts the mock API with the built console as a process of its own. */
export async function startMock(): Promise<Served> {
  const child = spawn(process.execPath, [join(ROOT, 'web/mock/server.ts')], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout, 'data');
  return {
    url: String(line).trim(),
    close: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
}

export interface Look {
  readonly theme?: 'light' | 'dark';
  readonly width?: number;
  readonly lang?: 'en' | 'de';
  /** Who is logged in to the mock; '' for nobody. */
  readonly login?: string;
  readonly cookies?: Readonly<Record<string, string>>;
}

/** A fresh profile that watches for requests to elsewhere and for errors. */
export async function openContext(
  browser: Browser,
  url: string,
  look: Look = {},
): Promise<{ context: BrowserContext; page: Page; faults: string[] }> {
  const { theme = 'light', width = 1440, lang = 'en', login = 'owner', cookies = {} } = look;
  const phone = width < 500;
  const context = await browser.newContext({
    viewport: { width, height: phone ? 844 : 900 },
    colorScheme: theme,
    locale: lang === 'de' ? 'de-DE' : 'en-GB',
    timezoneId: 'Europe/Berlin',
    hasTouch: phone,
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(PATIENCE_MS);
  await context.addInitScript(longer(RESULT_MS));
  const kept = Object.entries({ ...(login === '' ? {} : { mock_session: login }), ...cookies });
  await context.addCookies(kept.map(([name, value]) => ({ name, value, url })));
  const page = await context.newPage();
  watchTraffic(page);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of (4\d\d|503)/.test(message.text())) faults.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const asked = new URL(request.url());
    if (asked.protocol !== 'data:' && asked.origin !== new URL(url).origin) faults.push(`asked elsewhere: ${request.url()}`);
  });
  return { context, page, faults };
}

/** From now on this page says "copied" long enough to be seen. Not from the beginning: what failed is asked again after the same time. */
export async function copiedStays(page: Page): Promise<void> {
  await page.evaluate(longer(COPIED_MS));
}

/** Goes to a page and waits until its log line stands (and says what is expected, where that is given) and all of it is drawn. */
export async function visit(page: Page, address: string, expected?: RegExp): Promise<void> {
  await page.goto(address, { waitUntil: 'load' });
  if (expected === undefined) await logLine(page);
  else await says(page, expected);
  await settled(page);
}

/** The log line, once it has stopped asking. */
export async function logLine(page: Page): Promise<string> {
  const line = page.locator('h1.log:not(.asking)');
  await line.waitFor();
  return (await line.innerText()).replace(/\s+/g, ' ').trim();
}

/** Waits until the log line says this: after a click the page before may stand a moment longer, and a line may change when more is known. */
export async function says(page: Page, expected: RegExp): Promise<void> {
  try {
    await page.locator('h1.log:not(.asking)', { hasText: expected }).waitFor();
  } catch {
    assert.match(await logLine(page), expected);
  }
}

/** What every page promises: one sentence as headline, no sideways scroll, clean for axe. Take its picture before: frames are gone after. */
export async function keepsItsPromises(page: Page, name: string, options: { axe?: boolean } = {}): Promise<void> {
  const lines = await page.locator('h1').count();
  assert.equal(lines, 1, `${name}: one h1, not ${lines}`);
  const text = await logLine(page);
  assert.match(text, /\.$/, `${name}: the log line ends with a full stop: ${text}`);
  assert.ok(text.split(/\s+/).length <= 25, `${name}: at most 25 words: ${text}`);
  await doesNotScroll(page, name);
  if (options.axe !== false) {
    // axe waits for an answer out of every frame, and a sandboxed one cannot give any. What a frame has to be is checked here.
    const frames = await page.evaluate<[string, string][]>(
      "[...document.querySelectorAll('iframe')].map((frame) => [frame.title, frame.getAttribute('sandbox')])",
    );
    for (const [title, sandbox] of frames) {
      assert.notEqual(title, '', `${name}: a frame has a title`);
      assert.equal(sandbox, '', `${name}: a frame may do nothing`);
    }
    await page.evaluate("document.querySelectorAll('iframe').forEach((frame) => frame.remove())");
    // No frame is left, so axe need not open a tab of its own to put the answers of frames together.
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
    const said = violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.html).join(' | ')}`);
    assert.deepEqual(said, [], `${name}: axe`);
  }
}

/** Asks at every frame. Not waitForFunction: that makes a function from text in the page, which the console's policy forbids. */
function comesTrue(page: Page, expression: string, limitMs: number): Promise<boolean> {
  return page.evaluate<boolean>(`new Promise((done) => {
    const end = performance.now() + ${limitMs};
    const look = () => ((${expression}) ? done(true) : performance.now() > end ? done(false) : requestAnimationFrame(look));
    look();
  })`);
}

/** Fails unless an expression comes true in the page. `what` ends the sentence "waited in vain for …". */
export async function becomesTrue(page: Page, expression: string, what: string): Promise<void> {
  assert.ok(await comesTrue(page, expression, PATIENCE_MS), `waited in vain for ${what}`);
}

/** No sideways scroll at this width, once everything that is drawn for a width (charts are) has been drawn for this one. */
export async function doesNotScroll(page: Page, name: string): Promise<void> {
  const fits = 'document.documentElement.scrollWidth <= document.documentElement.clientWidth';
  await comesTrue(page, fits, PATIENCE_MS);
  const [wide, room] = await page.evaluate<[number, number]>(
    '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
  );
  assert.ok(wide <= room, `${name}: ${wide} px wide in a window of ${room}`);
}

export async function shoot(page: Page, name: string): Promise<void> {
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
}

interface Traffic {
  /** Requests that have no answer yet. */
  open: number;
  /** Requests so far. */
  seen: number;
  readonly listeners: Set<() => void>;
}

const traffics = new WeakMap<Page, Traffic>();

function watchTraffic(page: Page): void {
  const traffic: Traffic = { open: 0, seen: 0, listeners: new Set() };
  const remote = (request: Request) => /^https?:/.test(request.url());
  const over = (request: Request) => {
    if (!remote(request)) return;
    traffic.open -= 1;
    if (traffic.open === 0) for (const listener of traffic.listeners) listener();
  };
  page.on('request', (request) => {
    if (!remote(request)) return;
    traffic.open += 1;
    traffic.seen += 1;
  });
  page.on('requestfinished', over);
  page.on('requestfailed', over);
  traffics.set(page, traffic);
}

/** Two frames and the fonts: what an answer leads to (a part drawn, a further file asked for) is under way. */
const DRAWN =
  'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)))).then(() => document.fonts.ready).then(() => true)';

/**
 * True when no part of the page is still being loaded. React shows what came late up to 300 ms after it came, so this asks React itself: in its
 * tree a part that waits is a Suspense boundary (tag 13) with a state.
 */
const COMPLETE = `(() => {
  const root = document.getElementById('root');
  const key = Object.keys(root).find((name) => name.startsWith('__reactContainer$'));
  const waits = (fiber) => {
    for (let at = fiber; at !== null; at = at.sibling) if ((at.tag === 13 && at.memoizedState !== null) || waits(at.child)) return true;
    return false;
  };
  return !waits(root[key].stateNode.current);
})()`;

/** Waits until every request is answered and what the answers lead to is drawn, fonts included. */
export async function settled(page: Page): Promise<void> {
  const traffic = traffics.get(page);
  assert.ok(traffic, 'the page was opened by openContext');
  let seen: number;
  do {
    await answered(traffic);
    seen = traffic.seen;
    await page.evaluate(DRAWN);
    await becomesTrue(page, COMPLETE, 'every part of the page');
    await page.evaluate(DRAWN);
  } while (traffic.open > 0 || traffic.seen > seen);
}

/** Resolves when nothing is asked for; a request that never ends is waited for no longer than PATIENCE_MS. */
function answered(traffic: Traffic): Promise<void> {
  if (traffic.open === 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      traffic.listeners.delete(done);
      reject(new Error(`${traffic.open} requests have no answer after ${PATIENCE_MS} ms`));
    }, PATIENCE_MS);
    const done = () => {
      clearTimeout(late);
      traffic.listeners.delete(done);
      resolve();
    };
    traffic.listeners.add(done);
  });
}
