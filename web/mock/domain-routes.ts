// This file answers what the console asks about sending domains and single senders. Sentinels: domain "nodots" → 422 · name search "fail" → 503 ·
// DNS host "cloudflare" has steps of its own.
import type { Domain, ProviderDomain, Rewriting, RewritingDomain, RewritingKey } from '../src/api/schema.gen.ts';
import { alignmentOf } from './alignment-world.ts';
import { change, drop, list, ok, one, problem, type Route, route } from './answers.ts';
import { keysOf, recordsOf } from './domains-world.ts';
import { sessionOf } from './session.ts';
import type { World } from './world.ts';

const HOSTS = [
  { id: 'webhost', name: 'webhost.test' },
  { id: 'cloudflare', name: 'Cloudflare' },
  { id: 'hetzner', name: 'Hetzner' },
  { id: 'ionos', name: 'IONOS' },
  { id: 'strato', name: 'STRATO' },
  { id: 'another', name: 'Another' },
];

export function domainRoutes(world: World, now: () => number): Route[] {
  const iso = () => new Date(now()).toISOString();
  return [
    route('GET /v1/tenants/{id}/domains', (_, [id]) => list(world.domains.filter((row) => row.tenant_id === id))),
    route('POST /v1/tenants/{id}/domains', ({ body }, [tenant]) => {
      const name = String(body['name']);
      const [template] = world.domains;
      if (!name.includes('.')) return problem(422, 'REQUEST_INVALID', `"${name}" is not a domain name.`, 'name');
      if (template === undefined) return problem(500, 'INTERNAL', 'The mock has no domain to copy.');
      const records = recordsOf(name).map((record) => ({ ...record, state: 'unchecked' as const, found: [] }));
      const row: Domain = {
        ...template,
        id: world.nextId(),
        tenant_id: tenant ?? '',
        name,
        authenticated: false,
        state: 'pending',
        proven_at: null,
        records,
        state_since: iso(),
        created_at: iso(),
        checked_at: null,
        next_check_at: iso(),
      };
      world.domains.push(row);
      return { status: 201, body: row };
    }),
    route('GET /v1/domains', ({ url, cookie }) => {
      const wants = (name: string) => url.searchParams.get(name);
      if (wants('name') === 'fail') return problem(503, 'STORE_UNAVAILABLE', 'The database does not answer.');
      const tenant = sessionOf(cookie)?.tenant_id ?? wants('tenant_id');
      return list(
        world.domains.filter(
          (row) =>
            (tenant === null || row.tenant_id === tenant) &&
            (wants('state') === null || row.state === wants('state')) &&
            row.name.includes(wants('name') ?? ''),
        ),
      );
    }),
    route('GET /v1/domains/{id}', (_, [id]) => one(world.domains, id)),
    route('POST /v1/domains/{id}/check', (_, [id]) => change(world.domains, id, { checked_at: iso() })),
    route('GET /v1/domains/{id}/instructions', ({ url }, [id]) => {
      const domain = world.domains.find((row) => row.id === id);
      return domain === undefined ? problem(404, 'NOT_FOUND', 'There is nothing under this id.') : ok(instructions(domain, url));
    }),
    route('PATCH /v1/domains/{id}', ({ body }, [id]) =>
      change(world.domains, id, body['authenticated'] === undefined ? body : { ...body, vouched: body['authenticated'] }),
    ),
    route('DELETE /v1/domains/{id}', (_, [id]) => drop(world.domains, id)),
    route('GET /v1/domains/{id}/alignment', ({ cookie, url }, [id]) => {
      const domain = world.domains.find((row) => row.id === id);
      if (domain === undefined) return problem(404, 'NOT_FOUND', 'There is nothing under this id.');
      const operator = (sessionOf(cookie)?.tenant_id ?? null) === null;
      return ok(alignmentOf(domain, world.accounts, { operator, german: url.searchParams.get('lang') === 'de' }));
    }),
    route('GET /v1/domains/{id}/keys', (_, [id]) => list(keysFor(world, id, now()))),
    route('POST /v1/domains/{id}/keys/(?:rotate|check)', (_, [id]) => list(keysFor(world, id, now()))),
    route('(?:GET|POST) /v1/domains/{id}/provider-domains', (_, [id]) => list(providersOf(world, id, iso()))),
    route('POST /v1/domains/{id}/provider-domains/{id}/check', (_, [id]) => ok(providersOf(world, id, iso())[0])),
    route('POST /v1/domains/{id}/keys/{id}/revoke', (_, [id]) => list(keysFor(world, id, now()))),
    route('GET /v1/provider-domain-removals', () => list([])),
    ...senderRoutes(world, iso),
    ...rewritingRoutes(iso),
    ...platformRoutes(now),
  ];
}

function keysFor(world: World, id: string | undefined, nowMs: number): ReturnType<typeof keysOf> {
  const domain = world.domains.find((row) => row.id === id);
  return domain === undefined ? [] : keysOf(domain, nowMs);
}

function providersOf(world: World, id: string | undefined, at: string): ProviderDomain[] {
  const [first, second] = world.accounts;
  const row = { since: at, signing: true, records: [], spf_include: null, trouble: null, needs_person: false, checked_at: at };
  if (world.domains.find((domain) => domain.id === id)?.state === 'pending') return [];
  return [
    { ...row, id: 'pd1', account_id: first?.id ?? '', account: first?.name ?? '', provider: 'sparkpost', state: 'verified' },
    {
      ...row,
      id: 'pd2',
      account_id: second?.id ?? '',
      account: second?.name ?? '',
      provider: 'elastic-email',
      state: 'pending',
      signing: false,
      trouble: 'The tracking record is not there yet.',
    },
  ];
}

function rewritingRoutes(iso: () => string): Route[] {
  let setting: Rewriting = {
    tenant_id: '',
    possible: true,
    allowed: true,
    consented: false,
    consented_at: null,
    consented_by: null,
    as_is: false,
    daily_cap: 500,
    used_today: 41,
    held_for_allowance: 0,
    held_for_consent: 12,
    held_for_cap: 0,
    domain: 'chess-league.club-mail.example',
    explanation: '',
  };
  return [
    route('GET /v1/tenants/{id}/rewriting', (_, [tenant]) => ok({ ...setting, tenant_id: tenant })),
    route('PUT /v1/tenants/{id}/rewriting', ({ body }) => {
      const consented = body['consented'] === undefined ? setting.consented : body['consented'] === true;
      setting = { ...setting, ...(body as Partial<Rewriting>), consented, consented_at: consented ? iso() : null };
      return ok(setting);
    }),
    route('POST /v1/senders/preview', ({ body }) =>
      ok({
        from: '"Chess League" <chess.league@chess-league.club-mail.example>',
        reply_to: String(body['from']),
        treatment: 'rewrite',
        route: null,
        why: 'From is written anew, so that receivers can prove it; answers go to the person.',
        better: 'With a domain of your own, and its records published, From stays as it is.',
      }),
    ),
  ];
}

/** The platform's own domain: one record is not there yet, as after a rotation. */
function platformRoutes(now: () => number): Route[] {
  const domain = 'club-mail.example';
  const keys = (): RewritingKey[] =>
    keysOf({ name: domain }, now()).map(({ algorithm: _, ...key }) => ({
      ...key,
      created_at: key.since,
      publish: { type: 'TXT', host: `${key.selector}._domainkey.${domain}`, value: `v=DKIM1; k=rsa; p=MIIBIjANBg${key.selector}IDAQAB` },
    }));
  const record = (purpose: 'dkim' | 'dmarc' | 'mx', type: 'TXT' | 'MX', host: string, value: string) =>
    ({ purpose, type, host, value, why: '', state: 'ok', found: [value], next: null }) as const;
  const view = (): RewritingDomain => ({
    domain,
    daily_cap: 500,
    records: [
      ...keys().map(({ publish, state }) => {
        const there = record('dkim', 'TXT', publish.host, publish.value);
        return state === 'new'
          ? { ...there, state: 'missing' as const, found: [], next: 'Publish it; the desk looks again by itself.' }
          : there;
      }),
      record('dmarc', 'TXT', `_dmarc.${domain}`, 'v=DMARC1; p=reject'),
      record('mx', 'MX', `*.${domain}`, '10 in.harbour.example.'),
    ],
  });
  return [
    route('GET /v1/rewriting', () => ok(view())),
    route('(?:GET|POST) /v1/rewriting/keys(?:/rotate|/check|/{id}/revoke)?', () => ok({ domain, data: keys() })),
  ];
}

function senderRoutes(world: World, iso: () => string): Route[] {
  return [
    route('GET /v1/tenants/{id}/senders', (_, [id]) => list(world.senders.filter((row) => row.tenant_id === id))),
    route('POST /v1/tenants/{id}/senders', ({ body }, [tenant]) => {
      const row = {
        id: world.nextId(),
        tenant_id: tenant ?? '',
        address: String(body['address']),
        verified_at: null,
        verified_by: null,
        created_at: iso(),
        confirmation: { sent_at: iso(), expires_at: iso() },
        treatment: 'held' as const,
        held_messages: 0,
        rewritten_from: null,
        why: 'Its owner was asked by mail.',
      };
      world.senders.push(row);
      return { status: 201, body: row };
    }),
    route('PATCH /v1/senders/{id}', ({ body }, [id]) =>
      change(world.senders, id, {
        verified_at: body['verified'] === true ? iso() : null,
        verified_by: body['verified'] === true ? 'operator' : null,
      }),
    ),
    route('POST /v1/senders/{id}/confirmation', (_, [id]) =>
      change(world.senders, id, { confirmation: { sent_at: iso(), expires_at: iso() } }),
    ),
    route('DELETE /v1/senders/{id}', (_, [id]) => drop(world.senders, id)),
  ];
}

function instructions(domain: Domain, url: URL): unknown {
  const german = url.searchParams.get('lang') === 'de';
  const named = HOSTS.find((host) => host.id === url.searchParams.get('host'));
  const host = named ?? HOSTS[0];
  const wrong = domain.records.filter((record) => record.state !== 'ok');
  return {
    host: { ...host, detected: named === undefined },
    hosts: HOSTS,
    steps: [
      {
        text: german
          ? `Öffnen Sie bei ${host?.name} die DNS-Einträge von ${domain.name}.`
          : `At ${host?.name}, open the DNS records of ${domain.name}.`,
        record_id: null,
        fields: [],
      },
      ...wrong.map((record) => ({
        text: german ? 'Legen Sie diesen Eintrag an.' : 'Add this record.',
        record_id: record.id,
        fields: [
          { label: german ? 'Typ' : 'Type', value: record.type },
          { label: german ? 'Name' : 'Name', value: record.host.replace(`.${domain.name}`, '') },
          { label: german ? 'Wert' : 'Value', value: record.value },
        ],
      })),
      { text: german ? 'Speichern Sie. Wir sehen von selbst nach.' : 'Save. We look by ourselves.', record_id: null, fields: [] },
    ],
    zone_file: wrong.map((record) => `${record.host}. 3600 IN ${record.type} ${record.value}`).join('\n'),
    message: {
      subject: german ? `DNS-Einträge für ${domain.name}` : `DNS records for ${domain.name}`,
      text: german
        ? `Guten Tag,\n\nwir möchten, dass unsere E-Mail von ${domain.name} ankommt. Könnten Sie die Einträge unten anlegen?\n\n${wrong.map((record) => `${record.type} ${record.host}\n${record.value}`).join('\n\n')}\n`
        : `Hello,\n\nwe want our e-mail from ${domain.name} to arrive. Could you add the records below?\n\n${wrong.map((record) => `${record.type} ${record.host}\n${record.value}`).join('\n\n')}\n`,
    },
    mta_sts_policy: null,
  };
}
