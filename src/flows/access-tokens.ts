// This file gives out access tokens for log-ins at mail servers: kept in memory and in the database until shortly before their end, fetched once for however
// many ask, over all processes of the desk.
//
// A refresh token may be good for one use only: the endpoint answers with its successor, and whoever loses that is locked out until a person signs in again.
// So one process at a time asks (a right with an end, in the database), and nothing that was issued is used before it is written down. What could not be
// written down stays in memory, and is written before anything is asked again.
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import type { AccessTokens, TokenAnswer, TokenQuestion } from '../delivery/access-tokens.ts';
import type { IdMint } from '../ids.ts';
import type { Log } from '../log.ts';
import { holdTokens, type KeptTokens, keepTokens, readTokens, releaseTokens } from '../store/access-tokens.ts';
import type { Keys } from '../store/keys.ts';
import type { TokenGrant } from '../token-grant.ts';
import type { TokenEndpoint } from './token-endpoint.ts';
import { wordsOfOutage, wordsOfRefusal } from './token-words.ts';

export interface AccessTokensDeps {
  readonly pool: pg.Pool;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly ids: IdMint;
  readonly log: Log;
  readonly endpoint: TokenEndpoint;
}

/** A token is not given out in its last minutes, nor in the last tenth of a short life: a log-in takes a moment, and clocks differ. */
const MARGIN_MAX_MS = 120_000;
const MARGIN_SHARE = 10;
/** Longer than an exchange and the commits after it can take. */
const HOLD_S = 60;
/** While another process asks, its answer is looked for so often, and so long: an exchange ends within 15 s. */
const LOOK_MS = 150;
const WAIT_MS = 20_000;
/** How often new tokens are offered to a database that does not answer, and the first pause, which doubles. */
const KEEP_TRIES = 5;
const KEEP_PAUSE_MS = 100;
/** Askers who come while somebody asks, whose answer is the token they complain about, ask again: once is enough for all but a broken endpoint. */
const TURNS_MAX = 4;

const OTHER_ASKS: TokenAnswer = {
  ok: false,
  kind: 'unreachable',
  reason: 'Another process of the desk is asking for an access token; this one tries again by itself.',
};
const NOT_KEPT: TokenAnswer = {
  ok: false,
  kind: 'unreachable',
  reason: 'An access token was issued, but the database does not take it now; it is used once it is written down.',
};

export function makeAccessTokens(deps: AccessTokensDeps): AccessTokens {
  const { clock } = deps;
  const known = new Map<string, KeptTokens>();
  const running = new Map<string, { readonly asked: string; readonly answer: Promise<TokenAnswer> }>();
  /** This process, as the database knows it. */
  const holder = deps.ids.next();
  /** Issued, but not written down yet. */
  const unsaved = new Map<string, KeptTokens>();

  const isGood = (tokens: KeptTokens | null | undefined, asked: string, refused: string | undefined): tokens is KeptTokens =>
    !!tokens && tokens.asked === asked && tokens.accessToken !== refused && clock.nowMs() < tokens.expiresMs;
  const give = (ownerId: string, tokens: KeptTokens): TokenAnswer => {
    known.set(ownerId, tokens);
    return { ok: true, token: tokens.accessToken };
  };

  /** The token in the database, or a new one, when it is this process's turn to ask. */
  async function find({ ownerId, grant, refused }: TokenQuestion, asked: string): Promise<TokenAnswer> {
    const untilMs = clock.monotonicMs() + WAIT_MS;
    for (;;) {
      const kept = await readTokens(deps.pool, deps.keys, ownerId);
      if (!unsaved.has(ownerId) && isGood(kept, asked, refused)) return give(ownerId, kept);
      const held = await holdTokens(deps.pool, deps.keys, { ownerId, holder, seconds: HOLD_S });
      if (held) return fetchOne({ ownerId, grant, ...(refused === undefined ? {} : { refused }) }, asked, held.kept);
      if (clock.monotonicMs() >= untilMs) return OTHER_ASKS;
      await delay(LOOK_MS);
    }
  }

  /** Asks the endpoint; the right to do so is ours. */
  async function fetchOne({ ownerId, grant, refused }: TokenQuestion, asked: string, kept: KeptTokens | null): Promise<TokenAnswer> {
    const root = digest([grant.tokenUrl, grant.clientId, grant.refreshToken]);
    const waiting = unsaved.get(ownerId);
    if (!waiting && isGood(kept, asked, refused)) {
      await releaseTokens(deps.pool, ownerId, holder);
      return give(ownerId, kept);
    }
    if (waiting) return write(ownerId, waiting, waiting.asked === asked);
    const refreshToken = (kept?.root === root ? kept.refreshToken : null) ?? grant.refreshToken;
    const startedMs = clock.nowMs();
    const exchange = await deps.endpoint.exchange(grant, refreshToken);
    if (exchange.kind === 'token') {
      const lifeMs = exchange.expiresInS * 1_000;
      const expiresMs = startedMs + lifeMs - Math.min(MARGIN_MAX_MS, lifeMs / MARGIN_SHARE);
      const tokens = { root, refreshToken: exchange.refreshToken ?? refreshToken, asked, accessToken: exchange.accessToken, expiresMs };
      return write(ownerId, tokens, true);
    }
    await releaseTokens(deps.pool, ownerId, holder);
    return answerOf(grant, exchange);
  }

  async function write(ownerId: string, tokens: KeptTokens, ofUse: boolean): Promise<TokenAnswer> {
    unsaved.set(ownerId, tokens);
    for (let tries = 1; ; tries += 1) {
      try {
        await keep(ownerId, tokens);
        break;
      } catch (error) {
        deps.log.error({ event: 'access_token_not_kept', owner: ownerId, tries, err: error });
        if (tries === KEEP_TRIES) return NOT_KEPT;
        await delay(KEEP_PAUSE_MS * 2 ** tries);
      }
    }
    unsaved.delete(ownerId);
    return ofUse ? give(ownerId, tokens) : NOT_KEPT;
  }

  /** Throws where the database does not answer. A commit whose answer was lost is known by what stands there. */
  async function keep(ownerId: string, tokens: KeptTokens): Promise<void> {
    if (await keepTokens(deps.pool, deps.keys, { ownerId, holder, tokens })) return;
    const there = await readTokens(deps.pool, deps.keys, ownerId);
    if (there?.accessToken === tokens.accessToken) return;
    // The owner was removed, or this process slept longer than its right lasted and another one asked since: what that one wrote is newer.
    deps.log.warn({ event: 'access_token_overtaken', owner: ownerId });
  }

  return {
    async get(question) {
      const { ownerId, grant, refused } = question;
      const asked = digest([grant.tokenUrl, grant.clientId, grant.refreshToken, grant.clientSecret, grant.scope, grant.kind]);
      const cached = known.get(ownerId);
      if (isGood(cached, asked, refused)) return { ok: true, token: cached.accessToken };
      for (let turn = 1; ; turn += 1) {
        const other = running.get(ownerId);
        if (!other) break;
        const answer = await other.answer;
        if (other.asked !== asked) continue;
        if (!answer.ok || answer.token !== refused || turn === TURNS_MAX) return answer;
      }
      const mine = find(question, asked)
        .catch((error: unknown): TokenAnswer => {
          deps.log.error({ event: 'access_token_failed', owner: ownerId, err: error });
          return { ok: false, kind: 'unreachable', reason: 'The desk could not look for an access token; it tries again by itself.' };
        })
        .finally(() => running.delete(ownerId));
      running.set(ownerId, { asked, answer: mine });
      return mine;
    },
  };
}

function answerOf(grant: TokenGrant, exchange: Exclude<Awaited<ReturnType<TokenEndpoint['exchange']>>, { kind: 'token' }>): TokenAnswer {
  if (exchange.kind === 'refused') return { ok: false, kind: 'misconfigured', reason: wordsOfRefusal(grant, exchange) };
  const rest = exchange.retryAfterMs === undefined ? {} : { retryAfterMs: exchange.retryAfterMs };
  return { ok: false, kind: 'unreachable', reason: wordsOfOutage(grant, exchange.reason), ...rest };
}

/** Tells grants apart. It is kept inside what is encrypted only. */
function digest(parts: readonly (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}
