// This file checks `packetboat keys` and `packetboat domains providers` against a desk behind a real socket.
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { httpDesk } from '../../test/support/http-desk.ts';
import type { Command } from './command.ts';
import { domainsCommand } from './domains.ts';
import { keysCommand } from './keys.ts';

test('keys are listed, rotated and printed as a zone file, by the name of the domain', async (t) => {
  const desk = await httpDesk(t, {
    settings: { dkimZone: 'dkim.desk.example', dkimNameServers: ['ns1.desk.example', 'ns2.desk.example'] },
  });
  const url = await desk.app.listen({ port: 0, host: '127.0.0.1' });
  const club = await desk.tenant('Club');
  const run = async (command: Command, args: string[], key = desk.operatorKey) => {
    const out: string[] = [];
    const write = (chunk: unknown) => Boolean(out.push(String(chunk)));
    const io = { stdin: Readable.from([]), stdout: { write }, stderr: { write }, env: { PB_URL: url, PB_KEY: key }, cwd: '/' };
    assert.equal(await command.run(args, io), 0);
    return out.join('');
  };
  assert.match(await run(keysCommand, [club.domain]), /pb\d+r1 +rsa-sha256 +active/);
  const rotated = await run(keysCommand, ['rotate', club.domain], club.key);
  assert.match(rotated, /pb\d+r2 +rsa-sha256 +new/);
  assert.match(rotated, /CNAME pb\d+r1\._domainkey\.club\.example\n {4}pb\d+r1\.\d+\.dkim\.desk\.example/);
  await assert.rejects(run(keysCommand, ['rotate', club.domain], club.key), { code: 'DKIM_KEY_WAITS' });
  assert.match(await run(keysCommand, ['ed25519', club.domain], club.key), /pb\d+e1 +ed25519-sha256 +new/);
  assert.match(await run(keysCommand, ['check', club.domain], club.key), /pb\d+e1/);
  assert.match(await run(keysCommand, ['ed25519', club.domain, '--off']), /pb\d+e1 +ed25519-sha256 +revoked/);
  const zone = await run(keysCommand, ['zone']);
  assert.match(zone, /^\$ORIGIN dkim\.desk\.example\.\n@ 300 IN SOA ns1\.desk\.example\. hostmaster\.dkim\.desk\.example\. 1 /);
  assert.match(zone, /\n@ 3600 IN NS ns2\.desk\.example\.\n/);
  const key = /pb\d+r1\.\d+\.dkim\.desk\.example\. 3600 IN TXT "(v=DKIM1; k=rsa; p=[^"]+)" "([^"]+)"\n/.exec(zone);
  assert.ok(key?.[1]?.length === 255 && (key[2]?.length ?? 0) < 255, zone);
  assert.match(zone, /pb\d+e1\.\d+\.dkim\.desk\.example\. 3600 IN TXT "v=DKIM1; p="\n/);
  await assert.rejects(run(keysCommand, ['zone'], club.key), { code: 'SCOPE_MISSING' });
  assert.match(await run(domainsCommand, ['providers', club.domain]), /No provider was told of this domain/);
  await assert.rejects(run(domainsCommand, ['providers', club.domain, '--register']), /No active account/);
});
