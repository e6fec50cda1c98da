// This file shows the ledger (everything taken in against where it stands), the limits, and the audit log.
import { z } from 'zod';
import { RECIPIENT_STATES } from '../../delivery/states.ts';
import { auditDetailForTenant } from '../../delivery/tenant-view.ts';
import { MAIL_LIMITS } from '../../mail/limits.ts';
import { actorOwners, seenActor } from '../../store/actors.ts';
import { listAudit } from '../../store/audit.ts';
import { pageOf } from '../../store/rows.ts';
import { inScope } from '../../store/scope.ts';
import { type App, listScope, principalOf } from '../app.ts';
import { nextCursor, readIdCursor } from '../cursor.ts';
import type { HttpDeps } from '../deps.ts';
import { Id, LIMIT_MAX, ListQuery, pageSchema, SearchTime, StateName, StreamName, TenantId, TimeOut } from '../schemas.ts';
import { BATCH_MESSAGES_MAX } from './message-intake.ts';

const Ledger = z
  .object({
    injected: z.number().meta({ description: 'Recipients ever taken in.' }),
    states: z.record(StateName, z.number()).meta({ description: 'Where they stand now.' }),
    difference: z.number().meta({ description: 'injected less all states: 0, or something is lost.' }),
    from: TimeOut.nullable().meta({ description: 'The range after rounding to whole hours.' }),
    to: TimeOut.nullable(),
  })
  .meta({ id: 'Ledger' });
const AuditLine = z
  .object({
    id: Id,
    at: TimeOut,
    actor: z.string().meta({
      description:
        '"person:<login>", "credential:<id>", "desk"; organisations read "platform" for everybody of the platform, and "person" or "credential" for who is gone.',
    }),
    tenant_id: Id.nullable(),
    action: z.string(),
    subject: z.string(),
    detail: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'AuditLine' });
const Limits = z.record(z.string(), z.number()).meta({ id: 'Limits', description: 'Names end with their unit.' });
/** An empty ledger: what a foreign tenant's looks like. */
const NOTHING = {
  injected: 0,
  states: Object.fromEntries(RECIPIENT_STATES.map((state) => [state, 0])),
  difference: 0,
  from: null,
  to: null,
};

export function ledgerRoutes(app: App, deps: HttpDeps): void {
  app.route({
    method: 'GET',
    url: '/v1/ledger',
    config: { access: 'ledger:read' },
    schema: {
      tags: ['Ledger'],
      operationId: 'getLedger',
      summary: 'Does every recipient have a fate?',
      querystring: z.strictObject({
        tenant_id: TenantId,
        stream: StreamName.optional(),
        from: SearchTime.optional(),
        to: SearchTime.optional(),
      }),
      response: { 200: Ledger },
    },
    handler: async (request) => {
      const { tenant_id: named, stream, from, to } = request.query;
      const scope = listScope(request, named);
      if (scope === undefined) return { ...NOTHING, states: NOTHING.states as z.output<typeof Ledger>['states'] };
      const range = { ...(stream && { stream }), ...(from && { fromMs: Date.parse(from) }), ...(to && { toMs: Date.parse(to) }) };
      const { injected, states, difference, fromMs, toMs } = await deps.ledger(scope, range);
      return { injected, states: { ...states }, difference, from: isoOrNull(fromMs), to: isoOrNull(toMs) };
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/limits',
    config: { access: 'signed-in' },
    schema: { tags: ['Ledger'], operationId: 'getLimits', summary: 'What fits', response: { 200: Limits } },
    handler: async (request) => limitsOf(deps, principalOf(request).ratePerMinute),
  });

  app.route({
    method: 'GET',
    url: '/v1/audit',
    config: { access: 'credentials:read' },
    schema: {
      tags: ['Audit log'],
      operationId: 'listAudit',
      summary: 'Who changed what, newest first',
      querystring: ListQuery.extend({ subject: z.string().max(100).optional().meta({ description: 'Id of what was changed.' }) }),
      response: { 200: pageSchema(AuditLine) },
    },
    handler: async (request) => {
      const { limit, after, subject } = request.query;
      const scope = listScope(request, request.query.tenant_id);
      if (scope === undefined) return { data: [], next: null };
      const filter = { before: readIdCursor('audit', after), limit: limit + 1, subject };
      const { page, last } = pageOf(await inScope(deps.pool, scope, (db) => listAudit(db, scope, filter)), limit);
      const next = nextCursor('audit', last);
      if (scope === null || principalOf(request).kind === 'operator') return { data: page, next };
      const owners = await actorOwners(
        deps.pool,
        scope,
        page.map(({ actor }) => actor),
      );
      const data = page.map((line) => ({ ...line, actor: seenActor(line.actor, owners), detail: auditDetailForTenant(line.detail) }));
      return { data, next };
    },
  });
}

function limitsOf(deps: HttpDeps, ratePerMinute: number | null): Record<string, number> {
  const { messageBytesMax, recipientsMax, batchBytesMax, defaultRatePerMinute } = deps.config;
  return {
    message_bytes: messageBytesMax,
    message_recipients: recipientsMax,
    message_attachments: MAIL_LIMITS.attachmentsMax,
    message_headers: MAIL_LIMITS.customHeadersMax,
    header_value_bytes: MAIL_LIMITS.headerValueBytesMax,
    line_bytes: MAIL_LIMITS.lineBytesMax,
    message_tags: MAIL_LIMITS.tagsMax,
    tag_characters: MAIL_LIMITS.tagCharsMax,
    metadata_keys: MAIL_LIMITS.metadataKeysMax,
    metadata_key_characters: MAIL_LIMITS.metadataKeyCharsMax,
    metadata_value_characters: MAIL_LIMITS.metadataValueCharsMax,
    idempotency_key_characters: MAIL_LIMITS.idempotencyKeyCharsMax,
    idempotency_hours: 24,
    send_at_days: 30,
    batch_messages: BATCH_MESSAGES_MAX,
    batch_bytes: batchBytesMax,
    page_rows: LIMIT_MAX,
    requests_per_minute: ratePerMinute ?? defaultRatePerMinute,
  };
}

function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
