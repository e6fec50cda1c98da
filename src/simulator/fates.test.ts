import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fc } from '../../test/support/property.ts';
import { fateOf } from './fate-choice.ts';
import { FATES } from './fates.ts';
import { planSteps } from './journey.ts';
import { REPLIES, replyCodes } from './replies.ts';

describe('The fate of an address', () => {
  for (const [address, name, seconds] of [
    ['member@mailbox.test', 'member', null],
    ['anna.meier@mailbox.test', 'member', null],
    ['bounce@mailbox.test', 'bounce', null],
    ['Unknown-User@Mailbox.Test', 'bounce', null],
    ['bounce+17@mailbox.test', 'bounce', null],
    ['full@gmail.mailbox.test', 'full', null],
    ['slow@mailbox.test', 'slow', null],
    ['slow-5@mailbox.test', 'slow', 5],
    ['slow-5+x@mailbox.test', 'slow', 5],
    ['complaint-10@mailbox.test', 'complaint', 10],
    ['slow-99999@mailbox.test', 'slow', 86_400],
    ['bounce-7@mailbox.test', 'bounce', null],
    ['nobody-7@mailbox.test', 'member', null],
    ['refuse-at-rcpt@mailbox.test', 'refuse-at-rcpt', null],
    ['member@example.org', 'foreign', null],
    ['bounce@notmailbox.test', 'foreign', null],
    ['no address at all', 'foreign', null],
    ['@mailbox.test', 'foreign', null],
  ] as const) {
    it(`${address} is ${name}${seconds === null ? '' : ` after ${seconds} s`}`, () => {
      const choice = fateOf(address);
      assert.deepEqual([choice.fate.name, choice.seconds], [name, seconds]);
    });
  }

  it('is found for any text, and only real domains get a mailbox', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (local, domain) => {
        const { fate } = fateOf(`${local}@${domain}`);
        if (!/(^|\.)mailbox\.test$/i.test(domain)) assert.equal(fate.name, 'foreign');
      }),
    );
  });
});

describe('Every fate', () => {
  it('has a name of its own and a sentence', () => {
    const names = FATES.flatMap((fate) => [fate.name, ...(fate.aliases ?? [])]);
    assert.equal(new Set(names).size, names.length);
    for (const fate of FATES) assert.match(fate.sentence, /^[A-Z].*\.$/);
  });

  it('takes a number exactly where one of its waits does', () => {
    for (const fate of FATES) {
      if (fate.door === 'hang') continue;
      assert.equal(
        fate.course.some((act) => act.counted === true),
        fate.number !== undefined,
        fate.name,
      );
    }
  });

  it('speaks in replies whose first digit fits what happens', () => {
    for (const fate of FATES) {
      for (const act of fate.course) {
        if (act.reply === undefined || act.happening === 'autoreplied') continue;
        const { code, enhanced } = replyCodes(act.reply);
        assert.equal(code[0], act.happening === 'deferred' ? '4' : '5', `${fate.name}: ${REPLIES[act.reply].text}`);
        if (act.reply !== 'expired') assert.equal(enhanced[0], code[0]);
      }
    }
  });
});

describe('A plan', () => {
  const plan = (address: string, pace = 1) => planSteps({ choice: fateOf(address), startMs: 1_000, pace, random: () => 0.5 });

  it('begins with the injection and goes forward in time', () => {
    for (const fate of FATES) {
      const steps = plan(`${fate.name}@mailbox.test`);
      if (fate.course.length === 0) {
        assert.deepEqual(steps, []);
        continue;
      }
      assert.equal(Math.min(...steps.map((step) => step.n)), 0);
      for (const [index, step] of steps.entries()) assert.ok(step.tellMs >= step.atMs && step.tellMs >= (steps[index - 1]?.tellMs ?? 0));
    }
  });

  it('keeps numbers of the address as they are and scales every other wait', () => {
    assert.equal(plan('slow-5@mailbox.test', 0.01).at(-1)?.atMs, 6_000);
    assert.equal(plan('slow@mailbox.test', 0.01).at(-1)?.atMs, 1_300);
  });

  it('tells everything twice under the same number, or in the opposite order', () => {
    assert.deepEqual(
      plan('duplicate@mailbox.test').map((step) => step.n),
      [0, 1, 0, 1],
    );
    assert.deepEqual(
      plan('disorder@mailbox.test').map((step) => step.happening),
      ['opened', 'delivered', 'deferred', 'injected'],
    );
  });
});
