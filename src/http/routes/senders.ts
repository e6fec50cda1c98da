// This file is the resource of senders: single addresses that may stand in From, for organisations without a domain of their own.
import { z } from 'zod';
import { parseAddress } from '../../mail/address.ts';
import { pageOf } from '../../store/rows.ts';
import { inScope } from '../../store/scope.ts';
import { createSender, deleteSender, listSenders, updateSender } from '../../store/senders.ts';
import { senderKey } from '../../tenancy/may-send.ts';
import { hasScope } from '../../tenancy/principal.ts';
import { type App, found, objectScope, principalOf } from '../app.ts';
import { change } from '../change.ts';
import { nextCursor, readIdCursor } from '../cursor.ts';
import type { HttpDeps } from '../deps.ts';
import { pathTenant } from '../path-tenant.ts';
import { Empty, Id, IdParams, ListQuery, pageSchema, TimeOut } from '../schemas.ts';

const Sender = z
  .object({
    id: Id,
    tenant_id: Id,
    address: z.string(),
    verified_at: TimeOut.nullable().meta({ description: 'Null: nobody has shown yet that this address is yours, so it cannot be used.' }),
    created_at: TimeOut,
  })
  .meta({ id: 'Sender' });
const tags = ['Domains and senders'];

export function senderRoutes(app: App, deps: HttpDeps): void {
  app.route({
    method: 'GET',
    url: '/v1/tenants/:id/senders',
    config: { access: 'domains:manage' },
    schema: {
      tags,
      operationId: 'listSenders',
      summary: 'List the sender addresses of an organisation',
      params: IdParams,
      querystring: ListQuery.omit({ tenant_id: true }),
      response: { 200: pageSchema(Sender) },
    },
    handler: async (request) => {
      const { limit, after } = request.query;
      const scope = await pathTenant(deps, request, request.params.id);
      const filter = { after: readIdCursor('list', after), limit: limit + 1 };
      const { page, last } = pageOf(await inScope(deps.pool, scope, (db) => listSenders(db, scope, filter)), limit);
      return { data: page, next: nextCursor('list', last) };
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/tenants/:id/senders',
    config: { access: 'domains:manage' },
    schema: {
      tags,
      operationId: 'createSender',
      summary: 'Register a sender address',
      description: 'Registered by an operator it can be used at once; registered by an organisation it waits for the operator.',
      params: IdParams,
      body: z.strictObject({ address: z.string().min(3).max(320) }),
      response: { 201: Sender },
    },
    handler: async (request, reply) => {
      const tenantId = await pathTenant(deps, request, request.params.id);
      const parsed = parseAddress(request.body.address);
      if (!parsed.ok) throw parsed.error;
      const sender = {
        id: deps.ids.next(),
        address: senderKey(parsed.value.address),
        verified: hasScope(principalOf(request), 'operator'),
      };
      const made = await change(deps, request, tenantId, {
        work: (db) => createSender(db, tenantId, sender),
        describe: ({ id, address }) => ({ tenantId, action: 'sender.create', subject: id, detail: { address } }),
      });
      deps.rights.forget(tenantId);
      return reply.code(201).send(made);
    },
  });

  app.route({
    method: 'PATCH',
    url: '/v1/senders/:id',
    config: { access: 'operator' },
    schema: {
      tags,
      operationId: 'updateSender',
      summary: 'Vouch for a sender address, or stop doing so',
      params: IdParams,
      body: z.strictObject({ verified: z.boolean() }),
      response: { 200: Sender },
    },
    handler: async (request) => {
      const { id } = request.params;
      const { verified } = request.body;
      const sender = await change(deps, request, null, {
        work: async (db) => found(await updateSender(db, null, { id, verified })),
        describe: (row) => ({ tenantId: row.tenant_id, action: 'sender.update', subject: id, detail: { verified } }),
      });
      deps.rights.forget(sender.tenant_id);
      return sender;
    },
  });

  app.route({
    method: 'DELETE',
    url: '/v1/senders/:id',
    config: { access: 'domains:manage' },
    schema: { tags, operationId: 'deleteSender', summary: 'Remove a sender address', params: IdParams, response: { 204: Empty } },
    handler: async (request, reply) => {
      const { id } = request.params;
      const scope = objectScope(request);
      const gone = await change(deps, request, scope, {
        work: async (db) => found(await deleteSender(db, scope, id)),
        describe: (row) => ({ tenantId: row.tenant_id, action: 'sender.delete', subject: id, detail: { address: row.address } }),
      });
      deps.rights.forget(gone.tenant_id);
      return reply.code(204).send();
    },
  });
}
