// This file tells thousands of events about hundreds of addresses twice, to two organisations: once as they happened, once with a twentieth repeated, a
// fifth late, and several readers at once. Every mail ends in the same state, every address on the same hold, and the ledger balances.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { readLedger } from '../../src/store/ledger.ts';
import { type MailRows, mailRows } from '../support/mail-rows.ts';
import { seeded, shuffledStory } from '../support/shuffled-story.ts';
import { endOfStory, handOverStory, tellStory } from '../support/story-desk.ts';

const SIZE = { mails: 6_000, addresses: 400, lateShare: 0.2, repeatedShare: 0.05 };
const DAYS_MS = 100 * 86_400_000;

it('ends in the same states and holds', { timeout: 600_000 }, async () => {
  for (const seed of [7, 19]) {
    const story = shuffledStory(SIZE, seeded(seed));
    const startMs = Date.now() - DAYS_MS;
    const tell = async (rows: MailRows, told: typeof story.events, how: { batch: number; atOnce: number }) => {
      const world = { ...rows, laneId: rows.lane.id };
      const recipients = await handOverStory(world, story, startMs);
      const recorded = await tellStory(world, told, { recipients, startMs, ...how });
      assert.equal(recorded, story.events.length);
      assert.equal((await readLedger(rows.pool, null)).difference, 0);
      return endOfStory(world, recipients, startMs + DAYS_MS);
    };
    const [first, second] = [await mailRows({ after }), await mailRows({ after })];
    after(() => Promise.all([first.db.close(), second.db.close()]));
    assert.ok(story.told.length > story.events.length);
    const inOrder = await tell(first, story.events, { batch: 100, atOnce: 1 });
    const disordered = await tell(second, story.told, { batch: 100, atOnce: 4 });
    assert.ok(Number(inOrder['held']) > 10, 'there is something to compare');
    assert.deepEqual(disordered, inOrder, `seed ${seed}`);
  }
});
