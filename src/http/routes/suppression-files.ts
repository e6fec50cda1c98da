// This file is the way in and out for whole lists of held addresses, as files: read and written piece by piece.
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { isHoldClass } from '../../feedback/hold-policy.ts';
import type { SuppressionFileFormat } from '../../feedback/suppression-file.ts';
import { SUPPRESSION_FILE_FORMATS } from '../../feedback/suppression-files.ts';
import { IMPORT_BYTES_MAX, importSuppressions } from '../../flows/import-suppressions.ts';
import { inScope } from '../../store/scope.ts';
import { type AddressPlace, findByPrefix } from '../../store/suppression-lists.ts';
import type { Suppression } from '../../store/suppressions.ts';
import { type App, toldActorOf } from '../app.ts';
import type { HttpDeps } from '../deps.ts';
import { namedTenant } from '../path-tenant.ts';
import { ObjectQuery } from '../schemas.ts';

const names = Object.keys(SUPPRESSION_FILE_FORMATS).sort();
const FileQuery = ObjectQuery.extend({
  format: z
    .string()
    .max(50)
    .default('csv')
    .meta({ description: `One of ${names.join(', ')}.` }),
});
const DRY_RUN = z
  .enum(['true', 'false'])
  .default('false')
  .meta({ description: 'true: answers what would be added, was on hold already or would be refused, and writes nothing.' });
const ImportAnswer = z
  .object({
    dry_run: z.boolean().meta({ description: 'Nothing was written.' }),
    added: z.number(),
    already: z.number().meta({ description: 'On hold before; they stay as they were.' }),
    refused: z
      .array(z.object({ line: z.number(), address: z.string().nullable(), code: z.string(), message: z.string() }))
      .meta({ description: 'The first 200.' }),
    refused_count: z.number(),
    columns: z
      .object({
        named: z.boolean().meta({ description: 'A line of the file names them.' }),
        read: z.array(z.string()),
        not_read: z.array(z.string()).meta({ description: 'Names of columns that mean nothing here; the first 20.' }),
      })
      .nullable()
      .meta({ description: 'What the columns were taken for; null in the forms of providers, and of an empty file.' }),
  })
  .meta({ id: 'SuppressionImport' });
/** Rows read at once for an export. */
const EXPORT_PAGE = 2_000;
const tags = ['Suppressions'];

/** Registered apart, because the body of an import is read as it comes, whatever type it says it has. */
export async function suppressionFileRoutes(app: App, deps: HttpDeps): Promise<void> {
  await app.register(async (scoped: App) => {
    scoped.removeAllContentTypeParsers();
    scoped.addContentTypeParser('*', (_request: unknown, payload: IncomingMessage, done: (error: null, body: IncomingMessage) => void) =>
      done(null, payload),
    );
    scoped.route({
      method: 'POST',
      url: '/v1/suppressions/import',
      config: { access: 'suppressions:write' },
      bodyLimit: IMPORT_BYTES_MAX,
      schema: {
        tags,
        operationId: 'importSuppressions',
        summary: 'Put a list of addresses on hold',
        description:
          'The body is the file itself, in UTF-8. Each row is taken or refused by itself; a file can be handed in again, because what is on hold already stays as it is.',
        querystring: FileQuery.extend({ dry_run: DRY_RUN }),
        response: { 200: ImportAnswer },
      },
      handler: async (request) => {
        const { format, tenant_id: named, dry_run: dryRun } = request.query;
        const tenantId = await namedTenant(deps, request, named);
        const chunks = request.body instanceof Readable ? request.body : Readable.from([]);
        const parts = { pool: deps.pool, ids: deps.ids, nowMs: () => deps.clock.nowMs() };
        return importSuppressions(parts, tenantId, {
          format: formatOf(format),
          chunks,
          by: toldActorOf(request),
          dryRun: dryRun === 'true',
        });
      },
    });
  });

  app.route({
    method: 'GET',
    url: '/v1/suppressions/export',
    config: { access: 'suppressions:read' },
    schema: {
      tags,
      operationId: 'exportSuppressions',
      summary: 'Get every address on hold as a file',
      querystring: FileQuery,
      response: { 200: { description: 'The file.', content: { 'text/csv': { schema: z.string() } } } },
    },
    handler: async (request, reply) => {
      const { format: name, tenant_id: named } = request.query;
      const tenantId = await namedTenant(deps, request, named);
      const format = formatOf(name);
      void reply.type(format.mediaType).header('content-disposition', `attachment; filename="suppressions.${format.extension}"`);
      // The first page is read before the answer begins, so that a database that is away is a refusal and not half a file.
      const first = await page(deps, tenantId, null);
      // A stream passes the serialiser by; the schema's "string" describes it.
      return reply.send(Readable.from(written(deps, tenantId, format, first)) as unknown as string);
    },
  });
}

async function* written(
  deps: HttpDeps,
  tenantId: string,
  format: SuppressionFileFormat,
  first: Awaited<ReturnType<typeof page>>,
): AsyncGenerator<string> {
  yield format.head;
  for (let { rows, next } = first; ; { rows, next } = await page(deps, tenantId, next)) {
    const text = rows.map((row) => format.render(exported(row))).join('');
    if (text !== '') yield text;
    if (next === null) break;
  }
  yield format.foot;
}

function page(deps: HttpDeps, tenantId: string, after: AddressPlace | null) {
  return inScope(deps.pool, tenantId, (db) => findByPrefix(db, tenantId, { prefix: '', after, limit: EXPORT_PAGE }));
}

function exported(row: Suppression) {
  return {
    address: row.address,
    stream: row.stream,
    // A person's own words for a reason are no class; they go along as what proves the hold.
    ...(isHoldClass(row.reason)
      ? { reason: row.reason, evidence: row.evidence }
      : { reason: 'manual' as const, evidence: row.evidence ?? (row.reason === 'manual' ? null : row.reason) }),
    expiresAtMs: row.expires_at === null ? null : Date.parse(row.expires_at),
    source: row.source,
    createdAtMs: Date.parse(row.created_at),
  };
}

function formatOf(name: string): SuppressionFileFormat {
  const format = Object.hasOwn(SUPPRESSION_FILE_FORMATS, name) ? SUPPRESSION_FILE_FORMATS[name] : undefined;
  if (!format) throw new AppError('REQUEST_INVALID', `format is one of ${names.join(', ')}.`, { field: 'format' });
  return format;
}
