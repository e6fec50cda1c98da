// This file wires the way to access tokens: the desk's own store, and the endpoints out there.
import type pg from 'pg';
import type { Clock } from '../../clock.ts';
import type { Config } from '../../config.ts';
import type { AccessTokens } from '../../delivery/access-tokens.ts';
import { makeAccessTokens } from '../../flows/access-tokens.ts';
import { makeTokenEndpoint } from '../../flows/token-endpoint.ts';
import { askDns, askSystem } from '../../flows/webhook-target.ts';
import type { IdMint } from '../../ids.ts';
import type { Log } from '../../log.ts';
import type { Keys } from '../../store/keys.ts';

export function openAccessTokens({
  config,
  ...deps
}: {
  readonly config: Config;
  readonly pool: pg.Pool;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly ids: IdMint;
  readonly log: Log;
}): AccessTokens {
  const { allowPrivateWebhooks: allowPrivate } = config;
  return makeAccessTokens({ ...deps, endpoint: makeTokenEndpoint({ allowPrivate, resolve: allowPrivate ? askSystem : askDns() }) });
}
