// This file answers the HTTP API from a small world in memory, close enough for every page: lists, one object, changes that last until the
// process ends. Odd paths are reached by sentinel inputs:
//   login "wrong" → 401 · "throttled" → 429 · "viewer" → may only look · "club" → a person of a tenant
//   search for fail@mailbox.test → 503 · slow@mailbox.test → answers after 2 s · nobody@mailbox.test → nothing
//   tenant or account named "taken" → 409 · account key "refused" → 422 on that field · cookie "simulator=1" → every account is simulated
import type { RecipientState } from '../src/api/model.ts';
import type { MessageDetail as Message } from '../src/api/schema.gen.ts';
import { answerRoutes } from './answer-routes.ts';
import { type MockAnswer, type MockRequest, ok, one, problem, type Route, route } from './answers.ts';
import { checkRoutes } from './check-routes.ts';
import { domainRoutes } from './domain-routes.ts';
import { inboundRoutes } from './inbound-routes.ts';
import { rowOf } from './letters.ts';
import { overview } from './overview.ts';
import { reportRoutes } from './report-routes.ts';
import { accountRoutes, tenantRoutes } from './routes.ts';
import { logIn, sessionOf } from './session.ts';
import { makeWorld, type World } from './world.ts';

const SLOW_MS = 2_000;
const PAGE = 50;

/** Makes an API over a fresh world; `now` is asked at every request. */
export function makeMockApi(now: () => number): (request: MockRequest) => MockAnswer {
  const world = makeWorld(now());
  const routes = routesOf(world, now);
  return (request) => {
    const key = `${request.method} ${request.url.pathname}`;
    for (const [pattern, handler] of routes) {
      const found = pattern.exec(key);
      if (found === null) continue;
      if (!/session/.test(key) && sessionOf(request.cookie) === null) return problem(401, 'AUTH_MISSING', 'Nobody is logged in.');
      return handler(request, found.slice(1));
    }
    return problem(404, 'NOT_FOUND', 'There is nothing at this address.');
  };
}

function routesOf(world: World, now: () => number): Route[] {
  return [
    route('POST /v1/session', ({ body }) => logIn(String(body['login'] ?? ''))),
    route('GET /v1/session', ({ cookie }) => {
      const session = sessionOf(cookie);
      return session === null ? problem(401, 'AUTH_MISSING', 'Nobody is logged in.') : ok(session);
    }),
    route('DELETE /v1/session', () => ({ status: 204, headers: { 'set-cookie': 'mock_session=; Path=/; Max-Age=0' } })),
    route('GET /v1/overview', ({ cookie }) => ok(overview(world, now(), cookie))),
    route('GET /v1/messages', ({ url }) => listMessages(world, url)),
    route('GET /v1/messages/{id}', (_, [id]) => one(world.messages, id)),
    route('GET /v1/messages/{id}/source', (_, [id]) => ({
      status: 200,
      text: sourceOf(world.messages.find((message) => message.id === id)),
    })),
    route('GET /v1/messages/{id}/preview', () => ok(PREVIEW)),
    route('POST /v1/messages/{id}/cancel', (_, [id]) =>
      changeRecipients(world, id, ['queued', 'scheduled', 'deferred', 'held', 'uncertain'], 'cancelled', now()),
    ),
    route('POST /v1/recipients/{id}/release', (_, [id]) => release(world, id, now())),
    route('GET /v1/events', () => ok({ data: eventsOf(world), next: 'e1' })),
    ...checkRoutes(now),
    ...tenantRoutes(world, now),
    ...accountRoutes(world, now),
    ...domainRoutes(world, now),
    ...answerRoutes(now),
    ...inboundRoutes(now),
    ...reportRoutes(now),
  ];
}

function listMessages(world: World, url: URL): MockAnswer {
  const wants = (name: string) => url.searchParams.get(name);
  const address = wants('address')?.toLowerCase() ?? null;
  if (address === 'fail@mailbox.test') return problem(503, 'STORE_UNAVAILABLE', 'The database does not answer.');
  const from = wants('from');
  const rows = world.messages.filter(
    (message) =>
      (address === null || message.from === address || message.recipients.some((recipient) => recipient.address === address)) &&
      (wants('subject') === null || message.subject.toLowerCase().includes((wants('subject') ?? '').toLowerCase())) &&
      (wants('state') === null || message.recipients.some((recipient) => recipient.state === wants('state'))) &&
      (wants('stream') === null || message.stream === wants('stream')) &&
      (wants('sender') === null || message.from.endsWith(wants('sender') ?? '')) &&
      (wants('waits_for') === null || message.recipients.some(waitsFor(wants('waits_for')?.split(',') ?? []))) &&
      (wants('tenant_id') === null || message.tenant_id === wants('tenant_id')) &&
      (from === null || message.created_at >= from),
  );
  const after = wants('after');
  const start = after === null ? 0 : rows.findIndex((message) => message.id === after) + 1;
  const page = rows.slice(start, start + PAGE);
  const next = rows.length > start + PAGE ? (page.at(-1)?.id ?? null) : null;
  return { ...ok({ data: page.map(rowOf), next }), ...(address === 'slow@mailbox.test' ? { delayMs: SLOW_MS } : {}) };
}

function waitsFor(codes: readonly string[]) {
  return ({ state, decision }: Message['recipients'][number]) =>
    state === 'held' && (codes.includes('anything') || codes.includes(String(decision?.['heldCode'])));
}

function changeRecipients(
  world: World,
  id: string | undefined,
  from: readonly RecipientState[],
  to: RecipientState,
  nowMs: number,
): MockAnswer {
  const at = world.messages.findIndex((message) => message.id === id);
  const message = world.messages[at];
  if (message === undefined) return problem(404, 'NOT_FOUND', 'There is nothing under this id.');
  const recipients = message.recipients.map((recipient) =>
    from.includes(recipient.state) ? { ...recipient, state: to, next_at: null, state_at: new Date(nowMs).toISOString() } : recipient,
  );
  world.messages[at] = { ...message, recipients };
  return ok(world.messages[at]);
}

function release(world: World, id: string | undefined, nowMs: number): MockAnswer {
  const message = world.messages.find((row) => row.recipients.some((recipient) => recipient.id === id));
  return changeRecipients(world, message?.id, ['held'], 'queued', nowMs);
}

function eventsOf(world: World): unknown[] {
  return world.messages.slice(0, 12).flatMap((message) =>
    message.recipients.flatMap((recipient) =>
      recipient.events.map((event) => ({
        ...event,
        message_id: message.id,
        recipient_id: recipient.id,
        address: recipient.address,
        tags: message.tags,
      })),
    ),
  );
}

const PREVIEW = {
  html: '<div style="font-family: Georgia, serif; padding: 24px; color: #223"><h2 style="color:#0b5a78">Your membership renewal</h2><p>Dear Anna,</p><p>your membership runs until <b>31 March</b>. <a href="https://rowing-club.example/renew">Renew it here</a>.</p><img alt="" width="1" height="1"><p>Your rowing club</p></div>',
  text: 'Dear Anna,\n\nyour membership runs until 31 March.\n',
  attachments: [{ filename: 'membership.pdf', content_type: 'application/pdf', size: 48_210 }],
};

function sourceOf(message: Message | undefined): string {
  if (message === undefined) return '';
  return `Message-ID: ${message.header_message_id}\r\nFrom: Rowing Club <${message.from}>\r\nTo: ${message.recipients[0]?.address}\r\nSubject: ${message.subject}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nDear Anna,\r\n\r\nyour membership runs until 31 March.\r\n`;
}
