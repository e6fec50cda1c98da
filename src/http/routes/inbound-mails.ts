// This file is the resource of inbound mails: everything that came to the inbound door or was read from a bounce mailbox, what it was read as, and how to have it
// read again.
import { z } from 'zod';
import { CLASS_FAULT } from '../../feedback/vocabulary.ts';
import { idFloor, idTimeMs } from '../../ids.ts';
import { findInboundMail, type InboundMail, listInboundMails, readInboundRaw, replayInboundMail } from '../../store/inbound-mails.ts';
import { pageOf } from '../../store/rows.ts';
import { inScope } from '../../store/scope.ts';
import { type App, found, listScope, objectScope } from '../app.ts';
import { change } from '../change.ts';
import { nextCursor, readIdCursor } from '../cursor.ts';
import type { HttpDeps } from '../deps.ts';
import { closedWord, Id, IdParams, ListQuery, pageSchema, SearchTime, TimeOut } from '../schemas.ts';

const Kind = z.enum(['bounce', 'delayed', 'delivered', 'complaint', 'auto-reply', 'report', 'other']).meta({
  description: 'Of the whole mail; "report" is one about a domain (DMARC, TLS); "other" is mail for people, and what nobody understands.',
});
const Outcome = z.enum(['waiting', 'recorded', 'unmatched', 'forwarded', 'kept', 'unreadable']).meta({
  description:
    'waiting: not read yet. recorded: it told something about a recipient. unmatched: about nobody we know. forwarded: it went on to people as a message. kept: nothing follows from it. unreadable: a person has to look.',
});
const InboundMailView = z
  .object({
    id: Id,
    received_at: TimeOut,
    tenant_id: Id.nullable().meta({
      description: 'Null: it is about nobody we know, about several organisations, or for the people of the platform.',
    }),
    source: z.enum(['smtp', 'imap']),
    mailbox_id: Id.nullable(),
    mail_from: z.string().meta({ description: 'Envelope sender; empty for reports.' }),
    rcpt_to: z.string().meta({ description: 'The return path or other address of ours it came to; empty when it came from a mailbox.' }),
    remote_address: z.string(),
    size: z.number().meta({ description: 'Bytes' }),
    from: z.string(),
    subject: z.string(),
    kind: Kind.nullable(),
    class: z.string().nullable(),
    fault: z.string().nullable(),
    outcome: Outcome,
    matched_by: z
      .enum(['return-path', 'returned-path', 'reference', 'message-id'])
      .nullable()
      .meta({ description: 'How we know whom it is about: by the address it came to, or by what it brings back of our message.' }),
    recipient_id: Id.nullable(),
    message_id: Id.nullable(),
    forwarded_message_id: Id.nullable().meta({ description: 'The message it went on as.' }),
    note: z.string().nullable().meta({ description: 'Why it was not forwarded, or could not be read.' }),
    times_read: z.number(),
    read_at: TimeOut.nullable(),
  })
  .meta({ id: 'InboundMail' });
const InboundMailDetail = InboundMailView.extend({
  detail: z.record(z.string(), z.unknown()).nullable().meta({
    description:
      'What was read: recipients with verdicts and the rule of each, the complaint, identifiers of the original, and whom it was matched with.',
  }),
}).meta({ id: 'InboundMailDetail' });
const Filters = ListQuery.extend({
  kind: Kind.optional(),
  class: closedWord('class', Object.keys(CLASS_FAULT)).optional(),
  outcome: Outcome.optional(),
  mailbox_id: Id.optional(),
  recipient_id: Id.optional(),
  message_id: Id.optional(),
  from: SearchTime.optional(),
  to: SearchTime.optional(),
});
const tags = ['Inbound mails'];

export function inboundMailRoutes(app: App, deps: HttpDeps): void {
  app.route({
    method: 'GET',
    url: '/v1/inbound-mails',
    config: { access: 'events:read' },
    schema: {
      tags,
      operationId: 'listInboundMails',
      summary: 'List mails that came back, newest first',
      querystring: Filters,
      response: { 200: pageSchema(InboundMailView) },
    },
    handler: async (request) => {
      const { limit, after, kind, class: cls, outcome, from, to } = request.query;
      const scope = listScope(request, request.query.tenant_id);
      if (scope === undefined) return { data: [], next: null };
      const filter = {
        before: readIdCursor('list', after),
        limit: limit + 1,
        kind,
        class: cls,
        outcome,
        mailboxId: request.query.mailbox_id,
        recipientId: request.query.recipient_id,
        messageId: request.query.message_id,
        fromId: from && idFloor(Date.parse(from)),
        belowId: to && idFloor(Date.parse(to)),
      };
      const { page, last } = pageOf(await inScope(deps.pool, scope, (db) => listInboundMails(db, scope, filter)), limit);
      return { data: page.map(viewOf), next: nextCursor('list', last) };
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/inbound-mails/:id',
    config: { access: 'events:read' },
    schema: {
      tags,
      operationId: 'getInboundMail',
      summary: 'Show a mail that came back and what it was read as',
      params: IdParams,
      response: { 200: InboundMailDetail },
    },
    handler: async (request) => {
      const scope = objectScope(request);
      const mail = found(await inScope(deps.pool, scope, (db) => findInboundMail(db, scope, request.params.id)));
      return { ...viewOf(mail), detail: mail.detail };
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/inbound-mails/:id/raw',
    config: { access: 'events:read' },
    schema: {
      tags,
      operationId: 'getInboundMailRaw',
      summary: 'Show a mail as it came, byte for byte',
      params: IdParams,
      response: { 200: { description: 'The mail (RFC 5322).', content: { 'text/plain': { schema: z.string() } } } },
    },
    handler: async (request, reply) => {
      const scope = objectScope(request);
      const raw = found(await inScope(deps.pool, scope, (db) => readInboundRaw(db, scope, request.params.id)));
      void reply.header('content-disposition', `inline; filename="${request.params.id}.eml"`);
      // Bytes pass the serialiser by; the schema's "string" describes them.
      return reply.type('text/plain; charset=utf-8').send(raw as unknown as string);
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/inbound-mails/:id/replay',
    config: { access: 'suppressions:write' },
    schema: {
      tags,
      operationId: 'replayInboundMail',
      summary: "Read a mail again by today's rules",
      description: 'Answered at once; the mail is read within seconds. A verdict that was recorded before counts once, another one counts.',
      params: IdParams,
      response: { 202: z.object({ id: Id, outcome: Outcome }) },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const scope = objectScope(request);
      const mail = found(await inScope(deps.pool, scope, (db) => findInboundMail(db, scope, id)));
      await change(deps, request, null, {
        work: () => replayInboundMail(deps.pool, scope, id),
        describe: () => ({ tenantId: mail.tenant_id, action: 'inbound-mail.replay', subject: id }),
      });
      deps.answersStored();
      return reply.code(202).send({ id, outcome: 'waiting' as const });
    },
  });
}

function viewOf(mail: InboundMail): z.output<typeof InboundMailView> {
  const { times, kind, outcome, matched_by: matchedBy, mailbox_id: mailboxId, ...rest } = mail;
  return {
    ...rest,
    received_at: new Date(idTimeMs(mail.id)).toISOString(),
    source: mailboxId === null ? 'smtp' : 'imap',
    mailbox_id: mailboxId,
    from: mail.from ?? '',
    subject: mail.subject ?? '',
    // The columns hold only these words: they are written by our reader.
    kind: kind as z.output<typeof Kind> | null,
    outcome: (outcome ?? 'waiting') as z.output<typeof Outcome>,
    matched_by: matchedBy as z.output<typeof InboundMailView>['matched_by'],
    times_read: times ?? 0,
  };
}
