// This file cuts the line at every byte, in both directions, softly and hard, and holds what the client claims against what the host truly
// took: "handed over" only when it did, "not sent" only when it did not, and nothing twice without a doubt being on record.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type HostAndClient, hostAndClient, letter, only } from '../../../test/fakes/smtp-client.ts';
import { ALL_EXTENSIONS } from '../../../test/fakes/smtp-host.ts';

const EXTENSIONS = { pipelined: ['PIPELINING', 'DSN'], 'in lock step': ALL_EXTENSIONS.slice(4) } as const;
const LETTERS = ['a@x.example', 'b@x.example', 'c@x.example'].map((address) => letter(address));
/** More bytes than a whole run has in either direction, as measured by the run that is not cut. */
const BYTES_MAX = 4000;

async function run(world: HostAndClient): Promise<void> {
  const results = await Promise.all(LETTERS.map((item) => world.client.send(item)));
  for (const [at, result] of results.entries()) {
    const outcome = only(result);
    const address = LETTERS[at]?.recipients[0]?.address;
    const taken = world.host.accepted.filter((mail) => mail.rcptTo[0] === address).length;
    const claim = `${address}: ${outcome.kind} (${outcome.reply}), taken ${taken} times`;
    if (outcome.kind === 'handed_over') assert.equal(taken, 1, claim);
    else if (outcome.kind === 'unknown') assert.ok(taken <= 1, claim);
    else assert.equal(taken, 0, claim);
  }
}

/** Bytes that cross the line in one direction when nothing is cut. */
async function measure(extensions: readonly string[]): Promise<{ in: number; out: number }> {
  const bytes = { in: 0, out: 0 };
  for (const side of ['in', 'out'] as const) {
    let low = 0;
    let high = BYTES_MAX;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      await using world = await hostAndClient({ host: { extensions } });
      world.host[side === 'in' ? 'cutAfterIn' : 'cutAfterOut'] = middle;
      await run(world);
      if (world.host.accepted.length === LETTERS.length && world.host.sessions === 1) high = middle;
      else low = middle;
    }
    bytes[side] = high;
  }
  return bytes;
}

for (const [mode, extensions] of Object.entries(EXTENSIONS)) {
  describe(`a line cut anywhere, ${mode}`, async () => {
    const bytes = await measure(extensions);
    for (const [direction, total] of Object.entries(bytes)) {
      for (const cutHard of [false, true]) {
        it(`${cutHard ? 'hard' : 'softly'} after any of ${total} bytes ${direction}`, async () => {
          for (let cut = 0; cut <= total; cut += 1) {
            await using world = await hostAndClient({ host: { extensions } });
            world.host[direction === 'in' ? 'cutAfterIn' : 'cutAfterOut'] = cut;
            // Every second time the next session is whole, so that retries have somewhere to go.
            if (cut % 2 === 0) world.host.cutSessions = 1;
            world.host.cutHard = cutHard;
            await run(world);
          }
        });
      }
    }
  });
}

it('a cut inside a large body is not_sent, for the dot was never written', async () => {
  const mime = Buffer.alloc(30_000_000, 'Hello world, this is a line of text.\r\n');
  await using world = await hostAndClient({ host: { extensions: ['PIPELINING'] } });
  world.host.cutAfterIn = 100_000;
  assert.equal(only(await world.client.send(letter('a@x.example', { mime }))).kind, 'not_sent');
});
