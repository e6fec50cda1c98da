// This file tests that a stored secret is not brought elsewhere by whoever may change settings: by API and command line, for accounts and mailboxes.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { cliDesk } from '../../../test/support/cli-desk.ts';
import { accountsCommand } from '../../cli/accounts.ts';
import { openProviderAccount } from '../../store/provider-accounts.ts';

test('Settings that would bring a stored secret elsewhere are taken with the secret alone', async (t) => {
  const { desk, run, cwd } = await cliDesk(t);
  const made = await desk.ask('POST', '/v1/provider-accounts', {
    body: {
      name: 'Main',
      provider: 'smtp',
      settings: { host: 'smtp.host.example', port: 587, tls: 'starttls', username: 'desk' },
      secret: { password: 'first secret' },
    },
  });
  const url = `/v1/provider-accounts/${made.body.id}`;
  const refused = await desk.ask('PATCH', url, { body: { settings: { host: 'smtp.evil.example', connections: 3 } } });
  assert.deepEqual([refused.status, refused.body.code, refused.body.field], [422, 'SECRET_WANTED_AGAIN', 'secret.password']);
  assert.ok(refused.body.hint.length > 0);
  await assert.rejects(run(accountsCommand, ['change', 'Main', '--set', 'host=smtp.evil.example']), { code: 'SECRET_WANTED_AGAIN' });
  const stored = async () => {
    const account = await openProviderAccount(desk.pool, desk.deps.keys, made.body.id);
    return [account?.settings['host'], account?.settings['connections'], account?.secret.reveal()['password']];
  };
  assert.deepEqual(await stored(), ['smtp.host.example', 10, 'first secret'], 'nothing of it was stored');
  assert.equal((await desk.ask('PATCH', url, { body: { settings: { connections: 3 } } })).status, 200);
  const file = join(cwd, 'secret.json');
  writeFileSync(file, JSON.stringify({ password: 'second secret' }));
  await run(accountsCommand, ['change', 'Main', '--set', 'host=smtp.other.example', '--secret-file', file]);
  assert.deepEqual(await stored(), ['smtp.other.example', 3, 'second secret']);

  const mailbox = await desk.ask('POST', '/v1/mailboxes', {
    body: { name: 'bounces', settings: { host: 'imap.host.example', username: 'bounces' }, secret: { password: 'third secret' } },
  });
  const at = `/v1/mailboxes/${mailbox.body.id}`;
  for (const settings of [{ host: 'imap.evil.example' }, { port: 1143 }, { verify_certificate: false }]) {
    assert.equal((await desk.ask('PATCH', at, { body: { settings } })).body.code, 'SECRET_WANTED_AGAIN', JSON.stringify(settings));
  }
  assert.equal((await desk.ask('PATCH', at, { body: { settings: { folder: 'Bounces' } } })).status, 200);
  const moved = await desk.ask('PATCH', at, { body: { settings: { host: 'imap.other.example' }, secret: { password: 'third secret' } } });
  assert.deepEqual([moved.status, moved.body.settings.host], [200, 'imap.other.example']);
});
