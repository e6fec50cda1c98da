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
        capabilities: { ...capabilities },
        cannot: cannot.map((entry) => ({ ...entry })),
      })),
      next: null,
    }),
  });
}
