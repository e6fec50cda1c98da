// This file resolves the tenant in a path such as /v1/tenants/{id}/credentials: it has to exist, and a tenant's own key reaches its own only.
import type { FastifyRequest } from 'fastify';
import { findTenant } from '../store/tenants.ts';
import { found, objectScope } from './app.ts';
import type { HttpDeps } from './deps.ts';

/** The id, or NOT_FOUND. */
export async function pathTenant(deps: Pick<HttpDeps, 'pool'>, request: FastifyRequest, id: string): Promise<string> {
  const tenantId = id.toLowerCase();
  if (objectScope(request, tenantId) === null) throw new Error('a named tenant has a scope');
  return found(await findTenant(deps.pool, tenantId, tenantId)).id;
}
