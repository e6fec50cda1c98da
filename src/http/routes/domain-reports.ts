// This file is the resource of reports about domains: handing one in as it is, looking through those that came, and taking a doubtful one for genuine.
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { recordAudit } from '../../store/audit.ts';
import { findDomainReport, listDomainReports, readRecords } from '../../store/domain-report-lists.ts';
import { type AcceptedReport, acceptReport } from '../../store/report-release.ts';
import { pageOf } from '../../store/rows.ts';
import { inScope, type Scope, withOwner } from '../../store/scope.ts';
import { type App, actorOf, found, listScope, objectScope } from '../app.ts';
import { nextCursor, readIdCursor } from '../cursor.ts';
import type { HttpDeps } from '../deps.ts';
import { IdParams, ListQuery, ObjectQuery, pageSchema, SearchTime } from '../schemas.ts';
import { DomainReport, DomainReportDetail, ReportKindName, ReportStateName, ReportsTaken } from './domain-report-shapes.ts';

/** As large as the largest mail that receivers take; it is held in memory. A larger report is packed: XML shrinks to a tenth and less. */
const UPLOAD_BYTES_MAX = 25 * 1024 * 1024;
const RECORDS_SHOWN = 500;
const tags = ['Reports about domains'];

/** Registered apart, because the body of a report is taken as it comes, whatever type it says it has. */
export async function domainReportRoutes(app: App, deps: HttpDeps): Promise<void> {
  await app.register(async (scoped: App) => {
    scoped.removeAllContentTypeParsers();
    scoped.addContentTypeParser('*', (_request: unknown, payload: IncomingMessage, done: (error: null, body: IncomingMessage) => void) =>
      done(null, payload),
    );
    scoped.route({
      method: 'POST',
      url: '/v1/domain-reports',
      config: { access: 'domains:manage' },
      bodyLimit: UPLOAD_BYTES_MAX,
      schema: {
        tags,
        operationId: 'createDomainReports',
        summary: 'Hand in a report about a domain',
        description:
          'The body is the file itself (XML, JSON, zip, gzip) or the whole mail, at most 25 MB; pack larger ones. It counts for domains that are verified; others wait. An operator who names no organisation hands it in for whoever owns the domain.',
        querystring: ObjectQuery,
        response: { 200: ReportsTaken },
      },
      handler: async (request) => {
        const scope = objectScope(request, request.query.tenant_id);
        const { stored, refused } = await deps.reports.take(scope, await bytesOf(request.body));
        return {
          data: stored.map(({ tenantId, ...report }) => ({ tenant_id: tenantId, ...report })),
          refused: refused.map((each) => ({ ...each })),
        };
      },
    });
  });

  app.route({
    method: 'GET',
    url: '/v1/domain-reports',
    config: { access: 'domains:read' },
    schema: {
      tags,
      operationId: 'listDomainReports',
      summary: 'List reports about domains, newest first',
      querystring: ListQuery.extend({
        domain: z.string().max(253).optional(),
        kind: ReportKindName.optional(),
        state: ReportStateName.optional(),
        from: SearchTime.optional().meta({ description: 'Reports about this time or later.' }),
        to: SearchTime.optional(),
      }),
      response: { 200: pageSchema(DomainReport) },
    },
    handler: async (request) => {
      const { limit, after, domain, kind, state, from, to } = request.query;
      const scope = listScope(request, request.query.tenant_id);
      if (scope === undefined) return { data: [], next: null };
      const filter = {
        before: readIdCursor('domain-reports', after),
        limit: limit + 1,
        domain: domain?.toLowerCase(),
        kind,
        state,
        from,
        to,
      };
      const { page, last } = pageOf(await inScope(deps.pool, scope, (db) => listDomainReports(db, scope, filter)), limit);
      return { data: page.map((report) => ({ ...report, warnings: [...report.warnings] })), next: nextCursor('domain-reports', last) };
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/domain-reports/:id',
    config: { access: 'domains:read' },
    schema: {
      tags,
      operationId: 'getDomainReport',
      summary: 'Show a report with its records',
      params: IdParams,
      response: { 200: DomainReportDetail },
    },
    handler: (request) => show(objectScope(request), request.params.id),
  });

  app.route({
    method: 'POST',
    url: '/v1/domain-reports/:id/accept',
    config: { access: 'domains:manage' },
    schema: {
      tags,
      operationId: 'acceptDomainReport',
      summary: 'Take a report for genuine although its mail does not prove it',
      description: 'For state "forged" only. It counts from now on, or once its domain is verified.',
      params: IdParams,
      response: { 200: DomainReportDetail },
    },
    handler: async (request) => {
      const scope = objectScope(request);
      const { id } = request.params;
      // Counts are written by the owner of the tables; the scope bounds what can be found.
      await withOwner(deps.pool, async (db) => {
        const done = found(await acceptReport(db, scope, id));
        const wrong = REFUSALS[done];
        if (wrong !== null) throw new AppError('STATE_FORBIDS', wrong.message, { hint: wrong.hint });
        await recordAudit(db, deps.ids, { tenantId: scope, actor: actorOf(request), action: 'domain-report.accept', subject: id });
      });
      return show(scope, id);
    },
  });

  async function show(scope: Scope, id: string) {
    return inScope(deps.pool, scope, async (db) => {
      const report = found(await findDomainReport(db, scope, id));
      const rows = await readRecords(db, { id: report.id, tenantId: report.tenant_id }, RECORDS_SHOWN);
      return { ...report, warnings: [...report.warnings], rows };
    });
  }
}

const REFUSALS: Readonly<Record<AcceptedReport, { message: string; hint: string } | null>> = {
  counted: null,
  waits: null,
  'not-forged': { message: 'Only a report whose mail does not prove its sender is accepted by hand.', hint: 'Nothing is left to do.' },
  'records-gone': { message: 'The records of this report were not kept.', hint: 'Hand the report in as a file.' },
  taken: { message: 'A report of this reporter with the same id counts already.', hint: 'Compare the two; only one of them can count.' },
};

async function bytesOf(body: unknown): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of body instanceof Readable ? body : []) {
    // A request gives buffers.
    const next = piece as Buffer;
    bytes += next.length;
    if (bytes > UPLOAD_BYTES_MAX)
      throw new AppError('PAYLOAD_TOO_LARGE', `A report is at most ${UPLOAD_BYTES_MAX} bytes; pack it with gzip.`);
    pieces.push(next);
  }
  return Buffer.concat(pieces, bytes);
}
