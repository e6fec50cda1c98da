// This file lets people look at a domain now, and tells how its records are published: at a DNS host, as a zone file, as a message to forward.
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { findDomain } from '../../store/domains.ts';
import { inScope } from '../../store/scope.ts';
import { findDnsHost } from '../../tenancy/onboarding/dns-hosts.ts';
import { type App, found, objectScope } from '../app.ts';
import type { HttpDeps } from '../deps.ts';
import { Lang, languageOf } from '../language.ts';
import { IdParams } from '../schemas.ts';
import { Domain } from './domain-shapes.ts';

const Host = z.object({ id: z.string(), name: z.string() });
const Instructions = z
  .object({
    host: Host.extend({ detected: z.boolean().meta({ description: 'The name servers of the domain belong to it.' }) }),
    hosts: z.array(Host).meta({ description: 'Every host there are steps for.' }),
    steps: z.array(
      z.object({
        text: z.string(),
        record_id: z.string().nullable().meta({ description: 'The record of the domain that the step is about.' }),
        fields: z
          .array(z.object({ label: z.string(), value: z.string() }))
          .meta({ description: 'What goes into which field of the form.' }),
      }),
    ),
    zone_file: z.string().meta({ description: 'Records that are not right yet, as they stand in a zone file; optional ones too.' }),
    message: z.object({ subject: z.string(), text: z.string() }).meta({ description: 'To forward to whoever runs the website.' }),
    mta_sts_policy: z.string().nullable().meta({ description: 'The file that belongs to the MTA-STS record.' }),
  })
  .meta({ id: 'DomainInstructions' });
const tags = ['Domains and senders'];

export function domainCheckRoutes(app: App, deps: HttpDeps): void {
  app.route({
    method: 'POST',
    url: '/v1/domains/:id/check',
    config: { access: 'domains:manage' },
    schema: {
      tags,
      operationId: 'checkDomain',
      summary: 'Look at the records of a domain now',
      description:
        'Asks the name servers of the domain, not a cache, and answers the domain as it stands then. Once in ten seconds; the desk looks by itself too: every five minutes at first, daily once it is verified.',
      params: IdParams,
      querystring: z.strictObject({ lang: Lang }),
      response: { 200: Domain },
    },
    handler: async (request) => {
      const scope = objectScope(request);
      const { id, tenant_id: tenantId } = found(await inScope(deps.pool, scope, (db) => findDomain(db, scope, request.params.id)));
      return deps.domains.view(await deps.domains.check(scope, { id, tenantId }), languageOf(request, request.query.lang));
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/domains/:id/instructions',
    config: { access: 'domains:read' },
    schema: {
      tags,
      operationId: 'getDomainInstructions',
      summary: 'How the records of a domain are published',
      params: IdParams,
      querystring: z.strictObject({
        host: z.string().max(40).optional().meta({ description: 'A DNS host; left out: the one the name servers belong to.' }),
        lang: Lang,
      }),
      response: { 200: Instructions },
    },
    handler: async (request) => {
      const scope = objectScope(request);
      const domain = found(await inScope(deps.pool, scope, (db) => findDomain(db, scope, request.params.id)));
      const { host: named, lang } = request.query;
      const host = named === undefined ? null : findDnsHost(named);
      if (named !== undefined && host === null) {
        throw new AppError('REQUEST_INVALID', `There are no steps for ${JSON.stringify(named)}.`, {
          field: 'host',
          hint: 'Leave it out to see which hosts there are; "another" fits every one.',
        });
      }
      return deps.domains.instructions(domain, { host, language: languageOf(request, lang) });
    },
  });
}
