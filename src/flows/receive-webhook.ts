// This file is a provider's webhook from the door to the record: verified on the raw bytes, stored raw, answered 200; read later, as often as
// it takes, and replayable when a reader was wrong.
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import type { ProviderAccount, ProviderAdapter, ProviderKind, WebhookRequest } from '../delivery/provider.ts';
import type { OwnRules } from '../feedback/own-rules.ts';
import type { IdMint } from '../ids.ts';
import type { Log, Secret } from '../log.ts';
import { finishAnswers, postponeAnswer, type TakenWebhook, takeWebhooks } from '../store/answer-queues.ts';
import type { Batcher } from '../store/batcher.ts';
import { isDatabaseAway } from '../store/db.ts';
import type { RawWebhook } from '../store/webhook-intake.ts';
import type { AskForWords } from './ask-for-words.ts';
import type { Heard, makeRecordFeedback } from './record-feedback.ts';

export interface WebhookAccount {
  readonly account: ProviderAccount;
  readonly publicUrl: string;
  readonly auth: { readonly username: string; readonly password: Secret };
}

export interface ReceiveWebhookDeps {
  readonly hot: pg.Pool;
  readonly clock: Clock;
  readonly ids: IdMint;
  readonly log: Log;
  readonly registry: ReadonlyMap<ProviderKind, ProviderAdapter>;
  readonly accountByToken: (token: string) => Promise<WebhookAccount | null>;
  readonly accountById: (id: string) => { readonly account: ProviderAccount; readonly adapter: ProviderAdapter } | null;
  readonly store: Batcher<RawWebhook, undefined>;
  readonly record: ReturnType<typeof makeRecordFeedback>;
  /** Something was stored and may be read. */
  readonly stored: () => void;
  /** The operator's own rules as they stand now. */
  readonly ownRules: () => OwnRules;
  /** Asks for the words of answers that came without; left out, labels stand. */
  readonly words?: Pick<AskForWords, 'ask'>;
}

/** Headers kept with the raw request: what verification and reading need, and nothing that is only for the wire. */
const HEADERS_DROPPED = new Set([
  'authorization',
  'cookie',
  'connection',
  'host',
  'accept-encoding',
  'content-length',
  'transfer-encoding',
]);
/** Events that name nobody are tried again while a hand-over's outcome may still be on its way; then they are orphans. Milliseconds. */
const EARLY_RETRIES_MS = [1_000, 5_000, 30_000, 120_000] as const;
/** A request that cannot be read is parked after this many tries. */
const TRIES_MAX = 5;
const REQUESTS_AT_ONCE = 100;

/** The door. Answers the status for the provider; rejects with STORE_UNAVAILABLE when the request could not be stored. */
export function makeWebhookDoor(deps: ReceiveWebhookDeps): (token: string, request: WebhookRequest) => Promise<{ status: number }> {
  return async (token, request) => {
    const found = await deps.accountByToken(token);
    const reader = found && deps.registry.get(found.account.provider)?.webhook;
    if (!found || !reader) return { status: 404 };
    // Providers look whether the address answers before they save it; such a look carries nothing.
    const looksOnly = request.method === 'HEAD' || (request.method === 'GET' && !request.url.includes('?'));
    if (looksOnly) return { status: 200 };
    const verdict = reader.verify(request, found);
    if (!verdict.ok) {
      deps.log.warn({ event: 'webhook_refused', account: found.account.id, reason: verdict.reason });
      return { status: 401 };
    }
    const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !HEADERS_DROPPED.has(name)));
    const { method, url, body } = request;
    await deps.store.submit({ id: deps.ids.next(), accountId: found.account.id, method, url, headers, body });
    deps.stored();
    return { status: 200 };
  };
}

/** The reader: takes stored requests until none is due. Returns how many it finished. */
export function makeWebhookReader(deps: ReceiveWebhookDeps): () => Promise<number> {
  function heardIn(taken: TakenWebhook): Heard[] {
    const found = deps.accountById(taken.accountId);
    if (!found?.adapter.webhook) return [];
    const events = found.adapter.webhook.events(taken, deps.ownRules());
    const proven = found.adapter.capabilities.webhookSignature === 'hmac';
    return events.map((event) => ({
      event,
      accountId: taken.accountId,
      source: 'webhook',
      account: found.account.name,
      proven,
      recipientId: null,
    }));
  }

  async function readTogether(all: readonly TakenWebhook[]): Promise<void> {
    const heard = all.map((taken) => heardIn(taken));
    const owner = heard.flatMap((events, index) => events.map(() => index));
    const told = deps.words === undefined ? heard.flat() : await deps.words.ask(heard.flat());
    await deps.record(told, async (client, answer) => {
      const early = new Set(answer.unknown.map((n) => owner[n]).filter((n) => n !== undefined));
      await finishAnswers(
        client,
        'webhook_queue',
        all.filter((_, index) => !early.has(index)).map((taken) => taken.id),
      );
      for (const index of early) await later(client, all[index]);
    });
  }

  async function later(client: pg.PoolClient, taken: TakenWebhook | undefined): Promise<void> {
    if (!taken) return;
    const waitMs = EARLY_RETRIES_MS[taken.tries - 1];
    if (waitMs === undefined) {
      deps.log.info({ event: 'webhook_orphan', request: taken.id, account: taken.accountId });
      await finishAnswers(client, 'webhook_queue', [taken.id]);
    } else await postponeAnswer(client, 'webhook_queue', taken.id, { dueAtMs: deps.clock.nowMs() + waitMs, error: 'early' });
  }

  async function readAlone(taken: TakenWebhook): Promise<void> {
    try {
      await readTogether([taken]);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      // A database that is away blames no request, however often it was taken meanwhile.
      const away = isDatabaseAway(error);
      const said = { request: taken.id, tries: taken.tries, reason };
      if (away) deps.log.warn({ event: 'webhook_waits_for_database', ...said });
      else deps.log.error({ event: 'webhook_unreadable', ...said });
      const parked = taken.tries >= TRIES_MAX && !away;
      const dueAtMs = parked ? null : deps.clock.nowMs() + 10_000 * 2 ** Math.min(taken.tries, TRIES_MAX);
      await postponeAnswer(deps.hot, 'webhook_queue', taken.id, { dueAtMs, error: reason });
    }
  }

  return async () => {
    let finished = 0;
    for (;;) {
      const taken = await takeWebhooks(deps.hot, REQUESTS_AT_ONCE);
      if (taken.length === 0) return finished;
      try {
        await readTogether(taken);
      } catch (error) {
        // One of them is to blame; alone, only it fails.
        deps.log.warn({
          event: 'webhook_batch_split',
          requests: taken.length,
          reason: error instanceof Error ? error.message : String(error),
        });
        for (const each of taken) await readAlone(each);
      }
      finished += taken.length;
    }
  };
}
