// This file walks every operation of the API description under a foreign key, under a key without rights, and without any key. It is made from the
// description, so that an operation added later is walked as well, or makes the test fail until somebody says what to send it.
// Long because one of everything has to be there before a foreign key can be refused it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type pg from 'pg';
import { type HttpDesk, httpDesk } from '../../test/support/http-desk.ts';

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly id: string;
  readonly access: string;
  readonly parameters: readonly string[];
  readonly bodyFields: readonly string[];
  readonly bodyRequired: boolean;
}

/** Bodies by operation. One that changes or makes something needs an entry here. */
const BODIES: Readonly<Record<string, (own: { domain: string; account: string }) => unknown>> = {
  sendMessage: ({ domain }) => ({ from: `a@${domain}`, to: 'x@mailbox.test', text: 'hello' }),
  sendBatch: ({ domain }) => ({ messages: [{ from: `a@${domain}`, to: 'x@mailbox.test', text: 'hello' }] }),
  createTenant: () => ({ name: 'Another' }),
  updateTenant: () => ({ name: 'Renamed' }),
  createTenantCredential: () => ({ kind: 'api_key' }),
  createOperatorKey: () => ({ name: 'mine' }),
  updateCredential: () => ({ name: 'renamed' }),
  createDomain: () => ({ name: 'stolen.example' }),
  updateDomain: () => ({ ed25519: true }),
  rotateDkimKeys: () => ({}),
  checkAnyDomain: () => ({ name: 'club.example' }),
  createProviderDomains: () => ({}),
  runSelfChecks: () => ({}),
  createSender: () => ({ address: 'club@gmail.com' }),
  confirmSender: () => ({}),
  previewSender: () => ({ from: 'treasurer@gmail.com' }),
  putRewriting: () => ({ consented: true }),
  updateSender: () => ({ verified: true }),
  createProviderAccount: () => ({ name: 'theirs', provider: 'smtp', settings: { host: '127.0.0.1', port: 25, tls: 'none' } }),
  updateProviderAccount: () => ({ name: 'renamed' }),
  startListSync: () => ({ whole: true }),
  updateListSync: () => ({ push_holds: 'never' }),
  putRouting: ({ account }) => ({ accounts: [account] }),
  putDestinationLimit: () => ({ mailbox_provider: 'other', per_minute: 1 }),
  explainRoute: () => ({ tenant_id: '00000000-0000-7000-8000-000000000000', from: 'a@b.example', to: 'c@d.example' }),
  explainBounce: () => ({ reply: '550 5.1.1 no such user' }),
  putFeedbackRules: () => ({ rules: [] }),
  testFeedbackRules: () => ({ replies: [] }),
  createSuppression: () => ({ address: 'x@mailbox.test' }),
  releaseSuppression: () => ({ why: 'it is mine' }),
  putHoldPolicy: () => ({ rules: [] }),
  dryRunHoldPolicy: () => ({}),
  createWebhookEndpoint: () => ({ url: 'https://hooks.example.org/in' }),
  updateWebhookEndpoint: () => ({ state: 'paused' }),
  createPerson: () => ({ login: 'intruder', password: 'a long pass phrase' }),
  updatePerson: () => ({ role: 'owner' }),
  createMailbox: () => ({ name: 'theirs', settings: { host: 'imap.example.org', username: 'x' }, secret: { password: 'y' } }),
  updateMailbox: () => ({ name: 'renamed' }),
  judgeSource: () => ({ verdict: 'not-ours' }),
  putReportDigest: () => ({ enabled: false }),
  putReplyForwarding: () => ({ enabled: false }),
  putBounceNotices: () => ({ enabled: true }),
  changeOwnPassword: () => ({ password: 'x', new_password: 'a long pass phrase' }),
};
/** Query parameters that an operation cannot do without. */
const QUERIES: Readonly<Record<string, string>> = { deleteSuppressionsOfAddress: 'address=held%40mailbox.test' };
/** Operations about the caller alone. */
const OWN = new Set(['getSession', 'logOut', 'changeOwnPassword', 'getLimits', 'explainBounce', 'checkAnyDomain', 'listFeedbackClasses']);

test('A key of one organisation reaches nothing of another, at any address', async (t) => {
  const desk = await httpDesk(t);
  const { victim, ids, marks } = await furnish(desk);
  const intruder = await desk.tenant('Intruder');
  const own = { domain: intruder.domain, account: ids['provider-accounts'] ?? '' };
  const before = await rowsOf(desk.pool, victim.id);
  for (const operation of operationsOf(desk)) {
    const foreign = /\{id\}/.test(operation.path);
    const first = await call(desk, operation, { key: intruder.key, ids, body: bodyFor(operation, own) });
    const where = `${operation.method} ${operation.path} → ${first.status} ${JSON.stringify(first.body).slice(0, 300)}`;
    if (operation.access.startsWith('operator')) assert.equal(first.status, 403, where);
    else if (foreign) assert.equal(first.status, 404, where);
    else if (!OWN.has(operation.id) && operation.id !== 'deleteSuppressionsOfAddress') assert.ok(first.status < 300, where);
    assertClean(first.body, marks, where);
    if (operation.access.startsWith('operator')) continue;
    for (const named of namings(operation, victim.id)) {
      const body = named.body ? { ...(bodyFor(operation, own) as object), ...named.body } : bodyFor(operation, own);
      const answer = await call(desk, operation, { key: intruder.key, ids, body, query: named.query });
      const said = `${operation.method} ${operation.path} naming the other ${JSON.stringify(named)} → ${answer.status}`;
      if (answer.status === 200 && operation.id === 'getLedger') assert.equal(answer.body.injected, 0, said);
      else if (answer.status === 200) assert.deepEqual(answer.body.data, [], said);
      else if (answer.status === 202) assert.equal(answer.body.data?.[0]?.error?.code, 'NOT_FOUND', said);
      else assert.equal(answer.status, 404, said);
      assertClean(answer.body, marks, said);
    }
  }
  assert.deepEqual(await rowsOf(desk.pool, victim.id), before, 'nothing of the other organisation was changed');
});

test('A key without scopes and a call without a key are turned away at every address', async (t) => {
  const desk = await httpDesk(t);
  const { victim, ids } = await furnish(desk);
  const { body: bare } = await desk.ask('POST', `/v1/tenants/${victim.id}/credentials`, { body: { kind: 'api_key', scopes: [] } });
  const own = { domain: victim.domain, account: ids['provider-accounts'] ?? '' };
  for (const operation of operationsOf(desk)) {
    const none = await call(desk, operation, { key: null, ids, body: bodyFor(operation, own) });
    assert.equal(none.status, 401, `${operation.method} ${operation.path} without a key`);
    assert.equal(none.body.code, 'AUTH_MISSING');
    if (operation.access === 'signed-in') continue;
    const answer = await call(desk, operation, { key: bare.api_key, ids, body: bodyFor(operation, own) });
    assert.equal(answer.status, 403, `${operation.method} ${operation.path} without its scope`);
    assert.equal(answer.body.code, 'SCOPE_MISSING');
    assert.match(answer.body.detail, new RegExp(operation.access));
  }
});

test('A viewer of the platform sees everything and changes nothing', async (t) => {
  const desk = await httpDesk(t);
  const { victim, ids } = await furnish(desk);
  const { body: made } = await desk.ask('POST', '/v1/credentials', { body: { scopes: ['operator:read'] } });
  const own = { domain: victim.domain, account: ids['provider-accounts'] ?? '' };
  for (const operation of operationsOf(desk)) {
    if (operation.access.endsWith(':read') || operation.access === 'signed-in') continue;
    const answer = await call(desk, operation, { key: made.api_key, ids, body: bodyFor(operation, own) });
    assert.equal(answer.status, 403, `${operation.method} ${operation.path}`);
  }
  assert.equal((await desk.ask('GET', '/v1/messages', { key: made.api_key })).body.data.length, 1);
});

/** One thing of every kind that belongs to one organisation, the ids to ask for, and the words that must not be seen elsewhere. */
async function furnish(desk: HttpDesk) {
  const victim = await desk.tenant('Victim');
  const must = async (method: string, url: string, body?: unknown, key = desk.operatorKey) => {
    const answer = await desk.ask(method, url, { key, body });
    assert.ok(answer.status < 300, `${method} ${url}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const message = await must(
    'POST',
    '/v1/messages',
    { from: `private@${victim.domain}`, to: 'secret.member@mailbox.test', text: 'x' },
    victim.key,
  );
  const domains = await must('GET', `/v1/tenants/${victim.id}/domains`);
  const senders = await must('POST', `/v1/tenants/${victim.id}/senders`, { address: 'victim@gmail.com' });
  const credential = await must('POST', `/v1/tenants/${victim.id}/credentials`, { kind: 'smtp' });
  const suppression = await must('POST', '/v1/suppressions', { address: 'held@mailbox.test' }, victim.key);
  const endpoint = await must('POST', '/v1/webhook-endpoints', { url: 'https://victim.example/hook' }, victim.key);
  await must('POST', `/v1/webhook-endpoints/${endpoint.id}/test`, undefined, victim.key);
  const account = await must('POST', '/v1/provider-accounts', {
    name: 'smarthost',
    provider: 'smtp',
    settings: { host: '127.0.0.1', port: 25, tls: 'none' },
  });
  const limit = await must('PUT', '/v1/destination-limits', { mailbox_provider: 'google', per_minute: 60 });
  const incidentId = '00000000-0000-7000-8000-00000000dead';
  await desk.pool.query(
    `insert into incidents (tenant_id, id, kind, key, state, fault, domain, opened_at, last_seen_at, watch_since, seen_recipient_id, seen_message_id)
     values ($1, $2, 'authentication', 'authentication/victim', 'open', 'authentication', $3, now(), now(), now(), $4, $5)`,
    [victim.id, incidentId, victim.domain, message.recipients[0].id, message.id],
  );
  const person = await must('POST', '/v1/people', { login: 'victim@victim.example', password: 'a long pass phrase', tenant_id: victim.id });
  await desk.pool.query(
    `insert into events (tenant_id, id, recipient_id, message_id, type, at) values ($1, $2, $3, $4, 'delivered', now())`,
    [victim.id, desk.deps.ids.next(), message.recipients[0].id, message.id],
  );
  const inboundMail = desk.deps.ids.next();
  await desk.pool.query(
    `insert into inbound_mails (id, tenant_id, recipient_id, mail_from, rcpt_to, raw) values ($1, $2, $3, 'friend@victim.example', '', 'x')`,
    [inboundMail, victim.id, message.recipients[0].id],
  );
  const reportId = '00000000-0000-7000-8000-00000000d0c5';
  await desk.pool.query(
    `insert into domain_reports (tenant_id, id, kind, state, domain, domain_id, org_name, key, digest, records, total, passed, source, authentication)
     values ($1, $2, 'aggregate', 'forged', $3, $4, 'victim.example', '\\x01', '\\x02', 1, 1, 0, 'mail', 'fail')`,
    [victim.id, reportId, victim.domain, domains.data[0].id],
  );
  await desk.pool.query(`insert into dmarc_days (tenant_id, domain_id, day, messages, aligned) values ($1, $2, current_date, 7, 7)`, [
    victim.id,
    domains.data[0].id,
  ]);
  const removalId = '00000000-0000-7000-8000-00000000be90';
  await desk.pool.query(
    `insert into provider_domain_removals (tenant_id, id, domain, account_id) values ($1, $2, 'old.victim.example', $3)`,
    [victim.id, removalId, account.id],
  );
  const mailbox = await must('POST', '/v1/mailboxes', {
    name: 'bounces',
    settings: { host: 'imap.victim.example', username: 'bounces' },
    secret: { password: 'pw' },
  });
  const [key] = (await must('GET', `/v1/domains/${domains.data[0].id}/keys`)).data;
  const ids: Record<string, string> = {
    mailboxes: mailbox.id,
    'inbound-mails': inboundMail,
    tenants: victim.id,
    messages: message.id,
    recipients: message.recipients[0].id,
    domains: domains.data[0].id,
    senders: senders.id,
    credentials: credential.id,
    suppressions: suppression.id,
    'webhook-endpoints': endpoint.id,
    'provider-accounts': account.id,
    people: person.id,
    'destination-limits': limit.id,
    incidents: incidentId,
    'domain-reports': reportId,
    keys: key.id,
    'provider-domain-removals': removalId,
    'secret-keys': 'feedfacecafebeef',
  };
  return { victim, ids, marks: [...Object.values(ids), 'victim', 'secret.member', 'held@mailbox.test', credential.smtp_username] };
}

function operationsOf(desk: HttpDesk): Operation[] {
  // The test reads the parts of the description that every version has.
  // biome-ignore lint/suspicious/noExplicitAny: a description is deep, and each step is asserted by what is done with it.
  const document = desk.app.swagger() as any;
  const operations: Operation[] = [];
  for (const [path, methods] of Object.entries<Record<string, never>>(document.paths)) {
    // biome-ignore lint/suspicious/noExplicitAny: as above.
    for (const [method, operation] of Object.entries<any>(methods)) {
      if (operation.security?.length === 0) continue;
      const body = operation.requestBody;
      operations.push({
        method: method.toUpperCase(),
        path,
        id: operation.operationId,
        access: operation['x-access'],
        parameters: (operation.parameters ?? []).map((parameter: { name: string }) => parameter.name),
        bodyFields: Object.keys(resolve(document, body?.content['application/json'].schema)?.properties ?? {}),
        bodyRequired: body !== undefined && body.required !== false,
      });
    }
  }
  assert.ok(operations.length > 50, 'the description lists the operations');
  return operations;
}

// biome-ignore lint/suspicious/noExplicitAny: as above.
function resolve(document: any, schema: any): any {
  return schema?.$ref ? document.components.schemas[schema.$ref.split('/').at(-1)] : schema;
}

function bodyFor(operation: Operation, own: { domain: string; account: string }): unknown {
  const make = BODIES[operation.id];
  if (operation.bodyRequired) assert.ok(make, `${operation.id} takes a body: add one to BODIES`);
  return make?.(own);
}

async function call(
  desk: HttpDesk,
  operation: Operation,
  options: { key: string | null; ids: Record<string, string>; body: unknown; query?: string | undefined },
) {
  const room = operation.path.split('/')[2] ?? '';
  if (operation.path.includes('{id}')) assert.ok(options.ids[room], `whose id belongs into ${operation.path}?`);
  const query = [QUERIES[operation.id], options.query].filter(Boolean).join('&');
  const path = operation.path.replace('{id}', options.ids[room] ?? '').replace('{key}', options.ids['keys'] ?? '');
  const url = `${path}${query ? `?${query}` : ''}`;
  return desk.ask(operation.method, url, { key: options.key, ...(options.body === undefined ? {} : { body: options.body }) });
}

/** The ways in which an operation can be told whom it is for. */
function namings(operation: Operation, tenantId: string): { query?: string; body?: object }[] {
  return [
    ...(operation.parameters.includes('tenant_id') ? [{ query: `tenant_id=${tenantId}` }] : []),
    ...(operation.bodyFields.includes('tenant_id') ? [{ body: { tenant_id: tenantId } }] : []),
  ];
}

function assertClean(body: unknown, marks: readonly string[], where: string): void {
  const text = JSON.stringify(body ?? '').toLowerCase();
  for (const mark of marks) assert.ok(!text.includes(mark.toLowerCase()), `${where} shows ${mark}`);
}

const TABLES = [
  'tenants',
  'credentials',
  'sending_domains',
  'senders',
  'sender_confirmations',
  'tenant_rewriting',
  'rewritten_addresses',
  'messages',
  'recipients',
  'events',
  'suppressions',
  'webhook_endpoints',
  'inbound_mails',
  'inbound_readings',
  'reply_forwarding',
  'bounce_notice_settings',
  'bounce_notices',
  'domain_reports',
  'dmarc_days',
  'report_digests',
  'dmarc_source_judgements',
];

async function rowsOf(pool: pg.Pool, tenantId: string): Promise<unknown> {
  const rows: Record<string, unknown> = {};
  for (const table of [...TABLES, 'webhook_deliveries', 'dkim_keys', 'provider_domains']) {
    const column = table === 'tenants' ? 'id' : 'tenant_id';
    const found = await pool.query(`select to_jsonb(t) - 'last_used_at' as row from ${table} t where ${column} = $1 order by 1`, [
      tenantId,
    ]);
    rows[table] = found.rows;
  }
  return rows;
}
