// This file is the resource of webhook deliveries: try an endpoint, see what could not be delivered, and send it again.
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { pageOf } from '../../store/rows.ts';
import { inScope } from '../../store/scope.ts';
import {
  createTestDelivery,
  findWebhookEndpoint,
  listWebhookDeliveries,
  reviveDeliveries,
  rewindEndpoint,
} from '../../store/webhook-endpoints.ts';
import { type App, found, objectScope } from '../app.ts';
import { change } from '../change.ts';
import { nextCursor, readIdCursor } from '../cursor.ts';
import type { HttpDeps } from '../deps.ts';
import { Id, IdParams, ListQuery, pageSchema, SearchTime, TimeOut } from '../schemas.ts';

const Delivery = z
  .object({
    id: Id,
    endpoint_id: Id,
    event_id: Id,
    state: z.enum(['due', 'dead']),
    tries: z.number(),
    due_at: TimeOut,
    last_status: z.number().nullable(),
    last_error: z.string().nullable(),
    payload: z.unknown(),
  })
  .meta({ id: 'WebhookDelivery' });
/** Deliveries named in one replay; more are replayed by leaving the list out. */
const NAMED_MAX = 1_000;
const Replay = z
  .strictObject({
    deliveries: z
      .array(Id)
      .min(1)
      .max(NAMED_MAX)
      .optional()
      .meta({ description: 'Dead deliveries to try again; all of them, when left out.' }),
    from: SearchTime.optional().meta({ description: 'Instead: send every event since this time again.' }),
  })
  .nullish();
const tags = ['Webhooks'];

export function webhookDeliveryRoutes(app: App, deps: HttpDeps): void {
  app.route({
    method: 'POST',
    url: '/v1/webhook-endpoints/:id/test',
    config: { access: 'webhooks:manage' },
    schema: {
      tags,
      operationId: 'testWebhookEndpoint',
      summary: 'Send a test event',
      description: 'It is delivered like any other; look at the deliveries of the endpoint when it does not arrive.',
      params: IdParams,
      response: { 202: z.object({ id: Id }) },
    },
    handler: async (request, reply) => {
      const scope = objectScope(request);
      const id = deps.ids.next();
      await inScope(deps.pool, scope, async (db) => {
        const endpoint = found(await findWebhookEndpoint(db, scope, request.params.id));
        // In the form of every event, so that what reads those reads this, too.
        const payload = {
          id,
          type: 'test',
          at: new Date(deps.clock.nowMs()).toISOString(),
          tenant_id: endpoint.tenant_id,
          message_id: null,
          recipient_id: null,
          address: null,
          tags: [],
          metadata: null,
          data: { text: 'A test of this endpoint.' },
        };
        await createTestDelivery(db, endpoint.tenant_id, { id, endpointId: endpoint.id, payload });
      });
      return reply.code(202).send({ id });
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/webhook-endpoints/:id/deliveries',
    config: { access: 'webhooks:read' },
    schema: {
      tags,
      operationId: 'listWebhookDeliveries',
      summary: 'List deliveries that failed, or that wait',
      params: IdParams,
      querystring: ListQuery.omit({ tenant_id: true }).extend({ state: z.enum(['due', 'dead']).default('dead') }),
      response: { 200: pageSchema(Delivery) },
    },
    handler: async (request) => {
      const scope = objectScope(request);
      const { limit, after, state } = request.query;
      const rows = await inScope(deps.pool, scope, async (db) => {
        const { id: endpointId, tenant_id: tenantId } = found(await findWebhookEndpoint(db, scope, request.params.id));
        return listWebhookDeliveries(db, tenantId, { endpointId, state, before: readIdCursor('deliveries', after), limit: limit + 1 });
      });
      const { page, last } = pageOf(rows, limit);
      return { data: page, next: nextCursor('deliveries', last) };
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/webhook-endpoints/:id/replay',
    config: { access: 'webhooks:manage' },
    schema: {
      tags,
      operationId: 'replayWebhookDeliveries',
      summary: 'Deliver again what failed, or everything since a time',
      params: IdParams,
      body: Replay,
      response: { 202: z.object({ replayed: z.number().meta({ description: 'Deliveries that try again.' }), rewound: z.boolean() }) },
    },
    handler: async (request, reply) => {
      const { deliveries, from } = request.body ?? {};
      if (deliveries && from) throw new AppError('REQUEST_INVALID', 'Give either "deliveries" or "from".', { field: 'from' });
      const scope = objectScope(request);
      const { endpoint: _, ...answer } = await change(deps, request, scope, {
        work: async (db) => {
          const endpoint = found(await findWebhookEndpoint(db, scope, request.params.id));
          const target = { endpointId: endpoint.id };
          if (from)
            return {
              endpoint,
              replayed: 0,
              rewound: await rewindEndpoint(db, endpoint.tenant_id, { ...target, fromMs: Date.parse(from) }),
            };
          const replayed = await reviveDeliveries(db, endpoint.tenant_id, { ...target, deliveries: deliveries ?? null });
          return { endpoint, replayed, rewound: false };
        },
        describe: ({ endpoint, replayed }) => ({
          tenantId: endpoint.tenant_id,
          action: 'webhook-endpoint.replay',
          subject: endpoint.id,
          detail: { replayed, from },
        }),
      });
      return reply.code(202).send(answer);
    },
  });
}
