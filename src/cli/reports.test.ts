// This file types the commands about reports on domains as a person would, against a desk that listens.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { httpDesk } from '../../test/support/http-desk.ts';
import { REPORT } from '../../test/support/reports.ts';
import type { Command } from './command.ts';
import { domainsCommand } from './domains.ts';
import { reportsCommand } from './reports.ts';

test('A report is handed in, listed, shown, and explained at its domain', async (t) => {
  const desk = await httpDesk(t);
  const url = await desk.app.listen({ host: '127.0.0.1', port: 0 });
  const cwd = mkdtempSync(join(tmpdir(), 'packetboat-reports-'));
  t.after(async () => rmSync(cwd, { recursive: true, force: true }));
  const run = async (command: Command, args: string[]) => {
    const out: string[] = [];
    const write = (chunk: unknown) => Boolean(out.push(String(chunk)));
    const env = { PB_URL: url, PB_KEY: desk.operatorKey, XDG_CONFIG_HOME: cwd };
    assert.equal(await command.run(args, { stdin: Readable.from([]), stdout: { write }, stderr: { write }, env, cwd }), 0);
    return out.join('');
  };
  assert.match(await run(reportsCommand, []), /No report came/);
  const club = await desk.tenant('Club');
  writeFileSync(join(cwd, 'r.xml.gz'), gzipSync(REPORT.replaceAll('verein.example', club.domain)));
  writeFileSync(join(cwd, 'note.txt'), 'Hello');
  const handed = await run(reportsCommand, ['import', 'r.xml.gz', 'r.xml.gz', 'note.txt']);
  assert.match(handed, /r\.xml\.gz +aggregate +club\.example +stored +counted/);
  assert.match(handed, /r\.xml\.gz +aggregate +club\.example +duplicate/);
  assert.match(handed, /note\.txt .*refused .*REPORT_NOT_FOUND/);
  const { data } = JSON.parse(await run(reportsCommand, ['list', '--domain', club.domain, '--json']));
  assert.equal(data.length, 1);
  assert.match(await run(reportsCommand, ['show', data[0].id]), /duplicates +1[\s\S]+192\.0\.2\.10/);
  const range = ['--from', '2025-01-01', '--to', '2025-01-31'];
  const text = await run(domainsCommand, ['dmarc', club.domain, ...range]);
  assert.match(text, /^2025-01-01 to 2025-01-31: 7 messages, 7 aligned;/);
  assert.match(text, /Next step: [\s\S]+No reports came in the last 30 days/);
  assert.match(await run(domainsCommand, ['dmarc', club.domain, ...range, '--csv']), /^kind,source,messages/);
  assert.match(await run(domainsCommand, ['tls', club.domain, ...range]), /0 connections/);
  await assert.rejects(run(domainsCommand, ['dmarc', 'nobody.example']), { code: 'NOT_FOUND' });
  await assert.rejects(run(reportsCommand, ['import']), { code: 'CLI_USAGE' });
  await assert.rejects(run(reportsCommand, ['accept', data[0].id]), { code: 'STATE_FORBIDS' });
});
