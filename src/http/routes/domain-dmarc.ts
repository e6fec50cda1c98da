// This file is what reports say about a domain: DMARC and TLS, also as a file for spreadsheets, and whether the organisation gets a mail about it every week.

import type { FastifyRequest } from 'fastify';
import type pg from 'pg';
import { z } from 'zod';
import { csvRow } from '../../feedback/csv.ts';
import { findDomain, type SendingDomain } from '../../store/domains.ts';
import { readReportDigest, writeReportDigest } from '../../store/report-digests.ts';
import { inScope } from '../../store/scope.ts';
import { type App, found, objectScope } from '../app.ts';
import { change } from '../change.ts';
import type { HttpDeps } from '../deps.ts';
import { languageOf } from '../language.ts';
import { pathTenant } from '../path-tenant.ts';
import { Id, IdParams } from '../schemas.ts';
import { DmarcView, RangeQuery, TlsView } from './domain-report-shapes.ts';

const Digest = z
  .object({
    tenant_id: Id,
    enabled: z
      .boolean()
      .meta({ description: 'A mail once a week to the contact address of the organisation, when there is something to tell.' }),
  })
  .meta({ id: 'ReportDigest' });
const tags = ['Reports about domains'];

export function domainDmarcRoutes(app: App, deps: HttpDeps): void {
  app.route({
    method: 'GET',
    url: '/v1/domains/:id/dmarc',
    config: { access: 'domains:read' },
    schema: {
      tags,
      operationId: 'getDomainDmarc',
      summary: 'Show who sends in the name of a domain, and how it fares',
      params: IdParams,
      querystring: RangeQuery,
      response: { 200: DmarcView },
    },
    handler: (request) => {
      const { lang, ...range } = request.query;
      const language = languageOf(request, lang);
      return ofDomain(request, async (db, domain) => ({
        ...mutable(await deps.reports.dmarc(db, domain, { ...range, language })),
        report_address: deps.reports.address(domain),
      }));
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/domains/:id/dmarc/export',
    config: { access: 'domains:read' },
    schema: {
      tags,
      operationId: 'exportDomainDmarc',
      summary: 'Get the sources of a domain as CSV',
      params: IdParams,
      querystring: RangeQuery,
      response: { 200: { description: 'The file.', content: { 'text/csv': { schema: z.string() } } } },
    },
    handler: async (request, reply) => {
      const { lang, ...range } = request.query;
      const language = languageOf(request, lang);
      const view = await ofDomain(request, (db, domain) => deps.reports.dmarc(db, domain, { ...range, language }));
      void reply.type('text/csv; charset=utf-8').header('content-disposition', 'attachment; filename="dmarc-sources.csv"');
      const head = [
        'kind',
        'source',
        'messages',
        'aligned',
        'dkim_aligned',
        'spf_aligned',
        'addresses',
        'why',
        'next_step',
        'verdict',
        'note',
      ];
      const rows = view.sources.map((source) => {
        const numbers = [source.messages, source.aligned, source.dkim_aligned, source.spf_aligned].map(String);
        const { kind, name, why, next_step: next, judgement } = source;
        return [
          kind,
          name,
          ...numbers,
          source.ips.map(({ ip }) => ip).join(' '),
          why,
          next,
          judgement?.verdict ?? '',
          judgement?.note ?? '',
        ];
      });
      return reply.send([head, ...rows].map((row) => csvRow(row.map(harmless))).join(''));
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/domains/:id/tls',
    config: { access: 'domains:read' },
    schema: {
      tags,
      operationId: 'getDomainTls',
      summary: 'Show how mail to a domain is encrypted',
      params: IdParams,
      querystring: RangeQuery,
      response: { 200: TlsView },
    },
    handler: (request) => {
      const { lang, ...range } = request.query;
      const language = languageOf(request, lang);
      return ofDomain(request, async (db, domain) => mutable(await deps.reports.tls(db, domain, { ...range, language })));
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/tenants/:id/report-digest',
    config: { access: 'domains:read' },
    schema: {
      tags,
      operationId: 'getReportDigest',
      summary: 'Show whether the weekly mail is wanted',
      params: IdParams,
      response: { 200: Digest },
    },
    handler: async (request) => {
      const tenantId = await pathTenant(deps, request, request.params.id);
      return { tenant_id: tenantId, ...(await inScope(deps.pool, tenantId, (db) => readReportDigest(db, tenantId))) };
    },
  });

  app.route({
    method: 'PUT',
    url: '/v1/tenants/:id/report-digest',
    config: { access: 'domains:manage' },
    schema: {
      tags,
      operationId: 'putReportDigest',
      summary: 'Want the weekly mail, or not',
      params: IdParams,
      body: z.strictObject({ enabled: z.boolean() }),
      response: { 200: Digest },
    },
    handler: async (request) => {
      const tenantId = await pathTenant(deps, request, request.params.id);
      const { enabled } = request.body;
      await change(deps, request, tenantId, {
        work: (db) => writeReportDigest(db, tenantId, { enabled }),
        describe: () => ({ tenantId, action: 'report-digest.set', subject: tenantId, detail: { enabled } }),
      });
      return { tenant_id: tenantId, enabled };
    },
  });

  function ofDomain<T>(
    request: FastifyRequest<{ Params: z.output<typeof IdParams> }>,
    work: (db: pg.PoolClient, domain: SendingDomain) => Promise<T>,
  ): Promise<T> {
    const scope = objectScope(request);
    return inScope(deps.pool, scope, async (db) => work(db, found(await findDomain(db, scope, request.params.id))));
  }
}

/** Names in reports are of strangers: no cell may begin what a spreadsheet runs. */
function harmless(cell: string): string {
  return /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
}

/** The serialiser's types want arrays that could be changed. */
function mutable<T>(value: T): Mutable<T> {
  // Only the type changes.
  return value as Mutable<T>;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends object ? Mutable<T[K]> : T[K] };
