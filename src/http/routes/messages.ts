// This file is the resource of messages as they are read: found, shown with everything that happened, seen as they are, and called back.
import { z } from 'zod';
import { decisionForTenant, eventDataForTenant } from '../../delivery/tenant-view.ts';
import { idTimeMs } from '../../ids.ts';
import { addressKey, normaliseDomain, parseAddress } from '../../mail/address.ts';
import { recordAudit } from '../../store/audit.ts';
import { HELD_CODES } from '../../store/held-counts.ts';
import { findMessageId, type MessageDetail, readMessage, readSource } from '../../store/message-detail.ts';
import { countMessages, searchMessages } from '../../store/message-search.ts';
import type { MessageQuery } from '../../store/message-window.ts';
import { inScope } from '../../store/scope.ts';
import { senderKey } from '../../tenancy/may-send.ts';
import { type App, actorOf, found, listScope, objectScope, principalOf } from '../app.ts';
import { readIdCursor, writeCursor } from '../cursor.ts';
import type { HttpDeps } from '../deps.ts';
import { previewOf } from '../pages/preview.ts';
import { Id, IdParams, ListQuery, MarkName, SearchTime, StateCounts, StateName, StreamName, TimeOut } from '../schemas.ts';
import { countedPageSchema, totalWanted, WantsTotal } from '../total.ts';

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
    decision: z.record(z.string(), z.unknown()).nullable().meta({ description: 'Which way it goes, why, and what would change it.' }),
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
    truncated: z.boolean().meta({ description: 'There were more attempts or events than fit into one answer.' }),
  })
  .meta({ id: 'MessageDetail' });
const Preview = z
  .object({
    html: z.string().nullable().meta({ description: 'Made harmless: no scripts, no forms, nothing is loaded from elsewhere.' }),
    text: z.string().nullable(),
    attachments: z.array(z.object({ filename: z.string(), content_type: z.string(), size: z.number() })),
  })
  .meta({ id: 'MessagePreview' });
/** An address or a domain in the form in which senders are compared. */
const SenderName = z
  .string()
  .max(320)
  .transform((text, context) => {
    if (text.includes('@')) return senderKey(text);
    const domain = normaliseDomain(text.trim());
    if (domain !== null) return domain;
    context.addIssue('write an address or a domain, such as info@club.example or club.example');
    return z.NEVER;
  })
  .meta({ description: 'Whose mail: the address in From, or its domain (with those below it).' });
const WaitsFor = z
  .string()
  .max(400)
  .transform((names) => names.split(',').map((name) => name.trim()))
  .pipe(z.array(z.enum([...HELD_CODES, 'anything'])).max(HELD_CODES.length))
  .meta({
    description: `What held messages wait for, as GET /v1/held-messages counts them; several are separated by commas. ${HELD_CODES.join(', ')}; or "anything" of these.`,
  });
const SearchQuery = ListQuery.extend({
  address: z.string().max(320).optional().meta({ description: "A recipient's address." }),
  subject: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({ description: 'Part of the subject. A page looks through a window of messages; "next" goes on behind it.' }),
  id: Id.optional().meta({ description: 'Id of a message or of a recipient.' }),
  state: StateName.optional(),
  stream: StreamName.optional(),
  sender: SenderName.optional(),
  waits_for: WaitsFor.optional(),
  from: SearchTime.optional().meta({ description: 'Accepted at or after this time.' }),
  to: SearchTime.optional().meta({ description: 'Accepted before this time.' }),
  total: WantsTotal,
});
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
      querystring: SearchQuery,
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
      response: { 200: Message },
    },
    handler: async (request) => {
      const scope = objectScope(request);
      const message = found(await inScope(deps.pool, scope, (db) => readMessage(db, scope, request.params.id)));
      return { ...(principalOf(request).kind === 'operator' ? message : withoutAccounts(message)), created_at: timeOf(message.id) };
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
      const { cancelled, unchanged } = await deps.cancel(tenantId, id, actorOf(request));
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

/** Query parameters as the search takes them; shared with the list of recipients. */
export function searchOf(query: {
  address?: string | undefined;
  subject?: string | undefined;
  state?: z.output<typeof StateName> | undefined;
  stream?: 'transactional' | 'bulk' | undefined;
  sender?: string | undefined;
  waits_for?: z.output<typeof WaitsFor> | undefined;
  from?: string | undefined;
  to?: string | undefined;
  limit: number;
}) {
  const { address, subject, state, stream, sender, limit } = query;
  return {
    address: address === undefined ? undefined : keyOf(address),
    subject,
    state,
    stream,
    sender,
    waitsFor: query.waits_for && waitsForOf(query.waits_for),
    fromMs: query.from === undefined ? undefined : Date.parse(query.from),
    toMs: query.to === undefined ? undefined : Date.parse(query.to),
    limit,
  };
}

function waitsForOf(codes: z.output<typeof WaitsFor>): MessageQuery['waitsFor'] {
  const named = codes.flatMap((code) => (code === 'anything' ? [] : code === 'unknown' ? ([''] as const) : [code]));
  return named.length < codes.length ? 'anything' : named;
}

/** The form in which addresses are compared. What is no address finds nothing. */
function keyOf(address: string): string {
  const parsed = parseAddress(address);
  return parsed.ok ? addressKey(parsed.value.address) : address;
}

/** Ids carry their time. */
export function timeOf(id: string): string {
  return new Date(idTimeMs(id)).toISOString();
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
