// This file is the resource of a sending domain's standing at providers: operators make it known to accounts, everybody sees which records are asked
// for. Organisations see the kind of provider, never the account.
import { z } from 'zod';
import { providerTrouble, providerTroubleText } from '../../delivery/provider-trouble.ts';
import { AppError } from '../../errors.ts';
import type { Language } from '../../language.ts';
import { lookSoon } from '../../store/domain-checks.ts';
import { findDomain } from '../../store/domains.ts';
import { listProviderAccounts } from '../../store/provider-accounts.ts';
import { askProviderDomains, listProviderDomains, type StoredProviderDomain } from '../../store/provider-domains.ts';
import { inScope, type Scope } from '../../store/scope.ts';
import { type App, found, objectScope } from '../app.ts';
import { change } from '../change.ts';
import type { HttpDeps } from '../deps.ts';
import { Lang, languageOf } from '../language.ts';
import { Id, IdParams, TimeOut } from '../schemas.ts';

const ACCOUNTS_MAX = 50;
const ProviderDomain = z
  .object({
    id: Id,
    account_id: Id.optional().meta({ description: 'For operators.' }),
    account: z.string().optional().meta({ description: 'For operators: its name.' }),
    provider: z.string(),
    state: z.enum(['asked', 'pending', 'verified', 'blocked']).meta({
      description:
        'asked: the provider has not answered yet · pending: it waits for records, or reviews the domain · verified: it takes mail of the domain · blocked: it refuses the domain',
    }),
    since: TimeOut,
    signing: z.boolean().meta({ description: 'It signs with the domain’s own DKIM key.' }),
    records: z.array(
      z.object({ type: z.enum(['TXT', 'CNAME']), host: z.string(), value: z.string(), needed: z.enum(['required', 'recommended']) }),
    ),
    spf_include: z.string().nullable().meta({ description: 'Belongs into the one SPF record of the domain as "include:…".' }),
    trouble: z.string().nullable().meta({ description: 'What it says is missing.' }),
    needs_person: z.boolean().meta({ description: 'Repeating the question changes nothing: key, permission or a refusal.' }),
    checked_at: TimeOut.nullable(),
  })
  .meta({ id: 'ProviderDomain' });
const ProviderDomains = z.object({ data: z.array(ProviderDomain) });
const Wish = z.strictObject({
  accounts: z
    .array(Id)
    .min(1)
    .max(ACCOUNTS_MAX)
    .optional()
    .meta({ description: 'Left out: every active account whose provider knows sending domains.' }),
});
const CheckParams = IdParams.extend({
  account: z.string().min(1).max(64).meta({ description: 'The id of the entry, or of the account.' }),
});
const InLanguage = z.strictObject({ lang: Lang });
const tags = ['Domains and senders'];

export function providerDomainRoutes(app: App, deps: HttpDeps): void {
  const listed = async (scope: Scope, id: string, language: Language) => {
    found(await inScope(deps.pool, scope, (db) => findDomain(db, scope, id)));
    // As the owner: the role of organisations sees no accounts, and whose domain it is was just asked.
    return { data: (await listProviderDomains(deps.pool, scope, id)).map((row) => shown(row, scope, language)) };
  };

  app.route({
    method: 'GET',
    url: '/v1/domains/:id/provider-domains',
    config: { access: 'domains:read' },
    schema: {
      tags,
      operationId: 'listProviderDomains',
      summary: 'Show where a domain stands at providers, and which records they ask for',
      params: IdParams,
      querystring: InLanguage,
      response: { 200: ProviderDomains },
    },
    handler: (request) => listed(objectScope(request), request.params.id, languageOf(request, request.query.lang)),
  });

  app.route({
    method: 'POST',
    url: '/v1/domains/:id/provider-domains',
    config: { access: 'operator' },
    schema: {
      tags,
      operationId: 'createProviderDomains',
      summary: 'Make a domain known to provider accounts',
      description: 'The providers are asked at once; what they do not answer is asked again. Doing it twice is one.',
      params: IdParams,
      querystring: InLanguage,
      body: Wish.default({}),
      response: { 201: ProviderDomains },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const accounts = await capable(deps, request.body.accounts);
      const domain = found(await findDomain(deps.pool, null, id));
      await change(deps, request, null, {
        work: (db) => {
          const rows = accounts.map((accountId) => ({ id: deps.ids.next(), accountId }));
          return askProviderDomains(db, domain.tenant_id, { domainId: id, rows });
        },
        describe: () => ({ tenantId: domain.tenant_id, action: 'domain.register', subject: id, detail: { accounts } }),
      });
      await Promise.all(accounts.map((accountId) => deps.lookAtProvider(null, { domainId: id, id: accountId })));
      // Their records stand in the domain's table now, and a verified domain is not looked at before tomorrow.
      await lookSoon(deps.pool, domain.tenant_id, [domain.name]);
      return reply.code(201).send(await listed(null, id, languageOf(request, request.query.lang)));
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/domains/:id/provider-domains/:account/check',
    config: { access: 'domains:manage' },
    schema: {
      tags,
      operationId: 'checkProviderDomain',
      summary: 'Let the provider look at the records of a domain now',
      params: CheckParams,
      querystring: InLanguage,
      response: { 200: ProviderDomain },
    },
    handler: async (request) => {
      const { id, account } = request.params;
      const scope = objectScope(request);
      found(await inScope(deps.pool, scope, (db) => findDomain(db, scope, id)));
      await deps.lookAtProvider(scope, { domainId: id, id: account });
      const rows = await listProviderDomains(deps.pool, scope, id);
      return shown(
        found(rows.find((row) => row.id === account || row.account_id === account)),
        scope,
        languageOf(request, request.query.lang),
      );
    },
  });
}

/** The accounts to ask. Throws REQUEST_INVALID for one that cannot know domains, or when there is none. */
async function capable(deps: HttpDeps, named: readonly string[] | undefined): Promise<string[]> {
  const accounts = await listProviderAccounts(deps.pool, { after: null, limit: ACCOUNTS_LIST_MAX });
  const can = accounts.filter((account) => account.state === 'active' && deps.registry.get(account.provider)?.capabilities.domains);
  if (named === undefined && can.length > 0) return can.map((account) => account.id).slice(0, ACCOUNTS_MAX);
  const wrong = named?.find((id) => !can.some((account) => account.id === id));
  if (named !== undefined && wrong === undefined) return [...new Set(named)];
  const why =
    wrong === undefined
      ? 'No active account is at a provider that knows sending domains.'
      : `${wrong} is no active account that knows sending domains.`;
  throw new AppError('REQUEST_INVALID', why, { field: 'accounts', hint: 'GET /v1/providers says which providers do.' });
}

/** A platform has dozens of accounts. */
const ACCOUNTS_LIST_MAX = 1_000;

function shown(row: StoredProviderDomain, scope: Scope, language: Language): z.infer<typeof ProviderDomain> {
  const { id, provider, state, state_since: since, signing, records, spf_include, needs_person, checked_at } = row;
  const operator = scope === null;
  // What a provider says about our key or plan is the platform's business.
  const seen = operator || !needs_person || state === 'blocked';
  const trouble = seen ? row.trouble : providerTrouble('platform-cares');
  return {
    id,
    ...(operator ? { account_id: row.account_id, account: row.account_name } : {}),
    provider,
    state,
    since,
    signing,
    records: [...records],
    spf_include,
    trouble: trouble === null ? null : providerTroubleText(trouble, language),
    needs_person,
    checked_at,
  };
}
