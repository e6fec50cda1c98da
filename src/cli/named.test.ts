// This file calls things by name in commands, and tries what commands learned from their first users.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cliDesk } from '../../test/support/cli-desk.ts';
import { freePort } from '../../test/support/free-port.ts';
import { accountsCommand } from './accounts.ts';
import { credentialsCommand } from './credentials.ts';
import { holdsCommand } from './holds.ts';
import { inboundCommand } from './inbound.ts';
import { limitsCommand } from './limits.ts';
import { mailboxesCommand } from './mailboxes.ts';
import { messagesCommand } from './messages.ts';
import { routeCommand } from './route.ts';
import { routingCommand } from './routing.ts';
import { sendCommand } from './send.ts';
import { suppressionsCommand } from './suppressions.ts';
import { tenantsCommand } from './tenants.ts';
import { webhooksCommand } from './webhooks.ts';

const SMTP = ['--provider', 'smtp', '--set', 'host=127.0.0.1', '--set', 'tls=none'];

test('Organisations and accounts are called by name as well as by id', async (t) => {
  const { run, json, ends } = await cliDesk(t);
  const club = await json(tenantsCommand, ['add', 'Rowing Club']);
  await run(tenantsCommand, ['add', 'Rowing Club Youth']);
  assert.equal((await json(tenantsCommand, ['show', 'rowing club'])).id, club.id, 'the whole name, whatever its case');
  await assert.rejects(run(tenantsCommand, ['show', 'Rowing']), { code: 'NOT_FOUND', hint: /packetboat tenants/ });
  await run(tenantsCommand, ['add', 'Rowing Club']);
  await assert.rejects(run(tenantsCommand, ['show', 'Rowing Club']), { code: 'CLI_USAGE', message: /2 are called/ });

  await run(credentialsCommand, ['add', '--tenant', 'Rowing Club Youth', '--kind', 'api_key', '--name', 'forum']);
  assert.match(await run(credentialsCommand, []), /forum .*Rowing Club Youth$/m, 'lists say names, too');
  const { data: keys } = await json(credentialsCommand, ['list', '--tenant', 'Rowing Club Youth']);
  assert.match(keys[0].tenant_id, /^[0-9a-f-]{36}$/, 'programs get ids');
  for (const args of [['add', '--kind', 'smtp'], []]) {
    const asked = args.length > 0 ? run(credentialsCommand, args) : run(suppressionsCommand, ['add', 'a@mailbox.test']);
    await assert.rejects(asked, { message: 'Say whose it is.', hint: /--tenant/ });
  }
  assert.match(await run(holdsCommand, ['--tenant', 'Rowing Club Youth']), /invalid-recipient/);
  const port = await freePort();
  const [first, second] = [
    await json(accountsCommand, ['add', 'Main', ...SMTP, '--set', `port=${port}`]),
    await json(accountsCommand, ['add', 'Spare', ...SMTP, '--set', 'port=9']),
  ];
  assert.deepEqual((await json(routingCommand, ['set', 'spare', first.id, '--tenant', 'Rowing Club Youth'])).accounts, [
    second.id,
    first.id,
  ]);
  assert.match(await run(routingCommand, []), /Rowing Club Youth +both +1\. Spare, 2\. Main/);
  assert.equal((await json(accountsCommand, ['pause', 'Spare'])).state, 'paused');
  assert.match(await run(accountsCommand, ['show', 'Main']), /^settings\.host +127\.0\.0\.1$/m, 'a line for each setting');
  const test = await ends(accountsCommand, ['test', 'Main']);
  assert.deepEqual([test.status, /ok +false/.test(test.said)], [1, true], 'nobody listens there, and scripts see it');
});

test('Bounce mailboxes are called by name, too', async (t) => {
  const { run, json, env } = await cliDesk(t);
  env['MAILBOX_PASSWORD'] = 'x';
  const where = ['--host', 'imap.example.org', '--username', 'bounces@example.org', '--password-env', 'MAILBOX_PASSWORD'];
  const { id } = await json(mailboxesCommand, ['add', 'bounces', ...where]);
  assert.deepEqual(
    [(await json(mailboxesCommand, ['pause', 'Bounces'])).id, (await json(mailboxesCommand, ['show', id])).state],
    [id, 'paused'],
  );
  assert.deepEqual((await json(inboundCommand, ['--mailbox', 'bounces'])).data, []);
  await assert.rejects(run(mailboxesCommand, ['show', 'nobody']), { code: 'NOT_FOUND', hint: /packetboat mailboxes/ });
});

test('A limit of a mailbox provider is set, listed and taken away', async (t) => {
  const { run, json } = await cliDesk(t);
  const account = await json(accountsCommand, ['add', 'Main', ...SMTP, '--set', 'port=9']);
  assert.match(await run(limitsCommand, []), /No limit is set/);
  const limit = await json(limitsCommand, ['set', 'google', '--per-minute', '600', '--account', 'Main']);
  assert.deepEqual([limit.account_id, limit.connections, limit.per_minute], [account.id, null, 600]);
  assert.match(await run(limitsCommand, []), /google +\S+ +· +600/);
  await assert.rejects(run(limitsCommand, ['set', 'googel', '--at-once', '2']), { code: 'REQUEST_INVALID' });
  await run(limitsCommand, ['clear', limit.id]);
  assert.equal((await json(limitsCommand, [])).data.length, 0);
  assert.match(await run(limitsCommand, ['messages']), /recipients/);
});

test('A word that is no verb is said to be none, with the verbs there are', async (t) => {
  const { run } = await cliDesk(t);
  await assert.rejects(run(tenantsCommand, ['ad', 'Rowing Club']), {
    code: 'CLI_USAGE',
    message: /no "tenants ad"; there are list, add, show/,
  });
  await assert.rejects(run(routeCommand, ['explan']), { code: 'CLI_USAGE', message: /no "route explan"; there are explain\./ });
});

test('What goes beside a message can be given, and the message says why it goes its way', async (t) => {
  const { run, json, desk } = await cliDesk(t);
  const club = await desk.tenant('Club');
  const given = ['--tenant', 'Club', '--from', `office@${club.domain}`, '--to', 'x@mailbox.test', '--text', 'Hello'];
  const marks = ['--reply-to', `board@${club.domain}`, '--header', 'X-Mailing=7', '--metadata', 'member=17', '--tag', 'welcome'];
  const { id } = await json(sendCommand, [...given, ...marks]);
  const shown = await json(messagesCommand, ['show', id]);
  assert.deepEqual([shown.tags, shown.metadata], [['welcome'], { member: '17' }]);
  const source = await run(messagesCommand, ['source', id]);
  for (const line of [/^Reply-To: board@club\.example\r$/m, /^X-Mailing: 7\r$/m]) assert.match(source, line);
  await assert.rejects(json(sendCommand, [...given, '--metadata', 'member']), { code: 'CLI_USAGE' });
});

test('A webhook endpoint gets another address and other events, and its test says where to look', async (t) => {
  const { run, json, desk } = await cliDesk(t);
  await desk.tenant('Club');
  const { id } = await json(webhooksCommand, ['add', 'https://club.example/hook', '--type', 'delivered', '--tenant', 'Club']);
  const changed = await json(webhooksCommand, ['change', id, '--to-url', 'https://club.example/mail', '--type', 'bounced']);
  assert.deepEqual([changed.url, changed.types], ['https://club.example/mail', ['bounced']]);
  assert.deepEqual((await json(webhooksCommand, ['change', id, '--all-types'])).types, []);
  assert.match(await run(webhooksCommand, ['test', id]), /webhooks waiting/);
  const [waiting] = (await json(webhooksCommand, ['waiting', id])).data;
  assert.deepEqual(
    [waiting.payload.id, waiting.payload.type, typeof waiting.payload.at, waiting.payload.message_id],
    [waiting.event_id, 'test', 'string', null],
    'in the form of every event',
  );
});
