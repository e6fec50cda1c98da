// This file types the commands of the API as a person would, against a desk that listens.
import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { cliDesk } from '../../test/support/cli-desk.ts';
import { AppError } from '../errors.ts';
import { accountsCommand } from './accounts.ts';
import { auditCommand } from './audit.ts';
import { bouncesCommand, complaintsCommand } from './bounces.ts';
import type { Command } from './command.ts';
import { credentialsCommand } from './credentials.ts';
import { domainsCommand } from './domains.ts';
import { eventsCommand } from './events.ts';
import { explainCommand } from './explain.ts';
import { feedbackCommand } from './feedback.ts';
import { holdsCommand } from './holds.ts';
import { ledgerCommand } from './ledger.ts';
import { loginCommand } from './login.ts';
import { messagesCommand } from './messages.ts';
import { peopleCommand } from './people.ts';
import { routeCommand } from './route.ts';
import { routingCommand } from './routing.ts';
import { rulesCommand } from './rules.ts';
import { sendCommand } from './send.ts';
import { sendersCommand } from './senders.ts';
import { statsCommand } from './statistics.ts';
import { statusCommand } from './status.ts';
import { suppressionsCommand } from './suppressions.ts';
import { tenantsCommand } from './tenants.ts';
import { webhooksCommand } from './webhooks.ts';

test('From an empty desk to a message, in commands', async (t) => {
  const { run, json, ends, cwd } = await cliDesk(t);
  assert.match(await run(tenantsCommand, []), /There is no organisation yet/);
  const { id } = await json(tenantsCommand, ['add', 'Rowing Club']);
  assert.match(await run(tenantsCommand, ['list']), /Rowing Club +active/);
  assert.match(await run(tenantsCommand, ['pause', id]), /suspended/);
  await run(tenantsCommand, ['resume', id]);
  assert.match(await run(domainsCommand, ['add', 'club.example', '--tenant', id]), /_domainkey\.club\.example[\s\S]+v=DKIM1/);
  assert.match(
    await run(domainsCommand, ['check', 'Club.Example']),
    /^club\.example: warning[\s\S]+missing +TXT +_packetboat\.club\.example/,
  );
  assert.match(await run(domainsCommand, ['show', 'club.example', '--lang', 'de']), /Angesehen .*Nächster Blick/);
  assert.match(
    await run(domainsCommand, ['instructions', 'club.example', '--host', 'hetzner']),
    /1\. Hetzner: DNS[\s\S]+Value +returns\.desk\.example\.\n/,
  );
  assert.match(await run(domainsCommand, ['instructions', 'club.example', '--zone-file']), /^bounce\.club\.example\. 3600 IN CNAME/m);
  assert.match(
    await run(domainsCommand, ['instructions', 'club.example', '--message', '--lang', 'de']),
    /^DNS-Einträge für club\.example\n\nGuten Tag/,
  );
  assert.match(await run(domainsCommand, ['list', '--state', 'warning', '--name', 'club']), /club\.example/);
  assert.match(await run(tenantsCommand, ['contact', id, 'board@club.example', '--language', 'de']), /board@club\.example/);
  assert.match(await run(sendersCommand, ['add', 'club@gmail.com', '--tenant', id]), /club@gmail\.com/);
  assert.match(await run(sendersCommand, ['list', '--tenant', id]), /club@gmail\.com/);
  assert.match(await run(sendersCommand, ['preview', 'Club <club@gmail.com>', '--tenant', id]), /would not leave: .*provider account/);
  assert.match(await run(sendersCommand, ['preview', 'a@club.example', '--tenant', id]), /would not leave|From: {5}a@club\.example/);
  assert.match(
    await run(sendersCommand, ['rewriting', '--tenant', id, '--agree', '--cap', '5']),
    /agreed +yes, the platform on .*\n.*\n.* 0 of 5/,
  );
  assert.match(await run(sendersCommand, ['rewriting', '--tenant', id]), /agreed +yes/);
  await assert.rejects(run(sendersCommand, ['rewriting', '--tenant', id, '--allow']), { code: 'REWRITING_UNAVAILABLE' });
  await assert.rejects(run(sendersCommand, ['domain']), { code: 'REWRITING_UNAVAILABLE' });
  const smarthost = [
    'add',
    'smarthost',
    '--provider',
    'smtp',
    '--set',
    'host=127.0.0.1',
    '--set',
    'port=9',
    '--set',
    'tls=none',
    '--set',
    'username=u',
  ];
  const account = await json(accountsCommand, [...smarthost, '--secret-file', '-'], '{"password":"hush"}');
  assert.match(account.webhook_url, /^https:\/\/desk\.example\/hooks\//);
  assert.ok(!JSON.stringify(account).includes('hush'));
  assert.match(await run(accountsCommand, ['list']), /smarthost +smtp +active/);
  assert.match(await run(accountsCommand, ['providers']), /sparkpost/);
  assert.match((await ends(accountsCommand, ['test', account.id])).said, /cannot be reached/);
  assert.match(await run(routingCommand, ['set', account.id, '--tenant', id]), new RegExp(account.id));
  assert.match(await run(routingCommand, []), /Rowing Club +both +1\. smarthost/);
  writeFileSync(join(cwd, 'a.pdf'), '%PDF');
  const parts = [
    '--tenant',
    id,
    '--from',
    'a@club.example',
    '--to',
    'x@mailbox.test',
    '--subject',
    'Hello',
    '--text',
    '-',
    '--attach',
    'a.pdf',
  ];
  const sent = await json(sendCommand, parts, 'From stdin');
  assert.match(await run(sendCommand, parts, 'again'), /Accepted as /);
  const raw = await json(
    sendCommand,
    ['raw', '-', '--to', 'y@mailbox.test', '--tenant', id],
    'From: a@club.example\nSubject: Raw\n\nBody\n',
  );
  assert.match(await run(messagesCommand, ['source', raw.id]), /Subject: Raw\r\n/);
  assert.match(await run(messagesCommand, ['list', '--subject', 'hello', '--limit', '1']), /Hello[\s\S]+There are more/);
  assert.match(await run(messagesCommand, ['show', sent.id]), /Hello\nfrom a@club\.example[\s\S]+x@mailbox\.test/);
  const german = await run(messagesCommand, ['show', sent.id, '--lang', 'de']);
  assert.match(german, /von a@club\.example, Einzelpost \(transactional\), angenommen[\s\S]+Empfänger +Zustand +Grund +Versuche/);
  assert.match(await run(messagesCommand, ['source', sent.id]), /application\/pdf/);
  assert.match(await run(messagesCommand, ['cancel', sent.id]), /cancelled +1/);
  assert.match(await run(ledgerCommand, ['--tenant', id]), /The ledger balances\.\n3 taken in/);
  assert.match(await run(statsCommand, ['--tenant', id, '--by', 'domain']), /club\.example +3 [\s\S]+Total +3 /);
  assert.match(await run(statsCommand, ['define']), /delivered_rate\n {2}Delivered, of those/);
  assert.equal((await json(statsCommand, ['--tenant', id])).total.accepted, 3);
  assert.match(await run(bouncesCommand, ['--class', 'policy', '--hard']), /Nothing bounced\./);
  assert.match(await run(complaintsCommand, []), /Nobody complained\./);
  assert.match(await run(complaintsCommand, ['rates']), /mailbox provider[\s\S]+too little to say/);
  assert.match(await run(statusCommand, []), /In 24 hours: 3 messages to 3 recipients/);
  assert.match(
    await run(routeCommand, ['explain', '--tenant', id, '--from', 'a@club.example', '--to', 'x@mailbox.test']),
    /^takes it {2}smarthost \(smtp\): First in the order/,
  );
});

test('A list says how long it is, in commands', async (t) => {
  const { run, json, desk } = await cliDesk(t);
  const club = await desk.tenant('Club');
  const own = ['--tenant', club.id];
  for (const name of ['a', 'b', 'c']) await run(suppressionsCommand, ['add', `${name}@mailbox.test`, ...own]);
  assert.match(await run(suppressionsCommand, ['list', '--total', '--limit', '1', ...own]), /There are more; add --limit\.\n3 in all\.\n$/);
  assert.doesNotMatch(await run(suppressionsCommand, ['list', ...own]), /in all/);
  const { data, total } = await json(suppressionsCommand, ['list', '--total', ...own]);
  assert.deepEqual([data.length, total], [3, 3]);
  assert.match(await run(bouncesCommand, ['list', '--total', ...own]), /0 in all/);
});

test('Own rules for answers, in commands', async (t) => {
  const { run, json, cwd } = await cliDesk(t);
  assert.match(await run(rulesCommand, []), /There are no own rules/);
  const rules = [{ id: 'moon', class: 'system', patterns: ['moon phase'], sample: '550 5.7.1 moon phase' }];
  writeFileSync(join(cwd, 'rules.json'), JSON.stringify({ rules }));
  assert.match(await run(rulesCommand, ['test', 'rules.json']), /nothing was stored/);
  assert.match(
    await run(rulesCommand, ['test', '-', '550 the moon phase again'], JSON.stringify(rules)),
    /system +own\/moon +\S+ +550 the moon/,
  );
  assert.equal((await json(rulesCommand, ['list'])).rules.length, 0);
  assert.match(await run(rulesCommand, ['set', 'rules.json']), /1 rules stand/);
  assert.match(await run(rulesCommand, ['list']), /moon +system +moon phase/);
  const answer = '550 5.1.1 user unknown, moon phase';
  assert.equal((await json(explainCommand, ['bounce', answer])).rule.startsWith('own/'), false, 'offline without asking for the desk');
  assert.match(await run(explainCommand, ['bounce', '--desk', answer]), /own\/moon[\s\S]+asked +1 × http:/);
  assert.match(await run(feedbackCommand, ['reply', '--desk'], `${answer}\n`), /Rules asked: 1 own ones of http:.+then ours\.\nsystem/);
  await assert.rejects(run(explainCommand, ['bounce', '--url', 'http://127.0.0.1:1', '--key', 'k', answer]), {
    code: 'SERVER_UNREACHABLE',
  });
  await assert.rejects(run(rulesCommand, ['set', '-'], '[{"id":"x"}]'), { code: 'REQUEST_INVALID' });
  await assert.rejects(run(rulesCommand, ['set', 'nowhere.json']), { code: 'CLI_USAGE' });
});

test('Holds, webhooks, credentials and events, in commands', async (t) => {
  const { desk, run, json, env, url } = await cliDesk(t);
  const club = await desk.tenant('Club');
  const mine = { ...env, PB_KEY: club.key };
  await run(suppressionsCommand, ['add', 'x@mailbox.test', '--reason', 'asked us to'], '', mine);
  assert.match(await run(suppressionsCommand, [], '', mine), /x@mailbox\.test +both +asked us to/);
  assert.match(await run(suppressionsCommand, ['remove', 'x@mailbox.test'], '', mine), /may be written to again/);
  assert.match(await run(suppressionsCommand, [], '', mine), /No address is on hold/);
  const endpoint = JSON.parse(await run(webhooksCommand, ['add', 'https://club.example/hook', '--type', 'delivered', '--json'], '', mine));
  assert.match(endpoint.secret, /^whsec_/);
  assert.match(await run(webhooksCommand, ['test', endpoint.id], '', mine), /on its way/);
  assert.match(await run(webhooksCommand, ['failed', endpoint.id]), /Nothing failed/);
  assert.match(await run(webhooksCommand, ['replay', endpoint.id], '', mine), /replayed +0/);
  assert.match(await run(webhooksCommand, ['pause', endpoint.id], '', mine), /paused/);
  const made = await json(credentialsCommand, ['add', '--tenant', club.id, '--kind', 'smtp', '--name', 'forum']);
  assert.ok(made.smtp_username && made.smtp_password);
  assert.match(await run(credentialsCommand, ['list', '--tenant', club.id]), /forum/);
  const rotated = await json(credentialsCommand, ['rotate', made.id, '--grace', '60']);
  assert.notEqual(rotated.smtp_password, made.smtp_password);
  await run(credentialsCommand, ['revoke', made.id, '--dry-run']);
  assert.match(await run(credentialsCommand, ['list', '--tenant', club.id]), /forum/);
  await run(credentialsCommand, ['revoke', made.id]);
  assert.doesNotMatch(await run(credentialsCommand, ['list', '--tenant', club.id]), /forum/);
  assert.match(await run(eventsCommand, [], '', mine), /hold\.created +x@mailbox\.test[\s\S]+hold\.released +x@mailbox\.test/);
  const page = JSON.parse(await run(eventsCommand, ['--json'], '', mine));
  assert.equal(page.data.length, 2);
  assert.ok(url);
});

test('People are let in, get another role and password, and are shut out; every step stands in the audit log', async (t) => {
  const { run, json, env, desk } = await cliDesk(t);
  const log = (login: string, password: string) => desk.app.inject({ method: 'POST', url: '/v1/session', payload: { login, password } });
  const { id: club } = await json(tenantsCommand, ['add', 'Rowing Club']);
  const maria = await json(peopleCommand, ['add', 'maria@club.test', '--role', 'viewer', '--tenant', club]);
  assert.deepEqual([maria.login, maria.role, maria.tenant_id, maria.password.length], ['maria@club.test', 'viewer', club, 24]);
  assert.equal((await log('maria@club.test', maria.password)).statusCode, 200);
  env['NEW_PASSWORD'] = 'rowing every morning';
  assert.doesNotMatch(await run(peopleCommand, ['password', 'maria@club.test', '--password-env', 'NEW_PASSWORD']), /rowing every/);
  assert.equal((await log('maria@club.test', maria.password)).statusCode, 401);
  assert.equal((await log('maria@club.test', 'rowing every morning')).statusCode, 200);
  assert.equal((await json(peopleCommand, ['role', maria.id, 'operator'])).role, 'operator');
  assert.match(await run(peopleCommand, ['list', '--tenant', club]), /maria@club\.test +operator/);
  assert.match(await run(peopleCommand, ['remove', 'maria@club.test']), /no more/);
  assert.equal((await log('maria@club.test', 'rowing every morning')).statusCode, 401);
  await assert.rejects(run(peopleCommand, ['remove', 'maria@club.test']), { code: 'NOT_FOUND' });
  await assert.rejects(run(peopleCommand, ['add', 'x', '--password-env', 'NOT_SET']), { code: 'CLI_USAGE' });
  const told = await run(auditCommand, ['--subject', maria.id]);
  assert.match(told, /person\.delete[\s\S]+person\.update[\s\S]+person\.update[\s\S]+person\.create/);
  assert.doesNotMatch(told, /rowing every/);
});

test('Log-in is tried before it is remembered, in a file for its owner only', async (t) => {
  const { desk, url, run, cwd } = await cliDesk(t);
  const env = { XDG_CONFIG_HOME: join(cwd, 'config') };
  const wrong = run(loginCommand, ['--url', url, '--key', 'pb_wrong'], '', env);
  await assert.rejects(wrong, { code: 'AUTH_INVALID' });
  assert.match(await run(loginCommand, ['--url', `${url}/`, '--key', desk.operatorKey], '', env), /remembered/);
  const file = join(cwd, 'config', 'packetboat', 'login.json');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), { url, key: desk.operatorKey });
  assert.match(await run(tenantsCommand, [], '', env), /There is no organisation yet/);
  await run(loginCommand, ['--url', url, '--key', desk.operatorKey, '--ca', 'ca.pem'], '', env);
  assert.equal(JSON.parse(readFileSync(file, 'utf8')).ca, join(cwd, 'ca.pem'), 'for every folder the next command is run in');
  await run(loginCommand, ['--forget'], '', env);
  assert.throws(() => statSync(file));
});

test('Refusals keep the code, field and hint of the desk; a desk that is away and a wrong form are said', async (t) => {
  const { run, env } = await cliDesk(t);
  const fails = async (command: Command, args: string[], code: string, text: RegExp, as = env) => {
    await assert.rejects(run(command, args, '', as), (error) => {
      assert.ok(error instanceof AppError);
      assert.equal(error.code, code);
      assert.match(error.message, text);
      assert.ok(error.hint.length > 0);
      return true;
    });
  };
  await fails(tenantsCommand, ['show', '00000000-0000-7000-8000-000000000000'], 'NOT_FOUND', /nothing under this id/);
  await fails(tenantsCommand, ['add', ''], 'REQUEST_INVALID', /name/);
  await fails(tenantsCommand, [], 'SERVER_UNREACHABLE', /does not answer/, { ...env, PB_URL: 'http://127.0.0.1:9' });
  await fails(tenantsCommand, [], 'CLI_USAGE', /"desk.example" is no address/, { ...env, PB_URL: 'desk.example' });
  await fails(tenantsCommand, ['add'], 'CLI_USAGE', /The form is/);
  await fails(tenantsCommand, ['frobnicate', 'x'], 'CLI_USAGE', /There is no "tenants frobnicate"; there are list/);
  await fails(routeCommand, ['frobnicate'], 'CLI_USAGE', /There is no "route frobnicate"/);
  await fails(accountsCommand, ['add', 'x', '--provider', 'smtp', '--set', 'nonsense'], 'CLI_USAGE', /NAME=VALUE/);
  await assert.rejects(run(tenantsCommand, ['list', '--colour']), TypeError);
});

test('Holds in commands: a policy is shown, refused, set, tried and reset; lists go in and out; a release says why', async (t) => {
  const { run, json, cwd } = await cliDesk(t);
  const { id } = await json(tenantsCommand, ['add', 'Choir']);
  const own = ['--tenant', id];
  assert.match(await run(holdsCommand, ['policy', ...own]), /Inherited:[\s\S]+invalid-recipient +1 +0 +180 +all +yes/);
  const policy = await json(holdsCommand, ['policy', 'show', ...own]);
  const rules = policy.rules.map((rule: { classes: string[] }) => (rule.classes[0] === 'mailbox-full' ? { ...rule, failures: 4 } : rule));
  writeFileSync(join(cwd, 'rules.json'), JSON.stringify({ rules }));
  assert.match(await run(holdsCommand, ['policy', 'set', 'rules.json', ...own]), /mailbox-full +4 +14 +30 +bulk/);
  assert.match(
    await run(holdsCommand, ['policy', 'dry-run', 'rules.json', '--days', '30', ...own]),
    /would have held 0 of 0 addresses in the last 30 days/,
  );
  assert.match(await run(holdsCommand, ['policy', 'reset', ...own]), /counts again/);
  await assert.rejects(run(holdsCommand, ['policy', 'set', '-', ...own], '[{"classes":["content"]}]'), { code: 'REQUEST_INVALID' });
  const file = 'address,reason\nanna@mailbox.test,complaint\nnobody\n';
  assert.match(
    await run(suppressionsCommand, ['import', '-', ...own], file),
    /1 addresses are on hold now, 0 were before, 1 rows were refused\.\nline 3: nobody/,
  );
  assert.match(await run(suppressionsCommand, ['export', ...own]), /^address,stream[^\n]+\nanna@mailbox\.test,,complaint/);
  assert.match(await run(suppressionsCommand, ['list', '--begins', 'an']), /anna@mailbox\.test/);
  const [hold] = (await json(suppressionsCommand, ['list'])).data;
  await assert.rejects(run(suppressionsCommand, ['release', hold.id]), { code: 'CLI_USAGE' });
  assert.match(
    await run(suppressionsCommand, ['release', hold.id, '--why', 'She asked', '--resend']),
    /anna@mailbox\.test may be written to again/,
  );
});
