// This file answers what the mock knows of tenants, credentials and provider accounts.
import type { RecipientState, Stream } from '../src/api/model.ts';
import type { MessageDetail as Message } from '../src/api/schema.gen.ts';
import { change, list, ok, one, problem, type Route, route } from './answers.ts';
import { TENANT } from './clockwork.ts';
import { PROVIDERS } from './providers.ts';
import { sessionOf } from './session.ts';
import type { World } from './world.ts';

export function tenantRoutes(world: World, now: () => number): Route[] {
  const secret = () => `pb_live_${'k7Qx2'.repeat(9)}`;
  return [
    route('GET /v1/tenants', () => list(world.tenants)),
    route('POST /v1/tenants', ({ body }) => {
      if (body['name'] === 'taken') return problem(409, 'CONFLICT', 'An organisation of this name exists already.', 'name');
      const tenant = {
        id: world.nextId(),
        number: 99,
        name: String(body['name']),
        state: 'active' as const,
        uncertain_policy: null,
        contact_email: null,
        language: 'en' as const,
        created_at: new Date(now()).toISOString(),
      };
      world.tenants.push(tenant);
      return { status: 201, body: tenant };
    }),
    route('GET /v1/tenants/{id}', (_, [id]) => one(world.tenants, id)),
    route('PATCH /v1/tenants/{id}', ({ body }, [id]) => change(world.tenants, id, body)),
    route('GET /v1/tenants/{id}/credentials', (_, [id]) =>
      list(world.credentials.filter((row) => row.tenant_id === id && row.state !== 'revoked')),
    ),
    route('GET /v1/credentials', ({ cookie, url }) => {
      const asked = url.searchParams.get('state');
      const mine = world.credentials.filter((row) => sessionOf(cookie)?.tenant_id == null || row.tenant_id === TENANT);
      return list(mine.filter((row) => (asked === null ? row.state !== 'revoked' : row.state === asked)));
    }),
    route('POST /v1/(?:tenants/{id}/)?credentials', ({ body }, [tenant]) => {
      const { kind, name, default_stream, scopes, cidr } = body;
      if (kind === 'network' && String((cidr as unknown[] | undefined)?.[0]).startsWith('8.'))
        return problem(422, 'REQUEST_INVALID', 'cidr[0]: only private networks can be trusted.', 'cidr[0]');
      const row = {
        id: world.nextId(),
        tenant_id: tenant ?? null,
        kind: kind as 'api_key',
        name: String(name ?? ''),
        handle: kind === 'network' ? null : 'pb_live_new1',
        scopes: (scopes as string[] | undefined) ?? [],
        default_stream: (default_stream as Stream | undefined) ?? 'transactional',
        networks: (cidr as string[] | undefined) ?? [],
        rate_per_minute: null,
        state: 'active' as const,
        created_at: new Date(now()).toISOString(),
        last_used_at: null,
        previous_valid_until: null,
      };
      world.credentials.push(row);
      const shown =
        kind === 'smtp' ? { smtp_username: 'rowing-club-3', smtp_password: secret() } : kind === 'network' ? {} : { api_key: secret() };
      return { status: 201, body: { ...row, ...shown } };
    }),
    route('GET /v1/credentials/{id}', (_, [id]) => one(world.credentials, id)),
    route('POST /v1/credentials/{id}/rotate', (_, [id]) => ok({ ...world.credentials.find((row) => row.id === id), api_key: secret() })),
    route('PATCH /v1/credentials/{id}', ({ body }, [id]) => change(world.credentials, id, body)),
    route('DELETE /v1/credentials/{id}', (_, [id]) => ({ ...change(world.credentials, id, { state: 'revoked' }), status: 204 })),
    route('GET /v1/ledger', ({ url }) => {
      const states = countStates(world.messages.filter((message) => message.tenant_id === url.searchParams.get('tenant_id')));
      return ok({ injected: Object.values(states).reduce((sum, count) => sum + count, 0), states, difference: 0 });
    }),
  ];
}

export function accountRoutes(world: World, now: () => number): Route[] {
  return [
    route('GET /v1/providers', () => list(PROVIDERS)),
    route('GET /v1/provider-accounts', () => list(world.accounts)),
    route('GET /v1/provider-accounts/{id}', (_, [id]) => one(world.accounts, id)),
    route('POST /v1/provider-accounts', ({ body }) => {
      const secrets = body['secret'] as Record<string, string> | undefined;
      if (body['name'] === 'taken') return problem(409, 'CONFLICT', 'An account of this name exists already.', 'name');
      if (secrets?.['api_key'] === 'refused')
        return problem(
          422,
          'PROVIDER_SETTINGS_INVALID',
          'secret.api_key: holds blanks, line breaks or letters that no key has; copy it again.',
          'secret.api_key',
        );
      const [template] = world.accounts;
      if (template === undefined) return problem(500, 'INTERNAL', 'The mock has no account to copy.');
      const row = {
        ...template,
        id: world.nextId(),
        name: String(body['name']),
        provider: String(body['provider']),
        settings: body['settings'] as Record<string, unknown>,
        created_at: new Date(now()).toISOString(),
      };
      world.accounts.push(row);
      return { status: 201, body: row };
    }),
    route('PATCH /v1/provider-accounts/{id}', ({ body }, [id]) => change(world.accounts, id, { name: body['name'], state: body['state'] })),
    route('DELETE /v1/provider-accounts/{id}', (_, [id]) => ({ ...change(world.accounts, id, { state: 'removed' }), status: 204 })),
    route('POST /v1/provider-accounts/{id}/test', (_, [id]) => {
      const well = world.accounts.find((row) => row.id === id)?.health === 'well';
      return ok({
        ok: well,
        detail: well ? 'The server answered after 41 ms.' : 'No answer within 10 s.',
        outcome: null,
        reply: well ? '220 mx1.harbour.example ESMTP' : null,
      });
    }),
  ];
}

function countStates(messages: readonly Message[]): Partial<Record<RecipientState, number>> {
  const states: Partial<Record<RecipientState, number>> = {};
  for (const { recipients } of messages) for (const { state } of recipients) states[state] = (states[state] ?? 0) + 1;
  return states;
}
