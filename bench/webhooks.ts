// This file is `bench webhooks`: events of SparkPost (batches of 100 to 350) and Mandrill (signed, 100 each) about recipients that were handed over
// before: stored raw by a desk that has only its HTTP role, then read by one with all roles, then both at once.
import { join } from 'node:path';
import { Pool } from 'undici';
import { type ApiProvider, type Handed, startApiProvider } from './kit/api-provider.ts';
import { treeCpu } from './kit/cpu.ts';
import { type DeskProcess, startDesk } from './kit/desk.ts';
import { count, round, table } from './kit/figures.ts';
import { closedLoop } from './kit/http-load.ts';
import { type Hook, mandrillPosts, sparkpostPosts, type WebhookPost } from './kit/provider-events.ts';
import type { Bench, BenchReport } from './kit/report.ts';
import { makeTenant } from './kit/tenancy.ts';
import { until } from './kit/wait.ts';
import { type Workshop, withWorkshop } from './kit/workshop.ts';

const TITLE = 'Webhooks: events of providers';
const MANDRILL_KEY = 'bench-webhook-key';
/** Connections that a provider opens at once. */
const CALLERS = 8;
const RECIPIENTS_PER_MESSAGE = 1_000;
const LIMIT_MS = 300_000;
/** Agreed in ARCHITECTURE §9. */
const STORED_AIM = 20_000;
const PROCESSED_AIM = 5_000;
/** Requests posted a second time: nothing may change. */
const REPEATED_POSTS = 20;

interface Sizes {
  readonly sparkpost: number;
  readonly mandrill: number;
}

const FULL: Sizes = { sparkpost: 120_000, mandrill: 40_000 };
const QUICK: Sizes = { sparkpost: 5_000, mandrill: 1_000 };

export const benchWebhooks: Bench = ({ quick }) => withWorkshop('webhooks', (shop) => measure(shop, quick ? QUICK : FULL));

interface Stage {
  readonly events: number;
  readonly seconds: number;
  readonly cpuS: number;
}

interface Accounts {
  readonly sparkpost: string;
  readonly mandrill: string;
}

async function measure(shop: Workshop, sizes: Sizes): Promise<BenchReport> {
  const provider = await startApiProvider();
  shop.defer(() => provider.close());
  const dataDir = join(shop.folder, 'data');
  let desk = await startDesk(shop, { dataDir });
  const accounts = await handOver(desk, provider, sizes);
  const [first, second] = [half(provider, 0), half(provider, 1)];
  await desk.stop();

  desk = await startDesk(shop, { dataDir, env: { PACKETBOAT_ROLES: 'http' } });
  shop.say('storing raw');
  const posts = await postsFor(desk, accounts, first, 'a');
  const warm = Math.ceil(posts.length / 10);
  await postAll(desk, posts.slice(0, warm));
  const stored = await stage(desk, eventsIn(posts.slice(warm)), () => postAll(desk, posts.slice(warm)));
  await desk.stop();

  desk = await startDesk(shop, { dataDir });
  shop.say('reading');
  const keysAtStart = await keys(desk);
  const read = await stage(desk, 0, () => queueEmpty(desk));
  const processed = { ...read, events: (await keys(desk)) - keysAtStart };

  shop.say('storing and reading at once');
  const more = await postsFor(desk, accounts, second, 'b');
  const both = await stage(desk, eventsIn(more), async () => {
    await postAll(desk, more);
    await queueEmpty(desk);
  });
  const before = await keys(desk);
  await postAll(desk, more.slice(0, REPEATED_POSTS));
  await queueEmpty(desk);
  const repeated = (await keys(desk)) - before;
  const expected = eventsIn(posts) + eventsIn(more);
  return report({ stored, processed, both, faults: await faultsOf(desk, provider, { keys: before, expected, repeated }) });
}

/** Two accounts, two tenants, and mail for everybody the events will be about. */
async function handOver(desk: DeskProcess, provider: ApiProvider, sizes: Sizes): Promise<Accounts> {
  const { api } = desk;
  const make = async (kind: 'sparkpost' | 'mandrill', recipients: number): Promise<string> => {
    const secret = { api_key: 'bench-key', ...(kind === 'mandrill' ? { webhook_key: MANDRILL_KEY } : {}) };
    const { id } = await api.post<{ id: string }>('/v1/provider-accounts', {
      name: kind,
      provider: kind,
      settings: { base_url: provider.url },
      secret,
    });
    const tenant = await makeTenant(api, `bench-${kind}`, { signed: true });
    await api.put('/v1/routing', { tenant_id: tenant.id, accounts: [id] });
    for (let from = 0; from < recipients; from += RECIPIENTS_PER_MESSAGE) {
      const to = Array.from({ length: Math.min(RECIPIENTS_PER_MESSAGE, recipients - from) }, (_, n) => `member${from + n}@dest.example`);
      await api.post(`/v1/messages?tenant_id=${tenant.id}`, {
        from: tenant.from,
        bcc: to,
        subject: 'Fees of this year',
        text: 'The fees have been paid.',
      });
    }
    return id;
  };
  const accounts = { sparkpost: await make('sparkpost', sizes.sparkpost), mandrill: await make('mandrill', sizes.mandrill) };
  const total = sizes.sparkpost + sizes.mandrill;
  await until('the mail to be handed over', async () => (await api.ledger()).states.handed_over === total, {
    limitMs: LIMIT_MS,
    everyMs: 200,
  });
  return accounts;
}

function half(provider: ApiProvider, which: 0 | 1): { sparkpost: Handed[]; mandrill: Handed[] } {
  const pick = (handed: readonly Handed[]) => handed.filter((_, n) => n % 2 === which);
  return { sparkpost: pick(provider.sparkpost), mandrill: pick(provider.mandrill) };
}

/** The port changes with every start, and Mandrill signs the whole address: hooks are asked for anew. */
async function postsFor(
  desk: DeskProcess,
  accounts: Accounts,
  handed: { sparkpost: Handed[]; mandrill: Handed[] },
  round: string,
): Promise<WebhookPost[]> {
  const hookOf = async (id: string): Promise<Hook> => {
    const { webhook_url: url, webhook_auth: auth } = await desk.api.get<{
      webhook_url: string;
      webhook_auth: { username: string; password: string };
    }>(`/v1/provider-accounts/${id}`);
    return { url, ...auth };
  };
  const sparkpost = sparkpostPosts(handed.sparkpost, await hookOf(accounts.sparkpost), round);
  const mandrill = mandrillPosts(handed.mandrill, await hookOf(accounts.mandrill), { key: MANDRILL_KEY, round });
  // Mixed, as they come.
  return [...sparkpost, ...mandrill]
    .map((post, n) => ({ post, at: (n * 7919) % 10_007 }))
    .sort((a, b) => a.at - b.at)
    .map(({ post }) => post);
}

async function postAll(desk: DeskProcess, posts: readonly WebhookPost[]): Promise<void> {
  const pool = new Pool(desk.bootstrap.http_url, { connections: CALLERS });
  try {
    await closedLoop(
      pool,
      (n) => {
        const post = posts[n];
        if (!post) throw new Error('there are no more posts');
        return post;
      },
      { callers: CALLERS, stop: (made) => made >= posts.length },
    );
  } finally {
    await pool.close();
  }
}

async function stage(desk: DeskProcess, events: number, work: () => Promise<unknown>): Promise<Stage> {
  const cpu = treeCpu([desk.pid]);
  const startMs = performance.now();
  await work();
  return { events, seconds: (performance.now() - startMs) / 1000, cpuS: treeCpu([desk.pid]) - cpu };
}

function queueEmpty(desk: DeskProcess): Promise<boolean> {
  return until('every stored request to be read', async () => (await desk.db.query('select from webhook_queue limit 1')).rowCount === 0, {
    limitMs: LIMIT_MS,
    everyMs: 50,
  });
}

/** Events that were read: each leaves its key. */
async function keys(desk: DeskProcess): Promise<number> {
  const { rows } = await desk.db.query<{ n: number }>('select count(*)::int as n from provider_event_keys');
  return rows[0]?.n ?? 0;
}

function eventsIn(posts: readonly WebhookPost[]): number {
  return posts.reduce((sum, { events }) => sum + events, 0);
}

async function faultsOf(
  desk: DeskProcess,
  provider: ApiProvider,
  found: { keys: number; expected: number; repeated: number },
): Promise<string[]> {
  const { states, difference } = await desk.api.ledger();
  const delivered = provider.sparkpost.length + provider.mandrill.length;
  return [
    ...(difference === 0 ? [] : [`the ledger is out of balance by ${difference}`]),
    ...(states.delivered === delivered ? [] : [`${delivered} recipients should be delivered, ${states.delivered} are`]),
    ...(found.keys === found.expected ? [] : [`${found.expected} events were posted, ${found.keys} were read`]),
    ...(found.repeated === 0 ? [] : [`${found.repeated} events were taken a second time`]),
  ];
}

function report({ stored, processed, both, faults }: { stored: Stage; processed: Stage; both: Stage; faults: string[] }): BenchReport {
  const perS = ({ events, seconds }: Stage) => Math.round(events / seconds);
  const row = (what: string, one: Stage, aim: string) => [
    what,
    count(one.events),
    count(perS(one)),
    aim,
    round((one.cpuS / one.events) * 1000, 3),
  ];
  const json = { stored_raw_per_s: perS(stored), processed_per_s: perS(processed), both_per_s: perS(both), faults: faults.length };
  const body = `Events about recipients that were handed over before (taken, delivered, a third opened, a tenth clicked, one in 200 complained): SparkPost in batches of 100 to 350 with basic auth, Mandrill in signed batches of 100; ${CALLERS} callers on the same cores.

${table(
  ['what', 'events', 'events/s', 'agreed', 'CPU-s / 1,000'],
  [
    row('stored raw and answered 200 (HTTP role alone)', stored, `≥ ${count(STORED_AIM)}`),
    row('fully processed: deduplicated, matched, state, marks, holds, event log', processed, `≥ ${count(PROCESSED_AIM)}`),
    row('both at once, from the first post to the last event recorded', both, ''),
  ],
)}

Every event was recorded once; ${REPEATED_POSTS} requests posted again changed nothing.`;
  return { json, sections: [{ part: '', title: TITLE, body: faults.length === 0 ? body : `${body}\n\n**${faults.join('; ')}**` }], faults };
}
