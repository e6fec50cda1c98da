// This file resolves the tenant in a path such as /v1/tenants/{id}/credentials, or the one that a query or body names: it has to exist, and a tenant's own key
// reaches its own only.
import type { FastifyRequest } from 'fastify';
import { findTenant } from '../store/tenants.ts';
import { actingTenant, found, objectScope, principalOf } from './app.ts';
import type { HttpDeps } from './deps.ts';

/** The id, or NOT_FOUND. */
export async function pathTenant(deps: Pick<HttpDeps, 'pool'>, request: FastifyRequest, id: string): Promise<string> {
  const tenantId = id.toLowerCase();
  if (objectScope(request, tenantId) === null) throw new Error('a named tenant has a scope');
  return found(await findTenant(deps.pool, tenantId, tenantId)).id;
}

/** The one tenant a request acts for. Throws NOT_FOUND for one that does not exist, REQUEST_INVALID where an operator names none. */
export async function namedTenant(deps: Pick<HttpDeps, 'pool'>, request: FastifyRequest, named: string | undefined): Promise<string> {
  const tenantId = actingTenant(request, named);
  // An operator's word comes from outside; a key's own organisation is known to be there.
  if (principalOf(request).kind === 'operator') found(await findTenant(deps.pool, null, tenantId));
  return tenantId;
}
