// This file asks every list for a word that it does not know: an empty answer would look like the truth, so each is refused and told which words there are.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { httpDesk } from '../../test/support/http-desk.ts';

/** Parameters that narrow an answer by a word of a closed list, wherever they stand. */
const CLOSED = ['class', 'fault', 'kind', 'state', 'type', 'stream', 'outcome', 'verdict', 'mailbox_provider', 'by', 'waits_for', 'lang'];
/** Holds may be made for any reason, so a list of them can be asked for any. */
const OPEN: readonly string[] = ['/v1/suppressions class'];
const ID = '00000000-0000-7000-8000-000000000001';

interface Operation {
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly schema?: { readonly enum?: readonly unknown[] } }[];
}

test('A word that no row of a list can have is refused, and the answer names those that there are', async (t) => {
  const desk = await httpDesk(t);
  const { body: api } = await desk.ask('GET', '/openapi.json', { key: null });
  const asked: string[] = [];
  const wrong: string[] = [];
  for (const [path, methods] of Object.entries(api.paths as Record<string, { get?: Operation }>)) {
    for (const parameter of methods.get?.parameters ?? []) {
      const { name, schema } = parameter;
      const place = `${path} ${name}`;
      if (parameter.in !== 'query' || OPEN.includes(place) || !(schema?.enum || CLOSED.includes(name))) continue;
      asked.push(place);
      const { status, body } = await desk.ask('GET', `${path.replace(/\{[^}]+\}/g, ID)}?${name}=rain`);
      const told = `${status} ${body.code} ${String(body.field).replace(/\[0\]$/, '')}`;
      const names = schema?.enum
        ? String(body.detail).includes(String(schema.enum[0]))
        : /; there are |write one of: |transactional/.test(body.detail);
      if (!/^422 (REQUEST_INVALID|STREAM_INVALID) /.test(told) || !told.endsWith(` ${name}`) || !names)
        wrong.push(`${place}: ${told}: ${body.detail}`);
    }
  }
  assert.deepEqual(wrong, []);
  for (const place of [
    '/v1/bounces class',
    '/v1/complaints mailbox_provider',
    '/v1/inbound-mails class',
    '/v1/incidents kind',
    '/v1/statistics fault',
  ])
    assert.ok(asked.includes(place), `${place} was not asked`);
  const { body: refused } = await desk.ask('GET', '/v1/bounces?class=rain');
  assert.equal(refused.detail.startsWith('class: there is no class "rain"; there are invalid-recipient, '), true, refused.detail);
});
