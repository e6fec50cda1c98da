// This file is the resource of provider accounts: for operators only. Secrets go in and never come out again.
import { randomInt } from 'node:crypto';
import { z } from 'zod';
import type { ProviderAdapter, ProviderKind } from '../../delivery/provider.ts';
import { AppError } from '../../errors.ts';
import { probeByConnection, probeByMail } from '../../flows/probe-account.ts';
import {
  type Account,
  createProviderAccount,
  findProviderAccount,
  listProviderAccounts,
  openProviderAccount,
  readWebhookAccess,
  removeProviderAccount,
  updateProviderAccount,
} from '../../store/provider-accounts.ts';
import { pageOf } from '../../store/rows.ts';
import { hasScope } from '../../tenancy/principal.ts';
import { wantSecretAgain } from '../../tenancy/secret-target.ts';
import { type App, found, principalOf } from '../app.ts';
import { change } from '../change.ts';
import { nextCursor, readIdCursor } from '../cursor.ts';
import type { HttpDeps } from '../deps.ts';
import { Empty, Id, IdParams, ListQuery, pageSchema, TimeOut } from '../schemas.ts';

const Settings = z.record(z.string().max(64), z.unknown()).meta({ description: 'What the provider needs to know; see GET /v1/providers.' });
const Secret = z
  .record(z.string().max(64), z.string().max(10_000))
  .meta({ description: 'Keys and passwords; they are stored encrypted and never shown.' });
const Name = z.string().trim().min(1).max(120);
const AccountView = z
  .object({
    id: Id,
    name: z.string(),
    provider: z.string(),
    settings: Settings,
    state: z.enum(['active', 'paused', 'removed']),
    simulated: z.boolean().meta({ description: 'Mail goes to the simulator on this machine, not to people.' }),
    health: z.string().meta({ description: '"well", or what is wrong with it.' }),
    health_reason: z.string().nullable(),
    health_until: TimeOut.nullable(),
    created_at: TimeOut,
  })
  .meta({ id: 'ProviderAccount' });
const AccountWithWebhook = AccountView.extend({
  webhook_url: z.string().nullable().meta({
    description: 'Where the provider sends its events. The path is secret: null for those who may only look.',
  }),
  webhook_auth: z
    .object({ username: z.string(), password: z.string() })
    .nullable()
    .meta({ description: 'Basic auth for the webhook, where the provider can send it.' }),
}).meta({ id: 'ProviderAccountWithWebhook' });
const NewAccount = z.strictObject({ name: Name, provider: z.string().max(50), settings: Settings.default({}), secret: Secret.default({}) });
const AccountChange = z.strictObject({
  name: Name.optional(),
  state: z.enum(['active', 'paused']).optional(),
  settings: Settings.optional().meta({ description: 'Given settings replace those of the same name; null removes one.' }),
  secret: Secret.optional().meta({
    description: 'Wanted again when settings would bring a stored one to another server, or over an open line.',
  }),
});
const Probe = z
  .strictObject({ from: z.string().max(320), to: z.string().max(320) })
  .nullish()
  .meta({ description: 'Without a body, the server is reached, and by SMTP logged in to; with one, a small mail is handed over.' });
const ProbeResult = z.object({ ok: z.boolean(), detail: z.string(), outcome: z.string().nullable(), reply: z.string().nullable() });
const RANDOM_STEPS = 2 ** 32;
const tags = ['Provider accounts'];

export function providerAccountRoutes(app: App, deps: HttpDeps): void {
  app.route({
    method: 'GET',
    url: '/v1/provider-accounts',
    config: { access: 'operator:read' },
    schema: {
      tags,
      operationId: 'listProviderAccounts',
      summary: 'List provider accounts',
      querystring: ListQuery.omit({ tenant_id: true }),
      response: { 200: pageSchema(AccountView) },
    },
    handler: async (request) => {
      const { limit, after } = request.query;
      const { page, last } = pageOf(await listProviderAccounts(deps.pool, { after: readIdCursor('list', after), limit: limit + 1 }), limit);
      return { data: page, next: nextCursor('list', last) };
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/provider-accounts',
    config: { access: 'operator' },
    schema: {
      tags,
      operationId: 'createProviderAccount',
      summary: 'Add a provider account',
      body: NewAccount,
      response: { 201: AccountWithWebhook },
    },
    handler: async (request, reply) => {
      const { name, provider } = request.body;
      const adapter = adapterOf(deps, provider);
      const parsed = adapter.parseAccount(request.body);
      const input = { id: deps.ids.next(), poolId: deps.ids.next(), name, provider: adapter.kind, ...parsed };
      const account = await change(deps, request, null, {
        work: (db) => createProviderAccount(db, deps.keys, input),
        describe: ({ id }) => ({ tenantId: null, action: 'provider-account.create', subject: id, detail: { name, provider } }),
      });
      await deps.accountsChanged();
      return reply.code(201).send(await withWebhook(deps, account));
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/provider-accounts/:id',
    config: { access: 'operator:read' },
    schema: {
      tags,
      operationId: 'getProviderAccount',
      summary: 'Show a provider account',
      params: IdParams,
      response: { 200: AccountWithWebhook },
    },
    handler: async (request) => {
      const account = found(await findProviderAccount(deps.pool, request.params.id));
      // Whoever knows the way can speak for the provider: to look at an account is not to do that.
      return hasScope(principalOf(request), 'operator')
        ? withWebhook(deps, account)
        : { ...account, webhook_url: null, webhook_auth: null };
    },
  });

  app.route({
    method: 'PATCH',
    url: '/v1/provider-accounts/:id',
    config: { access: 'operator' },
    schema: {
      tags,
      operationId: 'updateProviderAccount',
      summary: 'Change, pause or resume a provider account',
      params: IdParams,
      body: AccountChange,
      response: { 200: AccountWithWebhook },
    },
    handler: async (request) => {
      const { id } = request.params;
      const { name, state, settings, secret } = request.body;
      const merged = settings || secret ? await merge(deps, id, { settings, secret }) : {};
      const account = await change(deps, request, null, {
        work: async (db) => found(await updateProviderAccount(db, deps.keys, { id, name, state, ...merged })),
        describe: () => ({
          tenantId: null,
          action: 'provider-account.update',
          subject: id,
          detail: { name, state, settings, secret: secret && Object.keys(secret) },
        }),
      });
      await deps.accountsChanged();
      return withWebhook(deps, account);
    },
  });

  app.route({
    method: 'DELETE',
    url: '/v1/provider-accounts/:id',
    config: { access: 'operator' },
    schema: {
      tags,
      operationId: 'removeProviderAccount',
      summary: 'Take a provider account out of use',
      params: IdParams,
      response: { 204: Empty },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      await change(deps, request, null, {
        work: async (db) => found((await removeProviderAccount(db, id)) || null),
        describe: () => ({ tenantId: null, action: 'provider-account.remove', subject: id }),
      });
      await deps.accountsChanged();
      return reply.code(204).send();
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/provider-accounts/:id/test',
    config: { access: 'operator' },
    schema: {
      tags,
      operationId: 'testProviderAccount',
      summary: 'Try a provider account',
      params: IdParams,
      body: Probe,
      response: { 200: ProbeResult },
    },
    handler: async (request) => {
      const account = found(await openProviderAccount(deps.pool, deps.keys, request.params.id));
      const target = { account, adapter: adapterOf(deps, account.provider) };
      return request.body
        ? probeByMail({ ...deps, random }, { ...target, ...request.body })
        : probeByConnection({ ...deps, random }, target);
    },
  });
}

/** For the adapter's jitter. */
function random(): number {
  return randomInt(RANDOM_STEPS) / RANDOM_STEPS;
}

function adapterOf(deps: HttpDeps, provider: string): ProviderAdapter {
  // A Map answers undefined for a key of the wrong kind, so the word may be anything.
  const adapter = deps.registry.get(provider as ProviderKind);
  if (!adapter) {
    const known = [...deps.registry.keys()].join(', ');
    throw new AppError('PROVIDER_UNKNOWN', `There is no provider "${provider}"; there are ${known}.`, { field: 'provider' });
  }
  return adapter;
}

/** The account's settings and secret with what is given put over them, checked by the adapter. */
async function merge(
  deps: HttpDeps,
  id: string,
  given: { settings: Record<string, unknown> | undefined; secret: Record<string, string> | undefined },
): Promise<{ settings: Record<string, unknown>; secret: Record<string, string> }> {
  const account = found(await openProviderAccount(deps.pool, deps.keys, id));
  const settings = { ...account.settings, ...given.settings };
  const kept = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null));
  const merged = adapterOf(deps, account.provider).parseAccount({
    settings: kept,
    secret: { ...account.secret.reveal(), ...given.secret },
  });
  wantSecretAgain({ before: account.settings, after: merged.settings, secret: merged.secret, given: given.secret });
  return merged;
}

async function withWebhook(
  deps: HttpDeps,
  account: Account,
): Promise<Account & { webhook_url: string; webhook_auth: { username: string; password: string } }> {
  const { token, username, password } = found(await readWebhookAccess(deps.pool, deps.keys, account.id));
  return { ...account, webhook_url: `${deps.config.hooksOrigin()}/hooks/${token}`, webhook_auth: { username, password } };
}
