// This file is the resource of webhook endpoints: where an organisation wants its events sent, how they are signed, and what could not be delivered.
import { z } from 'zod';
import { pageOf } from '../../store/rows.ts';
import { inScope } from '../../store/scope.ts';
import {
  createWebhookEndpoint,
  deleteWebhookEndpoint,
  findWebhookEndpoint,
  listWebhookEndpoints,
  rotateWebhookSecret,
  updateWebhookEndpoint,
} from '../../store/webhook-endpoints.ts';
import { parseWebhookTarget } from '../../tenancy/webhook-target.ts';
import { type App, found, listScope, objectScope } from '../app.ts';
import { change } from '../change.ts';
import { nextCursor, readIdCursor } from '../cursor.ts';
import type { HttpDeps } from '../deps.ts';
import { namedTenant } from '../path-tenant.ts';
import { Empty, EventType, Id, IdParams, ListQuery, ObjectQuery, pageSchema, TenantId, TimeOut } from '../schemas.ts';

const Types = z.array(EventType).max(50).meta({ description: 'Event types to send; empty: all.' });
const Url = z.string().max(2_000).meta({ description: 'https address of your application.' });
const Endpoint = z
  .object({
    id: Id,
    tenant_id: Id,
    url: z.string(),
    types: z.array(z.string()),
    state: z.enum(['active', 'paused', 'removed']),
    created_at: TimeOut,
    failing_deliveries: z
      .number()
      .meta({ description: 'Deliveries that failed so far and are tried again; "deliveries?state=due" says why. Counted up to 1,000.' }),
    dead_deliveries: z.number().meta({ description: 'Deliveries that failed for a day and wait to be replayed; counted up to 1,000.' }),
  })
  .meta({ id: 'WebhookEndpoint' });
const EndpointWithSecret = Endpoint.extend({
  secret: z.string().meta({ description: 'Signing secret (Standard Webhooks), shown once.' }),
}).meta({ id: 'NewWebhookEndpoint' });
const tags = ['Webhooks'];

export function webhookEndpointRoutes(app: App, deps: HttpDeps): void {
  app.route({
    method: 'GET',
    url: '/v1/webhook-endpoints',
    config: { access: 'webhooks:read' },
    schema: {
      tags,
      operationId: 'listWebhookEndpoints',
      summary: 'List webhook endpoints',
      querystring: ListQuery,
      response: { 200: pageSchema(Endpoint) },
    },
    handler: async (request) => {
      const { limit, after } = request.query;
      const scope = listScope(request, request.query.tenant_id);
      if (scope === undefined) return { data: [], next: null };
      const filter = { after: readIdCursor('list', after), limit: limit + 1 };
      const { page, last } = pageOf(await inScope(deps.pool, scope, (db) => listWebhookEndpoints(db, scope, filter)), limit);
      return { data: page, next: nextCursor('list', last) };
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/webhook-endpoints',
    config: { access: 'webhooks:manage' },
    schema: {
      tags,
      operationId: 'createWebhookEndpoint',
      summary: 'Send events to an address of yours',
      description:
        'Requests are signed as Standard Webhooks describe and tried again for a day. The same events can be read with GET /v1/events.',
      querystring: ObjectQuery,
      body: z.strictObject({ tenant_id: TenantId, url: Url, types: Types.default([]) }),
      response: { 201: EndpointWithSecret },
    },
    handler: async (request, reply) => {
      const tenantId = await namedTenant(deps, request, request.body.tenant_id ?? request.query.tenant_id);
      const url = parseWebhookTarget(request.body.url, deps.config.allowPrivateWebhooks);
      const made = await change(deps, request, tenantId, {
        work: (db) => createWebhookEndpoint(db, tenantId, deps.keys, { id: deps.ids.next(), url, types: request.body.types }),
        describe: ({ endpoint }) => ({ tenantId, action: 'webhook-endpoint.create', subject: endpoint.id, detail: { url } }),
      });
      return reply.code(201).send({ ...made.endpoint, secret: made.secret });
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/webhook-endpoints/:id',
    config: { access: 'webhooks:read' },
    schema: { tags, operationId: 'getWebhookEndpoint', summary: 'Show a webhook endpoint', params: IdParams, response: { 200: Endpoint } },
    handler: async (request) => {
      const scope = objectScope(request);
      return found(await inScope(deps.pool, scope, (db) => findWebhookEndpoint(db, scope, request.params.id)));
    },
  });

  app.route({
    method: 'PATCH',
    url: '/v1/webhook-endpoints/:id',
    config: { access: 'webhooks:manage' },
    schema: {
      tags,
      operationId: 'updateWebhookEndpoint',
      summary: 'Change, pause or resume a webhook endpoint',
      params: IdParams,
      body: z.strictObject({ url: Url.optional(), types: Types.optional(), state: z.enum(['active', 'paused']).optional() }),
      response: { 200: Endpoint },
    },
    handler: async (request) => {
      const { id } = request.params;
      const scope = objectScope(request);
      const { types, state } = request.body;
      const { url: given } = request.body;
      const url = given === undefined ? undefined : parseWebhookTarget(given, deps.config.allowPrivateWebhooks);
      return change(deps, request, scope, {
        work: async (db) => found(await updateWebhookEndpoint(db, scope, { id, url, types, state })),
        describe: (row) => ({ tenantId: row.tenant_id, action: 'webhook-endpoint.update', subject: id, detail: { url, types, state } }),
      });
    },
  });

  app.route({
    method: 'DELETE',
    url: '/v1/webhook-endpoints/:id',
    config: { access: 'webhooks:manage' },
    schema: {
      tags,
      operationId: 'deleteWebhookEndpoint',
      summary: 'Remove a webhook endpoint',
      params: IdParams,
      response: { 204: Empty },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const scope = objectScope(request);
      await change(deps, request, scope, {
        work: async (db) => found(await deleteWebhookEndpoint(db, scope, id)),
        describe: (row) => ({ tenantId: row.tenant_id, action: 'webhook-endpoint.delete', subject: id, detail: { url: row.url } }),
      });
      return reply.code(204).send();
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/webhook-endpoints/:id/rotate',
    config: { access: 'webhooks:manage' },
    schema: {
      tags,
      operationId: 'rotateWebhookSecret',
      summary: 'Give a webhook endpoint a new signing secret',
      params: IdParams,
      response: { 200: EndpointWithSecret },
    },
    handler: async (request) => {
      const { id } = request.params;
      const scope = objectScope(request);
      return change(deps, request, scope, {
        work: async (db) => {
          const secret = found(await rotateWebhookSecret(db, scope, deps.keys, id));
          return { ...found(await findWebhookEndpoint(db, scope, id)), secret };
        },
        describe: (row) => ({ tenantId: row.tenant_id, action: 'webhook-endpoint.rotate', subject: id }),
      });
    },
  });
}
