import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hostAndClient, letter, only } from '../../../test/fakes/smtp-client.ts';
import { ALL_EXTENSIONS, type HostStage } from '../../../test/fakes/smtp-host.ts';
import type { HandOver } from '../../delivery/provider.ts';

const LOCK_STEP = ALL_EXTENSIONS.filter((extension) => extension !== 'PIPELINING');
const MODES = [
  ['pipelined', ALL_EXTENSIONS],
  ['in lock step', LOCK_STEP],
] as const;

const A = 'a@mailbox.example';
const B = 'b@mailbox.example';
const C = 'c@mailbox.example';

/** Answers `reply` at `stage`, once, for the recipient or at the first opportunity. */
function once(stage: HostStage, reply: string) {
  let done = false;
  return (at: HostStage) => {
    if (at !== stage || done) return undefined;
    done = true;
    return reply;
  };
}

for (const [mode, extensions] of MODES) {
  describe(`a session ${mode}`, () => {
    const table: readonly (readonly [stage: HostStage, reply: string, kind: string, sessions: number, because: string])[] = [
      ['mail', '550 5.7.1 Sender rejected', 'refused', 1, 'the session goes on'],
      ['mail', '451 4.3.0 later', 'deferred', 1, 'the session goes on'],
      ['mail', '530 5.7.0 log in', 'not_sent', 1, 'the session goes on'],
      ['mail', '421 4.3.2 closing', 'deferred', 2, '421 ends the session'],
      ['mail', '350 what', 'not_sent', 2, 'nonsense ends the session'],
      ['rcpt', '550 5.1.1 User unknown', 'refused', 1, 'the session goes on'],
      ['rcpt', '550-5.1.1 The account\r\n550 5.1.1 does not exist', 'refused', 1, 'several lines'],
      ['rcpt', '450 4.2.0 Greylisted', 'deferred', 1, 'the session goes on'],
      ['rcpt', '421 4.3.2 closing', 'deferred', 2, '421 ends the session'],
      ['rcpt', '350 what', 'not_sent', 2, 'nonsense ends the session'],
      ['data', '554 5.7.1 no', 'refused', 1, 'the session goes on'],
      ['data', '451 4.3.0 later', 'deferred', 1, 'the session goes on'],
      ['data', '250 what', 'not_sent', 2, 'nonsense ends the session'],
      ['dot', '554 5.7.1 spam', 'refused', 1, 'the session goes on'],
      ['dot', '451 4.3.0 later', 'deferred', 1, 'the session goes on'],
      ['dot', '421 4.3.2 closing', 'deferred', 2, 'the reply proves that it was not accepted'],
      ['dot', '354 what', 'unknown', 2, 'nonsense after the whole message'],
    ];
    for (const [stage, reply, kind, sessions, because] of table) {
      it(`answers ${reply.split('\r\n')[0]} to ${stage.toUpperCase()} with ${kind}: ${because}`, async () => {
        await using world = await hostAndClient({ host: { extensions, answer: once(stage, reply) } });
        const first = await world.client.send(letter(A));
        assert.equal(only(first).kind, kind, JSON.stringify(first));
        assert.equal(only(first).reply.includes(reply.slice(4, 10)), true, 'the words are kept');
        // A session that never finished anything makes the client pause; past the pause it tries again.
        world.skip(60_000);
        const second = await world.client.send(letter(B));
        assert.equal(only(second).kind, 'handed_over');
        assert.equal(world.host.sessions, sessions);
        assert.deepEqual(world.host.accepted.map((mail) => mail.rcptTo).at(-1), [B]);
      });
    }

    it('gives what the server offers with the commands, and the provider id back', async () => {
      await using world = await hostAndClient({ host: { extensions } });
      const handOver = letter('jörg+x@mailbox.example', { eightBit: true, smtpUtf8: true, messageId: 'message=1' });
      const outcome = only(await world.client.send(handOver));
      const [mail] = world.host.accepted;
      assert.ok(mail !== undefined && outcome.kind === 'handed_over');
      assert.equal(outcome.providerMessageId, mail.queueId);
      assert.equal(mail.mailLine, 'MAIL FROM:<b-token@return.example> SIZE=22 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=message+3D1');
      assert.deepEqual(mail.rcptLines, [
        'RCPT TO:<jörg+x@mailbox.example> NOTIFY=FAILURE,DELAY ORCPT=utf-8;j\\x{F6}rg\\x{2B}x@mailbox.example',
      ]);
    });

    it('carries large messages with dots whole, one after the other', async () => {
      await using world = await hostAndClient({ host: { extensions } });
      const mimes = [200_000, 900_000, 70_000].map((size) => Buffer.from(`Subject: x\r\n\r\n${'.dot and more\r\n'.repeat(size / 15)}`));
      const results = await Promise.all(mimes.map((mime) => world.client.send(letter(A, { mime }))));
      assert.deepEqual(
        results.map((result) => only(result).kind),
        ['handed_over', 'handed_over', 'handed_over'],
      );
      assert.deepEqual(
        world.host.accepted.map((mail) => mail.mime.equals(mimes[world.host.accepted.indexOf(mail)] ?? Buffer.alloc(0))),
        [true, true, true],
      );
      assert.equal(world.host.sessions, 1);
    });

    it('says goodbye after as many messages as the settings allow, and goes on with a new session', async () => {
      await using world = await hostAndClient({ host: { extensions }, settings: { messages_per_connection: 2 } });
      const results = await Promise.all([1, 2, 3, 4, 5].map((n) => world.client.send(letter(`m${n}@mailbox.example`))));
      assert.deepEqual(new Set(results.map((result) => only(result).kind)), new Set(['handed_over']));
      assert.deepEqual(
        world.host.accepted.map((mail) => mail.session),
        [1, 1, 2, 2, 3],
      );
      assert.equal(world.host.heard.filter(({ line }) => line === 'QUIT').length, 2);
    });
  });
}

describe('what a plain server cannot take', () => {
  const table: readonly (readonly [change: Partial<HandOver>, reason: string, extensions: readonly string[]])[] = [
    [{ smtpUtf8: true }, 'protocol', ['PIPELINING', '8BITMIME']],
    [
      { recipients: [{ id: 'r', address: 'jörg@mailbox.example', returnPath: 'b@return.example' }] },
      'protocol',
      ['PIPELINING', '8BITMIME'],
    ],
    [{ eightBit: true, mime: Buffer.from('Subject: x\r\n\r\nä\r\n') }, 'content', ['PIPELINING', 'SMTPUTF8']],
    [{ mime: Buffer.alloc(1001, 0x61) }, 'message-too-large', ['PIPELINING', 'SIZE 1000']],
    [{ mime: Buffer.from('Subject: x\r\n\r\na\n.\r\n') }, 'content', ALL_EXTENSIONS],
  ];
  for (const [change, reason, extensions] of table) {
    it(`is refused as ${reason} before the wire (${Object.keys(change).join(', ')}), and the next one goes`, async () => {
      await using world = await hostAndClient({ host: { extensions } });
      const [refused, next] = await Promise.all([world.client.send(letter(A, change)), world.client.send(letter(B))]);
      const outcome = only(refused);
      assert.ok(outcome.kind === 'refused' && outcome.class === reason && !outcome.suppress, JSON.stringify(outcome));
      assert.equal(only(next).kind, 'handed_over');
      assert.equal(world.host.heard.filter(({ line }) => line.startsWith('MAIL')).length, 1);
    });
  }

  it('speaks HELO to a server that knows no EHLO', async () => {
    await using world = await hostAndClient({ host: { answer: (stage) => (stage === 'ehlo' ? '502 5.5.1 not implemented' : undefined) } });
    assert.equal(only(await world.client.send(letter(A))).kind, 'handed_over');
    assert.equal(world.host.accepted[0]?.mailLine, 'MAIL FROM:<b-token@return.example>');
  });

  it('sends several recipients of one hand-over in a transaction each', async () => {
    await using world = await hostAndClient({
      host: { answer: (stage, { line }) => (stage === 'rcpt' && line.includes(B) ? '550 5.1.1 unknown' : undefined) },
    });
    const recipients = [A, B, C].map((address) => ({
      id: address,
      address,
      returnPath: `b-${address.replace('@', '=')}@return.example`,
    }));
    const result = await world.client.send(letter(A, { recipients }));
    assert.deepEqual(
      result.outcomes.map((outcome) => outcome.kind),
      ['handed_over', 'refused', 'handed_over'],
    );
    assert.deepEqual(
      world.host.accepted.map((mail) => mail.rcptTo),
      [[A], [C]],
    );
    assert.deepEqual(
      world.host.accepted.map((mail) => mail.mailFrom),
      recipients.filter(({ address }) => address !== B).map(({ returnPath }) => returnPath),
    );
  });
});
