// This file gives every line to a provider the way to access tokens, whoever opens it: the dispatcher, a test of the account, a notice.
import type { AccessTokens } from '../delivery/access-tokens.ts';
import type { ProviderAdapter, ProviderKind } from '../delivery/provider.ts';

export type Registry = ReadonlyMap<ProviderKind, ProviderAdapter>;

/** The same adapters, whose lines can ask for access tokens. */
export function withAccessTokens(registry: Registry, accessTokens: AccessTokens): Registry {
  return new Map(
    [...registry].map(([kind, adapter]) => [
      kind,
      { ...adapter, connect: (account, deps) => adapter.connect(account, { ...deps, accessTokens }) },
    ]),
  );
}
