// This file is what people say about the sources of a domain in DMARC reports: "this one is ours", "that one is not", and taking it back.
import { z } from 'zod';
import { NOTE_CHARS_MAX, VERDICTS } from '../../mail/domain-analysis/judgement.ts';
import { SOURCE_KINDS } from '../../mail/domain-analysis/source.ts';
import { findDomain } from '../../store/domains.ts';
import { inScope } from '../../store/scope.ts';
import { deleteJudgement, listJudgements } from '../../store/source-judgements.ts';
import { type App, found, objectScope, toldActorOf } from '../app.ts';
import { change } from '../change.ts';
import type { HttpDeps } from '../deps.ts';
import { Empty, IdParams, pageSchema, TimeOut } from '../schemas.ts';
import { Day } from './domain-report-shapes.ts';

const Verdict = z.enum(VERDICTS).meta({
  description:
    'ours: legitimate mail, whatever carries it; what fails of it is named with its fix, and holds a stricter policy back · not-ours: somebody else writes in the name of the domain; it does not count',
});
const JudgedSource = z
  .object({
    source: z.string().meta({ description: 'Id of the source.' }),
    kind: z.enum(SOURCE_KINDS),
    name: z.string(),
    verdict: Verdict,
    note: z.string(),
    said_by: z.string().meta({ description: 'Who said it: person:… or credential:…' }),
    said_at: TimeOut,
  })
  .meta({ id: 'JudgedSource' });
const Said = z.strictObject({
  verdict: Verdict,
  note: z
    .string()
    .trim()
    .max(NOTE_CHARS_MAX)
    .regex(/^\P{Cc}*$/u, { error: 'REQUEST_INVALID: The note is one line.' })
    .default('')
    .meta({ description: 'What people call it: "the scanner at the office". It stands in sentences instead of the name.' }),
  from: Day.optional().meta({ description: 'First day of the range in which the source was shown, where it was not the last 30 days.' }),
  to: Day.optional(),
});
const SourceParams = IdParams.extend({
  source: z.string().regex(/^[0-9a-f]{32}$/, { error: 'NOT_FOUND: There is no source under this id.' }),
});
const tags = ['Reports about domains'];

export function dmarcSourceRoutes(app: App, deps: HttpDeps): void {
  app.route({
    method: 'GET',
    url: '/v1/domains/:id/dmarc/sources',
    config: { access: 'domains:read' },
    schema: {
      tags,
      operationId: 'listJudgedSources',
      summary: 'List the sources of a domain that somebody said something about',
      description: 'At most 200, so all of them. What reports counted from them stands in `sources` of the DMARC view.',
      params: IdParams,
      response: { 200: pageSchema(JudgedSource) },
    },
    handler: async (request) => {
      const scope = objectScope(request);
      const data = await inScope(deps.pool, scope, async (db) => {
        const domain = found(await findDomain(db, scope, request.params.id));
        return listJudgements(db, { tenantId: domain.tenant_id, domainId: domain.id });
      });
      return { data, next: null };
    },
  });

  app.route({
    method: 'PUT',
    url: '/v1/domains/:id/dmarc/sources/:source',
    config: { access: 'domains:manage' },
    schema: {
      tags,
      operationId: 'judgeSource',
      summary: 'Say whose a source is',
      description:
        'It stays true while addresses behind the source change. What carries mail of this desk cannot be said not to be ours (SOURCE_IS_OURS); a source that begins to carry it counts again, and says so.',
      params: SourceParams,
      body: Said,
      response: { 200: JudgedSource },
    },
    handler: async (request) => {
      const { id, source } = request.params;
      const { verdict, note, from, to } = request.body;
      const scope = objectScope(request);
      return change(deps, request, scope, {
        work: async (db) => {
          const domain = found(await findDomain(db, scope, id));
          const said = { source, verdict, note, by: toldActorOf(request) };
          return { tenantId: domain.tenant_id, ...found(await deps.reports.judge(db, domain, said, { from, to })) };
        },
        describe: ({ tenantId, name }) => ({
          tenantId,
          action: 'dmarc-source.judge',
          subject: id,
          detail: { source, name, verdict, note },
        }),
      });
    },
  });

  app.route({
    method: 'DELETE',
    url: '/v1/domains/:id/dmarc/sources/:source',
    config: { access: 'domains:manage' },
    schema: {
      tags,
      operationId: 'unjudgeSource',
      summary: 'Take back what was said about a source',
      params: SourceParams,
      response: { 204: Empty },
    },
    handler: async (request, reply) => {
      const { id, source } = request.params;
      const scope = objectScope(request);
      await change(deps, request, scope, {
        work: async (db) => {
          const domain = found(await findDomain(db, scope, id));
          const key = { tenantId: domain.tenant_id, domainId: domain.id };
          return { tenantId: domain.tenant_id, ...found(await deleteJudgement(db, key, source)) };
        },
        describe: ({ tenantId, name }) => ({ tenantId, action: 'dmarc-source.unjudge', subject: id, detail: { source, name } }),
      });
      return reply.code(204).send();
    },
  });
}
