// This file is the resource of recipients: found by address or state, and released when a person decided so.
import { z } from 'zod';
import { recordAudit } from '../../store/audit.ts';
import { findRecipient } from '../../store/message-detail.ts';
import { countFoundRecipients, searchRecipients } from '../../store/message-search.ts';
import { inScope } from '../../store/scope.ts';
import { type App, actorOf, found, listScope, objectScope, toldActorOf } from '../app.ts';
import { readCursor, writeCursor } from '../cursor.ts';
import type { HttpDeps } from '../deps.ts';
import { Id, IdParams, ListQuery, MarkName, SearchTime, StateName, StreamName, TimeOut } from '../schemas.ts';
import { countedPageSchema, totalWanted, WantsTotal } from '../total.ts';
import { searchOf, timeOf } from './message-filters.ts';

const Recipient = z
  .object({
    id: Id,
    tenant_id: Id,
    message_id: Id,
    address: z.string(),
    stream: StreamName,
    state: StateName,
    reason: z.string().nullable(),
    marks: z.array(MarkName),
    attempt_count: z.number(),
    next_at: TimeOut.nullable(),
    state_at: TimeOut,
    created_at: TimeOut,
    subject: z.string(),
    from: z.string(),
  })
  .meta({ id: 'Recipient' });
const SearchQuery = ListQuery.extend({
  address: z.string().max(320).optional(),
  state: StateName.optional(),
  stream: StreamName.optional(),
  from: SearchTime.optional().meta({ description: 'Accepted at or after this time.' }),
  to: SearchTime.optional().meta({ description: 'Accepted before this time.' }),
  total: WantsTotal,
});
const tags = ['Messages'];

export function recipientRoutes(app: App, deps: HttpDeps): void {
  app.route({
    method: 'GET',
    url: '/v1/recipients',
    config: { access: 'messages:read' },
    schema: {
      tags,
      operationId: 'listRecipients',
      summary: 'Find recipients, of the newest messages first',
      description: 'A page looks through a window of messages; it can be empty while "next" goes on behind the window.',
      querystring: SearchQuery,
      response: { 200: countedPageSchema(Recipient) },
    },
    handler: async (request) => {
      const { query } = request;
      const scope = listScope(request, query.tenant_id);
      if (scope === undefined) return { data: [], next: null, ...(await totalWanted(query.total, null)) };
      const before = placeOf(query.after);
      const { recipients, next } = await inScope(deps.pool, scope, (db) => searchRecipients(db, scope, { ...searchOf(query), before }));
      const data = recipients.map((recipient) => ({ ...recipient, created_at: timeOf(recipient.message_id) }));
      const total = await totalWanted(query.total, () =>
        inScope(deps.pool, scope, (db) => countFoundRecipients(db, scope, searchOf(query))),
      );
      return { data, next: next && writeCursor('recipients', next.messageId, next.recipientId), ...total };
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/recipients/:id/release',
    config: { access: 'messages:write' },
    schema: {
      tags,
      operationId: 'releaseRecipient',
      summary: 'Let a held recipient go',
      params: IdParams,
      response: { 200: z.object({ id: Id, state: StateName }) },
    },
    handler: async (request) => {
      const { id } = request.params;
      const scope = objectScope(request);
      const { tenant_id: tenantId } = found(await inScope(deps.pool, scope, (db) => findRecipient(db, scope, id)));
      const { state } = await deps.release(tenantId, id, toldActorOf(request));
      await recordAudit(deps.pool, deps.ids, { actor: actorOf(request), tenantId, action: 'recipient.release', subject: id });
      return { id, state };
    },
  });
}

function placeOf(after: string | undefined): { messageId: string; recipientId: string } | null {
  if (after === undefined) return null;
  const [messageId = '', recipientId = ''] = readCursor('recipients', after);
  return { messageId, recipientId };
}
