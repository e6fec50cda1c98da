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

test('A file that is not there, or is a folder, is said in words by every command that reads or writes one', async () => {
  const desk = ['--url', 'http://127.0.0.1:9', '--key', 'x'];
  const nowhere = '/nowhere/at/all.json';
  const reading: string[][] = [
    ['suppressions', 'import', nowhere],
    ['reports', 'import', nowhere],
    ['holds', 'policy', 'set', nowhere],
    ['accounts', 'add', 'x', '--provider', 'mandrill', '--secret-file', nowhere],
    ['send', '--from', 'a@b.example', '--to', 'c@d.example', '--html', nowhere],
    ['send', '--from', 'a@b.example', '--to', 'c@d.example', '--attach', nowhere],
    ['send', 'raw', nowhere, '--to', 'c@d.example'],
  ];
  for (const args of reading) {
    const { status, out, err } = await packetboat(...args, ...desk);
    assert.deepEqual([status, out], [2, ''], args.join(' '));
    assert.equal(err, `${nowhere} does not exist. (CLI_USAGE)\nCheck the path and its permissions.\n`, args.join(' '));
  }
  assert.match((await packetboat('suppressions', 'import', '/', ...desk)).err, /^What was named is a folder\. \(CLI_USAGE\)/);
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
  assert.deepEqual(JSON.parse((await packetboat('help', '--json')).out).data.length, COMMANDS.length);
  assert.match(JSON.parse((await packetboat('help', 'limits', '--json')).out).usage, /packetboat limits set/);
});
