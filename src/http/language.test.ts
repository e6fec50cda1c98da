// This file checks that sentences come in the language somebody asks for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { httpDesk } from '../../test/support/http-desk.ts';

test('Sentences come in the language that is named, else in the one that is accepted, else in English', async (t) => {
  const desk = await httpDesk(t);
  const german = { 'accept-language': 'de-CH, en;q=0.5' };
  const rows: readonly (readonly [string, (body: never) => string, RegExp, RegExp])[] = [
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
  ];
  for (const [url, text, english, other] of rows) {
    // Each row reads its own answer.
    const said = async (query: string, headers: Record<string, string>) =>
      text((await desk.ask('GET', `${url}${query}`, { headers })).body as never);
    assert.match(await said('', {}), english, url);
    assert.match(await said('', german), other, url);
    assert.match(await said('?lang=de', {}), other, url);
    assert.match(await said('?lang=en', german), english, url);
  }
  assert.equal((await desk.ask('GET', '/v1/incidents?lang=tlh')).status, 422);
  assert.equal((await desk.ask('GET', '/v1/incidents?lang=de')).status, 200);
});
