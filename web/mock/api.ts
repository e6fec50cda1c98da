// This file answers the HTTP API from a small world in memory, close enough for every page: lists, one object, changes that last until the
// process ends. Odd paths are reached by sentinel inputs:
//   login "wrong" → 401 · "throttled" → 429 · "viewer" → may only look · "club" → a person of a tenant
//   search for fail@mailbox.test → 503 · slow@mailbox.test → answers after 2 s · nobody@mailbox.test → nothing
//   tenant or account named "taken" → 409 · account key "refused" → 422 on that field · cookie "simulator=1" → every account is simulated
import type { Message, Overview, RecipientState, Session, Stream } from '../src/api/model.ts';
import { PROVIDERS } from './providers.ts';
import { makeWorld, rowOf, TENANT, type World } from './world.ts';

export interface MockRequest {
  readonly method: string;
  readonly url: URL;
  readonly cookie: string;
  readonly body: Record<string, unknown>;
}

export interface MockAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly delayMs?: number;
}

type Handler = (request: MockRequest, params: readonly string[]) => MockAnswer;

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

function routesOf(world: World, now: () => number): (readonly [RegExp, Handler])[] {
  const route = (pattern: string, handler: Handler) => [new RegExp(`^${pattern.replaceAll('{id}', '([^/]+)')}$`), handler] as const;
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
    route('GET /v1/messages/{id}/source', (_, [id]) => ({ status: 200, text: sourceOf(world.messages.find((message) => message.id === id)) })),
    route('GET /v1/messages/{id}/preview', () => ok(PREVIEW)),
    route('POST /v1/messages/{id}/cancel', (_, [id]) => changeRecipients(world, id, ['queued', 'scheduled', 'deferred', 'held', 'uncertain'], 'cancelled', now())),
    route('POST /v1/recipients/{id}/release', (_, [id]) => release(world, id, now())),
    route('GET /v1/events', () => ok({ data: eventsOf(world), next: 'e1' })),
    ...tenantRoutes(world, now, route),
    ...accountRoutes(world, now, route),
  ];
}

type RouteMaker = (pattern: string, handler: Handler) => readonly [RegExp, Handler];

function tenantRoutes(world: World, now: () => number, route: RouteMaker): (readonly [RegExp, Handler])[] {
  const secret = () => `pb_live_${'k7Qx2'.repeat(9)}`;
  return [
    route('GET /v1/tenants', () => list(world.tenants)),
    route('POST /v1/tenants', ({ body }) => {
      if (body['name'] === 'taken') return problem(409, 'CONFLICT', 'An organisation of this name exists already.', 'name');
      const tenant = { id: world.nextId(), name: String(body['name']), state: 'active' as const, uncertain_policy: null, created_at: new Date(now()).toISOString() };
      world.tenants.push(tenant);
      return { status: 201, body: tenant };
    }),
    route('GET /v1/tenants/{id}', (_, [id]) => one(world.tenants, id)),
    route('PATCH /v1/tenants/{id}', ({ body }, [id]) => change(world.tenants, id, body)),
    route('GET /v1/tenants/{id}/credentials', (_, [id]) => list(world.credentials.filter((row) => row.tenant_id === id))),
    route('GET /v1/credentials', ({ cookie }) => list(world.credentials.filter((row) => sessionOf(cookie)?.tenant_id == null || row.tenant_id === TENANT))),
    route('POST /v1/(?:tenants/{id}/)?credentials', ({ body }, [tenant]) => {
      const { kind, name, default_stream, scopes, cidr } = body;
      if (kind === 'network' && String((cidr as unknown[] | undefined)?.[0]).startsWith('8.')) return problem(422, 'REQUEST_INVALID', 'cidr[0]: only private networks can be trusted.', 'cidr[0]');
      const row = {
        id: world.nextId(),
        tenant_id: tenant ?? null,
        kind: kind as 'api_key',
        name: String(name ?? ''),
        handle: kind === 'network' ? null : 'pb_live_new1',
        scopes: (scopes as string[] | undefined) ?? [],
        default_stream: (default_stream as Stream | undefined) ?? 'transactional',
        networks: (cidr as string[] | undefined) ?? [],
        rate_per_minute: null,
        state: 'active' as const,
        created_at: new Date(now()).toISOString(),
        last_used_at: null,
      };
      world.credentials.push(row);
      const shown = kind === 'smtp' ? { smtp_username: 'rowing-club-3', smtp_password: secret() } : kind === 'network' ? {} : { api_key: secret() };
      return { status: 201, body: { ...row, ...shown } };
    }),
    route('POST /v1/credentials/{id}/rotate', (_, [id]) => ok({ ...world.credentials.find((row) => row.id === id), api_key: secret() })),
    route('PATCH /v1/credentials/{id}', ({ body }, [id]) => change(world.credentials, id, body)),
    route('DELETE /v1/credentials/{id}', (_, [id]) => ({ ...change(world.credentials, id, { state: 'revoked' }), status: 204 })),
    route('GET /v1/tenants/{id}/domains', (_, [id]) => list(world.domains.filter((row) => row.tenant_id === id))),
    route('POST /v1/tenants/{id}/domains', ({ body }, [tenant]) => {
      const name = String(body['name']);
      if (!name.includes('.')) return problem(422, 'REQUEST_INVALID', `"${name}" is not a domain name.`, 'name');
      const row = { id: world.nextId(), tenant_id: tenant ?? '', name, authenticated: false, state: 'warning' as const, records: world.domains[0]?.records ?? [], created_at: new Date(now()).toISOString() };
      world.domains.push(row);
      return { status: 201, body: row };
    }),
    route('PATCH /v1/domains/{id}', ({ body }, [id]) => change(world.domains, id, body)),
    route('DELETE /v1/domains/{id}', (_, [id]) => drop(world.domains, id)),
    route('GET /v1/tenants/{id}/senders', (_, [id]) => list(world.senders.filter((row) => row.tenant_id === id))),
    route('POST /v1/tenants/{id}/senders', ({ body }, [tenant]) => {
      const row = { id: world.nextId(), tenant_id: tenant ?? '', address: String(body['address']), verified_at: null, created_at: new Date(now()).toISOString() };
      world.senders.push(row);
      return { status: 201, body: row };
    }),
    route('DELETE /v1/senders/{id}', (_, [id]) => drop(world.senders, id)),
    route('GET /v1/ledger', ({ url }) => {
      const states = countStates(world.messages.filter((message) => message.tenant_id === url.searchParams.get('tenant_id')));
      return ok({ injected: Object.values(states).reduce((sum, count) => sum + count, 0), states, difference: 0 });
    }),
  ];
}

function accountRoutes(world: World, now: () => number, route: RouteMaker): (readonly [RegExp, Handler])[] {
  return [
    route('GET /v1/providers', () => list(PROVIDERS)),
    route('GET /v1/provider-accounts', () => list(world.accounts)),
    route('GET /v1/provider-accounts/{id}', (_, [id]) => one(world.accounts, id)),
    route('POST /v1/provider-accounts', ({ body }) => {
      const secrets = body['secret'] as Record<string, string> | undefined;
      if (body['name'] === 'taken') return problem(409, 'CONFLICT', 'An account of this name exists already.', 'name');
      if (secrets?.['api_key'] === 'refused') return problem(422, 'PROVIDER_SETTINGS_INVALID', 'secret.api_key: holds blanks, line breaks or letters that no key has; copy it again.', 'secret.api_key');
      const [template] = world.accounts;
      if (template === undefined) return problem(500, 'INTERNAL', 'The mock has no account to copy.');
      const row = { ...template, id: world.nextId(), name: String(body['name']), provider: String(body['provider']), settings: body['settings'] as Record<string, unknown>, created_at: new Date(now()).toISOString() };
      world.accounts.push(row);
      return { status: 201, body: row };
    }),
    route('PATCH /v1/provider-accounts/{id}', ({ body }, [id]) => change(world.accounts, id, { name: body['name'], state: body['state'] })),
    route('DELETE /v1/provider-accounts/{id}', (_, [id]) => ({ ...change(world.accounts, id, { state: 'removed' }), status: 204 })),
    route('POST /v1/provider-accounts/{id}/test', (_, [id]) => {
      const well = world.accounts.find((row) => row.id === id)?.health === 'well';
      return ok({ ok: well, detail: well ? 'The server answered after 41 ms.' : 'No answer within 10 s.', outcome: null, reply: well ? '220 mx1.harbour.example ESMTP' : null });
    }),
  ];
}

// ── answers ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

function ok(body: unknown): MockAnswer {
  return { status: 200, body };
}

function list(rows: readonly unknown[]): MockAnswer {
  return ok({ data: rows, next: null });
}

function one(rows: readonly { readonly id: string }[], id: string | undefined): MockAnswer {
  const row = rows.find((candidate) => candidate.id === id);
  return row === undefined ? problem(404, 'NOT_FOUND', 'There is nothing under this id.') : ok(row);
}

function change(rows: { readonly id: string }[], id: string | undefined, changes: Record<string, unknown>): MockAnswer {
  const at = rows.findIndex((row) => row.id === id);
  const row = rows[at];
  if (row === undefined) return problem(404, 'NOT_FOUND', 'There is nothing under this id.');
  rows[at] = { ...row, ...Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) };
  return ok(rows[at]);
}

function drop(rows: { readonly id: string }[], id: string | undefined): MockAnswer {
  const at = rows.findIndex((row) => row.id === id);
  if (at >= 0) rows.splice(at, 1);
  return { status: 204 };
}

function problem(status: number, code: string, detail: string, field?: string): MockAnswer {
  return {
    status,
    body: { type: `/errors/${code}`, title: code, status, code, detail, hint: 'This is the mock API; read web/mock/api.ts.', request_id: 'req-mock-1', ...(field === undefined ? {} : { field }) },
    headers: { 'content-type': 'application/problem+json' },
  };
}

function logIn(login: string): MockAnswer {
  if (login === 'wrong') return problem(401, 'AUTH_INVALID', 'Login or password are wrong.');
  if (login === 'throttled') return problem(429, 'AUTH_THROTTLED', 'Too many failed log-ins from this address.');
  const session = sessionOf(`mock_session=${encodeURIComponent(login)}`);
  return { status: 200, body: session, headers: { 'set-cookie': `mock_session=${encodeURIComponent(login)}; Path=/; HttpOnly; SameSite=Strict` } };
}

function sessionOf(cookie: string): Session | null {
  const login = /(?:^|;\s*)mock_session=([^;]+)/.exec(cookie)?.[1];
  if (login === undefined || login === '') return null;
  const name = decodeURIComponent(login);
  const club = name === 'club';
  return { login: name, role: name === 'viewer' ? 'viewer' : 'owner', tenant_id: club ? TENANT : null, tenant_name: club ? 'rowing-club.example' : null, csrf_token: 'mock' };
}

function countStates(messages: readonly Message[]): Partial<Record<RecipientState, number>> {
  const states: Partial<Record<RecipientState, number>> = {};
  for (const { recipients } of messages) for (const { state } of recipients) states[state] = (states[state] ?? 0) + 1;
  return states;
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
      (wants('tenant_id') === null || message.tenant_id === wants('tenant_id')) &&
      (from === null || message.created_at >= from),
  );
  const after = wants('after');
  const start = after === null ? 0 : rows.findIndex((message) => message.id === after) + 1;
  const page = rows.slice(start, start + PAGE);
  const next = rows.length > start + PAGE ? (page.at(-1)?.id ?? null) : null;
  return { ...ok({ data: page.map(rowOf), next }), ...(address === 'slow@mailbox.test' ? { delayMs: SLOW_MS } : {}) };
}

function changeRecipients(world: World, id: string | undefined, from: readonly RecipientState[], to: RecipientState, nowMs: number): MockAnswer {
  const at = world.messages.findIndex((message) => message.id === id);
  const message = world.messages[at];
  if (message === undefined) return problem(404, 'NOT_FOUND', 'There is nothing under this id.');
  const recipients = message.recipients.map((recipient) => (from.includes(recipient.state) ? { ...recipient, state: to, next_at: null, state_at: new Date(nowMs).toISOString() } : recipient));
  world.messages[at] = { ...message, recipients };
  return ok(world.messages[at]);
}

function release(world: World, id: string | undefined, nowMs: number): MockAnswer {
  const message = world.messages.find((row) => row.recipients.some((recipient) => recipient.id === id));
  return changeRecipients(world, message?.id, ['held'], 'queued', nowMs);
}

function eventsOf(world: World): unknown[] {
  return world.messages
    .slice(0, 12)
    .flatMap((message) => message.recipients.flatMap((recipient) => recipient.events.map((event) => ({ ...event, message_id: message.id, recipient_id: recipient.id, address: recipient.address, tags: message.tags }))));
}

function overview(world: World, nowMs: number, cookie: string): Overview {
  const simulator = /simulator=1/.test(cookie);
  const quiet = /quiet=1/.test(cookie);
  const minute = Math.floor(nowMs / 60_000) * 60_000;
  const flow = Array.from({ length: 60 }, (_, index) => {
    const wave = quiet ? 0 : Math.max(0, Math.sin((index - 12) / 9)) * 400;
    return {
      minute: new Date(minute - (59 - index) * 60_000).toISOString(),
      transactional: quiet ? 0 : 130 + ((index * 37) % 50),
      bulk: Math.round(wave),
      handed_over: quiet ? 0 : 128 + Math.round(Math.min(wave, 260)),
    };
  });
  const states = { delivered: 40_377, handed_over: 412, submitting: 3, queued: 61, deferred: 188, held: 7, uncertain: 1, bounced: 98, expired: 2, suppressed: 58, cancelled: 1 };
  return {
    now: new Date(nowMs).toISOString(),
    taken_in_last_minute: quiet ? 0 : 412,
    handed_over_last_minute: quiet ? 0 : 409,
    oldest_waiting: quiet ? { transactional_s: null, bulk_s: null } : { transactional_s: 4, bulk_s: 372 },
    ledger: { difference: 0, checked_at: new Date(nowMs - 3_000).toISOString() },
    flow,
    last_24h: {
      recipients: quiet ? 0 : 41_208,
      messages: quiet ? 0 : 18_944,
      states: quiet ? {} : states,
      delivered_rate: quiet
        ? null
        : { value: 0.9976, low: 0.9971, high: 0.998, n: 40_475, definition: 'Recipients whose receiver said yes, of those whose receiver said yes or no for good, with the 90 % range.' },
      answer_seconds: { median: quiet ? null : 3.1, p99: quiet ? null : 48, n: quiet ? 0 : 40_377 },
    },
    needs_person: quiet
      ? []
      : [
          {
            kind: 'account_unwell',
            title: 'Mandrill does not answer',
            text: 'Five hand-overs timed out; 12 recipients took SparkPost instead. The account is probed by itself; look when it stays away for longer than an hour.',
            href: `/accounts/${world.accounts[2]?.id}`,
            since: new Date(nowMs - 88 * 60_000).toISOString(),
          },
          {
            kind: 'held',
            title: 'Seven recipients are held',
            text: 'No account of the order may carry their mail. They wait for a decision and are not lost.',
            href: '/messages?state=held',
            since: new Date(nowMs - 4 * 86_400_000).toISOString(),
          },
        ],
    accounts: world.accounts.map(({ settings: _, webhook_url: __, webhook_auth: ___, created_at: ____, ...health }) => ({ ...health, simulated: simulator })),
    simulator,
    bootstrap_done: true,
  };
}

const PREVIEW = {
  html: '<div style="font-family: Georgia, serif; padding: 24px; color: #223"><h2 style="color:#0b5a78">Your membership renewal</h2><p>Dear Anna,</p><p>your membership runs until <b>31 March</b>. <a href="https://rowing-club.example/renew">Renew it here</a>.</p><img src="https://tracker.example/pixel.gif" alt="" width="1" height="1"><p>Your rowing club</p></div>',
  text: 'Dear Anna,\n\nyour membership runs until 31 March.\n',
  attachments: [{ filename: 'membership.pdf', content_type: 'application/pdf', size: 48_210 }],
};

function sourceOf(message: Message | undefined): string {
  if (message === undefined) return '';
  return `Message-ID: ${message.header_message_id}\r\nFrom: Rowing Club <${message.from}>\r\nTo: ${message.recipients[0]?.address}\r\nSubject: ${message.subject}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nDear Anna,\r\n\r\nyour membership runs until 31 March.\r\n`;
}
