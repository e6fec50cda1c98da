// This file says who is asking and what they may do: principals, scopes and the rule that lets one act for a tenant.
import { AppError } from '../errors.ts';

/** Rights a tenant's key or person can have. */
export const TENANT_SCOPES = [
  'messages:write',
  'messages:read',
  'events:read',
  'suppressions:write',
  'suppressions:read',
  'webhooks:manage',
  'webhooks:read',
  'domains:manage',
  'domains:read',
  'credentials:manage',
  'credentials:read',
  'ledger:read',
] as const;

/** Rights of the platform: `operator` may do everything, `operator:read` may look at everything. */
export const OPERATOR_SCOPES = ['operator', 'operator:read'] as const;

export type TenantScope = (typeof TENANT_SCOPES)[number];
export type OperatorScope = (typeof OPERATOR_SCOPES)[number];
export type PrincipalScope = TenantScope | OperatorScope;

export interface Principal {
  readonly kind: 'operator' | 'tenant';
  /** Null for principals of the platform. */
  readonly tenantId: string | null;
  readonly credentialId: string | null;
  readonly personId: string | null;
  readonly scopes: readonly PrincipalScope[];
  readonly defaultStream: 'transactional' | 'bulk';
  /** Messages and requests a minute; null: the house's default. */
  readonly ratePerMinute: number | null;
}

/** What an SMTP log-in (or a trusted network) gives. */
export interface SubmissionLogin {
  readonly tenantId: string;
  readonly credentialId: string;
  readonly defaultStream: 'transactional' | 'bulk';
  readonly ratePerMinute: number | null;
}

export type PersonRole = 'owner' | 'operator' | 'viewer';

/** True when the principal may do what `scope` names. Operators may do what every tenant may; viewers only what reads. */
export function hasScope(principal: Principal, scope: PrincipalScope): boolean {
  // Whatever stands in a tenant's list, it never makes an operator of it.
  if (principal.kind !== 'operator') return !scope.startsWith('operator') && granted(principal.scopes, scope);
  if (principal.scopes.includes(scope)) return true;
  if (principal.scopes.includes('operator')) return true;
  return principal.scopes.includes('operator:read') && scope.endsWith(':read');
}

/** Whoever manages something may look at it. */
function granted(scopes: readonly PrincipalScope[], scope: PrincipalScope): boolean {
  return scopes.includes(scope) || scopes.some((held) => held.endsWith(':manage') && scope === held.replace(/manage$/, 'read'));
}

/** Throws SCOPE_MISSING naming the scope. */
export function requireScope(principal: Principal, scope: PrincipalScope): void {
  if (!hasScope(principal, scope)) throw new AppError('SCOPE_MISSING', `This needs the scope "${scope}".`);
}

/** Rights of a person by role; people of a tenant organisation never reach beyond it. */
export function scopesOfRole(role: PersonRole, tenantId: string | null): readonly PrincipalScope[] {
  if (tenantId === null) return role === 'viewer' ? ['operator:read'] : ['operator'];
  return role === 'viewer' ? TENANT_SCOPES.filter((scope) => scope.endsWith(':read')) : TENANT_SCOPES;
}

/** Whose rows a request is about: one tenant's, everybody's (operators only), or nobody's (a foreign tenant was named). */
export type Reach = { readonly kind: 'tenant'; readonly tenantId: string } | { readonly kind: 'all' } | { readonly kind: 'nobody' };

/** Decides the reach from the principal and the tenant it names, if it names one. */
export function reachOf(principal: Principal, named: string | undefined): Reach {
  if (principal.kind === 'operator') return named === undefined ? { kind: 'all' } : { kind: 'tenant', tenantId: named };
  if (principal.tenantId === null) return { kind: 'nobody' };
  if (named !== undefined && named !== principal.tenantId) return { kind: 'nobody' };
  return { kind: 'tenant', tenantId: principal.tenantId };
}

/** Scopes that `principal` may give to a new key: never more than it has itself. */
export function mayGrant(principal: Principal, scopes: readonly PrincipalScope[]): boolean {
  return scopes.every((scope) => hasScope(principal, scope));
}
