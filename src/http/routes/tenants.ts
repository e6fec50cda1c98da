// This file is the resource of tenants: operators make and change them, a tenant sees itself.
import { z } from 'zod';
import { parseAddress } from '../../mail/address.ts';
import { pageOf } from '../../store/rows.ts';
import { inScope } from '../../store/scope.ts';
import { createTenant, findTenant, listTenants, updateTenant } from '../../store/tenants.ts';
import { type App, found, listScope, objectScope } from '../app.ts';
import { change } from '../change.ts';
import { nextCursor, readIdCursor } from '../cursor.ts';
import type { HttpDeps } from '../deps.ts';
import { Id, IdParams, ListQuery, pageSchema, TimeOut } from '../schemas.ts';

const Name = z.string().trim().min(1).max(200);
const TenantState = z.enum(['active', 'suspended']);
const UncertainPolicy = z
  .enum(['resend', 'hold'])
  .meta({ description: 'What to do with a hand-over whose fate nobody can tell: resend once, or hold it for a person.' });
const Language = z.enum(['en', 'de']);
const ContactEmail = z.string().trim().min(3).max(320);
const Tenant = z
  .object({
    id: Id,
    number: z.number(),
    name: z.string(),
    state: TenantState,
    uncertain_policy: UncertainPolicy.nullable(),
    contact_email: z.string().nullable().meta({ description: 'Where the desk writes to when something needs care; null: nowhere.' }),
    language: Language.meta({ description: 'In which language it writes.' }),
    created_at: TimeOut,
  })
  .meta({ id: 'Tenant' });
const NewTenant = z.strictObject({
  name: Name,
  uncertain_policy: UncertainPolicy.nullable().optional(),
  contact_email: ContactEmail.nullable().optional(),
  language: Language.optional(),
});
const TenantChange = z.strictObject({
  name: Name.optional(),
  state: TenantState.optional(),
  uncertain_policy: UncertainPolicy.nullable().optional(),
  contact_email: ContactEmail.nullable().optional(),
  language: Language.optional(),
});
const tags = ['Tenants'];

export function tenantRoutes(app: App, deps: HttpDeps): void {
  app.route({
    method: 'GET',
    url: '/v1/tenants',
    config: { access: 'signed-in' },
    schema: {
      tags,
      operationId: 'listTenants',
      summary: 'List organisations',
      querystring: ListQuery.extend({ name: z.string().max(200).optional(), state: TenantState.optional() }),
      response: { 200: pageSchema(Tenant) },
    },
    handler: async (request) => {
      const { limit, after, name, state } = request.query;
      const scope = listScope(request, request.query.tenant_id);
      if (scope === undefined) return { data: [], next: null };
      const filter = { after: readIdCursor('list', after), limit: limit + 1, name, state };
      const { page, last } = pageOf(await inScope(deps.pool, scope, (db) => listTenants(db, scope, filter)), limit);
      return { data: page, next: nextCursor('list', last) };
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/tenants',
    config: { access: 'operator' },
    schema: { tags, operationId: 'createTenant', summary: 'Make an organisation', body: NewTenant, response: { 201: Tenant } },
    handler: async (request, reply) => {
      const { name, uncertain_policy: uncertainPolicy, contact_email: contact, language } = request.body;
      const contactEmail = contactAddress(contact);
      const tenant = await change(deps, request, null, {
        work: (db) => createTenant(db, { id: deps.ids.next(), name, uncertainPolicy, contactEmail, language }),
        describe: ({ id }) => ({ tenantId: id, action: 'tenant.create', subject: id, detail: { name } }),
      });
      return reply.code(201).send(tenant);
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/tenants/:id',
    config: { access: 'signed-in' },
    schema: { tags, operationId: 'getTenant', summary: 'Show an organisation', params: IdParams, response: { 200: Tenant } },
    handler: async (request) => {
      const scope = objectScope(request);
      return found(await inScope(deps.pool, scope, (db) => findTenant(db, scope, request.params.id)));
    },
  });

  app.route({
    method: 'PATCH',
    url: '/v1/tenants/:id',
    config: { access: 'operator' },
    schema: {
      tags,
      operationId: 'updateTenant',
      summary: 'Rename, pause or resume an organisation',
      params: IdParams,
      body: TenantChange,
      response: { 200: Tenant },
    },
    handler: async (request) => {
      const { id } = request.params;
      const { name, state, uncertain_policy: uncertainPolicy, contact_email: contact, language } = request.body;
      const contactEmail = contactAddress(contact);
      const tenant = await change(deps, request, null, {
        work: async (db) => found(await updateTenant(db, id, { name, state, uncertainPolicy, contactEmail, language })),
        describe: () => ({ tenantId: id, action: 'tenant.update', subject: id, detail: request.body }),
      });
      await deps.authenticator.forget();
      return tenant;
    },
  });
}

/** The address without a name; undefined and null stay what they are. Throws MAIL_ADDRESS_INVALID. */
function contactAddress<T extends string | null | undefined>(text: T): string | T {
  if (typeof text !== 'string') return text;
  const parsed = parseAddress(text);
  if (!parsed.ok) throw parsed.error;
  return parsed.value.address;
}
