// This file is the resource of credentials: API keys, SMTP log-ins and trusted networks. Secrets are shown once, in the answer that makes them.
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import {
  type Credential as CredentialView,
  createCredential,
  findCredential,
  listCredentials,
  type NewCredential,
  rotateCredential,
  type ShownSecret,
  updateCredential,
} from '../../store/credentials.ts';
import { pageOf } from '../../store/rows.ts';
import { inScope } from '../../store/scope.ts';
import { parsePrivateNetwork } from '../../tenancy/networks.ts';
import { mayGrant, OPERATOR_SCOPES, type Principal, type PrincipalScope, requireScope, TENANT_SCOPES } from '../../tenancy/principal.ts';
import { type App, found, listScope, objectScope, principalOf } from '../app.ts';
import { change } from '../change.ts';
import { nextCursor, readIdCursor } from '../cursor.ts';
import type { HttpDeps } from '../deps.ts';
import { pathTenant } from '../path-tenant.ts';
import { Empty, Id, IdParams, ListQuery, ObjectQuery, pageSchema, StreamName, TimeOut } from '../schemas.ts';

const Kind = z.enum(['api_key', 'smtp', 'network']);
const State = z.enum(['active', 'suspended', 'revoked']);
const Rate = z
  .number()
  .int()
  .min(1)
  .max(10_000_000)
  .nullable()
  .meta({ description: 'Messages and requests a minute; null: the house rule.' });
const TenantScopeName = z.enum(TENANT_SCOPES);
const Credential = z
  .object({
    id: Id,
    tenant_id: Id.nullable().meta({ description: 'Null: a key of the operator.' }),
    kind: Kind,
    name: z.string(),
    handle: z.string().nullable().meta({ description: 'The public half: part of the API key, or the SMTP user name.' }),
    scopes: z.array(z.string()),
    default_stream: StreamName,
    networks: z.array(z.string()),
    rate_per_minute: Rate,
    state: State,
    created_at: TimeOut,
    last_used_at: TimeOut.nullable(),
    previous_valid_until: TimeOut.nullable().meta({ description: 'Until when the secret before the last rotation still works.' }),
  })
  .meta({ id: 'Credential' });
const ShownCredential = Credential.extend({
  api_key: z.string().optional().meta({ description: 'Shown once.' }),
  smtp_username: z.string().optional(),
  smtp_password: z.string().optional().meta({ description: 'Shown once.' }),
}).meta({ id: 'NewCredential' });
const NewTenantCredential = z.strictObject({
  kind: Kind,
  name: z.string().max(200).optional(),
  scopes: z
    .array(TenantScopeName)
    .max(TENANT_SCOPES.length)
    .optional()
    .meta({ description: 'What an API key may do; everything, when left out.' }),
  default_stream: StreamName.optional(),
  cidr: z
    .array(z.string().max(50))
    .min(1)
    .max(50)
    .optional()
    .meta({ description: 'For kind "network": private ranges such as 10.1.0.0/16.' }),
  rate_per_minute: Rate.optional(),
});
const NewOperatorKey = z.strictObject({
  kind: z.literal('api_key').optional(),
  name: z.string().max(200).optional(),
  scopes: z.array(z.enum(OPERATOR_SCOPES)).min(1).max(OPERATOR_SCOPES.length).optional(),
  rate_per_minute: Rate.optional(),
});
const CredentialChange = z.strictObject({
  name: z.string().max(200).optional(),
  state: z.enum(['active', 'suspended']).optional(),
  rate_per_minute: Rate.optional(),
  default_stream: StreamName.optional(),
});
/** A day is enough to roll a key out, a week for a slow house. */
const GRACE_SECONDS_MAX = 7 * 86_400;
const Rotation = z
  .strictObject({
    grace_seconds: z.number().int().min(0).max(GRACE_SECONDS_MAX).default(0).meta({ description: 'How long the old secret works on.' }),
  })
  .optional();
const tags = ['Credentials'];

export function credentialRoutes(app: App, deps: HttpDeps): void {
  app.route({
    method: 'GET',
    url: '/v1/tenants/:id/credentials',
    config: { access: 'credentials:manage' },
    schema: {
      tags,
      operationId: 'listTenantCredentials',
      summary: 'List the credentials of an organisation',
      params: IdParams,
      querystring: ListQuery.omit({ tenant_id: true }),
      response: { 200: pageSchema(Credential) },
    },
    handler: async (request) => {
      const { limit, after } = request.query;
      const scope = await pathTenant(deps, request, request.params.id);
      const filter = { after: readIdCursor('list', after), limit: limit + 1 };
      const { page, last } = pageOf(await inScope(deps.pool, scope, (db) => listCredentials(db, scope, filter)), limit);
      return { data: page, next: nextCursor('list', last) };
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/tenants/:id/credentials',
    config: { access: 'credentials:manage' },
    schema: {
      tags,
      operationId: 'createTenantCredential',
      summary: 'Make a credential for an organisation',
      params: IdParams,
      body: NewTenantCredential,
      response: { 201: ShownCredential },
    },
    handler: async (request, reply) => {
      const tenantId = await pathTenant(deps, request, request.params.id);
      const input = newCredential(deps.ids.next(), request.body, principalOf(request));
      const made = await change(deps, request, tenantId, {
        work: (db) => createCredential(db, tenantId, deps.keys, input),
        describe: ({ credential }) => ({
          tenantId,
          action: 'credential.create',
          subject: credential.id,
          detail: { kind: credential.kind },
        }),
      });
      if (input.kind === 'network') deps.authenticator.forget();
      return reply.code(201).send({ ...made.credential, ...secretFields(made.shown) });
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/credentials',
    config: { access: 'credentials:manage' },
    schema: {
      tags,
      operationId: 'listCredentials',
      summary: 'List credentials',
      querystring: ListQuery.extend({ state: State.optional(), kind: Kind.optional() }),
      response: { 200: pageSchema(Credential) },
    },
    handler: async (request) => {
      const { limit, after, state, kind } = request.query;
      const scope = listScope(request, request.query.tenant_id);
      if (scope === undefined) return { data: [], next: null };
      const filter = { after: readIdCursor('list', after), limit: limit + 1, state, kind };
      const { page, last } = pageOf(await inScope(deps.pool, scope, (db) => listCredentials(db, scope, filter)), limit);
      return { data: page, next: nextCursor('list', last) };
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/credentials',
    config: { access: 'operator' },
    schema: {
      tags,
      operationId: 'createOperatorKey',
      summary: 'Make an API key of the platform',
      body: NewOperatorKey,
      response: { 201: ShownCredential },
    },
    handler: async (request, reply) => {
      const { name, scopes = ['operator'], rate_per_minute: ratePerMinute } = request.body;
      const made = await change(deps, request, null, {
        work: (db) => createCredential(db, null, deps.keys, { id: deps.ids.next(), kind: 'api_key', name, scopes, ratePerMinute }),
        describe: ({ credential }) => ({
          tenantId: null,
          action: 'credential.create',
          subject: credential.id,
          detail: { kind: 'api_key', scopes },
        }),
      });
      return reply.code(201).send({ ...made.credential, ...secretFields(made.shown) });
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/credentials/:id',
    config: { access: 'credentials:manage' },
    schema: { tags, operationId: 'getCredential', summary: 'Show a credential', params: IdParams, response: { 200: Credential } },
    handler: async (request) => {
      const scope = objectScope(request);
      return found(await inScope(deps.pool, scope, (db) => findCredential(db, scope, request.params.id)));
    },
  });

  app.route({
    method: 'PATCH',
    url: '/v1/credentials/:id',
    config: { access: 'credentials:manage' },
    schema: {
      tags,
      operationId: 'updateCredential',
      summary: 'Rename, pause or resume a credential',
      params: IdParams,
      body: CredentialChange,
      response: { 200: Credential },
    },
    handler: async (request) => {
      const { name, state, rate_per_minute: ratePerMinute, default_stream: defaultStream } = request.body;
      // What an operator paused, only an operator resumes; and a key cannot lift its own rate.
      if (state === 'active' || ratePerMinute !== undefined) requireScope(principalOf(request), 'operator');
      return update(deps, request, { id: request.params.id, name, state, ratePerMinute, defaultStream }, 'credential.update');
    },
  });

  app.route({
    method: 'DELETE',
    url: '/v1/credentials/:id',
    config: { access: 'credentials:manage' },
    schema: { tags, operationId: 'revokeCredential', summary: 'Revoke a credential for good', params: IdParams, response: { 204: Empty } },
    handler: async (request, reply) => {
      await update(deps, request, { id: request.params.id, state: 'revoked' }, 'credential.revoke');
      return reply.code(204).send();
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/credentials/:id/rotate',
    config: { access: 'credentials:manage' },
    schema: {
      tags,
      operationId: 'rotateCredential',
      summary: 'Give a credential a new secret',
      params: IdParams,
      querystring: ObjectQuery,
      body: Rotation,
      response: { 200: ShownCredential },
    },
    handler: async (request) => {
      const { id } = request.params;
      const graceSeconds = request.body?.grace_seconds ?? 0;
      const scope = objectScope(request, request.query.tenant_id);
      const { credential, shown } = await change(deps, request, scope, {
        work: async (db) => found(await rotateCredential(db, scope, deps.keys, { id, graceSeconds })),
        describe: (made) => ({ tenantId: made.credential.tenant_id, action: 'credential.rotate', subject: id, detail: { graceSeconds } }),
      });
      deps.authenticator.forget();
      return { ...credential, ...secretFields(shown) };
    },
  });
}

async function update(
  deps: HttpDeps,
  request: FastifyRequest,
  wanted: Parameters<typeof updateCredential>[2],
  action: 'credential.update' | 'credential.revoke',
): Promise<CredentialView> {
  const scope = objectScope(request);
  const { id, ...detail } = wanted;
  const credential = await change(deps, request, scope, {
    work: async (db) => found(await updateCredential(db, scope, wanted)),
    describe: (row) => ({ tenantId: row.tenant_id, action, subject: id, detail }),
  });
  deps.authenticator.forget();
  return credential;
}

/** Checks what the schema cannot: who may make which kind, and that nobody hands on more rights than they have. */
function newCredential(id: string, body: z.output<typeof NewTenantCredential>, principal: Principal): NewCredential {
  const { kind, name, default_stream: defaultStream, rate_per_minute: ratePerMinute } = body;
  // A network without a log-in speaks for one tenant and could be claimed by another; rates protect the others.
  if (kind === 'network' || ratePerMinute !== undefined) requireScope(principal, 'operator');
  if (kind === 'network' && body.cidr === undefined)
    throw new AppError('REQUEST_INVALID', 'A network credential needs "cidr".', { field: 'cidr' });
  if (kind !== 'network' && body.cidr !== undefined)
    throw new AppError('REQUEST_INVALID', 'Only a network credential has "cidr".', { field: 'cidr' });
  const scopes: readonly PrincipalScope[] =
    kind === 'api_key' ? (body.scopes ?? TENANT_SCOPES.filter((scope) => mayGrant(principal, [scope]))) : [];
  if (!mayGrant(principal, scopes)) {
    throw new AppError('SCOPE_MISSING', 'A key can only be given rights that you have yourself.', { field: 'scopes' });
  }
  return {
    id,
    kind,
    name,
    defaultStream,
    ratePerMinute,
    scopes,
    networks: body.cidr?.map((text, index) => parsePrivateNetwork(text, `cidr[${index}]`)),
  };
}

function secretFields(shown: ShownSecret): { api_key?: string; smtp_username?: string; smtp_password?: string } {
  if (shown.kind === 'api_key') return { api_key: shown.apiKey };
  return shown.kind === 'smtp' ? { smtp_username: shown.username, smtp_password: shown.password } : {};
}
