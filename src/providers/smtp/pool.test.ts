import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hostAndClient, letter, only, smtpClient, until } from '../../../test/fakes/smtp-client.ts';
import { type HostStage, startSmtpHost } from '../../../test/fakes/smtp-host.ts';
import { CLOSE_GRACE_MS } from './pool.ts';

const A = 'a@mailbox.example';
const FOREVER = new Promise<void>(() => {});
const LIMIT = { timeout: 120_000 };

function held() {
  let release = () => {};
  const hold = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { hold, release };
}

describe('sessions and slots', LIMIT, () => {
  it('opens as many sessions as the settings allow and no more, and loses nothing', async () => {
    await using world = await hostAndClient({ settings: { connections: 4 } });
    const { hold, release } = held();
    let waiting = 0;
    let most = 0;
    world.host.answer = (stage) => {
      most = Math.max(most, world.host.open);
      if (stage !== 'dot') return undefined;
      waiting += 1;
      return { hold };
    };
    assert.equal(world.client.slots, 12);
    const sends = Array.from({ length: 40 }, (_, n) => world.client.send(letter(`m${n}@mailbox.example`)));
    await until(() => waiting === 4);
    release();
    const results = await Promise.all(sends);
    assert.deepEqual(new Set(results.map((result) => only(result).kind)), new Set(['handed_over']));
    assert.equal(new Set(world.host.accepted.map((mail) => mail.rcptTo[0])).size, 40);
    assert.equal(world.host.accepted.length, 40);
    assert.equal(most, 4);
  });

  it('keeps one session for one hand-over after another', async () => {
    await using world = await hostAndClient({ settings: { connections: 10 } });
    for (let n = 0; n < 5; n += 1) assert.equal(only(await world.client.send(letter(A))).kind, 'handed_over');
    assert.equal(world.host.sessions, 1);
  });

  it('says goodbye to a session that was idle for its time, and opens another when it is needed', async () => {
    await using world = await hostAndClient({ settings: { timeouts: { idle_ms: 1000 } } });
    await world.client.send(letter(A));
    world.skip(1000);
    await until(() => world.host.open === 0);
    assert.equal(world.host.heard.at(-1)?.line, 'QUIT');
    assert.equal(only(await world.client.send(letter(A))).kind, 'handed_over');
  });

  for (const connections of [1, 2]) {
    it(`gives nothing to a session that is saying goodbye, with ${connections} in all`, async () => {
      await using world = await hostAndClient({ settings: { connections, timeouts: { idle_ms: 1000 } } });
      await world.client.send(letter(A));
      const { hold, release } = held();
      world.host.answer = (stage, { session }) => (stage === 'quit' && session === 1 ? { hold } : undefined);
      world.skip(1000);
      await until(() => world.host.heard.at(-1)?.line === 'QUIT');
      const sending = world.client.send(letter(A));
      if (connections > 1) assert.equal(only(await sending).kind, 'handed_over', 'while the other end is slow to close');
      release();
      assert.equal(only(await sending).kind, 'handed_over');
      assert.equal(world.host.sessions, 2);
    });
  }

  for (const goodbye of ['', '421 4.4.2 idle too long\r\n']) {
    it(`loses no message to an idle session that the server closed (${goodbye.trim() || 'without a word'})`, async () => {
      await using world = await hostAndClient();
      await world.client.send(letter(A));
      world.host.drop(goodbye);
      assert.equal(only(await world.client.send(letter(A))).kind, 'handed_over', 'even when the end was not seen yet');
      await until(() => world.host.open === 1);
      assert.equal(world.host.accepted.length, 2);
    });
  }

  it('keeps serving over the sessions it has when the server allows no more of them', async () => {
    const answer = (stage: HostStage, { session }: { session: number }) =>
      stage === 'connect' && session > 1 ? '421 4.7.0 Too many connections from your address' : undefined;
    await using world = await hostAndClient({ host: { answer }, settings: { connections: 5 } });
    await world.client.send(letter(A));
    const results = await Promise.all(Array.from({ length: 15 }, () => world.client.send(letter(A))));
    assert.deepEqual(new Set(results.map((result) => only(result).kind)), new Set(['handed_over']));
  });

  it('turns a flood beyond its waiting room away instead of growing', async () => {
    await using world = await hostAndClient({ host: { answer: (stage) => (stage === 'connect' ? { hold: FOREVER } : undefined) } });
    const sends = Array.from({ length: 10_001 }, () => world.client.send(letter(A)));
    assert.match(only((await sends.at(-1)) ?? { outcomes: [] }).reply, /Too many/);
    await world.client.close();
    assert.deepEqual(new Set((await Promise.all(sends)).map((result) => only(result).kind)), new Set(['not_sent']));
  });
});

describe('a host that fails', LIMIT, () => {
  it('that does not listen is unreachable, and is left alone for a while', async () => {
    const gone = await startSmtpHost();
    await gone.leave();
    const client = smtpClient(gone.port, { settings: { connections: 5 } });
    for (const result of await Promise.all([1, 2, 3].map(() => client.send(letter(A))))) {
      assert.equal(only(result).kind, 'not_sent');
      assert.equal(result.account?.kind, 'unreachable');
      assert.match(only(result).reply, /ECONNREFUSED/);
    }
    const again = await client.send(letter(A));
    assert.ok(again.account?.kind === 'unreachable' && (again.account.retryAfterMs ?? 0) > 0, JSON.stringify(again));
    await client.close();
    await gone.close();
  });

  it('whose name does not resolve is unreachable', async () => {
    const client = smtpClient(25, { settings: { host: 'no-such-host.invalid' } });
    const result = await client.send(letter(A));
    assert.equal(only(result).kind, 'not_sent');
    assert.equal(result.account?.kind, 'unreachable');
    await client.close();
  });

  it('that refuses the log-in is asked once, not once per message', async () => {
    const host = { login: { username: 'club', password: 'right' } };
    await using world = await hostAndClient({ host, settings: { username: 'club', connections: 5 }, secret: { password: 'wrong' } });
    const results = [];
    for (let n = 0; n < 20; n += 1) results.push(await world.client.send(letter(A)));
    assert.deepEqual(new Set(results.map((result) => result.account?.kind)), new Set(['misconfigured']));
    assert.deepEqual(new Set(results.map((result) => only(result).kind)), new Set(['not_sent']));
    assert.equal(world.host.sessions, 1);
  });

  it('is probed by one session when the pause is over, and everybody goes when that worked', async () => {
    await using world = await hostAndClient({ settings: { connections: 5 } });
    world.host.answer = (stage) => (stage === 'connect' ? '421 4.3.2 starting' : undefined);
    const first = await world.client.send(letter(A));
    assert.deepEqual([only(first).kind, first.account?.kind], ['deferred', 'unreachable']);
    assert.equal(world.host.sessions, 1);
    const { hold, release } = held();
    world.host.answer = (stage) => (stage === 'connect' ? { hold } : undefined);
    world.skip(60_000);
    const sends = Array.from({ length: 10 }, () => world.client.send(letter(A)));
    await until(() => world.host.sessions === 2);
    release();
    assert.deepEqual(new Set((await Promise.all(sends)).map((result) => only(result).kind)), new Set(['handed_over']));
  });

  it('pauses longer with every failure, up to a minute', async () => {
    const gone = await startSmtpHost();
    await gone.close();
    let skipped = 0;
    const client = smtpClient(gone.port, { clock: { nowMs: () => skipped, monotonicMs: () => skipped } });
    const pauses: number[] = [];
    for (let n = 0; n < 10; n += 1) {
      pauses.push((await client.send(letter(A))).account?.retryAfterMs ?? 0);
      skipped += 60_000;
    }
    assert.deepEqual(pauses, [500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
    await client.close();
  });
});

describe('a host that says nothing', LIMIT, () => {
  const table: readonly (readonly [stage: HostStage, timeout: string, kind: string])[] = [
    ['connect', 'greeting_ms', 'not_sent'],
    ['ehlo', 'greeting_ms', 'not_sent'],
    ['mail', 'mail_ms', 'not_sent'],
    ['rcpt', 'mail_ms', 'not_sent'],
    ['data', 'data_ms', 'not_sent'],
    ['dot', 'dot_ms', 'unknown'],
  ];
  for (const [stage, timeout, kind] of table) {
    it(`at ${stage} is given up after ${timeout}: ${kind}`, async () => {
      const answer = (at: HostStage) => (at === stage ? { hold: FOREVER } : undefined);
      await using world = await hostAndClient({ host: { answer }, settings: { timeouts: { [timeout]: 40 } } });
      assert.equal(only(await world.client.send(letter(A))).kind, kind);
      await until(() => world.host.open === 0);
    });
  }

  it('and stops reading in the middle of a large body is given up after block_ms: not_sent', async () => {
    const answer = (stage: HostStage) => (stage === 'data' ? { reply: '354 go', deaf: true as const } : undefined);
    await using world = await hostAndClient({ host: { answer, extensions: [] }, settings: { timeouts: { block_ms: 60 } } });
    const outcome = only(await world.client.send(letter(A, { mime: Buffer.alloc(40_000_000, 'Hello, this is a line.\r\n') })));
    assert.equal(outcome.kind, 'not_sent');
    assert.match(outcome.reply, /stopped reading/);
  });

  it('but refuses before the end of a large body is heard, and the session ends', async () => {
    const answer = (stage: HostStage) =>
      stage === 'data' ? { raw: '354 go\r\n552 5.3.4 too big for us\r\n', deaf: true as const } : undefined;
    await using world = await hostAndClient({ host: { answer, extensions: [] } });
    const outcome = only(await world.client.send(letter(A, { mime: Buffer.alloc(40_000_000, 'Hello, this is a line.\r\n') })));
    assert.ok(outcome.kind === 'refused' && outcome.class === 'message-too-large', JSON.stringify(outcome));
    await until(() => world.host.accepted.length === 0);
  });
});

describe('closing', LIMIT, () => {
  it('finishes what is on the wire, the look-ahead too, answers what waits, and says QUIT', async () => {
    await using world = await hostAndClient();
    await world.client.send(letter(A));
    const { hold, release } = held();
    let dots = 0;
    world.host.answer = (stage) => {
      if (stage !== 'dot') return undefined;
      dots += 1;
      return { hold };
    };
    const sends = ['a', 'b', 'c', 'd'].map((name) => world.client.send(letter(`${name}@mailbox.example`)));
    await until(() => dots === 1);
    const closing = world.client.close();
    assert.equal(world.client.close(), closing);
    release();
    const kinds = (await Promise.all(sends)).map((result) => only(result).kind);
    await closing;
    assert.deepEqual(kinds, ['handed_over', 'handed_over', 'not_sent', 'not_sent']);
    assert.equal(world.host.heard.at(-1)?.line, 'QUIT');
    await until(() => world.host.open === 0);
  });

  it('cuts what does not finish in its time: a message after its dot is unknown', async () => {
    await using world = await hostAndClient();
    let dots = 0;
    world.host.answer = (stage) => {
      if (stage !== 'dot') return undefined;
      dots += 1;
      return { hold: FOREVER };
    };
    const sending = world.client.send(letter(A));
    await until(() => dots === 1);
    const closing = world.client.close();
    world.skip(CLOSE_GRACE_MS);
    assert.equal(only(await sending).kind, 'unknown');
    await closing;
  });

  it('does not wait for a session that is being opened, or for a server that ignores QUIT', async () => {
    await using opening = await hostAndClient({ host: { answer: (stage) => (stage === 'connect' ? { hold: FOREVER } : undefined) } });
    const sending = opening.client.send(letter(A));
    await until(() => opening.host.open === 1);
    await opening.client.close();
    assert.equal(only(await sending).kind, 'not_sent');

    await using deaf = await hostAndClient();
    await deaf.client.send(letter(A));
    deaf.host.answer = (stage) => (stage === 'quit' ? { hold: FOREVER } : undefined);
    const closing = deaf.client.close();
    deaf.skip(CLOSE_GRACE_MS);
    await closing;
  });
});
