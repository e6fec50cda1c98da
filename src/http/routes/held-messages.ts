// This file is the resource of held messages by what they wait for: how many go out by themselves once what ended.
import { z } from 'zod';
import { HELD_CODES, type HeldGroupPlace, listHeld } from '../../store/held-counts.ts';
import { inScope } from '../../store/scope.ts';
import { type App, listScope } from '../app.ts';
import { readCursor, writeCursor } from '../cursor.ts';
import type { HttpDeps } from '../deps.ts';
import { Id, ListQuery, pageSchema, StreamName, TimeOut } from '../schemas.ts';

const HeldGroup = z
  .object({
    tenant_id: Id,
    from: z.string().meta({ description: 'The address in From, in lower case.' }),
    stream: StreamName,
    waits_for: z.enum(HELD_CODES).meta({
      description:
        'What has to end: sender-not-allowed (the sender is not confirmed) · rewriting-not-agreed (the organisation has to agree) · free-mailbox (the operator has to allow that From is written anew, or a way) · domain-not-authenticated (its records) · rewriting-cap (the day is full) · signed-by-author · no-account, every-account-out (no way is open) · unknown (asked within seconds)',
    }),
    messages: z.number().int(),
    oldest_at: TimeOut,
  })
  .meta({ id: 'HeldGroup' });

export function heldMessageRoutes(app: App, deps: HttpDeps): void {
  app.route({
    method: 'GET',
    url: '/v1/held-messages',
    config: { access: 'messages:read' },
    schema: {
      tags: ['Messages'],
      operationId: 'listHeldMessages',
      summary: 'Say how many held messages wait for what',
      description:
        'They go out by themselves, within seconds, when what they wait for is there; those whose lifetime ends before expire. Messages that wait for a person (`uncertain`) are not among them.',
      querystring: ListQuery,
      response: { 200: pageSchema(HeldGroup) },
    },
    handler: async (request) => {
      const { limit, after, tenant_id } = request.query;
      const scope = listScope(request, tenant_id);
      if (scope === undefined) return { data: [], next: null };
      const place = after === undefined ? null : placeOf(after);
      const rows = await inScope(deps.pool, scope, (db) => listHeld(db, scope, { after: place, limit: limit + 1 }));
      const page = rows.slice(0, limit);
      const last = rows.length > limit ? page.at(-1) : undefined;
      return {
        data: page.map(({ code, ...row }) => ({ ...row, waits_for: code === '' ? ('unknown' as const) : code })),
        next: last ? writeCursor('held-messages', last.tenant_id, last.stream, last.code || 'unknown', last.from) : null,
      };
    },
  });
}

/** An address may hold blanks within quotes, so it comes last. */
function placeOf(after: string): HeldGroupPlace {
  const [tenantId = '', stream, code = '', ...from] = readCursor('held-messages', after);
  return { tenantId, stream: stream === 'bulk' ? 'bulk' : 'transactional', code: code === 'unknown' ? '' : code, from: from.join(' ') };
}
