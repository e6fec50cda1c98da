// This file is the resource of messages as they are read: found, shown with everything that happened, seen as they are, and called back.
import { z } from 'zod';
import { decisionSaid } from '../../delivery/decision-words.ts';
import { decisionForTenant, eventDataForTenant } from '../../delivery/tenant-view.ts';
import type { Language } from '../../language.ts';
import { recordAudit } from '../../store/audit.ts';
import { withoutPlatformNames } from '../../store/hidden-names.ts';
import { findMessageId, type MessageDetail, readMessage, readSource } from '../../store/message-detail.ts';
import { countMessages, searchMessages } from '../../store/message-search.ts';
import { inScope } from '../../store/scope.ts';
import { type App, actorOf, found, listScope, objectScope, principalOf, toldActorOf } from '../app.ts';
import { readIdCursor, writeCursor } from '../cursor.ts';
import type { HttpDeps } from '../deps.ts';
import { Lang, languageOf } from '../language.ts';
import { previewOf } from '../pages/preview.ts';
import { Id, IdParams, MarkName, StateCounts, StateName, StreamName, TimeOut } from '../schemas.ts';
import { countedPageSchema, totalWanted } from '../total.ts';
import { MessageSearch, searchOf, timeOf } from './message-filters.ts';

const MessageSummary = z
  .object({
    id: Id,
    tenant_id: Id,
    tenant_name: z.string(),
    from: z.string(),
    subject: z.string(),
    stream: StreamName,
    created_at: TimeOut,
    send_at: TimeOut.nullable(),
    size: z.number(),
    tags: z.array(z.string()),
    recipient_count: z.number(),
    states: StateCounts,
    first_recipient: z.string().nullable(),
  })
  .meta({ id: 'MessageSummary' });
const Attempt = z.object({
  id: Id,
  number: z.number(),
  started_at: TimeOut,
  ended_at: TimeOut,
  outcome: z.string(),
  class: z.string().nullable(),
  reply: z.string().nullable().meta({ description: "The provider's or the receiver's own words." }),
  provider_message_id: z.string().nullable(),
  account_id: Id.nullable().meta({ description: 'The provider account; for operators.' }),
  decision_id: z.string().nullable(),
});
const Recipient = z
  .object({
    id: Id,
    tenant_id: Id,
    message_id: Id,
    address: z.string(),
    stream: StreamName,
    state: StateName,
    reason: z.string().nullable().meta({ description: 'Class of the last answer, or what holds or stopped it.' }),
    marks: z.array(MarkName),
    attempt_count: z.number(),
    next_at: TimeOut.nullable().meta({ description: 'When it is tried next.' }),
    state_at: TimeOut,
    account_id: Id.nullable(),
    decision: z.record(z.string(), z.unknown()).nullable().meta({
      description:
        'Which way it goes, why, and what would change it. `because`, `heldBecause` and `better` are in English; `says`, `heldSays` and `betterSays` say it in the language asked for.',
    }),
    attempts: z.array(Attempt),
    events: z.array(z.object({ id: Id, type: z.string(), at: TimeOut, data: z.record(z.string(), z.unknown()).nullable() })),
  })
  .meta({ id: 'RecipientDetail' });
const Message = z
  .object({
    id: Id,
    tenant_id: Id,
    tenant_name: z.string(),
    credential_id: Id.nullable(),
    stream: StreamName,
    from: z.string(),
    mail_from: z.string(),
    subject: z.string(),
    header_message_id: z.string(),
    size: z.number(),
    tags: z.array(z.string()),
    metadata: z.record(z.string(), z.string()).nullable(),
    created_at: TimeOut,
    send_at: TimeOut.nullable(),
    recipient_count: z.number(),
    states: StateCounts,
    recipients: z.array(Recipient),
    truncated: z
      .boolean()
      .meta({ description: 'There were more recipients, attempts or events than fit into one answer; "states" counts all of them.' }),
  })
  .meta({ id: 'MessageDetail' });
const Preview = z
  .object({
    html: z.string().nullable().meta({ description: 'Made harmless: no scripts, no forms, nothing is loaded from elsewhere.' }),
    text: z.string().nullable(),
    attachments: z.array(z.object({ filename: z.string(), content_type: z.string(), size: z.number() })),
  })
  .meta({ id: 'MessagePreview' });
const tags = ['Messages'];

export function messageRoutes(app: App, deps: HttpDeps): void {
  app.route({
    method: 'GET',
    url: '/v1/messages',
    config: { access: 'messages:read' },
    schema: {
      tags,
      operationId: 'listMessages',
      summary: 'Find messages, newest first',
      querystring: MessageSearch,
      response: { 200: countedPageSchema(MessageSummary) },
    },
    handler: async (request) => {
      const { query } = request;
      const scope = listScope(request, query.tenant_id);
      if (scope === undefined) return { data: [], next: null, ...(await totalWanted(query.total, null)) };
      const found = await inScope(deps.pool, scope, async (db) => {
        const exact = query.id === undefined ? null : await findMessageId(db, scope, query.id);
        if (query.id !== undefined && exact === null) return { messages: [], next: null, total: await totalWanted(query.total, null) };
        const search = { ...searchOf(query), id: exact?.id };
        const page = await searchMessages(db, scope, { ...search, before: readIdCursor('messages', query.after) });
        return { ...page, total: await totalWanted(query.total, () => countMessages(db, scope, search)) };
      });
      const data = found.messages.map((message) => ({ ...message, created_at: timeOf(message.id) }));
      return { data, next: found.next === null ? null : writeCursor('messages', found.next), ...found.total };
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/messages/:id',
    config: { access: 'messages:read' },
    schema: {
      tags,
      operationId: 'getMessage',
      summary: 'Show a message and everything that happened to it',
      params: IdParams,
      querystring: z.strictObject({ lang: Lang }),
      response: { 200: Message },
    },
    handler: async (request) => {
      const scope = objectScope(request);
      const message = found(await inScope(deps.pool, scope, (db) => readMessage(db, scope, request.params.id)));
      const shown = principalOf(request).kind === 'operator' ? message : withoutAccounts(await withoutNames(deps, message));
      return { ...said(shown, languageOf(request, request.query.lang)), created_at: timeOf(message.id) };
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/messages/:id/source',
    config: { access: 'messages:read' },
    schema: {
      tags,
      operationId: 'getMessageSource',
      summary: 'Show a message as it was accepted, byte for byte',
      params: IdParams,
      response: { 200: { description: 'The message (RFC 5322).', content: { 'text/plain': { schema: z.string() } } } },
    },
    handler: async (request, reply) => {
      const scope = objectScope(request);
      const source = found(await inScope(deps.pool, scope, (db) => readSource(db, scope, request.params.id)));
      void reply.header('content-disposition', `inline; filename="${request.params.id}.eml"`);
      // Bytes pass the serialiser by; the schema's "string" describes them.
      return reply.type('text/plain; charset=utf-8').send(source as unknown as string);
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/messages/:id/preview',
    config: { access: 'messages:read' },
    schema: {
      tags,
      operationId: 'previewMessage',
      summary: 'Show what a reader sees, made harmless',
      params: IdParams,
      response: { 200: Preview },
    },
    handler: async (request) => {
      const scope = objectScope(request);
      return previewOf(found(await inScope(deps.pool, scope, (db) => readSource(db, scope, request.params.id))));
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/messages/:id/cancel',
    config: { access: 'messages:write' },
    schema: {
      tags,
      operationId: 'cancelMessage',
      summary: 'Call back what has not left yet',
      params: IdParams,
      response: {
        200: z.object({
          id: Id,
          cancelled: z.number(),
          unchanged: z.number().meta({ description: 'Recipients for whom it is too late.' }),
        }),
      },
    },
    handler: async (request) => {
      const { id } = request.params;
      const scope = objectScope(request);
      const { tenant_id: tenantId } = found(await inScope(deps.pool, scope, (db) => findMessageId(db, scope, id)));
      const { cancelled, unchanged } = await deps.cancel(tenantId, id, toldActorOf(request));
      await recordAudit(deps.pool, deps.ids, {
        actor: actorOf(request),
        tenantId,
        action: 'message.cancel',
        subject: id,
        detail: { cancelled },
      });
      return { id, cancelled, unchanged };
    },
  });
}

/** Decisions in the language asked for. */
function said(message: MessageDetail, language: Language): MessageDetail {
  const recipients = message.recipients.map((recipient) =>
    recipient.decision === null ? recipient : { ...recipient, decision: decisionSaid(recipient.decision, language) },
  );
  return { ...message, recipients };
}

/** Who of the platform's people did something is its own business. */
async function withoutNames({ pool }: HttpDeps, message: MessageDetail): Promise<MessageDetail> {
  const recipients = await Promise.all(
    message.recipients.map(async (recipient) => ({
      ...recipient,
      events: await withoutPlatformNames({ pool }, message.tenant_id, recipient.events),
    })),
  );
  return { ...message, recipients };
}

/** Which accounts the platform uses is nothing a tenant needs to know. */
function withoutAccounts(message: MessageDetail): MessageDetail {
  const recipients = message.recipients.map((recipient) => ({
    ...recipient,
    account_id: null,
    decision: decisionForTenant(recipient.decision),
    // What a provider said about our account is ours to read.
    attempts: recipient.attempts.map((attempt) => ({
      ...attempt,
      account_id: null,
      ...(attempt.class === 'operator' ? { reply: null } : {}),
    })),
    events: recipient.events.map((event) => ({ ...event, data: eventDataForTenant(event.data) })),
  }));
  return { ...message, recipients };
}
