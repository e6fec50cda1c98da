// This file is the resource of rewriting: what an operator allows an organisation whose senders have no domain, what the organisation agrees to, and the domain it needs.
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import type { RewritingDomain } from '../../flows/rewriting-domain.ts';
import { rewritingExplained } from '../../flows/sender-words.ts';
import type { Language } from '../../language.ts';
import { countHeld } from '../../store/held-counts.ts';
import { type RewritingSetting, readRewritingSetting, writeRewritingSetting } from '../../store/rewriting.ts';
import { inScope, type Queryable } from '../../store/scope.ts';
import { requireScope } from '../../tenancy/principal.ts';
import { type App, principalOf, toldActorOf } from '../app.ts';
import { change } from '../change.ts';
import type { HttpDeps } from '../deps.ts';
import { Lang, languageOf } from '../language.ts';
import { pathTenant } from '../path-tenant.ts';
import { Id, IdParams, TimeOut } from '../schemas.ts';

const CAP_MAX = 10_000_000;
const DailyCap = z.number().int().min(0).max(CAP_MAX);
const HeldCount = z.number().int();
const View = z
  .object({
    tenant_id: Id,
    possible: z.boolean().meta({ description: 'This desk has a rewriting domain.' }),
    allowed: z.boolean().meta({ description: 'The operator allows that From is written anew.' }),
    consented: z.boolean().meta({ description: 'The organisation agreed to it.' }),
    consented_at: TimeOut.nullable(),
    consented_by: z.string().nullable().meta({ description: 'Who agreed: person:… or credential:…' }),
    as_is: z.boolean().meta({ description: 'Accounts that accept a confirmed address may carry mail as it is.' }),
    daily_cap: DailyCap.meta({ description: 'Recipients a day (UTC) that may get mail with From written anew.' }),
    used_today: z.number().int(),
    held_for_allowance: HeldCount.meta({ description: 'Messages that wait until the operator allows it.' }),
    held_for_consent: HeldCount.meta({ description: 'Messages that go out by themselves once the organisation agrees.' }),
    held_for_cap: HeldCount.meta({ description: 'Messages that wait for the next day (UTC), or a higher number.' }),
    domain: z.string().nullable().meta({ description: 'Domain of the addresses that From becomes; null until it was allowed once.' }),
    explanation: z.string().meta({ description: 'What happens, in plain words: for whoever is asked to agree.' }),
  })
  .meta({ id: 'Rewriting' });
const Body = z.strictObject({
  allowed: z.boolean().optional().meta({ description: 'For operators.' }),
  as_is: z.boolean().optional().meta({ description: 'For operators.' }),
  daily_cap: DailyCap.nullable().optional().meta({ description: 'For operators. Null: the number of the desk.' }),
  consented: z.boolean().optional().meta({ description: 'The organisation agrees, or takes it back. It is kept who said so, and when.' }),
});
const DomainView = z
  .object({
    domain: z.string(),
    daily_cap: z.number().int().meta({ description: 'Recipients a day of an organisation without a number of its own.' }),
    records: z.array(
      z.object({
        purpose: z.enum(['dkim', 'dmarc', 'mx']),
        type: z.enum(['TXT', 'MX']),
        host: z.string(),
        value: z.string(),
        why: z.string(),
        state: z.enum(['ok', 'missing', 'different', 'conflict', 'unreachable', 'unchecked']),
        found: z.array(z.string()),
        next: z.string().nullable().meta({ description: 'What to do about a record that is not right.' }),
      }),
    ),
  })
  .meta({ id: 'RewritingDomain' });
const InLanguage = z.strictObject({ lang: Lang });
const tags = ['Domains and senders'];

export function rewritingRoutes(app: App, deps: HttpDeps): void {
  const view = (tenantId: string, [setting, held]: Awaited<ReturnType<typeof read>>, language: Language) =>
    viewOf(deps.rewriting, tenantId, { ...setting, held }, language);
  const read = async (db: Queryable, tenantId: string) =>
    [await readRewritingSetting(db, tenantId), await countHeld(db, tenantId)] as const;

  app.route({
    method: 'GET',
    url: '/v1/tenants/:id/rewriting',
    config: { access: 'domains:read' },
    schema: {
      tags,
      operationId: 'getRewriting',
      summary: 'Show whether From is written anew for an organisation',
      params: IdParams,
      querystring: InLanguage,
      response: { 200: View },
    },
    handler: async (request) => {
      const tenantId = await pathTenant(deps, request, request.params.id);
      const setting = await inScope(deps.pool, tenantId, (db) => read(db, tenantId));
      return view(tenantId, setting, languageOf(request, request.query.lang));
    },
  });

  app.route({
    method: 'PUT',
    url: '/v1/tenants/:id/rewriting',
    config: { access: 'domains:manage' },
    schema: {
      tags,
      operationId: 'putRewriting',
      summary: 'Allow that From is written anew, or agree to it',
      description:
        'Changes what is given. Both are needed before anything is written anew: the operator allows it (`allowed`), the organisation agrees (`consented`).',
      params: IdParams,
      querystring: InLanguage,
      body: Body,
      response: { 200: View },
    },
    handler: async (request) => {
      const tenantId = await pathTenant(deps, request, request.params.id);
      const { allowed, as_is, daily_cap, consented } = request.body;
      if (allowed !== undefined || as_is !== undefined || daily_cap !== undefined) requireScope(principalOf(request), 'operator');
      if (allowed === true && deps.rewriting === null) {
        throw new AppError('REWRITING_UNAVAILABLE', 'This desk has no domain on which From could be written anew.', { field: 'allowed' });
      }
      const consentedBy = consented === undefined ? undefined : consented ? toldActorOf(request) : null;
      const setting = await change(deps, request, tenantId, {
        work: async (db) => {
          await writeRewritingSetting(db, tenantId, { allowed, as_is, daily_cap, consentedBy });
          return read(db, tenantId);
        },
        describe: () => ({ tenantId, action: 'rewriting.set', subject: tenantId, detail: request.body }),
      });
      deps.rights.forget(tenantId);
      return view(tenantId, setting, languageOf(request, request.query.lang));
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/rewriting',
    config: { access: 'operator:read' },
    schema: {
      tags,
      operationId: 'getRewritingDomain',
      summary: 'Show the rewriting domain and the records that prove it, as they stand in the DNS',
      querystring: z.strictObject({ lang: Lang }),
      response: { 200: DomainView },
    },
    handler: async (request) => {
      if (deps.rewriting === null) throw new AppError('REWRITING_UNAVAILABLE', 'This desk has no rewriting domain.');
      const records = await deps.rewriting.look(languageOf(request, request.query.lang));
      return { domain: deps.rewriting.domain, daily_cap: deps.rewriting.presetCap, records: [...records] };
    },
  });
}

type Held = Awaited<ReturnType<typeof countHeld>>;

function viewOf(
  domain: Pick<RewritingDomain, 'domain' | 'presetCap' | 'keys'> | null,
  tenantId: string,
  setting: RewritingSetting & { readonly held: Held },
  language: Language,
) {
  const { held } = setting;
  const { allowed, as_is, consented_at, consented_by, used_today, label } = setting;
  const own = domain !== null && label !== null ? `${label}.${domain.domain}` : null;
  return {
    tenant_id: tenantId,
    possible: domain !== null,
    allowed,
    consented: consented_at !== null,
    consented_at,
    consented_by,
    as_is,
    daily_cap: setting.daily_cap ?? domain?.presetCap ?? 0,
    used_today,
    held_for_allowance: held['free-mailbox'] ?? 0,
    held_for_consent: held['rewriting-not-agreed'] ?? 0,
    held_for_cap: held['rewriting-cap'] ?? 0,
    domain: own,
    explanation: rewritingExplained(own, language, { unseen: domain?.keys.seen() === false }),
  };
}
