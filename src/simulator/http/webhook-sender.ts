// This file sends webhooks the way providers do: in batches, over several connections, again when the desk did not say yes.
import { Agent, request as httpRequest } from 'undici';
import type { Log } from '../../log.ts';
import type { Webhook } from '../accounts.ts';
import type { Agenda } from '../agenda.ts';
import type { Journey, Step } from '../journey.ts';

/** One webhook request as it goes out. */
export interface WebhookPost {
  readonly method: 'GET' | 'POST' | 'HEAD';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** How one provider tells: what an event looks like, how many go together, how often it tries. */
export interface WebhookForm {
  /** The provider's events for one step; several for a step that it tells twice over, none where it says nothing. */
  render(journey: Journey, step: Step): readonly { readonly name: string; readonly event: unknown }[];
  post(webhook: Webhook, events: readonly unknown[], batchId: string): WebhookPost;
  /** The request that proves a new webhook's address, and whether the answer does. */
  test(webhook: Webhook): WebhookPost;
  readonly accepts: (status: number) => boolean;
  readonly batchMax: number;
  readonly connections: number;
  /** Tries in all; waits double from `retryMs` up to the cap. */
  readonly attempts: number;
  readonly retryMs: number;
  /** Failures after which the provider switches the webhook off; null: never. */
  readonly failuresMax: number | null;
}

/** Asks a new webhook address the provider's test question; null when it answered well, else what was wrong. */
export type WebhookTester = (form: WebhookForm, webhook: Webhook) => Promise<string | null>;

export interface WebhookSender {
  /** Queues events for one webhook; `told` is called once when they were taken, or given up. */
  tell(form: WebhookForm, webhook: Webhook, events: readonly unknown[], told: () => void): void;
  readonly test: WebhookTester;
  counts(): { readonly told: number; readonly lost: number; readonly waiting: number };
  /** Stops; what was not told stays untold. Waits a moment for answers under way. */
  close(): Promise<void>;
}

interface Batch {
  readonly id: string;
  readonly events: readonly unknown[];
  readonly told: readonly (() => void)[];
  attempt: number;
}

interface Outbox {
  readonly form: WebhookForm;
  readonly webhook: Webhook;
  events: unknown[];
  told: (() => void)[];
  /** Index of the first event that is not yet in a batch. */
  first: number;
  inFlight: number;
  timer: NodeJS.Timeout | undefined;
}

/** Real providers gather for half a minute; a rehearsal gathers this long. */
const GATHER_MS = 200;
/** SparkPost gives an endpoint ten seconds. */
const ANSWER_MAX_MS = 10_000;
/** The longest wait between two tries, at pace 1. */
const RETRY_CAP_MS = 60_000;
/** Events waiting for one webhook; more are lost, as at a provider whose patience ends. */
const WAITING_MAX = 200_000;
const CLOSE_MAX_MS = 2_000;

/** Makes the sender; `mintId` gives batch ids, `pace` scales every wait. */
export function makeWebhookSender(deps: {
  agenda: Agenda;
  now: () => number;
  pace: number;
  mintId: () => string;
  log: Log;
}): WebhookSender {
  const agent = new Agent({
    connections: 64,
    headersTimeout: ANSWER_MAX_MS,
    bodyTimeout: ANSWER_MAX_MS,
    connect: { timeout: ANSWER_MAX_MS },
  });
  const outboxes = new Map<string, Outbox>();
  const inFlight = new Set<Promise<void>>();
  const counts = { told: 0, lost: 0, waiting: 0 };
  let closed = false;

  const settle = (batch: Batch, kept: boolean) => {
    counts[kept ? 'told' : 'lost'] += batch.events.length;
    counts.waiting -= batch.events.length;
    for (const told of batch.told) told();
  };
  const attempt = async (outbox: Outbox, batch: Batch) => {
    const { form, webhook } = outbox;
    const problem = await ask(agent, webhook, form.post(webhook, batch.events, batch.id), form.accepts);
    webhook.lastError = problem;
    if (problem === null) {
      webhook.batchesTold += 1;
      webhook.eventsTold += batch.events.length;
      return settle(batch, true);
    }
    // A desk that closes down around us has not refused anything: these events stay open in the journal.
    if (closed) return;
    webhook.failures += 1;
    if (form.failuresMax !== null && webhook.failures >= form.failuresMax) webhook.enabled = false;
    if (batch.attempt >= form.attempts || !webhook.enabled) {
      deps.log.warn({ event: 'simulator_webhook_given_up', webhook: webhook.id, events: batch.events.length, problem });
      return settle(batch, false);
    }
    const waitMs = Math.min(form.retryMs * 2 ** (batch.attempt - 1), RETRY_CAP_MS) * deps.pace;
    batch.attempt += 1;
    deps.agenda.at(deps.now() + waitMs, () => launch(outbox, batch));
  };
  const launch = (outbox: Outbox, batch: Batch) => {
    outbox.inFlight += 1;
    const done = attempt(outbox, batch).then(() => {
      inFlight.delete(done);
      outbox.inFlight -= 1;
      if (outbox.events.length > outbox.first) flush(outbox);
    });
    inFlight.add(done);
  };
  const flush = (outbox: Outbox) => {
    clearTimeout(outbox.timer);
    outbox.timer = undefined;
    while (!closed && outbox.inFlight < outbox.form.connections && outbox.first < outbox.events.length) {
      const end = Math.min(outbox.first + outbox.form.batchMax, outbox.events.length);
      const batch = {
        id: deps.mintId(),
        events: outbox.events.slice(outbox.first, end),
        told: outbox.told.slice(outbox.first, end),
        attempt: 1,
      };
      outbox.first = end;
      launch(outbox, batch);
    }
    if (outbox.first === outbox.events.length || outbox.first > 10_000) {
      outbox.events = outbox.events.slice(outbox.first);
      outbox.told = outbox.told.slice(outbox.first);
      outbox.first = 0;
    }
  };

  return {
    tell(form, webhook, events, told) {
      if (closed) return;
      if (!webhook.enabled || events.length === 0) return told();
      if (counts.waiting + events.length > WAITING_MAX) {
        counts.lost += events.length;
        return told();
      }
      let outbox = outboxes.get(webhook.id);
      if (outbox?.webhook !== webhook) {
        outbox = { form, webhook, events: [], told: [], first: 0, inFlight: 0, timer: undefined };
        outboxes.set(webhook.id, outbox);
      }
      const box = outbox;
      counts.waiting += events.length;
      const last = events.length - 1;
      for (const [index, event] of events.entries()) {
        box.events.push(event);
        box.told.push(index === last ? told : nothing);
      }
      box.timer ??= setTimeout(() => flush(box), GATHER_MS * Math.min(1, deps.pace));
    },
    test: (form, webhook) => ask(agent, webhook, form.test(webhook), (status) => status === 200),
    counts: () => ({ ...counts }),
    async close() {
      closed = true;
      for (const outbox of outboxes.values()) clearTimeout(outbox.timer);
      let timer: NodeJS.Timeout | undefined;
      const bounded = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, CLOSE_MAX_MS);
      });
      await Promise.race([Promise.all(inFlight), bounded]);
      clearTimeout(timer);
      await agent.destroy();
    },
  };
}

function nothing(): void {}

/** Sends one request; null when the answer was accepted, else the problem in words. */
async function ask(agent: Agent, webhook: Webhook, post: WebhookPost, accepts: (status: number) => boolean): Promise<string | null> {
  try {
    const { url, authorization } = dialled(webhook, post.url);
    const headers = { ...post.headers, ...(authorization === null ? {} : { authorization }) };
    const answer = await httpRequest(url, { dispatcher: agent, method: post.method, headers, body: post.body });
    await answer.body.dump();
    return accepts(answer.statusCode) ? null : `the webhook answered ${answer.statusCode}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Where the request really goes, and its basic auth: given apart, or inside the URL. */
function dialled(webhook: Webhook, address: string): { url: URL; authorization: string | null } {
  const url = new URL(address);
  const inUrl = url.username === '' ? null : { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
  const auth = webhook.auth ?? inUrl;
  url.username = '';
  url.password = '';
  const target = webhook.via === null ? url : new URL(`${url.pathname}${url.search}`, webhook.via);
  const authorization = auth === null ? null : `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`;
  return { url: target, authorization };
}

/** True for an address the simulator may call: plain HTTP to this machine. */
export function isLoopbackUrl(address: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || url.protocol !== 'http:') return false;
  return url.hostname === 'localhost' || url.hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(url.hostname);
}
