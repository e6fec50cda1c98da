// This file is the resource of destination limits: how much may go to one mailbox provider at once and in a minute.
import { z } from 'zod';
import { MAILBOX_PROVIDERS } from '../../delivery/mailbox-provider.ts';
import { deleteDestinationLimit, listDestinationLimits, putDestinationLimit } from '../../store/destination-limits.ts';
import { findProviderAccount } from '../../store/provider-accounts.ts';
import { type App, found } from '../app.ts';
import { change } from '../change.ts';
import type { HttpDeps } from '../deps.ts';
import { Empty, Id, IdParams, TimeOut } from '../schemas.ts';

const Connections = z.number().int().min(1).max(1_000).nullable().meta({ description: 'Hand-overs on the wire at once; null: no limit.' });
const PerMinute = z
  .number()
  .int()
  .min(1)
  .max(1_000_000)
  .nullable()
  .meta({ description: 'Hand-overs started in a minute; null: no limit.' });
const Limit = z
  .object({
    id: Id,
    account_id: Id.nullable().meta({ description: 'Null: every account, each on its own.' }),
    mailbox_provider: z.string(),
    connections: Connections,
    per_minute: PerMinute,
    updated_at: TimeOut,
  })
  .meta({ id: 'DestinationLimit' });
const NewLimit = z
  .strictObject({
    account_id: Id.nullable().default(null),
    mailbox_provider: z.enum(MAILBOX_PROVIDERS),
    connections: Connections.default(null),
    per_minute: PerMinute.default(null),
  })
  .refine((limit) => limit.connections !== null || limit.per_minute !== null, { message: 'give connections, per_minute or both' });
const tags = ['Routing'];

export function destinationLimitRoutes(app: App, deps: HttpDeps): void {
  app.route({
    method: 'GET',
    url: '/v1/destination-limits',
    config: { access: 'operator:read' },
    schema: {
      tags,
      operationId: 'listDestinationLimits',
      summary: 'Show how much may go to each mailbox provider',
      response: { 200: z.object({ data: z.array(Limit), next: z.null() }) },
    },
    handler: async () => ({ data: await listDestinationLimits(deps.pool), next: null }),
  });

  app.route({
    method: 'PUT',
    url: '/v1/destination-limits',
    config: { access: 'operator' },
    schema: {
      tags,
      operationId: 'putDestinationLimit',
      summary: 'Limit what goes to a mailbox provider',
      description: 'All dispatching processes together keep to the limit. A limit of an account comes before the one for every account.',
      body: NewLimit,
      response: { 200: Limit },
    },
    handler: async (request) => {
      const { account_id: accountId, mailbox_provider: mailboxProvider, connections, per_minute: perMinute } = request.body;
      if (accountId !== null) found(await findProviderAccount(deps.pool, accountId));
      const limit = await change(deps, request, null, {
        work: (db) => putDestinationLimit(db, { id: deps.ids.next(), accountId, mailboxProvider, connections, perMinute }),
        describe: ({ id }) => ({
          tenantId: null,
          action: 'destination-limit.put',
          subject: id,
          detail: { mailboxProvider, connections, perMinute },
        }),
      });
      await deps.accountsChanged();
      return limit;
    },
  });

  app.route({
    method: 'DELETE',
    url: '/v1/destination-limits/:id',
    config: { access: 'operator' },
    schema: {
      tags,
      operationId: 'deleteDestinationLimit',
      summary: 'Remove a limit',
      params: IdParams,
      response: { 204: Empty },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      await change(deps, request, null, {
        work: async (db) => found((await deleteDestinationLimit(db, id)) || null),
        describe: () => ({ tenantId: null, action: 'destination-limit.delete', subject: id }),
      });
      await deps.accountsChanged();
      return reply.code(204).send();
    },
  });
}
