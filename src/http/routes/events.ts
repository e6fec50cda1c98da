// This file is the stream of events by cursor: everything that happened to the recipients of an organisation, in an order that never skips.
import { z } from 'zod';
import { eventDataForTenant } from '../../delivery/tenant-view.ts';
import { EVENTS_START, type EventPlace, latestEventPlace, readEvents } from '../../store/events-read.ts';
import { withoutPlatformNames } from '../../store/hidden-names.ts';
import { inScope } from '../../store/scope.ts';
import { type App, listScope, principalOf } from '../app.ts';
import { readCursor, writeCursor } from '../cursor.ts';
import type { HttpDeps } from '../deps.ts';
import { EventType, Id, ListQuery, TimeOut } from '../schemas.ts';

const Event = z
  .object({
    id: Id,
    tenant_id: Id,
    type: z.string(),
    at: TimeOut,
    message_id: Id.nullable().meta({
      description: 'Null where the event is about an address and no single message: hold.created, hold.released.',
    }),
    recipient_id: Id.nullable(),
    address: z.string().nullable(),
    tags: z.array(z.string()),
    metadata: z.record(z.string(), z.string()).nullable(),
    data: z
      .record(z.string(), z.unknown())
      .nullable()
      .meta({ description: "Class, fault, the receiver's own words and what else is known." }),
  })
  .meta({ id: 'Event' });
const TYPES_MAX = 40;
const Types = z
  .string()
  .max(1_000)
  .transform((names) => names.split(',').map((name) => name.trim()))
  .pipe(z.array(EventType).max(TYPES_MAX))
  .meta({ description: 'Types to read, separated by commas.' });

export function eventRoutes(app: App, deps: HttpDeps): void {
  app.route({
    method: 'GET',
    url: '/v1/events',
    config: { access: 'events:read' },
    schema: {
      tags: ['Events'],
      operationId: 'listEvents',
      summary: 'Read events, oldest first',
      description:
        'Keep "next" and give it as "after" the next time: nothing is ever skipped or served twice. "next" is always there; when nothing is new it stays the same. after=latest begins with what comes from now on. A page can be empty and still have a new "next" when a type is asked for.',
      querystring: ListQuery.extend({ type: Types.optional() }),
      response: { 200: z.object({ data: z.array(Event), next: z.string() }) },
    },
    handler: async (request) => {
      const { after, limit, type } = request.query;
      const scope = listScope(request, request.query.tenant_id);
      if (scope === undefined) return { data: [], next: after ?? cursorOf(EVENTS_START) };
      if (after === 'latest') return { data: [], next: cursorOf(await latestEventPlace(deps.pool)) };
      const types = type ?? null;
      const page = { after: placeOf(after), types, limit };
      const { events, next } = await inScope(deps.pool, scope, (db) => readEvents(db, scope, page));
      if (scope === null || principalOf(request).kind === 'operator') return { data: events, next: cursorOf(next) };
      const seen = await withoutPlatformNames({ pool: deps.pool }, scope, events);
      return { data: seen.map((event) => ({ ...event, data: eventDataForTenant(event.data) })), next: cursorOf(next) };
    },
  });
}

function placeOf(after: string | undefined): EventPlace {
  if (after === undefined) return EVENTS_START;
  const [txid = '0', id = EVENTS_START.id] = readCursor('events', after);
  return { txid, id };
}

function cursorOf(place: EventPlace): string {
  return writeCursor('events', place.txid, place.id);
}
