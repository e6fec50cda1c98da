// This file proves the accounting of the look-ahead: the next transaction's commands ride behind the body of the one before, and whatever
// then happens to either, each gets exactly its own fate.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { hostAndClient, letter, only } from '../../../test/fakes/smtp-client.ts';
import type { HostAct, HostContext, HostStage } from '../../../test/fakes/smtp-host.ts';

const NAMES = ['a', 'b', 'c', 'd'] as const;
const address = (name: string) => `${name}@mailbox.example`;

type Answer = (stage: HostStage, context: HostContext) => HostAct;

/** Sends to a, b, c, d at once over one session that has worked before; returns the kinds, and who was accepted how often. */
async function four(answer: Answer) {
  await using world = await hostAndClient();
  await world.client.send(letter(address('first')));
  world.host.accepted.length = 0;
  world.host.answer = answer;
  const results = await Promise.all(NAMES.map((name) => world.client.send(letter(address(name)))));
  const accepted = world.host.accepted.map((mail) => mail.rcptTo.join().slice(0, 1)).sort();
  return { kinds: results.map((result) => only(result).kind), accepted: accepted.join(''), host: world.host };
}

const isFor = (context: HostContext, name: string) => context.rcptTo[0] === address(name);

it('writes the next opening behind the final dot, before the answer to it', async () => {
  const behind: string[] = [];
  const { kinds } = await four((stage, context) => {
    if (stage === 'dot') behind.push(/RCPT TO:<(.)/.exec(context.behind)?.[1] ?? '');
    return undefined;
  });
  assert.deepEqual(new Set(kinds), new Set(['handed_over']));
  assert.deepEqual(behind, ['b', 'c', 'd', '']);
});

it('does not look ahead where the server does not offer pipelining', async () => {
  await using world = await hostAndClient({ host: { extensions: [] } });
  const behind: string[] = [];
  world.host.answer = (_stage, context) => {
    behind.push(context.behind);
    return undefined;
  };
  await Promise.all(NAMES.map((name) => world.client.send(letter(address(name)))));
  assert.deepEqual(new Set(behind), new Set(['']));
});

const cases: readonly (readonly [because: string, answer: () => Answer, kinds: string, accepted: string, sessions: number])[] = [
  [
    'a refused message leaves the one ahead alone',
    () => (stage, c) => (stage === 'dot' && isFor(c, 'a') ? '554 5.7.1 spam' : undefined),
    'refused handed_over handed_over handed_over',
    'bcd',
    1,
  ],
  [
    'a refused recipient ahead leaves the message before alone',
    () => (stage, c) => (stage === 'rcpt' && c.line.includes('<b@') ? '550 5.1.1 unknown' : undefined),
    'handed_over refused handed_over handed_over',
    'acd',
    1,
  ],
  [
    'a recipient refused with DATA taken all the same is ended by a lone dot',
    () => {
      let refused = false;
      return (stage, c) => {
        if (stage === 'rcpt' && c.line.includes('<b@')) {
          refused = true;
          return '550 5.1.1 unknown';
        }
        if (stage === 'data' && refused) {
          refused = false;
          return '354 go';
        }
        return stage === 'dot' && c.rcptTo.length === 0 ? '554 5.5.1 no valid recipients' : undefined;
      };
    },
    'handed_over refused handed_over handed_over',
    'acd',
    1,
  ],
  [
    'cut instead of the answer to a: a is unknown, the others go over a new session',
    () => (stage, c) => (stage === 'dot' && isFor(c, 'a') ? { cut: 'before' } : undefined),
    'unknown handed_over handed_over handed_over',
    'bcd',
    2,
  ],
  [
    'cut right after the answer to a: a is handed over, b goes over a new session',
    () => (stage, c) => (stage === 'dot' && isFor(c, 'a') ? { cut: 'after' } : undefined),
    'handed_over handed_over handed_over handed_over',
    'abcd',
    2,
  ],
  [
    '421 to the message of a: a is deferred, b goes over a new session',
    () => (stage, c) => (stage === 'dot' && isFor(c, 'a') ? '421 4.3.2 closing' : undefined),
    'deferred handed_over handed_over handed_over',
    'bcd',
    2,
  ],
  [
    '421 to the opening of b on a used session: b goes over a new one',
    () => (stage, c) =>
      stage === 'mail' && c.session === 1 && c.behind.includes('<b@') ? '421 4.7.0 too many messages in this session' : undefined,
    'handed_over handed_over handed_over handed_over',
    'abcd',
    2,
  ],
  [
    'cut after b was answered RCPT: b is not sent, for a reply of its own came',
    () => (stage, c) => (stage === 'data' && isFor(c, 'b') ? { cut: 'before' } : undefined),
    'handed_over not_sent handed_over handed_over',
    'acd',
    2,
  ],
  [
    'nonsense in place of the answer to a: a is unknown, b was not given a dot',
    () => (stage, c) => (stage === 'dot' && isFor(c, 'a') ? { raw: '\u0001\u0002\r\n' } : undefined),
    'unknown handed_over handed_over handed_over',
    'bcd',
    2,
  ],
];
for (const [because, answer, expected, accepted, sessions] of cases) {
  it(because, async () => {
    const result = await four(answer());
    assert.equal(result.kinds.join(' '), expected);
    assert.equal(result.accepted, accepted);
    assert.equal(result.host.sessions, sessions);
  });
}

it('tries a second session once and no more', async () => {
  const seen = new Map<string, number>();
  const { kinds, host } = await four((stage, context) => {
    const name = /<(.)@mailbox/.exec(context.behind)?.[1] ?? '';
    if (stage !== 'mail' || name === 'a') return undefined;
    seen.set(name, (seen.get(name) ?? 0) + 1);
    return { cut: 'before' };
  });
  assert.equal(kinds[0], 'handed_over');
  assert.ok(
    kinds.slice(1).every((kind) => kind === 'not_sent'),
    kinds.join(' '),
  );
  assert.ok(Math.max(...seen.values()) <= 2);
  assert.equal(host.accepted.length, 1);
});

it('gives no second try to a first transaction of a session: that host is at fault', async () => {
  await using world = await hostAndClient({ host: { answer: (stage) => (stage === 'mail' ? { cut: 'before' } : undefined) } });
  const result = await world.client.send(letter(address('a')));
  assert.equal(only(result).kind, 'not_sent');
  assert.equal(result.account?.kind, 'unreachable');
  assert.equal(world.host.sessions, 1);
});
