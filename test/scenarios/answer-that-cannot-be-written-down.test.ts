// This file makes the database refuse the words of some answers, as a broken index or a rule of somebody's own would: the fate of the mail is written
// down without them, and nobody gets it twice. Where not even that is taken, the mail stays where it is until somebody has mended the database.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { startSmtpHost } from '../fakes/smtp-host.ts';
import { testDatabase } from '../support/database.ts';
import { inReverse, startDesk } from '../support/desk.ts';
import { until } from '../support/until.ts';

const REFUSES = (when: string) => `
  create or replace function refuse_words() returns trigger language plpgsql as $$
  begin
    if ${when} then raise exception 'these words are not wanted' using errcode = '22000'; end if;
    return new;
  end $$`;

it('leaves the fate without the words, and nothing twice', { timeout: 600_000 }, async () => {
  const end = inReverse({ after });
  const host = await startSmtpHost();
  end.after(() => host.close());
  const { url, pool } = await testDatabase(end);
  const desk = await startDesk(end, { database: { url } });
  await desk.route([await desk.smarthost(host.port)]);
  await pool.query(REFUSES("new.reply like '%marmalade%'"));
  await pool.query('create trigger refuse_words before insert on attempts for each row execute function refuse_words()');
  const { from } = desk.bootstrap.demo_tenant;
  const hand = async (to: string) => (await desk.hand({ from, to, subject: 'Regatta', text: 'We start at nine.' })).id;
  host.answer = (stage, { line }) => {
    if (stage === 'dot') return '250 2.0.0 Ok: marmalade';
    return stage === 'rcpt' && line.includes('refused@') ? '550 5.1.1 User unknown, marmalade' : undefined;
  };

  const fates: [to: string, state: 'handed_over' | 'bounced'][] = [
    ['taken@club.test', 'handed_over'],
    ['refused@club.test', 'bounced'],
  ];
  for (const [to, state] of fates) {
    const [recipient] = (await desk.settled(await hand(to), [state])).recipients;
    assert.equal(recipient?.attempts.length, 1, to);
    assert.match(recipient.attempts[0]?.reply ?? '', /did not take the words/);
  }
  const said = desk.log.filter((line) => line.event === 'outcome_words_refused');
  assert.equal(said.length, 2);

  // Not even the fate is taken: it may have arrived, so it goes out again only as every other doubt does, once and marked.
  await pool.query(REFUSES('true'));
  const id = await hand('nothing@club.test');
  await until(() => desk.log.some((line) => line.event === 'outcome_not_stored'), { what: 'the desk to say so' });
  const state = async () =>
    (await pool.query<{ state: string }>('select state from recipients where message_id = $1', [id])).rows[0]?.state;
  assert.equal(await state(), 'submitting');
  await pool.query('drop trigger refuse_words on attempts');
  await desk.kill('SIGKILL');
  await desk.start();
  const [recipient] = (await desk.settled(id, ['handed_over'])).recipients;
  assert.ok(recipient?.marks.includes('resent'));
  assert.equal(host.accepted.filter((mail) => mail.rcptTo[0] === 'nothing@club.test').length, 2);
  for (const [to] of fates) assert.ok(host.accepted.filter((mail) => mail.rcptTo[0] === to).length <= 1, to);
  await desk.quiet();
});
