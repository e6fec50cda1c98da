// This file answers what the console asks about mails that came back, bounce mailboxes, a provider's own list and mail settings of an
// organisation. Sentinels: kind "delivered" → 503 · mailbox named "taken" → 409 · host "10.0.0.1" → 422 on that field.
import { change, drop, list, type MockAnswer, type MockRequest, ok, one, problem, type Route, route } from './answers.ts';
import { makeInbound } from './inbound-world.ts';
import { sessionOf } from './session.ts';

const PAGE = 50;

export function inboundRoutes(now: () => number): Route[] {
  const world = makeInbound(now());
  return [
    route('GET /v1/inbound-mails', (request) => {
      const wants = (name: string) => request.url.searchParams.get(name);
      if (wants('kind') === 'delivered') return problem(503, 'STORE_UNAVAILABLE', 'The database does not answer.');
      const tenant = sessionOf(request.cookie)?.tenant_id ?? wants('tenant_id');
      const rows = world.mails.filter(
        (mail) =>
          (tenant === null || mail.tenant_id === tenant) &&
          (wants('kind') === null || mail.kind === wants('kind')) &&
          (wants('outcome') === null || mail.outcome === wants('outcome')) &&
          (wants('mailbox_id') === null || mail.mailbox_id === wants('mailbox_id')),
      );
      return page(rows, request);
    }),
    route('GET /v1/inbound-mails/{id}', (_, [id]) => one(world.mails, id)),
    route('GET /v1/inbound-mails/{id}/raw', () => ({ status: 200, text: RAW })),
    route('POST /v1/inbound-mails/{id}/replay', (_, [id]) => {
      change(world.mails, id, { outcome: 'waiting' });
      // The mock reads it at once; the desk takes seconds.
      change(world.mails, id, { outcome: 'recorded' });
      return { status: 202, body: { id, outcome: 'waiting' } };
    }),
    ...mailboxRoutes(world, now),
    route('GET /v1/provider-accounts/{id}/suppressions/sync', (_, [id]) => ok({ ...world.sync, account_id: id })),
    route('POST /v1/provider-accounts/{id}/suppressions/sync', () => {
      world.sync = { ...world.sync, state: 'running', ended_at: null };
      return { status: 202, body: world.sync };
    }),
    route('PATCH /v1/provider-accounts/{id}/suppressions/sync', ({ body }) => {
      world.sync = { ...world.sync, ...(body as Partial<typeof world.sync>) };
      return ok(world.sync);
    }),
    route('GET /v1/provider-accounts/{id}/suppressions', ({ url }) => {
      const wants = (name: string) => url.searchParams.get(name);
      return list(
        world.entries.filter(
          (row) =>
            (wants('address') === null || row.address === wants('address')) &&
            (wants('verdict') === null || row.verdict === wants('verdict')),
        ),
      );
    }),
    route('DELETE /v1/provider-accounts/{id}/suppressions', () => ({ status: 202, body: world.sync })),
    route('GET /v1/tenants/{id}/bounce-notices', () => ok(world.notices)),
    route('PUT /v1/tenants/{id}/bounce-notices', ({ body }) => {
      world.notices = { ...world.notices, ...(body as Partial<typeof world.notices>) };
      return ok(world.notices);
    }),
    route('GET /v1/tenants/{id}/reply-forwarding', () => ok(world.forwarding)),
    route('PUT /v1/tenants/{id}/reply-forwarding', ({ body }) => {
      world.forwarding = { ...world.forwarding, ...(body as Partial<typeof world.forwarding>) };
      return ok(world.forwarding);
    }),
  ];
}

function mailboxRoutes(world: ReturnType<typeof makeInbound>, now: () => number): Route[] {
  return [
    route('GET /v1/mailboxes', () => list(world.mailboxes)),
    route('GET /v1/mailboxes/{id}', (_, [id]) => one(world.mailboxes, id)),
    route('POST /v1/mailboxes', ({ body }) => {
      const [template] = world.mailboxes;
      const settings = body['settings'] as Record<string, unknown>;
      if (body['name'] === 'taken') return problem(409, 'CONFLICT', 'There is a mailbox "taken" already.', 'name');
      if (settings['host'] === '10.0.0.1')
        return problem(422, 'MAILBOX_SETTINGS_INVALID', 'settings.host is 10.0.0.1, which is not a public host.', 'settings.host');
      if (template === undefined) return problem(500, 'INTERNAL', 'The mock has no mailbox to copy.');
      const row = {
        ...template,
        id: crypto.randomUUID(),
        name: String(body['name']),
        settings,
        mails_read: 0,
        last_read_at: null,
        created_at: new Date(now()).toISOString(),
      };
      world.mailboxes.push(row);
      return { status: 201, body: row };
    }),
    route('PATCH /v1/mailboxes/{id}', ({ body }, [id]) => {
      const state = body['state'] as string | undefined;
      const status = state === undefined ? undefined : state === 'paused' ? 'paused' : 'waiting';
      return change(world.mailboxes, id, { name: body['name'], settings: body['settings'], state, status });
    }),
    route('DELETE /v1/mailboxes/{id}', (_, [id]) => drop(world.mailboxes, id)),
  ];
}

function page(rows: readonly { readonly id: string }[], { url }: MockRequest): MockAnswer {
  const after = url.searchParams.get('after');
  const start = after === null ? 0 : rows.findIndex((row) => row.id === after) + 1;
  const data = rows.slice(start, start + PAGE);
  return ok({ data, next: rows.length > start + PAGE ? (data.at(-1)?.id ?? null) : null });
}

const RAW = [
  'From: Mail Delivery System <MAILER-DAEMON@mx3.mailbox.test>',
  'To: b-mfzwizltmfzgkzdbonswczlt@bounce.harbour.example',
  'Subject: Undelivered Mail Returned to Sender',
  'Content-Type: multipart/report; report-type=delivery-status; boundary="b1"',
  '',
  '--b1',
  'Content-Type: message/delivery-status',
  '',
  'Reporting-MTA: dns; mx3.mailbox.test',
  '',
  'Final-Recipient: rfc822; old.member@mailbox.test',
  'Action: failed',
  'Status: 5.1.1',
  'Diagnostic-Code: smtp; 550 5.1.1 <old.member@mailbox.test>: Recipient address rejected: User unknown in virtual mailbox table',
  '',
  '--b1--',
].join('\r\n');
