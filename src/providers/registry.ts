// This file lists every provider the house knows. A new provider is one folder and one line here; only the composition root and the
// provider command look at this list.
import type { ProviderAdapter, ProviderKind } from '../delivery/provider.ts';
import { elasticEmailAdapter } from './elastic-email/adapter.ts';
import { mandrillAdapter } from './mandrill/adapter.ts';
import { smtpAdapter } from './smtp/adapter.ts';
import { sparkpostAdapter } from './sparkpost/adapter.ts';

/** Adapters by kind, in the order in which the docs show them. */
export const providerRegistry: ReadonlyMap<ProviderKind, ProviderAdapter> = new Map(
  [sparkpostAdapter, elasticEmailAdapter, mandrillAdapter, smtpAdapter].map((adapter) => [adapter.kind, adapter]),
);
