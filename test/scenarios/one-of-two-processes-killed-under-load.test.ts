// This file runs one desk as two processes under real load through both doors, kills one of them (SIGKILL) in the middle and then the first process
// itself: nothing that was accepted is lost, the ledger balances, ports are shared, the log names the process, and a signal ends them all.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { startSmtpHost } from '../fakes/smtp-host.ts';
import { startDesk } from '../support/desk.ts';
import { startLoad } from '../support/load.ts';
import { until } from '../support/until.ts';

/** Taken before a process dies and after it: some rounds of everybody who hands in, however slow the disk is. */
const BEFORE_KILL = 300;
const AFTER_KILL = 300;

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

it('loses nothing', { timeout: 600_000 }, async () => {
  const host = await startSmtpHost();
  after(() => host.close());
  const desk = await startDesk({ after }, { args: ['--processes', '2'], database: 'embedded' });
  let since = 0;
  const said = (event: string) => desk.log.slice(since).filter((line) => line.event === event);
  const ready = () => said('ready');
  await until(() => ready().length === 2, { what: 'both processes to be ready' });
  const ports = new Set(ready().map(({ http, submission, inbound }) => `${http} ${submission} ${inbound}`));
  assert.equal(ports.size, 1, [...ports].join(' | '));
  assert.deepEqual(new Set(ready().map((line) => line['process'])), new Set([1, 2]));
  await desk.smarthost(host.port);
  // A process that was not asked hears of the account a moment later, and what it takes in until then goes to the simulator. Started again, both know it.
  await desk.stop();
  since = desk.log.length;
  await desk.start();
  await until(() => ready().length === 2, { what: 'both processes to be ready, and to know the smarthost' });

  const load = startLoad({ bootstrap: () => desk.bootstrap, sessions: 5 });
  await until(() => load.accepted.size >= BEFORE_KILL, { what: 'the first part of the mail' });
  const [first, second] = ready().map((line) => Number(line['pid']));
  assert.ok(first && second && runs(second));
  process.kill(second, 'SIGKILL');
  await until(() => ready().length === 3, { what: 'a new process in its place' });
  const ended = said('process_ended')[0];
  assert.deepEqual([ended?.['process'], ended?.['signal']], [2, 'SIGKILL']);
  const beforeRest = load.accepted.size;
  await until(() => load.accepted.size >= beforeRest + AFTER_KILL, { what: 'the rest of the mail' });
  await load.stop();
  const ledger = await desk.quiet();
  const arrived = new Map<string, number>();
  for (const { rcptTo } of host.accepted) for (const address of rcptTo) arrived.set(address, (arrived.get(address) ?? 0) + 1);
  assert.deepEqual(
    [...load.accepted].filter((address) => !arrived.has(address)),
    [],
  );
  assert.equal(ledger.states.handed_over, ledger.injected, JSON.stringify(ledger.states));
  assert.ok(ledger.injected >= load.accepted.size);

  // Whichever process is asked speaks for both, so counters only grow from one look to the next; one that is too busy to answer in time is left out.
  const ofBoth = () =>
    until(
      async () => {
        const text = await (await fetch(`${desk.bootstrap.http_url}/metrics`)).text();
        return /^packetboat_processes 2$/m.test(text) && text;
      },
      { what: 'both processes to be counted' },
    );
  const byHttp = async () => Number(/^packetboat_accepted_recipients_total\{door="http"\} (\d+)$/m.exec(await ofBoth())?.[1]);
  const before = await byHttp();
  const { from } = desk.bootstrap.demo_tenant;
  for (let n = 0; n < 6; n += 1) await desk.hand({ from, to: `late-${n}@club.test`, subject: 'x', text: 'x' });
  for (let look = 0; look < 4; look += 1) assert.equal(await byHttp(), before + 6);

  // The first process dies: nobody is left behind, and a new start finds everything.
  const pids = [...new Set(ready().map((line) => Number(line['pid'])))];
  assert.equal(await desk.kill('SIGKILL'), 'SIGKILL');
  await until(() => pids.every((pid) => !runs(pid)), { what: 'the others to end with the first' });
  await until(() => desk.postgresPid === null, { what: 'the database to end with them' });
  await desk.start();
  await until(() => ready().length === 5, { what: 'both processes to be ready again' });
  assert.equal((await desk.ledger()).injected, ledger.injected + 6);
  const again = ready()
    .slice(-2)
    .map((line) => Number(line['pid']));
  await desk.stop();
  for (const pid of again) assert.ok(!runs(pid));
  assert.equal(desk.postgresPid, null);
});
