// This file checks GET and POST /v1/self-checks: for the platform's people alone, in their language, and under "needs a person" until it is mended.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { httpDesk } from '../../../test/support/http-desk.ts';
import type { SelfChecks } from '../../flows/check-ourselves.ts';
import { selfCheck } from '../../flows/self-checks/finding.ts';
import { writeSetting } from '../../store/settings.ts';

const SINCE = '2026-11-20T00:00:00.000Z';
const RESULT: SelfChecks = {
  checked_at: '2026-11-22T00:00:00.000Z',
  checks: [
    { ...selfCheck('problem', 'ptr-missing', '192.0.2.25', { wanted: 'desk.platform.example' }), since: SINCE },
    { ...selfCheck('ok', 'clock-ok', 'clock'), since: SINCE },
  ],
};

test('what was seen is told in the language of the reader, and a problem waits for a person', async (t) => {
  const desk = await httpDesk(t, { checkOurselves: async () => RESULT });
  const before = await desk.ask('GET', '/v1/self-checks');
  assert.deepEqual(before.body, { checked_at: null, data: [] });
  await writeSetting(desk.pool, 'self_checks', RESULT);
  const { body } = await desk.ask('GET', '/v1/self-checks?lang=de');
  assert.equal(body.checked_at, RESULT.checked_at);
  assert.deepEqual(body.data[0], {
    code: 'ptr-missing',
    state: 'problem',
    subject: '192.0.2.25',
    says: '192.0.2.25 hat keinen Namen im Reverse-DNS (PTR); große Empfänger weisen seine Post ab.',
    next: 'Lassen Sie das Reverse-DNS beim Hoster auf desk.platform.example setzen.',
    since: SINCE,
  });
  assert.equal(body.data[1].next, null);
  const overview = await desk.ask('GET', '/v1/overview');
  const need = overview.body.needs_person.find(({ kind }: { kind: string }) => kind === 'self-check');
  assert.deepEqual(need, {
    kind: 'self-check',
    title: '192.0.2.25 has no name in reverse DNS (PTR); large receivers refuse its mail.',
    text: 'Have your hosting company set its reverse DNS to desk.platform.example.',
    href: '/outside',
    since: SINCE,
  });
  assert.equal((await desk.ask('POST', '/v1/self-checks')).body.data.length, 2);
  const { key } = await desk.tenant('Club');
  for (const method of ['GET', 'POST']) assert.equal((await desk.ask(method, '/v1/self-checks', { key })).status, 403);
  const theirs = await desk.ask('GET', '/v1/overview', { key });
  assert.ok(!theirs.body.needs_person.some(({ kind }: { kind: string }) => kind === 'self-check'), 'organisations do not see the platform');
});
