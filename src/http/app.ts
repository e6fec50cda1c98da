// This file holds the types that tie routes, principals and schemas together.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { AppError } from '../errors.ts';
import { PLATFORM } from '../store/actors.ts';
import type { Scope } from '../store/scope.ts';
import { type Principal, type PrincipalScope, reachOf } from '../tenancy/principal.ts';

/** Who may call a route: everybody, everybody with a key or session, or those with a scope. */
export type Access = 'public' | 'signed-in' | PrincipalScope;

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
    /** Which refusal a body above the limit gets. */
    tooLarge?: 'MAIL_TOO_LARGE' | 'PAYLOAD_TOO_LARGE';
  }
  interface FastifyRequest {
    principal: Principal | null;
    /** Login of the person, or null for keys: for the audit log. */
    personLogin: string | null;
    csrfToken: string | null;
  }
}

export type App = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodTypeProvider>;

/** The principal of a request on a route that is not public. */
export function principalOf(request: FastifyRequest): Principal {
  if (!request.principal) throw new AppError('AUTH_MISSING', 'This needs a key or a session.');
  return request.principal;
}

/** Who did it, for the audit log. */
export function actorOf(request: FastifyRequest): string {
  return request.personLogin === null ? `credential:${request.principal?.credentialId ?? 'none'}` : `person:${request.personLogin}`;
}

/** Who did it, for what an organisation reads (events, consent, judgements): who of the platform it was stays in the audit log. */
export function toldActorOf(request: FastifyRequest): string {
  return request.principal?.kind === 'operator' ? PLATFORM : actorOf(request);
}

/** Whose rows a list may show; undefined when a foreign tenant was named: then the list is empty. */
export function listScope(request: FastifyRequest, namedTenant: string | undefined): Scope | undefined {
  const reach = reachOf(principalOf(request), namedTenant);
  return reach.kind === 'nobody' ? undefined : reach.kind === 'all' ? null : reach.tenantId;
}

/** Whose rows an object may be looked for in. Throws NOT_FOUND when a foreign tenant was named. */
export function objectScope(request: FastifyRequest, namedTenant?: string | undefined): Scope {
  const scope = listScope(request, namedTenant);
  if (scope === undefined) throw notFound();
  return scope;
}

/** The one tenant a request acts for. Operators name it; throws REQUEST_INVALID when they did not. */
export function actingTenant(request: FastifyRequest, namedTenant: string | undefined): string {
  const scope = objectScope(request, namedTenant);
  if (scope === null) {
    throw new AppError('REQUEST_INVALID', 'An operator names the organisation this is for.', {
      field: 'tenant_id',
      hint: 'Add "tenant_id" with the id of the organisation.',
    });
  }
  return scope;
}

/** The value, or NOT_FOUND in its place. */
export function found<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw notFound();
  return value;
}

export function notFound(): AppError {
  return new AppError('NOT_FOUND', 'There is nothing under this id.');
}
