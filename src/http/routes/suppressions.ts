// This file is the resource of suppressions: addresses on hold, why and since when, and how to end a hold.
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { holdTold } from '../../flows/hold-told.ts';
import { mailStoppedBy, RESEND_DAYS_DEFAULT, RESEND_DAYS_MAX, releaseHold } from '../../flows/release-hold.ts';
import { resendStopped } from '../../flows/resend-stopped.ts';
import { addressKey, parseAddress } from '../../mail/address.ts';
import { writeHoldEvents } from '../../store/holds.ts';
import { readSource } from '../../store/message-detail.ts';
import { inScope, withTenant } from '../../store/scope.ts';
import { noteResends } from '../../store/stopped-resends.ts';
import { countSuppressions, findByPrefix, listSuppressions } from '../../store/suppression-lists.ts';
import { createSuppression, findSuppression, findSuppressionsOf, type Suppression } from '../../store/suppressions.ts';
import { requireScope } from '../../tenancy/principal.ts';
import { type App, actingTenant, found, listScope, objectScope, principalOf, toldActorOf } from '../app.ts';
import { change } from '../change.ts';
import { readCursor, readIdCursor, writeCursor } from '../cursor.ts';
import type { HttpDeps } from '../deps.ts';
import { namedTenant } from '../path-tenant.ts';
import { Empty, Id, IdParams, ListQuery, ObjectQuery, StreamName, TenantId, Time, TimeOut } from '../schemas.ts';
import { countedPageSchema, totalWanted, WantsTotal } from '../total.ts';

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
    expires_at: TimeOut.nullable().meta({ description: 'Null: for good.' }),
    holds: z
      .number()
      .meta({ description: 'How often it was on hold by this kind of answer without a delivery in between, this time among them.' }),
    by_answers: z.boolean().meta({ description: 'Answers of the world made it; they may lengthen or end it.' }),
  })
  .meta({ id: 'Suppression' });
const NewSuppression = z.strictObject({
  tenant_id: TenantId,
  address: Address,
  stream: StreamName.nullable().optional(),
  reason: z.string().min(1).max(100).default('manual'),
  expires_at: Time.nullable().optional(),
});
const SearchQuery = ListQuery.extend({
  address: Address.optional(),
  q: z.string().max(320).optional().meta({ description: 'Beginning of an address.' }),
  class: z.string().max(100).optional(),
  reason: z.string().max(100).optional().meta({ description: 'The same as class.' }),
  source: z.string().max(200).optional(),
  stream: StreamName.optional(),
  expired: z.enum(['true', 'false']).default('false').meta({ description: 'true: holds that ended within the last 90 days.' }),
  total: WantsTotal,
});
const Release = z.strictObject({
  why: z.string().trim().min(1).max(500).meta({ description: 'For the audit log and for the application.' }),
  resend: z.boolean().default(false).meta({ description: 'Hand the mail in again that the hold stopped.' }),
  days: z.number().int().min(1).max(RESEND_DAYS_MAX).default(RESEND_DAYS_DEFAULT).meta({ description: 'How far back that mail may lie.' }),
});
const tags = ['Suppressions'];

export function suppressionRoutes(app: App, deps: HttpDeps): void {
  const releasing = { ids: deps.ids, nowMs: () => deps.clock.nowMs() };
  const sourceOf = (tenantId: string, messageId: string) => withTenant(deps.pool, tenantId, (db) => readSource(db, tenantId, messageId));
  app.route({
    method: 'GET',
    url: '/v1/suppressions',
    config: { access: 'suppressions:read' },
    schema: {
      tags,
      operationId: 'listSuppressions',
      summary: 'List addresses on hold, newest first',
      description:
        'Holds that have ended are left out unless expired is true. With q the list is in the order of addresses. A page can be empty while "next" goes on.',
      querystring: SearchQuery,
      response: { 200: countedPageSchema(SuppressionView) },
    },
    handler: async (request) => {
      const { limit, after, address, source, stream, expired, q, total: wanted } = request.query;
      const scope = listScope(request, request.query.tenant_id);
      if (scope === undefined) return { data: [], next: null, ...(await totalWanted(wanted, null)) };
      const filter = {
        address: address && keyOf(address),
        reason: request.query.class ?? request.query.reason,
        source,
        stream,
        expired: expired === 'true',
      };
      const total = await totalWanted(wanted, () =>
        inScope(deps.pool, scope, (db) => countSuppressions(db, scope, { ...filter, prefix: q?.toLowerCase() })),
      );
      if (q !== undefined) {
        const [tenantId = '', cursorStream = '', ...from] = after === undefined ? [] : readCursor('held-addresses', after);
        const place = after === undefined ? null : { address: from.join(' '), tenantId, stream: cursorStream };
        const page = { ...filter, prefix: q.toLowerCase(), after: place, limit };
        const { rows, next } = await inScope(deps.pool, scope, (db) => findByPrefix(db, scope, page));
        return { data: rows, next: next && writeCursor('held-addresses', next.tenantId, next.stream, next.address), ...total };
      }
      const page = { ...filter, before: readIdCursor('suppressions', after), limit: limit + 1 };
      const { rows, scannedTo } = await inScope(deps.pool, scope, (db) => listSuppressions(db, scope, page));
      const last = rows.length > limit ? rows[limit - 1]?.id : scannedTo;
      return { data: rows.slice(0, limit), next: last ? writeCursor('suppressions', last) : null, ...total };
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
      const { address, stream = null, reason, expires_at: until } = request.body;
      const expiresAtMs = until ? Date.parse(until) : null;
      if (expiresAtMs !== null && expiresAtMs <= deps.clock.nowMs()) {
        const hint = 'Name a time ahead, or leave expires_at out for a hold that ends only when somebody ends it.';
        throw new AppError('REQUEST_INVALID', 'expires_at: this time has passed.', { field: 'expires_at', hint });
      }
      const tenantId = await namedTenant(deps, request, request.body.tenant_id ?? request.query.tenant_id);
      const source = principalOf(request).kind === 'operator' ? 'operator' : 'api';
      const hold = {
        id: deps.ids.next(),
        address: keyOf(address),
        stream,
        reason,
        source,
        evidence: null,
        expiresAtMs,
      };
      const { suppression, created } = await change(deps, request, tenantId, {
        work: async (db) => {
          const made = await createSuppression(db, tenantId, hold);
          const told = { ...holdTold(made.suppression, toldActorOf(request)), id: deps.ids.next(), type: 'hold.created' } as const;
          if (made.created) await writeHoldEvents(db, [told]);
          return made;
        },
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
        work: async (db) => {
          const hold = found(await findSuppression(db, scope, request.params.id));
          return found(await releaseHold(releasing, db, hold, { why: 'removed', by: toldActorOf(request) }));
        },
        describe: (gone) => auditLine('suppression.delete', gone),
      });
      return reply.code(204).send();
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/suppressions/:id/release',
    config: { access: 'suppressions:write' },
    schema: {
      tags,
      operationId: 'releaseSuppression',
      summary: 'End a hold, say why, and hand its mail in again',
      description:
        'With resend, messages that the hold stopped are accepted again as new messages to this one address; that needs the scope messages:write as well.',
      params: IdParams,
      body: Release,
      response: {
        200: z.object({
          released: SuppressionView,
          resent: z.array(Id),
          not_resent: z.array(z.object({ message_id: Id, code: z.string(), message: z.string() })),
        }),
      },
    },
    handler: async (request) => {
      const { why, resend, days } = request.body;
      const scope = objectScope(request);
      if (resend) requireScope(principalOf(request), 'messages:write');
      const { hold, stopped } = await change(deps, request, scope, {
        work: async (db) => {
          const standing = found(await findSuppression(db, scope, request.params.id));
          const mail = resend ? await mailStoppedBy(releasing, db, standing, days) : [];
          await noteResends(db, toResend(request, standing), mail);
          return { hold: found(await releaseHold(releasing, db, standing, { why, by: toldActorOf(request) })), stopped: mail };
        },
        describe: (done) => ({
          ...auditLine('suppression.release', done.hold),
          detail: { ...auditLine('', done.hold).detail, why, resend },
        }),
      });
      const resending = { pool: deps.pool, accept: deps.accept, read: sourceOf };
      const { resent, refused } = await resendStopped(resending, toResend(request, hold), stopped);
      return { released: hold, resent, not_resent: refused };
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
      if (address === undefined) throw new AppError('REQUEST_INVALID', 'address: it is missing.', { field: 'address' });
      const tenantId = actingTenant(request, named);
      await change(deps, request, tenantId, {
        work: async (db) => {
          const holds = await findSuppressionsOf(db, tenantId, { address: keyOf(address), stream });
          for (const hold of holds) await releaseHold(releasing, db, hold, { why: 'removed', by: toldActorOf(request) });
          return found(holds[0]);
        },
        describe: (gone) => auditLine('suppression.delete', gone),
      });
      return reply.code(204).send();
    },
  });
}

function toResend(request: FastifyRequest, { tenant_id: tenantId, id: holdId }: Suppression) {
  return { tenantId, holdId, credentialId: principalOf(request).credentialId };
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
