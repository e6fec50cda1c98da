import assert from 'node:assert/strict';
import { test } from 'node:test';
import { httpDesk } from '../../test/support/http-desk.ts';

test('A platform makes a tenant, its key hands a message in, and everything about it can be read', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Rowing Club');
  const sent = await desk.ask('POST', '/v1/messages', {
    key: club.key,
    body: {
      from: { email: `news@${club.domain}`, name: 'Rowing Club' },
      to: 'member@mailbox.test',
      subject: 'Regatta',
      text: 'On Sunday.',
    },
  });
  assert.equal(sent.status, 202, JSON.stringify(sent.body));
  assert.equal(sent.body.recipients[0].address, 'member@mailbox.test');
  const shown = await desk.ask('GET', `/v1/messages/${sent.body.id}`, { key: club.key });
  assert.equal(shown.status, 200, JSON.stringify(shown.body));
  console.log(JSON.stringify(shown.body, null, 1));
  for (const url of [
    '/v1/messages',
    '/v1/messages?address=member@mailbox.test',
    '/v1/messages?subject=egat',
    '/v1/messages?state=held',
    `/v1/messages?id=${sent.body.id}`,
    '/v1/recipients',
    '/v1/recipients?state=held',
    '/v1/recipients?address=member@mailbox.test',
    '/v1/events',
    '/v1/overview',
    '/v1/ledger',
    '/v1/limits',
    '/v1/audit',
    '/v1/credentials',
    '/v1/domains',
    '/v1/suppressions',
    '/v1/webhook-endpoints',
  ]) {
    for (const key of [club.key, desk.operatorKey]) {
      const list = await desk.ask('GET', url, { key });
      console.log(url, list.status, JSON.stringify(list.body).slice(0, 300));
    }
  }
  for (const url of [
    '/openapi.json',
    '/docs',
    '/health',
    '/',
    '/errors/NOT_FOUND',
    '/metrics',
    `/v1/messages/${sent.body.id}/source`,
    `/v1/messages/${sent.body.id}/preview`,
  ]) {
    const list = await desk.ask('GET', url, { headers: { accept: 'text/html' } });
    console.log(url, list.status, JSON.stringify(list.body).slice(0, 300));
  }
});
