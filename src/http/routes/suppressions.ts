// This file is the resource of suppressions: addresses on hold, why and since when, and how to end a hold.
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { addressKey, parseAddress } from '../../mail/address.ts';
import { inScope } from '../../store/scope.ts';
import {
  createSuppression,
  deleteSuppression,
  deleteSuppressionsOf,
  findSuppression,
  listSuppressions,
  type Suppression,
} from '../../store/suppressions.ts';
import { type App, actingTenant, found, listScope, objectScope, principalOf } from '../app.ts';
import { change } from '../change.ts';
import { readIdCursor, writeCursor } from '../cursor.ts';
import type { HttpDeps } from '../deps.ts';
import { Empty, Id, IdParams, ListQuery, ObjectQuery, pageSchema, StreamName, TenantId, Time, TimeOut } from '../schemas.ts';

const Address = z.string().min(3).max(320);
const SuppressionView = z
  .object({
    id: Id,
    tenant_id: Id,
    address: z.string(),
    stream: StreamName.nullable().meta({ description: 'Null: every stream.' }),
    reason: z.string().meta({ description: 'Class of the answer that proved it, "complaint", "unsubscribed" or "manual".' }),
    source: z.string(),
    evidence: z.string().nullable().meta({ description: 'The words that proved it.' }),
    recipient_id: Id.nullable(),
    created_at: TimeOut,
    expires_at: TimeOut.nullable(),
  })
  .meta({ id: 'Suppression' });
const NewSuppression = z.strictObject({
  tenant_id: TenantId,
  address: Address,
  stream: StreamName.nullable().optional(),
  reason: z.string().min(1).max(100).default('manual'),
  expires_at: Time.nullable().optional(),
});
const tags = ['Suppressions'];

export function suppressionRoutes(app: App, deps: HttpDeps): void {
  app.route({
    method: 'GET',
    url: '/v1/suppressions',
    config: { access: 'suppressions:read' },
    schema: {
      tags,
      operationId: 'listSuppressions',
      summary: 'List addresses on hold, newest first',
      querystring: ListQuery.extend({ address: Address.optional(), reason: z.string().max(100).optional(), stream: StreamName.optional() }),
      response: { 200: pageSchema(SuppressionView) },
    },
    handler: async (request) => {
      const { limit, after, address, reason, stream } = request.query;
      const scope = listScope(request, request.query.tenant_id);
      if (scope === undefined) return { data: [], next: null };
      const filter = { before: readIdCursor('suppressions', after), limit: limit + 1, address: address && keyOf(address), reason, stream };
      const { rows, scannedTo } = await inScope(deps.pool, scope, (db) => listSuppressions(db, scope, filter));
      const last = rows.length > limit ? rows[limit - 1]?.id : scannedTo;
      return { data: rows.slice(0, limit), next: last ? writeCursor('suppressions', last) : null };
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/suppressions',
    config: { access: 'suppressions:write' },
    schema: {
      tags,
      operationId: 'createSuppression',
      summary: 'Put an address on hold',
      description: 'An address that is on hold already stays as it is; then the answer is 200 with the hold that stands.',
      querystring: ObjectQuery,
      body: NewSuppression,
      response: { 200: SuppressionView, 201: SuppressionView },
    },
    handler: async (request, reply) => {
      const { address, stream = null, reason, expires_at: expiresAt } = request.body;
      const tenantId = actingTenant(request, request.body.tenant_id ?? request.query.tenant_id);
      const source = principalOf(request).kind === 'operator' ? 'operator' : 'api';
      const hold = {
        id: deps.ids.next(),
        address: keyOf(address),
        stream,
        reason,
        source,
        expiresAtMs: expiresAt ? Date.parse(expiresAt) : null,
      };
      const { suppression, created } = await change(deps, request, tenantId, {
        work: (db) => createSuppression(db, tenantId, hold),
        describe: (made) => (made.created ? auditLine('suppression.create', made.suppression) : null),
      });
      return reply.code(created ? 201 : 200).send(suppression);
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/suppressions/:id',
    config: { access: 'suppressions:read' },
    schema: { tags, operationId: 'getSuppression', summary: 'Show a hold', params: IdParams, response: { 200: SuppressionView } },
    handler: async (request) => {
      const scope = objectScope(request);
      return found(await inScope(deps.pool, scope, (db) => findSuppression(db, scope, request.params.id)));
    },
  });

  app.route({
    method: 'DELETE',
    url: '/v1/suppressions/:id',
    config: { access: 'suppressions:write' },
    schema: { tags, operationId: 'deleteSuppression', summary: 'End a hold', params: IdParams, response: { 204: Empty } },
    handler: async (request, reply) => {
      const scope = objectScope(request);
      await change(deps, request, scope, {
        work: async (db) => found(await deleteSuppression(db, scope, request.params.id)),
        describe: (gone) => auditLine('suppression.delete', gone),
      });
      return reply.code(204).send();
    },
  });

  app.route({
    method: 'DELETE',
    url: '/v1/suppressions',
    config: { access: 'suppressions:write' },
    schema: {
      tags,
      operationId: 'deleteSuppressionsOfAddress',
      summary: 'End the holds of an address',
      description: 'The address stands in the query, or in a body with the same fields for clients that send one.',
      querystring: ObjectQuery.extend({ address: Address.optional(), stream: StreamName.optional() }),
      body: ObjectQuery.extend({ address: Address.optional(), stream: StreamName.optional() }).nullish(),
      response: { 204: Empty },
    },
    handler: async (request, reply) => {
      const { tenant_id: named, address, stream } = { ...request.body, ...request.query };
      if (address === undefined) throw new AppError('REQUEST_INVALID', 'address: It is missing.', { field: 'address' });
      const tenantId = actingTenant(request, named);
      await change(deps, request, tenantId, {
        work: async (db) => found((await deleteSuppressionsOf(db, tenantId, { address: keyOf(address), stream }))[0]),
        describe: (gone) => auditLine('suppression.delete', gone),
      });
      return reply.code(204).send();
    },
  });
}

/** The form under which holds are kept. Throws MAIL_ADDRESS_INVALID. */
function keyOf(address: string): string {
  const parsed = parseAddress(address);
  if (!parsed.ok) throw parsed.error;
  return addressKey(parsed.value.address);
}

function auditLine(action: string, hold: Suppression) {
  const { id, tenant_id: tenantId, address, stream, reason } = hold;
  return { tenantId, action, subject: id, detail: { address, stream, reason } };
}
