// This file is the resource of sending domains and senders: which From addresses an organisation may use.
import { getPublicSuffix } from 'tldts';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { makeKeys, rotateDkimKey } from '../../flows/rotate-dkim-key.ts';
import { normaliseDomain } from '../../mail/address.ts';
import { domainMeant } from '../../mail/domain-meant.ts';
import { isFreeMailboxDomain } from '../../mail/free-mailbox.ts';
import { lockKeyedDomain } from '../../store/dkim-keys.ts';
import { retireAlgorithm } from '../../store/dkim-steps.ts';
import { createDomain, deleteDomain, findDomain, listDomains, makeDkimKey, updateDomain } from '../../store/domains.ts';
import { askRemovals, readAccountsOfDomain } from '../../store/provider-domain-removals.ts';
import { pageOf } from '../../store/rows.ts';
import { inScope } from '../../store/scope.ts';
import { hasScope, requireScope } from '../../tenancy/principal.ts';
import { type App, found, listScope, objectScope, principalOf } from '../app.ts';
import { change } from '../change.ts';
import { nextCursor, readIdCursor } from '../cursor.ts';
import type { HttpDeps } from '../deps.ts';
import { Lang, languageOf } from '../language.ts';
import { pathTenant } from '../path-tenant.ts';
import { Empty, IdParams, ListQuery, pageSchema } from '../schemas.ts';
import { Domain, DomainStateName } from './domain-shapes.ts';

const NewDomain = z.strictObject({
  name: z.string().min(1).max(253),
  authenticated: z.boolean().optional().meta({ description: 'For operators: the domain is known to be proven already.' }),
});
const DomainChange = z.strictObject({
  authenticated: z.boolean().optional().meta({ description: 'For operators: the domain is known to be proven.' }),
  state: DomainStateName.optional().meta({ description: 'For operators.' }),
  ed25519: z.boolean().optional().meta({ description: 'Sign a second time with Ed25519; its key waits to be seen in DNS first.' }),
});
const Removal = z.strictObject({
  at_providers: z
    .enum(['true', 'false'])
    .default('false')
    .meta({ description: 'Remove it at the provider accounts too that were told of it.' }),
});
const tags = ['Domains and senders'];
/** What a domain signs with besides RSA, where it wants to. */
const SECOND = 'ed25519-sha256';

export function domainRoutes(app: App, deps: HttpDeps): void {
  app.route({
    method: 'GET',
    url: '/v1/tenants/:id/domains',
    config: { access: 'domains:read' },
    schema: {
      tags,
      operationId: 'listTenantDomains',
      summary: 'List the sending domains of an organisation',
      params: IdParams,
      querystring: ListQuery.omit({ tenant_id: true }).extend({ lang: Lang }),
      response: { 200: pageSchema(Domain) },
    },
    handler: async (request) => {
      const { limit, after } = request.query;
      const scope = await pathTenant(deps, request, request.params.id);
      const filter = { after: readIdCursor('list', after), limit: limit + 1 };
      const { page, last } = pageOf(await inScope(deps.pool, scope, (db) => listDomains(db, scope, filter)), limit);
      return {
        data: page.map((domain) => deps.domains.view(domain, languageOf(request, request.query.lang))),
        next: nextCursor('list', last),
      };
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/tenants/:id/domains',
    config: { access: 'domains:manage' },
    schema: {
      tags,
      operationId: 'createDomain',
      summary: 'Register a sending domain',
      description:
        'Registered by an operator it can be used at once. Registered by an organisation it waits for its DNS records, or for the operator.',
      params: IdParams,
      body: NewDomain,
      response: { 201: Domain },
    },
    handler: async (request, reply) => {
      const tenantId = await pathTenant(deps, request, request.params.id);
      const vouched = hasScope(principalOf(request), 'operator');
      const { authenticated = false } = request.body;
      if (authenticated) requireScope(principalOf(request), 'operator');
      const state = authenticated ? ('verified' as const) : vouched ? ('warning' as const) : ('pending' as const);
      const domain = {
        id: deps.ids.next(),
        keyId: deps.ids.next(),
        name: domainName(request.body.name),
        authenticated,
        state,
        key: await makeDkimKey(),
        dkimZone: deps.config.dkimZone,
      };
      const made = await change(deps, request, tenantId, {
        work: (db) => createDomain(db, tenantId, deps.keys, domain),
        describe: ({ id, name }) => ({ tenantId, action: 'domain.create', subject: id, detail: { name, authenticated } }),
      });
      deps.rights.forget(tenantId);
      return reply.code(201).send(deps.domains.view(made));
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/domains',
    config: { access: 'domains:read' },
    schema: {
      tags,
      operationId: 'listDomains',
      summary: 'List sending domains',
      querystring: ListQuery.extend({
        name: z.string().max(253).optional().meta({ description: 'Part of the name.' }),
        state: DomainStateName.optional(),
        lang: Lang,
      }),
      response: { 200: pageSchema(Domain) },
    },
    handler: async (request) => {
      const { limit, after, name, state } = request.query;
      const scope = listScope(request, request.query.tenant_id);
      if (scope === undefined) return { data: [], next: null };
      const filter = { after: readIdCursor('list', after), limit: limit + 1, name: name?.toLowerCase(), state };
      const { page, last } = pageOf(await inScope(deps.pool, scope, (db) => listDomains(db, scope, filter)), limit);
      return {
        data: page.map((domain) => deps.domains.view(domain, languageOf(request, request.query.lang))),
        next: nextCursor('list', last),
      };
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/domains/:id',
    config: { access: 'domains:read' },
    schema: {
      tags,
      operationId: 'getDomain',
      summary: 'Show a sending domain',
      params: IdParams,
      querystring: z.strictObject({ lang: Lang }),
      response: { 200: Domain },
    },
    handler: async (request) => {
      const scope = objectScope(request);
      return deps.domains.view(
        found(await inScope(deps.pool, scope, (db) => findDomain(db, scope, request.params.id))),
        languageOf(request, request.query.lang),
      );
    },
  });

  app.route({
    method: 'PATCH',
    url: '/v1/domains/:id',
    config: { access: 'domains:manage' },
    schema: {
      tags,
      operationId: 'updateDomain',
      summary: 'Change how a domain is signed; for operators also what is known about it',
      params: IdParams,
      body: DomainChange,
      response: { 200: Domain },
    },
    handler: async (request) => {
      const { id } = request.params;
      const { ed25519, ...known } = request.body;
      if (Object.keys(known).length > 0) requireScope(principalOf(request), 'operator');
      const scope = objectScope(request);
      const made = ed25519 === true ? await makeKeys([SECOND]) : [];
      const { dkimZone, dkimRetireMs: retireMs } = deps.config;
      const domain = await change(deps, request, scope, {
        work: async (db) => {
          const before = found(await lockKeyedDomain(db, scope, id));
          if (ed25519 === true && !before.ed25519) await rotateDkimKey(db, { ...deps, dkimZone }, { scope, domainId: id, made });
          if (ed25519 === false) await retireAlgorithm(db, before.tenantId, { domainId: id, algorithm: SECOND, retireMs });
          return found(await updateDomain(db, scope, { id, ...request.body }));
        },
        describe: (row) => ({ tenantId: row.tenant_id, action: 'domain.update', subject: id, detail: request.body }),
      });
      deps.rights.forget(domain.tenant_id);
      return deps.domains.view(domain);
    },
  });

  app.route({
    method: 'DELETE',
    url: '/v1/domains/:id',
    config: { access: 'domains:manage' },
    schema: {
      tags,
      operationId: 'deleteDomain',
      summary: 'Remove a sending domain',
      description:
        'It is gone here at once. With at_providers it is removed at the provider accounts too that were told of it; GET /v1/provider-domain-removals says what became of that.',
      params: IdParams,
      querystring: Removal,
      response: { 204: Empty },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const atProviders = request.query.at_providers === 'true';
      const scope = objectScope(request);
      const gone = await change(deps, request, scope, {
        work: async (db) => {
          const accounts = atProviders ? await readAccountsOfDomain(db, scope, id) : [];
          const row = found(await deleteDomain(db, scope, id));
          const rows = accounts.map((accountId) => ({ id: deps.ids.next(), accountId }));
          await askRemovals(db, row.tenant_id, { domain: row.name, rows });
          return row;
        },
        describe: (row) => ({
          tenantId: row.tenant_id,
          action: 'domain.delete',
          subject: id,
          detail: { name: row.name, ...(atProviders ? { at_providers: true } : {}) },
        }),
      });
      deps.rights.forget(gone.tenant_id);
      return reply.code(204).send();
    },
  });
}

/** A name that one organisation can own: no public suffix, no mailbox provider. */
function domainName(text: string): string {
  const name = normaliseDomain(text.trim());
  const meant = domainMeant(text);
  const refuse = (message: string, hint?: string) =>
    new AppError('REQUEST_INVALID', message, { field: 'name', ...(hint === undefined ? {} : { hint }) });
  if (name === null) throw refuse(`${JSON.stringify(text)} is not a domain name.`, `Write it as ${meant ?? 'example.org'}.`);
  if (isFreeMailboxDomain(name)) {
    throw refuse(`${name} gives mailboxes to everybody.`, 'Register the single address as a sender instead.');
  }
  if (getPublicSuffix(name, { allowPrivateDomains: true }) === name) throw refuse(`${name} is an ending that many organisations share.`);
  return name;
}
