// This file is the resource of credentials: API keys, SMTP log-ins and trusted networks. Secrets are shown once, in the answer that makes them.
import type { FastifyRequest } from 'fastify';
import {
  type Credential as CredentialView,
  createCredential,
  findCredential,
  listCredentials,
  rotateCredential,
  updateCredential,
} from '../../store/credentials.ts';
import { pageOf } from '../../store/rows.ts';
import { inScope } from '../../store/scope.ts';
import { requireScope } from '../../tenancy/principal.ts';
import { type App, found, listScope, objectScope, principalOf } from '../app.ts';
import { change } from '../change.ts';
import { nextCursor, readIdCursor } from '../cursor.ts';
import type { HttpDeps } from '../deps.ts';
import { ownersOnly } from '../owners.ts';
import { pathTenant } from '../path-tenant.ts';
import { Empty, IdParams, ListQuery, ObjectQuery, pageSchema } from '../schemas.ts';
import {
  Credential,
  CredentialChange,
  Kind,
  NewOperatorKey,
  NewTenantCredential,
  newCredential,
  Rotation,
  requireRightsOf,
  ShownCredential,
  State,
  secretFields,
} from './credential-shapes.ts';

const tags = ['Credentials'];

export function credentialRoutes(app: App, deps: HttpDeps): void {
  app.route({
    method: 'GET',
    url: '/v1/tenants/:id/credentials',
    config: { access: 'credentials:read' },
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
      if (input.kind === 'network') await deps.authenticator.forget();
      return reply.code(201).send({ ...made.credential, ...secretFields(made.shown) });
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/credentials',
    config: { access: 'credentials:read' },
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
      description: 'For owners of the platform: such a key manages people too.',
      body: NewOperatorKey,
      response: { 201: ShownCredential },
    },
    handler: async (request, reply) => {
      await ownersOnly(deps, request);
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
    config: { access: 'credentials:read' },
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
      description: 'You need the rights of the credential yourself; for a key of the platform, people have to be owners.',
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
        work: async (db) => {
          const before = found(await findCredential(db, scope, id));
          if (before.tenant_id === null) await ownersOnly(deps, request);
          requireRightsOf(before, principalOf(request));
          return found(await rotateCredential(db, scope, deps.keys, { id, graceSeconds }));
        },
        describe: (made) => ({ tenantId: made.credential.tenant_id, action: 'credential.rotate', subject: id, detail: { graceSeconds } }),
      });
      await deps.authenticator.forget();
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
  await deps.authenticator.forget();
  return credential;
}
