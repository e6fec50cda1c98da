// This file lets a smarthost answer in words that databases are picky about: an escape that somebody wrote out, a letter that the longest answer we keep
// cuts in half. The answer is written down all the same, once, and nobody is asked again.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { startSmtpHost } from '../fakes/smtp-host.ts';
import { inReverse, openDesk } from '../support/desk.ts';

/** An answer is kept up to 2,000 characters: these are 1,750, with their line breaks. */
const LONG = Array.from({ length: 7 }, () => `550-5.1.1 ${'x'.repeat(239)}`).join('\r\n');
const BOATS = '\u{1f6a3}'.repeat(130);

const ANSWERS: readonly [name: string, reply: string, state: 'bounced' | 'handed_over'][] = [
  ['a refusal with an escape in it', '550 5.1.1 User \\u0000 unknown', 'bounced'],
  ['a refusal with half an escape in it', '550 5.1.1 User \\ud83d unknown', 'bounced'],
  ['a refusal that is cut between two letters', `${LONG}\r\n550 5.1.1 ${BOATS}`, 'bounced'],
  ['a refusal that is cut in the middle of a letter', `${LONG}\r\n550 5.1.1 x${BOATS}`, 'bounced'],
  ['a success with an escape in it', '250 2.0.0 Ok \\u0000 \\ud83d', 'handed_over'],
];

it('is written down, once', { timeout: 600_000 }, async () => {
  const end = inReverse({ after });
  const host = await startSmtpHost();
  end.after(() => host.close());
  const desk = await openDesk(end);
  await desk.route([await desk.smarthost(host.port)]);
  const { from } = desk.bootstrap.demo_tenant;
  for (const [index, [name, reply, state]] of ANSWERS.entries()) {
    host.answer = (stage) => (stage === 'dot' ? reply : undefined);
    const { id } = await desk.hand({ from, to: `m${index}@club.test`, subject: name, text: 'x' });
    const [recipient] = (await desk.settled(id, [state])).recipients;
    assert.equal(recipient?.attempts.length, 1, name);
  }
  await desk.quiet();
  await desk.close();
});
