// This file checks `packetboat domain check` against a DNS on loopback: its words, its JSON and its exit status.
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { type FakeAnswer, fakeDns } from '../../test/fakes/dns-server.ts';
import { AppError } from '../errors.ts';
import { domainCommand } from './domain.ts';

async function run(args: string[]): Promise<{ status: number; out: string }> {
  let out = '';
  const stdout = {
    write: (chunk: unknown) => {
      out += String(chunk);
      return true;
    },
  };
  const status = await domainCommand.run(args, { stdin: Readable.from([]), stdout, stderr: stdout, env: {}, cwd: '/' });
  return { status, out };
}

const ZONE: Readonly<Record<string, FakeAnswer>> = {
  'NS club.example': { answers: [{ type: 'NS', value: 'ns1.club.example' }] },
  'MX club.example': { answers: [{ type: 'MX', value: '', preference: 0 }] },
  'TXT club.example': { answers: [{ type: 'TXT', value: 'v=spf1 -all' }] },
  'TXT _dmarc.club.example': { answers: [{ type: 'TXT', value: 'v=DMARC1; p=reject; rua=mailto:d@club.example' }] },
  'TXT broken.example': { answers: [{ type: 'TXT', value: 'v=spf1 \u001b[31m+all' }] },
  'TXT silent.example': { rcode: 2 },
};

test('a domain is checked at the server that is named, and the exit status says how it is', async (t) => {
  const server = await fakeDns((name, type) => ZONE[`${type} ${name}`] ?? { rcode: 3 });
  t.after(() => server.close());
  const dns = ['--dns', `127.0.0.1:${server.port}`];
  const good = await run(['check', 'club.example', ...dns]);
  assert.equal(good.status, 0, good.out);
  assert.match(good.out, /^club\.example: nothing is wrong\n/);
  assert.match(good.out, /SPF\n {11}club\.example · 0 look-ups · v=spf1 -all\n {2}ok {7}One SPF record, 0 of 10 look-ups\./);
  const json = await run(['check', 'club.example', '--json', ...dns]);
  const { name, verdict, dmarc, spf } = JSON.parse(json.out);
  assert.deepEqual([name, verdict, dmarc.policy, spf.lookups], ['club.example', 'ok', 'reject', 0]);

  const german = await run(['check', 'club.example', '--lang', 'de', ...dns]);
  assert.match(german.out, /^club\.example: alles in Ordnung\n/);
  assert.match(german.out, /0 Abfragen · v=spf1 -all\n {2}gut {6}Ein SPF-Eintrag, 0 von 10 Abfragen\./);
  assert.match(german.out, /Die Domain sagt, dass sie keine Post annimmt/);

  const broken = await run(['check', 'broken.example', ...dns]);
  assert.equal(broken.status, 1);
  assert.match(broken.out, /PROBLEM {2}broken\.example is not registered/);
  assert.ok(!broken.out.includes('\u001b'), 'texts of strangers do not play with the terminal');
  assert.match(broken.out, / {11}→ /);
});

test('where DNS does not answer nothing is called right or wrong', async (t) => {
  const server = await fakeDns(() => ({ rcode: 2 }));
  t.after(() => server.close());
  const { status, out } = await run(['check', 'club.example', '--dns', `127.0.0.1:${server.port}`]);
  assert.equal(status, 3, out);
  assert.match(out, /^club\.example: DNS did not answer everything/);
});

test('what is not understood is said', async () => {
  for (const args of [
    [],
    ['check'],
    ['look', 'club.example'],
    ['check', 'a.example', 'b.example'],
    ['check', 'a.example', '--dns', 'dns.example'],
  ]) {
    await assert.rejects(run(args), (error) => error instanceof AppError && error.code === 'CLI_USAGE');
  }
  await assert.rejects(run(['check', 'no domain']), (error) => error instanceof AppError && error.code === 'CLI_USAGE');
  await assert.rejects(
    run(['check', 'club.example', '--selector', '-']),
    (error) => error instanceof AppError && error.code === 'CLI_USAGE',
  );
});
