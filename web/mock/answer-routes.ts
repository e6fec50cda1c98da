// This file answers what the console asks about bounces, complaints, holds and incidents. Sentinels: mailbox provider "fail" → 503 · address
// nobody@mailbox.test → nothing · an imported line "bad" is refused · a reply with "weird" is not classified.
import type { Bounce, Hold } from '../src/api/feedback-model.ts';
import { change, drop, list, type MockAnswer, type MockRequest, ok, one, problem, type Route, route } from './answers.ts';
import { type Answered, classWords, countsOf, makeAnswered, RATES } from './answers-world.ts';
import { TENANT } from './clockwork.ts';
import { sessionOf } from './session.ts';

const PAGE = 50;
const ACCEPTED = 41_208;

export function answerRoutes(now: () => number): Route[] {
  const world = makeAnswered(now());
  return [
    route('GET /v1/statistics', (request) => statistics(world, request)),
    route('GET /v1/bounces', (request) => page(filtered(world, request), request)),
    route('GET /v1/complaints', (request) => page(mine(world.complaints, request), request)),
    route('GET /v1/complaints/rates', () => ok({ lines: { good: 0.001, stop: 0.003 }, data: RATES })),
    route('GET /v1/feedback/classes', ({ url }) => list(classWords(url.searchParams.get('lang') ?? 'en'))),
    route('POST /v1/explain/bounce', ({ body }) => explain(String(body['reply'] ?? ''), String(body['lang'] ?? 'en'))),
    ...incidentRoutes(world, now),
    ...holdRoutes(world, now),
  ];
}

function incidentRoutes(world: Answered, now: () => number): Route[] {
  const at = () => new Date(now()).toISOString();
  return [
    route('GET /v1/incidents', ({ url, cookie }) => {
      const state = url.searchParams.get('state');
      const tenant = sessionOf(cookie)?.tenant_id ?? null;
      return list(
        world.incidents.filter((row) => (state === null || row.state === state) && (tenant === null || row.tenant_id === tenant)),
      );
    }),
    route('GET /v1/incidents/{id}', (_, [id]) => one(world.incidents, id)),
    route('POST /v1/incidents/{id}/acknowledge', (_, [id]) =>
      change(world.incidents, id, { acknowledged_at: at(), acknowledged_by: 'owner' }),
    ),
    route('POST /v1/incidents/{id}/close', (_, [id]) => change(world.incidents, id, { state: 'closed', closed_at: at() })),
  ];
}

function holdRoutes(world: Answered, now: () => number): Route[] {
  return [
    route('GET /v1/suppressions', (request) => {
      const wants = (name: string) => request.url.searchParams.get(name);
      const rows = mine(world.holds, request).filter(
        (row) =>
          (wants('address') === null || row.address === wants('address')) &&
          row.address.startsWith(wants('q') ?? '') &&
          (wants('reason') === null || row.reason === wants('reason')) &&
          (wants('stream') === null || row.stream === wants('stream')),
      );
      return page(rows, request);
    }),
    route('POST /v1/suppressions', ({ body }) => {
      if (!String(body['address']).includes('@')) return problem(422, 'ADDRESS_INVALID', 'This is not an address.', 'address');
      const row: Hold = {
        id: crypto.randomUUID(),
        tenant_id: typeof body['tenant_id'] === 'string' ? body['tenant_id'] : TENANT,
        address: String(body['address']),
        stream: body['stream'] === 'bulk' ? 'bulk' : null,
        reason: 'manual',
        source: 'console',
        evidence: null,
        recipient_id: null,
        created_at: new Date(now()).toISOString(),
        expires_at: null,
        holds: 1,
        by_answers: false,
      };
      world.holds.unshift(row);
      return { status: 201, body: row };
    }),
    route('POST /v1/suppressions/import', ({ url }) =>
      ok({
        dry_run: url.searchParams.get('dry_run') === 'true',
        added: 2,
        already: 1,
        refused: [{ line: 3, address: 'bad', code: 'ADDRESS_INVALID', message: 'This is not an address.' }],
        refused_count: 1,
        columns: { named: true, read: ['address'], not_read: [] },
      }),
    ),
    route('GET /v1/suppressions/export', () => ({ status: 200, text: 'address\r\n' })),
    route('POST /v1/suppressions/{id}/release', ({ body }, [id]) => {
      const released = world.holds.find((row) => row.id === id);
      drop(world.holds, id);
      return ok({ released, resent: body['resend'] === true ? ['m'] : [], not_resent: [] });
    }),
    route('GET /v1/hold-policy', ({ url }) => {
      const tenant = url.searchParams.get('tenant_id');
      return ok(tenant === null ? world.policy : { ...world.policy, tenant_id: tenant, inherited: world.policy.tenant_id !== tenant });
    }),
    route('PUT /v1/hold-policy', ({ body }) => {
      world.policy = { ...world.policy, rules: body['rules'] as Answered['policy']['rules'] };
      return ok(world.policy);
    }),
    route('DELETE /v1/hold-policy', () => ({ status: 204 })),
    route('POST /v1/hold-policy/dry-run', () =>
      ok({
        held: 212,
        of_addresses: 9_412,
        later_delivered: 9,
        by_class: [
          { class: 'invalid-recipient', held: 180, later_delivered: 2 },
          { class: 'mailbox-full', held: 32, later_delivered: 7 },
        ],
        examples: [],
        days: 90,
        events_read: 40_000,
        sampled: false,
        read_since: null,
      }),
    ),
  ];
}

/** Rows of the person's own organisation, or all for the platform. */
function mine<Row extends { readonly tenant_id: string }>(rows: readonly Row[], { cookie, url }: MockRequest): Row[] {
  const tenant = sessionOf(cookie)?.tenant_id ?? url.searchParams.get('tenant_id');
  return rows.filter((row) => tenant === null || row.tenant_id === tenant);
}

function filtered(world: Answered, request: MockRequest): Bounce[] {
  const wants = (name: string) => request.url.searchParams.get(name);
  const from = wants('from');
  const to = wants('to');
  return mine(world.bounces, request).filter(
    (row) =>
      (['class', 'fault', 'mailbox_provider', 'domain', 'account', 'address'] as const).every(
        (name) => wants(name) === null || row[name] === wants(name),
      ) &&
      (wants('hard') === null || String(row.hard) === wants('hard')) &&
      (from === null || row.at >= from) &&
      (to === null || row.at < to),
  );
}

function page(rows: readonly { readonly id: string }[], { url }: MockRequest): MockAnswer {
  const after = url.searchParams.get('after');
  const limit = Number(url.searchParams.get('limit') ?? PAGE);
  const start = after === null ? 0 : rows.findIndex((row) => row.id === after) + 1;
  const data = rows.slice(start, start + limit);
  return ok({ data, next: rows.length > start + limit ? (data.at(-1)?.id ?? null) : null });
}

function statistics(world: Answered, request: MockRequest): MockAnswer {
  const wants = (name: string) => request.url.searchParams.get(name);
  if (wants('mailbox_provider') === 'fail') return problem(503, 'STORE_UNAVAILABLE', 'The database does not answer.');
  const rows = filtered(world, request);
  const accepted = wants('domain') === 'quiet.example' ? 0 : ACCEPTED;
  const by = wants('by') ?? 'day';
  const groups = Map.groupBy(accepted === 0 ? [] : rows, (row) => keyOf(row, by));
  return ok({
    from: wants('from') ?? new Date(0).toISOString(),
    to: wants('to') ?? new Date().toISOString(),
    by,
    more: 0,
    total: countsOf('', accepted === 0 ? [] : rows, accepted),
    data: [...groups].map(([key, inside]) => ({
      ...countsOf(key, inside, Math.round(accepted / groups.size)),
      ...(by === 'tenant' ? { label: inside[0]?.tenant_name } : {}),
    })),
    definitions: {
      delivered_rate: 'Delivered, of those delivered, bounced, failed or expired.',
      bounce_rate: 'Bounced, of those handed over and answered.',
      complaint_rate: 'Complained, of those delivered.',
    },
  });
}

function keyOf(row: Bounce, by: string): string {
  const at = new Date(row.at);
  if (by === 'hour') return new Date(at.setUTCMinutes(0, 0, 0)).toISOString();
  if (by === 'day') return new Date(at.setUTCHours(0, 0, 0, 0)).toISOString();
  if (by === 'tenant') return row.tenant_id;
  if (by === 'stream') return 'bulk';
  const value = { class: row.class, fault: row.fault, mailbox_provider: row.mailbox_provider, domain: row.domain, account: row.account }[
    by
  ];
  return value ?? '';
}

function explain(reply: string, lang: string): MockAnswer {
  if (reply.trim() === '') return problem(422, 'REQUEST_INVALID', 'There is nothing to read.', 'reply');
  const name = /weird/.test(reply) ? 'unclassified' : /full|quota/.test(reply) ? 'mailbox-full' : 'invalid-recipient';
  const words = classWords(lang).find((row) => row.class === name);
  const told = {
    volunteer: words?.volunteer ?? 'We cannot place it.',
    developer: words?.developer ?? 'No rule matched.',
    next: words?.next ?? 'Ask the operator.',
  };
  return ok({
    code: '550',
    enhanced: '5.1.1',
    class: name,
    fault: name === 'unclassified' ? null : 'recipient',
    bounce_type: 'hard',
    hard: true,
    suppress: name === 'invalid-recipient',
    rule: name === 'unclassified' ? null : 'gmail-no-such-user',
    words: told,
  });
}
