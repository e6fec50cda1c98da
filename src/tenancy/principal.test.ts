import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasScope, mayGrant, type Principal, type PrincipalScope, reachOf, scopesOfRole, TENANT_SCOPES } from './principal.ts';

const principal = (kind: Principal['kind'], scopes: readonly PrincipalScope[], tenantId: string | null = null): Principal => ({
  kind,
  tenantId,
  credentialId: null,
  personId: null,
  scopes,
  defaultStream: 'transactional',
  ratePerMinute: null,
});

test('An operator may do everything, a viewer may read everything, a tenant what its key says', () => {
  const operator = principal('operator', ['operator']);
  const viewer = principal('operator', ['operator:read']);
  const tenant = principal('tenant', ['messages:read'], 't');
  for (const scope of TENANT_SCOPES) assert.equal(hasScope(operator, scope), true);
  assert.equal(hasScope(operator, 'operator:read'), true);
  assert.deepEqual(
    TENANT_SCOPES.filter((scope) => hasScope(viewer, scope)),
    ['messages:read', 'events:read', 'suppressions:read', 'webhooks:read', 'domains:read', 'credentials:read', 'ledger:read'],
  );
  assert.equal(hasScope(viewer, 'operator'), false);
  assert.deepEqual(
    TENANT_SCOPES.filter((scope) => hasScope(tenant, scope)),
    ['messages:read'],
  );
  // Whoever manages something may look at it, and not the other way round.
  const manager = principal('tenant', ['domains:manage'], 't');
  assert.deepEqual(
    TENANT_SCOPES.filter((scope) => hasScope(manager, scope)),
    ['domains:manage', 'domains:read'],
  );
  assert.equal(hasScope(principal('tenant', ['domains:read'], 't'), 'domains:manage'), false);
  // Words in a tenant's list never make an operator of it.
  for (const scope of ['messages:read', 'operator', 'operator:read'] as const) {
    assert.equal(hasScope(principal('tenant', ['operator'], 't'), scope), false);
  }
});

test('Nobody hands on more rights than they have', () => {
  const tenant = principal('tenant', ['credentials:manage', 'messages:read'], 't');
  assert.equal(mayGrant(tenant, ['messages:read']), true);
  assert.equal(mayGrant(tenant, ['messages:write']), false);
  assert.equal(mayGrant(tenant, ['operator']), false);
});

test('Whose rows a request is about', () => {
  const operator = principal('operator', ['operator']);
  const tenant = principal('tenant', [], 'mine');
  assert.deepEqual(reachOf(operator, undefined), { kind: 'all' });
  assert.deepEqual(reachOf(operator, 'theirs'), { kind: 'tenant', tenantId: 'theirs' });
  assert.deepEqual(reachOf(tenant, undefined), { kind: 'tenant', tenantId: 'mine' });
  assert.deepEqual(reachOf(tenant, 'mine'), { kind: 'tenant', tenantId: 'mine' });
  assert.deepEqual(reachOf(tenant, 'theirs'), { kind: 'nobody' });
  assert.deepEqual(reachOf(principal('tenant', []), undefined), { kind: 'nobody' });
});

test('People of an organisation never get rights of the platform', () => {
  for (const role of ['owner', 'operator', 'viewer'] as const) {
    assert.ok(scopesOfRole(role, 't').every((scope) => !scope.startsWith('operator')));
  }
  assert.deepEqual(scopesOfRole('viewer', null), ['operator:read']);
});
