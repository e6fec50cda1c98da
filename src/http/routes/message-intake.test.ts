import assert from 'node:assert/strict';
import { test } from 'node:test';
import { httpDesk, standingClock } from '../../../test/support/http-desk.ts';
import type { ErrorCode } from '../../errors.ts';

test('A message is accepted with one recipient row for every address, blind copies among them', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  const sent = await desk.ask('POST', '/v1/messages', {
    key: club.key,
    body: {
      from: `Rowing Club <news@${club.domain}>`,
      to: ['a@mailbox.test', { email: 'b@mailbox.test', name: 'Berta' }],
      cc: 'c@mailbox.test',
      bcc: ['d@mailbox.test', 'a@mailbox.test'],
      reply_to: 'office@mailbox.test',
      subject: 'Grüße',
      text: 'Hello',
      html: '<p>Hello</p>',
      headers: { 'X-Campaign': 'spring' },
      attachments: [{ filename: 'a.txt', content_type: 'text/plain', content: Buffer.from('attached').toString('base64') }],
      stream: 'bulk',
      tags: ['spring'],
      metadata: { member: 17 },
    },
  });
  assert.equal(sent.status, 202, JSON.stringify(sent.body));
  assert.deepEqual(
    sent.body.recipients.map((recipient: { address: string }) => recipient.address),
    ['a@mailbox.test', 'b@mailbox.test', 'c@mailbox.test', 'd@mailbox.test'],
  );
  const { body: shown } = await desk.ask('GET', `/v1/messages/${sent.body.id}`, { key: club.key });
  assert.equal(shown.stream, 'bulk');
  assert.deepEqual(shown.tags, ['spring']);
  assert.deepEqual(shown.metadata, { member: '17' });
  assert.equal(shown.subject, 'Grüße');
  assert.equal(shown.mail_from, `news@${club.domain}`);
  const { body: source } = await desk.ask('GET', `/v1/messages/${sent.body.id}/source`, { key: club.key });
  assert.match(source, /^Cc: c@mailbox\.test\r$/m);
  assert.ok(!source.includes('d@mailbox.test'), 'blind recipients stand in no header');
  assert.match(source, /^X-Campaign: spring\r$/m);
});

test('Whose key handed a message in is said, and a key of the platform stays the platform’s own business', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  const body = { from: `office@${club.domain}`, to: 'a@mailbox.test', subject: 'Hello', text: 'Hello' };
  const byClub = await desk.ask('POST', '/v1/messages', { key: club.key, body });
  const byOperator = await desk.ask('POST', '/v1/messages', { body: { ...body, tenant_id: club.id } });
  const credentialOf = async (id: string, key?: string) =>
    (await desk.ask('GET', `/v1/messages/${id}`, key === undefined ? {} : { key })).body.credential_id;
  const own = await credentialOf(byClub.body.id, club.key);
  assert.equal((await desk.ask('GET', `/v1/credentials/${own}`, { key: club.key })).status, 200);
  assert.equal(await credentialOf(byOperator.body.id, club.key), null);
  assert.match(await credentialOf(byOperator.body.id), /^[0-9a-f-]{36}$/, 'an operator sees it');
});

test('A raw message goes as it is, to whom the caller names', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  const raw = `From: <news@${club.domain}>\r\nTo: everybody@elsewhere.example\r\nSubject: Raw\r\n\r\nAs it is.\r\n`;
  const body = { raw: Buffer.from(raw).toString('base64'), recipients: ['a@mailbox.test', { email: 'b@mailbox.test' }] };
  const sent = await desk.ask('POST', '/v1/messages', { key: club.key, body });
  assert.equal(sent.status, 202, JSON.stringify(sent.body));
  assert.equal(sent.body.recipients.length, 2);
  assert.equal((await desk.ask('GET', `/v1/messages/${sent.body.id}/source`, { key: club.key })).body, raw);
  const { body: shown } = await desk.ask('GET', `/v1/messages/${sent.body.id}`, { key: club.key });
  assert.equal(shown.mail_from, `news@${club.domain}`);
  const named = await desk.ask('POST', '/v1/messages', { key: club.key, body: { ...body, mail_from: 'bounces@elsewhere.example' } });
  assert.equal((await desk.ask('GET', `/v1/messages/${named.body.id}`, { key: club.key })).body.mail_from, 'bounces@elsewhere.example');
});

test('Every wrong message is refused with the code and the field that say what to correct', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  const good = { from: `a@${club.domain}`, to: 'x@mailbox.test', text: 'hello' };
  const raw = Buffer.from(`From: a@${club.domain}\r\n\r\nx\r\n`).toString('base64');
  const rows: [unknown, ErrorCode, string | undefined][] = [
    [{ ...good, from: undefined }, 'MAIL_FROM_MISSING', 'from'],
    [{ ...good, from: 'nobody' }, 'MAIL_ADDRESS_INVALID', 'from'],
    [{ ...good, from: 17 }, 'MAIL_ADDRESS_INVALID', 'from'],
    [{ ...good, from: 'a@bank.example' }, 'SENDER_NOT_ALLOWED', 'from'],
    [{ ...good, to: undefined }, 'MAIL_RECIPIENTS_MISSING', 'to'],
    [{ ...good, to: [] }, 'MAIL_RECIPIENTS_MISSING', 'to'],
    [{ ...good, to: ['x@mailbox.test', 'bad address'] }, 'MAIL_ADDRESS_INVALID', 'to[1]'],
    [{ ...good, cc: [{ email: 'bad@' }] }, 'MAIL_ADDRESS_INVALID', 'cc[0]'],
    [{ ...good, to: Array.from({ length: 10_000 }, (_, i) => `m${i}@mailbox.test`) }, 'MAIL_RECIPIENTS_TOO_MANY', 'to'],
    [{ ...good, text: undefined }, 'MAIL_EMPTY', undefined],
    [{ ...good, subject: 'a\r\nBcc: x@evil.example' }, 'MAIL_HEADER_LINE_BREAK', 'subject'],
    [{ ...good, headers: { 'X-A': 'a\nb' } }, 'MAIL_HEADER_LINE_BREAK', 'headers.X-A'],
    [{ ...good, stream: 'marketing' }, 'STREAM_INVALID', 'stream'],
    [{ ...good, tags: ['two words'] }, 'METADATA_INVALID', 'tags'],
    [{ ...good, metadata: { a: { b: 1 } } }, 'METADATA_INVALID', undefined],
    [{ ...good, metadata: { a: 'half a letter \ud83d' } }, 'METADATA_INVALID', 'metadata'],
    [{ ...good, metadata: { a: '\0' } }, 'METADATA_INVALID', 'metadata'],
    [{ ...good, send_at: 'tomorrow' }, 'SEND_AT_INVALID', 'send_at'],
    [{ ...good, send_at: '2026-02-30T08:00:00Z' }, 'SEND_AT_INVALID', 'send_at'],
    [{ ...good, send_at: '2099-01-01T00:00:00Z' }, 'SEND_AT_INVALID', 'send_at'],
    [{ ...good, attachments: [{ filename: 'a', content_type: 'text/plain', content: '!!' }] }, 'MAIL_ATTACHMENT_INVALID', 'attachments[0]'],
    [{ ...good, form: 'x' }, 'REQUEST_INVALID', 'form'],
    [{ ...good, recipients: ['x@mailbox.test'] }, 'REQUEST_INVALID', 'recipients'],
    [{ ...good, raw, recipients: ['x@mailbox.test'] }, 'REQUEST_INVALID', 'from'],
    [{ raw }, 'MAIL_RECIPIENTS_MISSING', 'recipients'],
    [{ raw: '', recipients: ['x@mailbox.test'] }, 'REQUEST_INVALID', 'raw'],
    [{ raw: '%%%', recipients: ['x@mailbox.test'] }, 'REQUEST_INVALID', 'raw'],
    [{ raw: Buffer.from('Subject: x\r\n\r\nx\r\n').toString('base64'), recipients: ['x@mailbox.test'] }, 'MAIL_FROM_MISSING', undefined],
    [{ ...good, idempotency_key: 'with blanks' }, 'REQUEST_INVALID', 'idempotency_key'],
  ];
  for (const [body, code, field] of rows) {
    const answer = await desk.ask('POST', '/v1/messages', { key: club.key, body });
    const what = JSON.stringify(body).slice(0, 120);
    assert.equal(answer.body.code, code, `${what} → ${JSON.stringify(answer.body)}`);
    if (field !== undefined) assert.equal(answer.body.field, field, what);
  }
  const { body: ledger } = await desk.ask('GET', '/v1/ledger', { key: club.key });
  assert.equal(ledger.injected, 0, 'nothing of it was taken in');
});

test('Several addresses in one text are told from a mistyped one', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  for (const to of ['x@mailbox.test, y@mailbox.test', 'Crew: x@mailbox.test, y@mailbox.test;', 'X <x@mailbox.test>, Y <y@mailbox.test>']) {
    const { body } = await desk.ask('POST', '/v1/messages', { key: club.key, body: { from: `a@${club.domain}`, to, text: 'hello' } });
    assert.equal(body.code, 'MAIL_ADDRESS_INVALID', to);
    assert.match(body.detail, /names 2 addresses\.$/, to);
    assert.match(body.hint, /list/, to);
  }
});

test('The same Idempotency-Key gives the first answer, whatever the order of the fields, and refuses another message', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  const ask = (body: unknown, key = 'order-17') =>
    desk.ask('POST', '/v1/messages', { key: club.key, body, headers: { 'idempotency-key': key } });
  const first = await ask({ from: `a@${club.domain}`, to: 'x@mailbox.test', text: 'hello' });
  const again = await ask({ text: 'hello', to: 'x@mailbox.test', from: `a@${club.domain}` });
  assert.equal(again.status, 202);
  assert.deepEqual(again.body, first.body);
  assert.equal(again.headers['idempotency-replayed'], 'true');
  const other = await ask({ from: `a@${club.domain}`, to: 'x@mailbox.test', text: 'other' });
  assert.equal(other.status, 409);
  assert.equal(other.body.code, 'IDEMPOTENCY_KEY_REUSED');
  const together = await Promise.all(
    Array.from({ length: 10 }, () => ask({ from: `a@${club.domain}`, to: 'y@mailbox.test', text: 'x' }, 'race')),
  );
  assert.deepEqual(new Set(together.map((answer) => answer.body.id)).size, 1);
  assert.equal((await desk.ask('GET', '/v1/ledger', { key: club.key })).body.injected, 2);
});

test('The first answer is repeated as it was, whatever became of the recipients since', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  const hold = { key: club.key, body: { address: 'gone@mailbox.test' } };
  assert.equal((await desk.ask('POST', '/v1/suppressions', hold)).status, 201);
  const to = ['x@mailbox.test', 'Gone@mailbox.test'];
  const later = { send_at: new Date(Date.now() + 3_600_000).toISOString() };
  for (const [key, extra, states] of [
    ['now', {}, ['held', 'suppressed']],
    ['later', later, ['held', 'suppressed']],
    ['free', { to: 'x@mailbox.test' }, ['held']],
  ] as const) {
    const body = { from: `a@${club.domain}`, to, text: 'hello', ...extra };
    const ask = () => desk.ask('POST', '/v1/messages', { key: club.key, body, headers: { 'idempotency-key': key } });
    const first = await ask();
    assert.deepEqual(
      first.body.recipients.map(({ state }: { state: string }) => state),
      states,
      key,
    );
    await desk.ask('POST', `/v1/messages/${first.body.id}/cancel`, { key: club.key });
    await desk.pool.query("update recipients set state = 'delivered', state_at = now() where message_id = $1", [first.body.id]);
    assert.deepEqual((await ask()).body, first.body, key);
  }
});

test('A batch answers with a verdict for each message, and one wrong message refuses no other', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  const good = (n: number) => ({ from: `a@${club.domain}`, to: `m${n}@mailbox.test`, text: 'hello' });
  const messages = [
    good(0),
    { ...good(1), from: 'a@bank.example' },
    { nonsense: true },
    17,
    good(4),
    { ...good(5), idempotency_key: 'own' },
  ];
  const ask = () =>
    desk.ask('POST', '/v1/messages/batch', { key: club.key, body: { messages }, headers: { 'idempotency-key': 'batch-1' } });
  const answer = await ask();
  assert.equal(answer.status, 202, JSON.stringify(answer.body));
  assert.equal(answer.body.accepted, 3);
  assert.equal(answer.body.refused, 3);
  assert.deepEqual(
    answer.body.data.map(({ index, status, error }: { index: number; status: string; error?: { code: string } }) => [
      index,
      status,
      error?.code,
    ]),
    [
      [0, 'accepted', undefined],
      [1, 'refused', 'SENDER_NOT_ALLOWED'],
      [2, 'refused', 'REQUEST_INVALID'],
      [3, 'refused', 'REQUEST_INVALID'],
      [4, 'accepted', undefined],
      [5, 'accepted', undefined],
    ],
  );
  const again = await ask();
  assert.deepEqual(again.body, answer.body, 'the same batch again gives the same messages');
  assert.equal((await desk.ask('GET', '/v1/ledger', { key: club.key })).body.injected, 3);
  const tooMany = await desk.ask('POST', '/v1/messages/batch', { key: club.key, body: { messages: Array(1001).fill(good(1)) } });
  assert.equal(tooMany.body.code, 'LIMIT_EXCEEDED');
});

test('A batch of a thousand is taken in whole', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  const messages = Array.from({ length: 1000 }, (_, n) => ({ from: `a@${club.domain}`, to: `m${n}@mailbox.test`, text: `hello ${n}` }));
  const answer = await desk.ask('POST', '/v1/messages/batch', { key: club.key, body: { messages } });
  assert.equal(answer.body.accepted, 1000);
  const { body: ledger } = await desk.ask('GET', '/v1/ledger', { key: club.key });
  assert.deepEqual([ledger.injected, ledger.difference], [1000, 0]);
});

test('A key with a rate is slowed down, in a batch message by message, and told when there is room', async (t) => {
  const desk = await httpDesk(t, { clock: standingClock });
  const club = await desk.tenant('Club');
  const { body: slow } = await desk.ask('POST', `/v1/tenants/${club.id}/credentials`, { body: { kind: 'api_key', rate_per_minute: 5 } });
  const message = { from: `a@${club.domain}`, to: 'x@mailbox.test', text: 'hello' };
  const batch = await desk.ask('POST', '/v1/messages/batch', { key: slow.api_key, body: { messages: Array(8).fill(message) } });
  assert.equal(batch.body.accepted, 5);
  assert.equal(batch.headers['ratelimit-remaining'], '0', 'what the batch left, not what its first message left');
  assert.equal(batch.body.data[5].error.code, 'RATE_LIMITED');
  const refused = await desk.ask('POST', '/v1/messages', { key: slow.api_key, body: message });
  assert.equal(refused.status, 429);
  assert.equal(refused.headers['ratelimit-limit'], '5');
  assert.equal(refused.headers['ratelimit-remaining'], '0');
  assert.ok(Number(refused.headers['ratelimit-reset']) >= 1);
  assert.ok(Number(refused.headers['retry-after']) >= 1);
});

test('An operator hands in for an organisation it names, unless that is paused', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  const message = { from: `a@${club.domain}`, to: 'x@mailbox.test', text: 'hello' };
  assert.equal((await desk.ask('POST', '/v1/messages', { body: message })).body.field, 'tenant_id');
  assert.equal((await desk.ask('POST', '/v1/messages', { body: { ...message, tenant_id: club.id } })).status, 202);
  assert.equal((await desk.ask('POST', `/v1/messages?tenant_id=${club.id}`, { body: message })).status, 202);
  assert.equal((await desk.ask('POST', '/v1/messages?tenant_id=00000000-0000-7000-8000-000000000000', { body: message })).status, 404);
  await desk.ask('PATCH', `/v1/tenants/${club.id}`, { body: { state: 'suspended' } });
  assert.equal((await desk.ask('POST', '/v1/messages', { body: { ...message, tenant_id: club.id } })).body.code, 'TENANT_SUSPENDED');
  assert.equal((await desk.ask('POST', '/v1/messages', { key: club.key, body: message })).body.code, 'TENANT_SUSPENDED');
});
