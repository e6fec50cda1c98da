// This file checks that sentences come in the language somebody asks for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type HttpDesk, httpDesk } from '../../test/support/http-desk.ts';
import { providerTrouble } from '../delivery/provider-trouble.ts';
import { keyTrouble } from '../tenancy/dkim-trouble.ts';
import { tell } from '../tenancy/told.ts';

const GERMAN = { 'accept-language': 'de-CH, en;q=0.5' };
type Row = readonly [url: string, text: (body: never) => string, english: RegExp, german: RegExp];

async function saysInBoth(desk: HttpDesk, rows: readonly Row[]): Promise<void> {
  for (const [url, text, english, other] of rows) {
    // Each row reads its own answer.
    const said = async (query: string, headers: Record<string, string>) =>
      text((await desk.ask('GET', `${url}${query}`, { headers })).body as never);
    assert.match(await said('', {}), english, url);
    assert.match(await said('', GERMAN), other, url);
    assert.match(await said('?lang=de', {}), other, url);
    assert.match(await said('?lang=en', GERMAN), english, url);
  }
}

test('Sentences come in the language that is named, else in the one that is accepted, else in English', async (t) => {
  const desk = await httpDesk(t);
  await saysInBoth(desk, [
    ['/v1/statistics', (body: { definitions: Record<string, string> }) => body.definitions['bounce_rate'] ?? '', /^Bounced/, /^Abgewiesen/],
    ['/v1/statistics', (body: { definitions: Record<string, string> }) => body.definitions['estimate'] ?? '', /certainty/, /Sicherheit/],
    ['/v1/complaints/rates', (body: { definition: string }) => body.definition, /^Complained/, /^Beschwerden/],
    [
      '/v1/overview',
      (body: { last_24h: { delivered_rate: { definition: string } } }) => body.last_24h.delivered_rate.definition,
      /^Delivered/,
      /^Zugestellt/,
    ],
    ['/v1/overview', (body: { needs_person: { title: string }[] }) => body.needs_person[0]?.title ?? '', /^No way out/, /^Kein Weg/],
    ['/v1/feedback/classes', (body: { data: { next: string }[] }) => body.data[0]?.next ?? '', /the /i, /(die|der|das) /i],
  ]);
  assert.equal((await desk.ask('GET', '/v1/incidents?lang=tlh')).status, 422);
  assert.equal((await desk.ask('GET', '/v1/incidents?lang=de')).status, 200);
});

test('What looks stored about a domain, and why mail of a sender goes out as it does, come in both languages', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  await desk.ask('POST', `/v1/tenants/${club.id}/senders`, { key: club.key, body: { address: 'club@gmail.com' } });
  const domain = (await desk.ask('GET', `/v1/tenants/${club.id}/domains`)).body.data[0].id;
  // As looks at DNS and at providers store it.
  const note = tell('gave-up', { days: '14' });
  await desk.pool.query('update sending_domains set check_note = $2, next_check_at = null where id = $1', [domain, note]);
  await desk.pool.query('update dkim_keys set trouble = $2 where domain_id = $1', [domain, keyTrouble('no-record', { host: 'a.b' })]);
  const smarthost = { name: 's', provider: 'smtp', settings: { host: '127.0.0.1', port: 25, tls: 'none' } };
  const account = (await desk.ask('POST', '/v1/provider-accounts', { body: smarthost })).body.id;
  const trouble = providerTrouble('dkim-not-seen', { provider: 'SparkPost' });
  await desk.pool.query('insert into provider_domains (tenant_id, id, domain_id, account_id, trouble) values ($1, $2, $3, $4, $5)', [
    club.id,
    desk.deps.ids.next(),
    domain,
    account,
    trouble,
  ]);
  const firstTrouble = (body: { data: { trouble: string }[] }) => body.data[0]?.trouble ?? '';
  await saysInBoth(desk, [
    [
      `/v1/tenants/${club.id}/rewriting`,
      (body: { explanation: string }) => body.explanation,
      /^Mail from an address/,
      /^Post von einer Adresse/,
    ],
    [
      `/v1/tenants/${club.id}/senders`,
      (body: { data: { why: string }[] }) => body.data[0]?.why ?? '',
      /^Its owner was asked/,
      /^Wer die Adresse liest/,
    ],
    [`/v1/domains/${domain}`, (body: { check_note: string }) => body.check_note, /^Its records were not there for 14 days/, /14 Tage lang/],
    [`/v1/domains/${domain}/keys`, firstTrouble, /^There is no record at a\.b/, /^Unter a\.b/],
    [`/v1/domains/${domain}/provider-domains`, firstTrouble, /^SparkPost has not seen/, /^SparkPost hat den/],
    [
      `/v1/domains/${domain}/dmarc`,
      (body: { safe_path: { blockers: { why: string }[] } }) => body.safe_path.blockers[0]?.why ?? '',
      /^No reports/,
      /^In den letzten/,
    ],
  ]);
  const preview = async (headers: Record<string, string>, more: object) =>
    (await desk.ask('POST', '/v1/senders/preview', { key: club.key, headers, body: { from: 'treasurer@gmail.com', ...more } })).body;
  assert.match((await preview({}, {})).why, /is a mailbox at gmail\.com/);
  assert.match((await preview(GERMAN, {})).why, /ist ein Postfach bei gmail\.com/);
  assert.match((await preview({}, { lang: 'de' })).better, /^Melden Sie die Adresse/);
  assert.match((await preview({}, { from: `a@${club.domain}`, lang: 'de' })).why, /gehört zur Domain/);
});

test('The stored decision of a message, and one that is only asked for, are said in the reader’s language beside their English words', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  const body = { from: `a@${club.domain}`, to: 'member@mailbox.test', subject: 'Regatta', text: 'We start at nine.' };
  const { body: taken } = await desk.ask('POST', '/v1/messages', { key: club.key, body });
  const stored = (answer: { recipients: { decision: { heldSays: string } }[] }) => answer.recipients[0]?.decision.heldSays ?? '';
  await saysInBoth(desk, [[`/v1/messages/${taken.id}`, stored, /^No provider account/, /^Für diese Post ist kein Anbieterkonto/]]);
  const { body: seen } = await desk.ask('GET', `/v1/messages/${taken.id}?lang=de`, { key: club.key });
  assert.match(stored(seen), /^Für diese Post/);
  assert.match(seen.recipients[0].decision.heldBecause, /^No provider account/);
  const question = { tenant_id: club.id, from: body.from, to: body.to };
  const asked = await desk.ask('POST', '/v1/route/explain', { headers: GERMAN, body: question });
  assert.match(asked.body.heldSays, /^Für diese Post/);
  assert.match(
    (await desk.ask('POST', '/v1/route/explain', { headers: GERMAN, body: { ...question, lang: 'en' } })).body.heldSays,
    /^No provider/,
  );
});
