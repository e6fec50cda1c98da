// This file lists the kinds of providers with what they can and cannot do, as their adapters declare it.
import { z } from 'zod';
import type { App } from '../app.ts';
import type { HttpDeps } from '../deps.ts';

const Provider = z
  .object({
    kind: z.string(),
    title: z.string(),
    capabilities: z.object({
      needsAuthenticatedDomain: z.boolean(),
      acceptsVerifiedAddress: z.boolean(),
      rawMime: z.boolean(),
      preservesMime: z.boolean(),
      batchMax: z.number(),
      sizeMaxBytes: z.number().nullable(),
      returnPath: z.string(),
      ipPools: z.boolean(),
      subaccounts: z.boolean(),
      idempotency: z.boolean(),
      deliveryEvents: z.boolean(),
      webhookSignature: z.string(),
      domains: z.boolean().meta({ description: 'Sending domains are made known to it through its API.' }),
      suppressions: z
        .object({
          since: z.boolean().meta({ description: 'Can be asked for what changed since a moment.' }),
          pageMax: z.number(),
          listMax: z.number().nullable().meta({ description: 'Entries that can be read at all; null: the whole list.' }),
          perStream: z.boolean(),
          ownListBy: z.string().nullable().meta({ description: 'How an account gets a list of its own, apart from other accounts there.' }),
          everyS: z.number(),
          delayS: z.number(),
        })
        .nullable()
        .meta({ description: "The provider's own suppression list; null: it keeps none that can be read." }),
    }),
    cannot: z.array(z.object({ what: z.string(), reason: z.string() })),
  })
  .meta({ id: 'Provider' });

export function providerRoutes(app: App, deps: HttpDeps): void {
  app.route({
    method: 'GET',
    url: '/v1/providers',
    config: { access: 'operator:read' },
    schema: {
      tags: ['Provider accounts'],
      operationId: 'listProviders',
      summary: 'List the kinds of providers',
      response: { 200: z.object({ data: z.array(Provider), next: z.null() }) },
    },
    handler: async () => ({
      data: [...deps.registry.values()].map(({ kind, title, capabilities: { cannot, ...capabilities } }) => ({
        kind,
        title,
        capabilities: { ...capabilities, suppressions: capabilities.suppressions && { ...capabilities.suppressions } },
        cannot: cannot.map((entry) => ({ ...entry })),
      })),
      next: null,
    }),
  });
}
