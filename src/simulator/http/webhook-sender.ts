// This file sends webhooks the way providers do: in batches, over several connections, again when the desk did not say yes.
import { Agent, request as httpRequest } from 'undici';
import type { Log } from '../../log.ts';
import type { Webhook } from '../accounts.ts';
import type { Agenda } from '../agenda.ts';
import type { Journey, Step } from '../journey.ts';
import { within } from '../within.ts';

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
/** Events already in batches that may stay in front of a queue before it is cut. */
const SPENT_MAX = 10_000;

export interface WebhookSenderDeps {
  readonly agenda: Agenda;
  readonly now: () => number;
  /** Factor on every wait. */
  readonly pace: number;
  /** Requests to one webhook at the same time; null: as many as its provider makes. */
  readonly lines: number | null;
  readonly mintId: () => string;
  readonly log: Log;
}

/** Makes the sender. */
export function makeWebhookSender(deps: WebhookSenderDeps): WebhookSender {
  return new Sender(deps);
}

class Sender implements WebhookSender {
  readonly #deps: WebhookSenderDeps;
  readonly #agent = new Agent({
    connections: 64,
    headersTimeout: ANSWER_MAX_MS,
    bodyTimeout: ANSWER_MAX_MS,
    connect: { timeout: ANSWER_MAX_MS },
  });
  readonly #outboxes = new Map<string, Outbox>();
  readonly #inFlight = new Set<Promise<void>>();
  readonly #counts = { told: 0, lost: 0, waiting: 0 };
  #closed = false;

  constructor(deps: WebhookSenderDeps) {
    this.#deps = deps;
  }

  readonly test: WebhookTester = (form, webhook) => ask(this.#agent, webhook, form.test(webhook), (status) => status === 200);

  counts() {
    return { ...this.#counts };
  }

  tell(form: WebhookForm, webhook: Webhook, events: readonly unknown[], told: () => void): void {
    if (this.#closed) return;
    const full = this.#counts.waiting + events.length > WAITING_MAX;
    if (full) this.#counts.lost += events.length;
    if (full || !webhook.enabled || events.length === 0) {
      told();
      return;
    }
    const outbox = this.#outbox(form, webhook);
    this.#counts.waiting += events.length;
    outbox.events.push(...events);
    outbox.told.push(...events.map((_, index) => (index === events.length - 1 ? told : nothing)));
    outbox.timer ??= setTimeout(() => this.#flush(outbox), GATHER_MS * Math.min(1, this.#deps.pace));
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const outbox of this.#outboxes.values()) clearTimeout(outbox.timer);
    await within(CLOSE_MAX_MS, Promise.all(this.#inFlight));
    await this.#agent.destroy();
  }

  #outbox(form: WebhookForm, webhook: Webhook): Outbox {
    const known = this.#outboxes.get(webhook.id);
    if (known?.webhook === webhook) return known;
    const outbox: Outbox = { form, webhook, events: [], told: [], first: 0, inFlight: 0, timer: undefined };
    this.#outboxes.set(webhook.id, outbox);
    return outbox;
  }

  #flush(outbox: Outbox): void {
    clearTimeout(outbox.timer);
    outbox.timer = undefined;
    const lines = this.#deps.lines ?? outbox.form.connections;
    while (!this.#closed && outbox.inFlight < lines && outbox.first < outbox.events.length) {
      const end = Math.min(outbox.first + outbox.form.batchMax, outbox.events.length);
      const [events, told] = [outbox.events.slice(outbox.first, end), outbox.told.slice(outbox.first, end)];
      outbox.first = end;
      this.#launch(outbox, { id: this.#deps.mintId(), events, told, attempt: 1 });
    }
    if (outbox.first < outbox.events.length && outbox.first < SPENT_MAX) return;
    outbox.events = outbox.events.slice(outbox.first);
    outbox.told = outbox.told.slice(outbox.first);
    outbox.first = 0;
  }

  #launch(outbox: Outbox, batch: Batch): void {
    outbox.inFlight += 1;
    const done = this.#attempt(outbox, batch).then(() => {
      this.#inFlight.delete(done);
      outbox.inFlight -= 1;
      if (outbox.events.length > outbox.first) this.#flush(outbox);
    });
    this.#inFlight.add(done);
  }

  async #attempt(outbox: Outbox, batch: Batch): Promise<void> {
    const { form, webhook } = outbox;
    const problem = await ask(this.#agent, webhook, form.post(webhook, batch.events, batch.id), form.accepts);
    webhook.lastError = problem;
    if (problem === null) {
      webhook.batchesTold += 1;
      webhook.eventsTold += batch.events.length;
      this.#settle(batch, 'told');
    }
    // A desk that closes down around us has not refused anything: these events stay open in the journal.
    if (problem === null || this.#closed) return;
    webhook.failures += 1;
    if (form.failuresMax !== null && webhook.failures >= form.failuresMax) webhook.enabled = false;
    if (batch.attempt >= form.attempts || !webhook.enabled) {
      this.#deps.log.warn({ event: 'simulator_webhook_given_up', webhook: webhook.id, events: batch.events.length, problem });
      this.#settle(batch, 'lost');
      return;
    }
    const waitMs = Math.min(form.retryMs * 2 ** (batch.attempt - 1), RETRY_CAP_MS) * this.#deps.pace;
    batch.attempt += 1;
    this.#deps.agenda.at(this.#deps.now() + waitMs, () => this.#launch(outbox, batch));
  }

  #settle(batch: Batch, outcome: 'told' | 'lost'): void {
    this.#counts[outcome] += batch.events.length;
    this.#counts.waiting -= batch.events.length;
    for (const told of batch.told) told();
  }
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
