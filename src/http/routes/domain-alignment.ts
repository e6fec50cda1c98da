// This file is what receivers will find on every way that mail of a domain could take, and what to publish for the better one.
import { z } from 'zod';
import type { DomainAlignment, RouteAlignment } from '../../flows/domain-alignment.ts';
import { findDomain } from '../../store/domains.ts';
import { listProviderDomains } from '../../store/provider-domains.ts';
import { inScope } from '../../store/scope.ts';
import { type App, found, objectScope } from '../app.ts';
import type { HttpDeps } from '../deps.ts';
import { Lang, languageOf } from '../language.ts';
import { Id, IdParams } from '../schemas.ts';
import { DomainRecord } from './domain-shapes.ts';

const Proof = z.object({
  aligned: z.boolean(),
  domain: z.string().nullable().meta({ description: 'The domain it speaks for; null: one of the provider.' }),
  code: z.string(),
});
const StreamNames = z.array(z.enum(['transactional', 'bulk']));
const Records = z.array(DomainRecord).meta({ description: 'Not right yet, and would make it better.' });
const Way = z.object({
  account_id: Id.optional().meta({ description: 'For operators.' }),
  account: z.string().optional().meta({ description: 'For operators: its name.' }),
  pool: z.string().optional().meta({ description: 'For operators.' }),
  provider: z.string(),
  streams: StreamNames.meta({ description: 'In whose order it stands.' }),
  takes: StreamNames.meta({ description: 'Whose mail takes it now.' }),
  spf: Proof,
  dkim: Proof,
  dmarc: z.enum(['pass', 'fail', 'none']).meta({ description: 'none: no policy is published, so there is nothing to pass' }),
  asks: z.enum(['nothing', 'spam-folder', 'refusal']).meta({ description: 'What the domain asks receivers to do with mail on this way.' }),
  bulk: z
    .object({ kept: z.boolean(), at: z.array(z.enum(['google', 'yahoo', 'microsoft'])) })
    .meta({ description: 'Rules for senders of 5,000 messages a day and more: who has them, and whether this way keeps them.' }),
  words: z.object({ headline: z.string(), spf: z.string(), dkim: z.string(), bulk: z.string(), next: z.string().nullable() }),
  records: Records,
  seen: z
    .object({ messages: z.number(), aligned: z.number() })
    .nullable()
    .meta({ description: 'What DMARC reports of the last 30 days counted from this way; null: nothing.' }),
  agrees: z.boolean().nullable().meta({ description: 'Whether reports find what is said here; null: too few to tell.' }),
});
const Alignment = z
  .object({
    domain: z.string(),
    policy: z
      .object({ p: z.enum(['none', 'quarantine', 'reject']), adkim: z.enum(['relaxed', 'strict']), aspf: z.enum(['relaxed', 'strict']) })
      .nullable()
      .meta({ description: 'The DMARC policy that counts; null: none is published.' }),
    data: z.array(Way).meta({ description: 'In the order of preference.' }),
    better: z
      .object({ account: z.string().optional(), words: z.string(), records: z.array(DomainRecord) })
      .nullable()
      .meta({ description: 'What would open a way that comes earlier in the order.' }),
  })
  .meta({ id: 'DomainAlignment' });

export function domainAlignmentRoutes(app: App, deps: HttpDeps): void {
  app.route({
    method: 'GET',
    url: '/v1/domains/:id/alignment',
    config: { access: 'domains:read' },
    schema: {
      tags: ['Domains and senders'],
      operationId: 'getDomainAlignment',
      summary: 'Show what receivers will find on every way mail of a domain could take',
      description: 'Computed from the DNS as last seen and from what providers told; "seen" is what DMARC reports say.',
      params: IdParams,
      querystring: z.strictObject({ lang: Lang }),
      response: { 200: Alignment },
    },
    handler: async (request) => {
      const scope = objectScope(request);
      const language = languageOf(request, request.query.lang);
      const { domain, sources } = await inScope(deps.pool, scope, async (db) => {
        const row = found(await findDomain(db, scope, request.params.id));
        return { domain: row, sources: (await deps.reports.dmarc(db, row, { language })).sources };
      });
      // As the owner: the role of organisations sees no accounts, and whose domain it is was just asked.
      const atProviders = await listProviderDomains(deps.pool, scope, domain.id);
      const { records } = deps.domains.view(domain, language);
      return shown(deps.alignment({ domain, records, atProviders, sources, language }), scope === null);
    },
  });
}

/** Names of accounts are for operators. */
function shown({ domain, policy, routes, better }: DomainAlignment, operator: boolean) {
  return {
    domain,
    policy,
    data: routes.map((route) => wayOf(route, operator)),
    better: better && { ...(operator ? { account: better.account } : {}), words: better.words, records: [...better.records] },
  };
}

function wayOf(
  { accountId, account, pool, provider, streams, takes, records, bulk, publish: _, ...rest }: RouteAlignment,
  operator: boolean,
) {
  return {
    ...(operator ? { account_id: accountId, account, pool } : {}),
    ...{ provider, ...rest },
    ...{ streams: [...streams], takes: [...takes], records: [...records], bulk: { kept: bulk.kept, at: [...bulk.at] } },
  };
}
