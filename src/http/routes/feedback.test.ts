// This file checks what the desk tells about answers over HTTP: the explanation of one, and the words for every class.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { httpDesk } from '../../../test/support/http-desk.ts';
import { CLASS_FAULT } from '../../feedback/vocabulary.ts';

test('An answer is explained in plain words, in the language asked for, to whoever is signed in', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  const { status, body } = await desk.ask('POST', '/v1/explain/bounce', {
    key: club.key,
    body: { reply: '554 5.7.1 Client host [192.0.2.1] blocked using zen.spamhaus.org', lang: 'de' },
  });
  assert.equal(status, 200);
  assert.deepEqual(
    [body.code, body.enhanced, body.class, body.fault, body.bounce_type, body.hard, body.suppress],
    ['554', '5.7.1', 'ip-reputation', 'sender-reputation', 'block', false, false],
  );
  assert.match(body.words.volunteer, /Die Adresse ist in Ordnung/);
  assert.ok(body.rule.length > 0);
  const atRcpt = await desk.ask('POST', '/v1/explain/bounce', { key: club.key, body: { reply: '550 user unknown', stage: 'rcpt' } });
  assert.deepEqual([atRcpt.body.class, atRcpt.body.suppress], ['invalid-recipient', true]);
  assert.match(atRcpt.body.words.next, /telephone/, 'English is the language when none is named');
  assert.equal((await desk.ask('POST', '/v1/explain/bounce', { key: club.key, body: { reply: '' } })).body.field, 'reply');
});

test('Every class stands in the list with its fault and words', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  for (const lang of ['en', 'de']) {
    const { body } = await desk.ask('GET', `/v1/feedback/classes?lang=${lang}`, { key: club.key });
    assert.deepEqual(
      Object.fromEntries(body.data.map((row: { class: string; fault: string | null }) => [row.class, row.fault])),
      CLASS_FAULT,
    );
    for (const row of body.data) assert.ok(row.volunteer && row.developer && row.next, row.class);
  }
  assert.equal((await desk.ask('GET', '/v1/feedback/classes?lang=tlh', { key: club.key })).status, 422);
});

const MOON = {
  id: 'moon',
  class: 'system',
  patterns: ['moon * (phase|quarter)'],
  codes: ['5.7.1'],
  sample: '550 5.7.1 The moon is in the wrong phase',
  note: 'One club is like that.',
};

test('Own rules are stored whole or not at all, decide at once, and can be tried without storing them', async (t) => {
  const desk = await httpDesk(t);
  const explain = async () =>
    (await desk.ask('POST', '/v1/explain/bounce', { body: { reply: '550 5.7.1 the moon shows its last quarter' } })).body;
  assert.deepEqual((await desk.ask('GET', '/v1/feedback/rules')).body, { rules: [], updated_at: null });
  const before = await explain();
  const tried = await desk.ask('POST', '/v1/feedback/rules/test', {
    body: { rules: [MOON], replies: ['550 5.7.1 the moon shows its last quarter', '550 5.1.1 user unknown'] },
  });
  assert.deepEqual(
    tried.body.data.map((row: { rule: string; was: { rule: string } }) => [row.rule, row.was.rule]),
    [
      ['own/moon', before.rule],
      ['user-unknown', 'user-unknown'],
    ],
  );
  assert.deepEqual(await explain(), before, 'nothing was stored');

  const put = await desk.ask('PUT', '/v1/feedback/rules', { body: { rules: [MOON] } });
  assert.equal(put.status, 200, JSON.stringify(put.body));
  assert.ok(put.body.updated_at);
  assert.equal((await explain()).rule, 'own/moon');
  assert.deepEqual((await desk.ask('GET', '/v1/feedback/rules')).body, put.body);

  const wrong = await desk.ask('PUT', '/v1/feedback/rules', {
    body: { rules: [MOON, { ...MOON, id: 'sun', sample: '550 nothing of it' }] },
  });
  assert.deepEqual([wrong.status, wrong.body.code, wrong.body.field], [422, 'FEEDBACK_RULE_INVALID', 'rules[1].sample']);
  assert.equal((await desk.ask('PUT', '/v1/feedback/rules', { body: { rules: [{ ...MOON, sample: undefined }] } })).status, 422);
  assert.equal((await explain()).rule, 'own/moon', 'what stood still stands');
  const audit = await desk.pool.query("select detail from audit_log where action = 'feedback-rules.put'");
  assert.deepEqual(audit.rows, [{ detail: { rules: ['moon'] } }]);
  await desk.ask('PUT', '/v1/feedback/rules', { body: { rules: [] } });
  assert.equal((await explain()).rule, before.rule);
});
