// This file walks the ten minutes of the README as they are written there: every block of commands is run by a shell, with only the ports and the
// data folder of the test's own desk in the place of the usual ones.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, it } from 'node:test';
import { PROGRAM, startDesk } from '../support/desk.ts';
import { until } from '../support/until.ts';

const ROOT = dirname(dirname(PROGRAM));
const absent = ['bash', 'curl'].filter((program) => spawnSync(program, ['--version']).error !== undefined);
/** A block of the tour hangs only when something is wrong. */
const BLOCK_LIMIT_MS = 180_000;

/** The indented blocks of the section, in order, without their indentation. */
function blocksOf(section: string): string[] {
  return [...section.matchAll(/^ {3}```\n([\s\S]*?)^ {3}```$/gm)].map(([, block = '']) => block.replace(/^ {3}/gm, ''));
}

it('does what it says, line by line', { skip: absent.length > 0 && `${absent.join(', ')} is not here`, timeout: 600_000 }, async () => {
  const desk = await startDesk({ after });
  const { bootstrap } = desk;
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const tour = /^## Ten minutes\n([\s\S]*?)^## /m.exec(readme)?.[1] ?? '';
  const here = (text: string) =>
    text
      .replaceAll('http://127.0.0.1:8480', bootstrap.http_url)
      .replaceAll('smtp://127.0.0.1:2587', `smtp://127.0.0.1:${bootstrap.smtp_port}`)
      .replaceAll('./data/', `${desk.dataDir}/`);
  const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env['PATH']}`, PACKETBOAT_DATA_DIR: desk.dataDir };
  const shell = (script: string) => {
    const run = spawnSync('bash', ['-eu', '-o', 'pipefail', '-c', here(script)], {
      cwd: ROOT,
      env,
      encoding: 'utf8',
      timeout: BLOCK_LIMIT_MS,
    });
    assert.equal(run.status, 0, `${script}\n${run.stdout}${run.stderr}`);
    return run.stdout;
  };
  const [handIn = '', bySmtp = '', account = '', ...more] = blocksOf(tour);
  assert.deepEqual(more, [], 'the tour has a block that this test does not know');

  // 1. Hand in a message, see where it is, and who is on hold now.
  const keys = handIn.split('\n').slice(0, 2).join('\n');
  const { id, recipients } = JSON.parse(shell(handIn));
  assert.equal(recipients.length, 2);
  const show = /`(curl -s http:\S+\/v1\/messages\/ID [^`]*)`/.exec(tour)?.[1]?.replace('/ID ', `/${id} `) ?? '';
  const [member, unknown] = await until(
    () => {
      const shown = JSON.parse(shell(`${keys}\n${show}`)).recipients;
      return shown.every(({ state }: { state: string }) => ['delivered', 'bounced'].includes(state)) && shown;
    },
    { what: 'both to be settled' },
  );
  assert.deepEqual([member.state, unknown.state], ['delivered', 'bounced']);
  assert.ok(unknown.attempts.length > 0 && unknown.events.length > 0 && unknown.decision);
  const held = /`(curl -s http:\S+\/v1\/suppressions [^`]*)`/.exec(tour)?.[1] ?? '';
  assert.equal(JSON.parse(shell(`${keys}\n${held}`)).data[0].address, 'unknown-user@mailbox.test');

  // 2. The same by SMTP: accepted, delivered, and somebody presses "spam" in the end.
  shell(bySmtp);
  const complaint = 'complaint@mailbox.test';
  await until(async () => (await desk.api('GET', `/v1/recipients?address=${complaint}`)).body.data[0]?.marks.includes('complained'), {
    what: 'the complaint to come back',
  });
  assert.match(shell(/`(bin\/packetboat simulate fates)`/.exec(tour)?.[1] ?? ''), /^complaint/m);

  // 3. An outage: the next account takes it, and the decision says why.
  assert.match(shell(/`(bin\/packetboat simulate outage [^`]*)`/.exec(tour)?.[1] ?? ''), /is out/);
  const second = JSON.parse(shell(handIn.replace(',"unknown-user@mailbox.test"', '')));
  const [rerouted] = (await desk.settled(second.id, ['delivered'])).recipients;
  assert.equal(rerouted?.decision?.judgements.find(({ chosen }) => !chosen)?.stoppedAt, 'well');

  // 5. A real account: as it stands there, it is stored.
  assert.match(JSON.parse(shell(`${keys}\n${account}`)).id, /^[0-9a-f-]{36}$/);

  // 6. and 7. The description can be read, and the ledger balances.
  assert.match(shell(`curl -s ${/`(http:\S+\/docs)`/.exec(tour)?.[1]}`), /<html/);
  const ledger = JSON.parse(shell(`${keys}\n${/`(curl -s http:\S+\/v1\/ledger [^`]*)`/.exec(tour)?.[1]}`));
  assert.deepEqual([ledger.difference, ledger.injected], [0, 4]);
});
