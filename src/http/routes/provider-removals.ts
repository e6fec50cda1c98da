// This file is the list of what removed domains leave at providers: what is still to be taken away there, what was, and why something was not.
// Organisations see the kind of provider, never the account.
import { z } from 'zod';
import { providerTrouble, providerTroubleText } from '../../delivery/provider-trouble.ts';
import type { Language } from '../../language.ts';
import { forgetRemoval, listRemovals, type StoredRemoval } from '../../store/provider-domain-removals.ts';
import { pageOf } from '../../store/rows.ts';
import type { Scope } from '../../store/scope.ts';
import { type App, found, listScope, objectScope } from '../app.ts';
import { change } from '../change.ts';
import { nextCursor, readIdCursor } from '../cursor.ts';
import type { HttpDeps } from '../deps.ts';
import { Lang, languageOf } from '../language.ts';
import { Empty, Id, IdParams, ListQuery, pageSchema, TimeOut } from '../schemas.ts';

const State = z.enum(['due', 'removed', 'kept']).meta({
  description:
    'due: not removed there yet · removed: the account does not know the domain any more · kept: somebody on this desk uses it there',
});
const Removal = z
  .object({
    id: Id,
    tenant_id: Id,
    domain: z.string(),
    account_id: Id.optional().meta({ description: 'For operators.' }),
    account: z.string().optional().meta({ description: 'For operators: its name.' }),
    provider: z.string(),
    state: State,
    trouble: z.string().nullable().meta({ description: 'Why the last call did not work.' }),
    needs_person: z.boolean().meta({ description: 'Repeating the call changes nothing: key, permission, a refusal, or no such call.' }),
    created_at: TimeOut,
    tried_at: TimeOut.nullable(),
    next_at: TimeOut.nullable().meta({ description: 'When it is tried again by itself.' }),
  })
  .meta({ id: 'ProviderDomainRemoval' });
const tags = ['Domains and senders'];

export function providerRemovalRoutes(app: App, deps: HttpDeps): void {
  app.route({
    method: 'GET',
    url: '/v1/provider-domain-removals',
    config: { access: 'domains:read' },
    schema: {
      tags,
      operationId: 'listProviderDomainRemovals',
      summary: 'List what removed domains leave at providers, newest first',
      querystring: ListQuery.extend({ lang: Lang, state: State.optional(), domain: z.string().max(253).optional() }),
      response: { 200: pageSchema(Removal) },
    },
    handler: async (request) => {
      const { limit, after, state, domain } = request.query;
      const scope = listScope(request, request.query.tenant_id);
      if (scope === undefined) return { data: [], next: null };
      const filter = { before: readIdCursor('list', after), limit: limit + 1, state, domain: domain?.toLowerCase() };
      // As the owner: the role of organisations sees no accounts, and the scope names the tenant.
      const { page, last } = pageOf(await listRemovals(deps.pool, scope, filter), limit);
      return { data: page.map((row) => shown(row, scope, languageOf(request, request.query.lang))), next: nextCursor('list', last) };
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/provider-domain-removals/:id/retry',
    config: { access: 'domains:manage' },
    schema: {
      tags,
      operationId: 'retryProviderDomainRemoval',
      summary: 'Remove a domain at a provider now',
      params: IdParams,
      querystring: z.strictObject({ lang: Lang }),
      response: { 200: Removal },
    },
    handler: async (request) => {
      const { id } = request.params;
      const scope = objectScope(request);
      await deps.removeAtProvider(scope, id);
      return shown(
        found((await listRemovals(deps.pool, scope, { before: null, limit: 1, id }))[0]),
        scope,
        languageOf(request, request.query.lang),
      );
    },
  });

  app.route({
    method: 'DELETE',
    url: '/v1/provider-domain-removals/:id',
    config: { access: 'domains:manage' },
    schema: {
      tags,
      operationId: 'forgetProviderDomainRemoval',
      summary: 'Take an entry off the list: nobody tries any more',
      params: IdParams,
      response: { 204: Empty },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const scope = objectScope(request);
      await change(deps, request, scope, {
        work: async (db) => found(await forgetRemoval(db, scope, id)),
        describe: ({ tenant_id: tenantId, domain }) => ({ tenantId, action: 'domain.forget-removal', subject: id, detail: { domain } }),
      });
      return reply.code(204).send();
    },
  });
}

function shown(row: StoredRemoval, scope: Scope, language: Language): z.infer<typeof Removal> {
  const { id, tenant_id, domain, provider, state, needs_person, created_at, tried_at, next_at } = row;
  const operator = scope === null;
  // What a provider says about our key or plan is the platform's business.
  const trouble = operator || !needs_person ? row.trouble : providerTrouble('platform-cares');
  return {
    ...{ id, tenant_id, domain },
    ...(operator ? { account_id: row.account_id, account: row.account_name } : {}),
    ...{ provider, state, needs_person, created_at, tried_at, next_at },
    trouble: trouble === null ? null : providerTroubleText(trouble, language),
  };
}
