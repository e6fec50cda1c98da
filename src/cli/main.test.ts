import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { COMMANDS } from './commands.ts';
import { main } from './main.ts';

async function packetboat(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  const said = { out: '', err: '' };
  const into = (where: 'out' | 'err') => ({
    write: (chunk: unknown) => {
      said[where] += String(chunk);
      return true;
    },
  });
  const status = await main(args, { stdin: Readable.from([]), stdout: into('out'), stderr: into('err'), env: {}, cwd: '/' });
  return { status, ...said };
}

test('What is not understood ends with 2, and says so on stderr with a code and a hint, as JSON where that was asked for', async () => {
  const wrong: string[][] = [
    ['nope'],
    ['help', 'nope'],
    ['nope', '--help'],
    ['feedback'],
    ['explain', 'bounce'],
    ['simulate', 'outage', 'nope', '--for', '5s'],
  ];
  for (const { name } of COMMANDS) wrong.push([name, '--no-such-option']);
  for (const args of wrong) {
    const { status, out, err } = await packetboat(...args);
    assert.deepEqual([status, out], [2, ''], args.join(' '));
    assert.match(err, /^[^\n]+ \(CLI_USAGE\)\n[^\n]+\n$/, args.join(' '));
    const asJson = await packetboat(...args, '--json');
    assert.deepEqual([asJson.status, asJson.out], [2, ''], `${args.join(' ')} --json`);
    const { error } = JSON.parse(asJson.err);
    assert.equal(error.code, 'CLI_USAGE');
    assert.ok(error.message && error.hint);
  }
});

test('Help and version are no errors', async () => {
  for (const args of [[], ['help'], ['--help']]) {
    const { status, out } = await packetboat(...args);
    assert.equal(status, 0);
    for (const { name } of COMMANDS) assert.ok(out.includes(`  ${name} `), name);
  }
  for (const { name, load } of COMMANDS) {
    const { name: itself, usage } = await load();
    assert.equal(itself, name);
    for (const args of [
      ['help', name],
      [name, '--help'],
      [name, '-h'],
    ]) {
      const { status, out, err } = await packetboat(...args);
      assert.deepEqual([status, out.trimEnd(), err], [0, usage.trimEnd(), ''], args.join(' '));
    }
  }
  assert.match((await packetboat('--version')).out, /^packetboat \d+\.\d+\.\d+\n$/);
  assert.match(JSON.parse((await packetboat('version', '--json')).out).version, /^\d+\./);
});
