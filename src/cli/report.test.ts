// This file checks the fixed form of `packetboat report parse`.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, test } from 'node:test';
import { mailWith, REPORT, zip } from '../../test/support/reports.ts';
import { reportCommand } from './report.ts';

const folder = mkdtempSync(join(tmpdir(), 'packetboat-report-'));
after(() => rmSync(folder, { recursive: true, force: true }));

async function run(args: string[], stdin = ''): Promise<{ status: number; out: string; err: string }> {
  const said = { out: '', err: '' };
  const collect = (where: 'out' | 'err') => ({
    write: (chunk: unknown) => {
      said[where] += String(chunk);
      return true;
    },
  });
  const io = { stdin: Readable.from([Buffer.from(stdin)]), stdout: collect('out'), stderr: collect('err'), env: {}, cwd: folder };
  return { status: await reportCommand.run(args, io), ...said };
}

const LINE = {
  file: 'a.zip',
  kind: 'aggregate',
  error: null,
  org_name: 'Receiver',
  report_id: 'r-1',
  domain: 'verein.example',
  begin: 1735689600,
  end: 1735775999,
  policy: { p: 'none', sp: 'reject', adkim: 'r', aspf: 's' },
  records: 1,
  total_messages: 7,
  pass_messages: 7,
  fail_messages: 0,
  warnings: [],
};

test('each report is one JSON line in the fixed form, and a file without one too', async () => {
  writeFileSync(
    join(folder, 'a.zip'),
    zip([
      { name: 'a', content: REPORT },
      { name: 'b', content: REPORT.replace('r-1', 'r-2') },
    ]),
  );
  writeFileSync(join(folder, 'b.txt'), 'Hello');
  const { status, out, err } = await run(['parse', '--json', 'a.zip', 'b.txt']);
  assert.deepEqual([status, err], [0, '']);
  const lines = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(lines.slice(0, 2), [LINE, { ...LINE, report_id: 'r-2' }]);
  assert.deepEqual(Object.keys(lines[2]), Object.keys(LINE));
  assert.deepEqual([lines[2].kind, lines[2].error, lines[2].records], ['none', 'REPORT_NOT_FOUND', null]);
});

test('a count beyond 2^53 is written exactly, and a report of the year 2100 is marked', async () => {
  const { out } = await run(['parse', '--json', '-'], REPORT.replace('<count>7', '<count>9007199254740993').replaceAll('1735', '4102'));
  assert.match(out, /"total_messages":9007199254740993,"pass_messages":9007199254740993,"fail_messages":0,"warnings":\["date-in-future"/);
});

test('people get a table, and below it what was refused and what to do', async () => {
  const { status, out } = await run(['parse', '-'], mailWith(REPORT));
  assert.equal(status, 0);
  assert.match(out, /^report +from +domain/);
  assert.match(out, /aggregate +Receiver +verein\.example +2025-01-01/);
  assert.match((await run(['parse', '-'], REPORT.slice(0, -20))).out, /REPORT_MALFORMED.*\n +The report was not counted/s);
});

test('a file that is not there ends with 1, a wrong form with 2, and the others are read', async () => {
  writeFileSync(join(folder, 'c.xml'), REPORT);
  const { status, out, err } = await run(['parse', '--json', 'none.xml', 'c.xml', '.']);
  assert.equal(status, 1);
  assert.match(err, /none\.xml does not exist/);
  assert.equal(JSON.parse(out).file, 'c.xml');
  await assert.rejects(run(['parse']), { code: 'CLI_USAGE' });
});
