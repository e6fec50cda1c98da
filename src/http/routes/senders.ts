// This file is the resource of senders: single addresses that may stand in From, for organisations without a domain of their own.
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { askForConfirmation, whyNoConfirmation } from '../../flows/confirm-sender.ts';
import { LANGUAGES, type Language } from '../../language.ts';
import { parseAddress } from '../../mail/address.ts';
import { settleAddresses } from '../../store/rewriting.ts';
import { pageOf } from '../../store/rows.ts';
import { inScope } from '../../store/scope.ts';
import { createSender, deleteSender, findSender, listSenders, type Sender as StoredSender, updateSender } from '../../store/senders.ts';
import { senderKey } from '../../tenancy/may-send.ts';
import { hasScope } from '../../tenancy/principal.ts';
import { type App, found, objectScope, principalOf } from '../app.ts';
import { change } from '../change.ts';
import { nextCursor, readIdCursor } from '../cursor.ts';
import type { HttpDeps } from '../deps.ts';
import { languageOf, Lang as SpokenLang } from '../language.ts';
import { pathTenant } from '../path-tenant.ts';
import { Empty, Id, IdParams, ListQuery, pageSchema, TimeOut } from '../schemas.ts';

const Sender = z
  .object({
    id: Id,
    tenant_id: Id,
    address: z.string(),
    verified_at: TimeOut.nullable().meta({ description: 'Null: nobody has shown yet that this address is yours, so it cannot be used.' }),
    verified_by: z.enum(['operator', 'mail']).nullable().meta({
      description: 'operator: the platform vouches for it · mail: whoever reads the mailbox agreed',
    }),
    created_at: TimeOut,
    confirmation: z.object({ sent_at: TimeOut, expires_at: TimeOut }).nullable().meta({
      description: 'The newest confirmation mail whose link still works.',
    }),
    treatment: z.enum(['as-is', 'rewrite', 'held']).meta({
      description: 'How mail from it goes out now: as it is, with From written anew, or not before somebody did something (see `why`).',
    }),
    held_messages: z.number().int().meta({
      description: 'Messages from it that wait, counted up to 10,000; `why` says for what. They go out by themselves when that is there.',
    }),
    rewritten_from: z.string().nullable().meta({ description: 'What From becomes; null: it stays.' }),
    why: z.string(),
  })
  .meta({ id: 'Sender' });
const Lang = z.enum(LANGUAGES).optional().meta({ description: 'Language of the mail and its page. Left out: the organisation’s.' });
const tags = ['Domains and senders'];

export function senderRoutes(app: App, deps: HttpDeps): void {
  const confirmation = { ...deps, publicUrl: deps.config.publicUrl };
  const shown = async ({ organisation: _, language: __, ...sender }: StoredSender, language: Language) => {
    const { tenant_id: tenantId, address, verified_at: verifiedAt, confirmation: asked } = sender;
    const about = { address, verified: verifiedAt !== null, asked: asked !== null };
    const { treatment, rewrittenFrom, why } = await deps.senders.treat(tenantId, about, language);
    return { ...sender, treatment, rewritten_from: rewrittenFrom, why };
  };

  app.route({
    method: 'GET',
    url: '/v1/tenants/:id/senders',
    config: { access: 'domains:read' },
    schema: {
      tags,
      operationId: 'listSenders',
      summary: 'List the sender addresses of an organisation',
      params: IdParams,
      querystring: ListQuery.omit({ tenant_id: true }).extend({ lang: SpokenLang }),
      response: { 200: pageSchema(Sender) },
    },
    handler: async (request) => {
      const { limit, after } = request.query;
      const scope = await pathTenant(deps, request, request.params.id);
      const filter = { after: readIdCursor('list', after), limit: limit + 1 };
      const { page, last } = pageOf(await inScope(deps.pool, scope, (db) => listSenders(db, scope, filter)), limit);
      return {
        data: await Promise.all(page.map((sender) => shown(sender, languageOf(request, request.query.lang)))),
        next: nextCursor('list', last),
      };
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/tenants/:id/senders',
    config: { access: 'domains:manage' },
    schema: {
      tags,
      operationId: 'createSender',
      summary: 'Register a sender address',
      description:
        'Registered by an operator it can be used at once. Registered by an organisation it gets a confirmation mail, and can be used once its owner pressed the button behind the link; without a public address of the desk it waits for the operator.',
      params: IdParams,
      body: z.strictObject({
        address: z.string().min(3).max(320),
        confirm: z
          .boolean()
          .optional()
          .meta({ description: 'For operators: true asks the owner by mail instead of vouching for the address.' }),
        lang: Lang,
      }),
      response: { 201: Sender },
    },
    handler: async (request, reply) => {
      const tenantId = await pathTenant(deps, request, request.params.id);
      const parsed = parseAddress(request.body.address);
      if (!parsed.ok) throw parsed.error;
      const { confirm = false, lang } = request.body;
      const vouched = hasScope(principalOf(request), 'operator') && !confirm;
      const sender = { id: deps.ids.next(), address: senderKey(parsed.value.address), verified: vouched };
      const made = await change(deps, request, tenantId, {
        work: async (db) => {
          const { id, address, organisation, language } = await createSender(db, tenantId, sender);
          if (!vouched && (await whyNoConfirmation(confirmation, db, { tenantId, address })) === null)
            await askForConfirmation(confirmation, db, {
              tenantId,
              senderId: id,
              address,
              organisation,
              language: lang ?? language,
            });
          await settleAddresses(db, tenantId);
          return found(await findSender(db, tenantId, id));
        },
        describe: ({ id, address }) => ({ tenantId, action: 'sender.create', subject: id, detail: { address } }),
      });
      deps.rights.forget(tenantId);
      return reply.code(201).send(await shown(made, languageOf(request, lang)));
    },
  });

  app.route({
    method: 'PATCH',
    url: '/v1/senders/:id',
    config: { access: 'operator' },
    schema: {
      tags,
      operationId: 'updateSender',
      summary: 'Vouch for a sender address, or stop doing so',
      params: IdParams,
      body: z.strictObject({ verified: z.boolean() }),
      response: { 200: Sender },
    },
    handler: async (request) => {
      const { id } = request.params;
      const { verified } = request.body;
      const sender = await change(deps, request, null, {
        work: async (db) => found(await updateSender(db, null, { id, verified })),
        describe: (row) => ({ tenantId: row.tenant_id, action: 'sender.update', subject: id, detail: { verified } }),
      });
      deps.rights.forget(sender.tenant_id);
      return shown(sender, languageOf(request, undefined));
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/senders/:id/confirmation',
    config: { access: 'domains:manage' },
    schema: {
      tags,
      operationId: 'confirmSender',
      summary: 'Send the confirmation mail (again)',
      description:
        'An address gets at most 3 of these mails within 24 hours, whoever asks; an organisation can have 50 sent. Older links go on working until one was used or a week is over.',
      params: IdParams,
      body: z.strictObject({ lang: Lang }).nullish(),
      response: { 200: Sender },
    },
    handler: async (request) => {
      const { id } = request.params;
      const scope = objectScope(request);
      const asked = await change(deps, request, scope, {
        work: async (db) => {
          const sender = found(await findSender(db, scope, id));
          const { tenant_id: tenantId, address, organisation, verified_at: verifiedAt } = sender;
          const language = request.body?.lang ?? sender.language;
          if (verifiedAt !== null)
            throw new AppError('STATE_FORBIDS', `${address} is confirmed already.`, {
              hint: 'There is nothing to confirm; use the address.',
            });
          const wrong = await whyNoConfirmation(confirmation, db, { tenantId, address });
          if (wrong) throw wrong;
          await askForConfirmation(confirmation, db, { tenantId, senderId: id, address, organisation, language });
          return found(await findSender(db, scope, id));
        },
        describe: (row) => ({ tenantId: row.tenant_id, action: 'sender.ask', subject: id, detail: { address: row.address } }),
      });
      return shown(asked, languageOf(request, request.body?.lang));
    },
  });

  app.route({
    method: 'DELETE',
    url: '/v1/senders/:id',
    config: { access: 'domains:manage' },
    schema: { tags, operationId: 'deleteSender', summary: 'Remove a sender address', params: IdParams, response: { 204: Empty } },
    handler: async (request, reply) => {
      const { id } = request.params;
      const scope = objectScope(request);
      const gone = await change(deps, request, scope, {
        work: async (db) => found(await deleteSender(db, scope, id)),
        describe: (row) => ({ tenantId: row.tenant_id, action: 'sender.delete', subject: id, detail: { address: row.address } }),
      });
      deps.rights.forget(gone.tenant_id);
      return reply.code(204).send();
    },
  });
}
