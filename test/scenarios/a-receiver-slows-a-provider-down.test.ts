// This file lets a receiver put off, by its own pace, what a provider took already: the provider reports it by webhook. Bulk mail of that route for that
// receiver pauses and goes on by itself, transactional mail and other receivers notice nothing, operators have an incident, and nobody is held.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import pg from 'pg';
import { openDesk } from '../support/desk.ts';
import { until } from '../support/until.ts';

const MEMBERS = 24;

it('pauses its bulk lane, and nothing else', { timeout: 600_000 }, async () => {
  const desk = await openDesk({ after });
  const database = new pg.Client({ connectionString: desk.databaseUrl });
  await database.connect();
  const { from, api_key: key } = desk.bootstrap.demo_tenant;
  const { body } = await desk.api('GET', '/v1/provider-accounts');
  const sparkpost = body.data.find((each: { provider: string }) => each.provider === 'sparkpost').id;
  await desk.route([sparkpost]);
  const messages = Array.from({ length: MEMBERS }, (_, n) => ({
    from,
    to: `throttled+m${n}@gmail.mailbox.test`,
    subject: 'Regatta',
    text: 'x',
    stream: 'bulk',
  }));
  assert.equal((await desk.api('POST', '/v1/messages/batch', { messages }, key)).body.accepted, MEMBERS);

  const lane = async (stream: string) => {
    const { rows } = await database.query(
      `select blocked_until > now() as blocked, blocked_until as until, blocked_reason from lanes where mailbox_provider = 'google' and stream = $1`,
      [stream],
    );
    return rows[0];
  };
  const blocked = await until(async () => ((await lane('bulk'))?.blocked ? lane('bulk') : null), { what: 'the bulk lane to pause' });
  assert.match(blocked.blocked_reason, /too many messages/);

  const hand = (to: string, stream: string) => desk.hand({ from, to, subject: 'Later', text: 'x', stream });
  const waits = await hand('member+later@gmail.mailbox.test', 'bulk');
  const elsewhere = await hand('member+later@outlook.mailbox.test', 'bulk');
  const urgent = await hand('member+password@gmail.mailbox.test', 'transactional');
  await desk.settled(elsewhere.id, ['delivered']);
  await desk.settled(urgent.id, ['delivered']);
  assert.notEqual((await lane('transactional'))?.blocked, true);

  const incident = await until(async () => (await desk.api('GET', '/v1/incidents?kind=capacity')).body.data[0], { what: 'an incident' });
  assert.equal(incident.state, 'open');
  assert.deepEqual([incident.subject.account.id, incident.subject.mailbox_provider], [sparkpost, 'google']);
  assert.match(incident.evidence[0].reply, /too many messages/);
  assert.deepEqual((await desk.api('GET', '/v1/suppressions')).body.data, [], 'nobody is held for our pace');

  // Half a minute later everything goes on by itself, and not before.
  await desk.settled(waits.id, ['delivered']);
  const [recipient] = (await desk.api('GET', `/v1/messages/${waits.id}`)).body.recipients;
  assert.ok(
    Date.parse(recipient.attempts[0].started_at) >= blocked.until.getTime() - 1,
    JSON.stringify([recipient.attempts, blocked.until]),
  );
  await database.end();
  await desk.quiet();
});
