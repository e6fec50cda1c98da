// This file follows mail that a provider drops because the address stands on its own suppression list: nobody is charged with a bounce, the
// organisation sees why, and a release takes the address off there, so that the next mail is judged by its receiver again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDesk } from '../support/desk.ts';
import { until } from '../support/until.ts';

const KINDS = ['sparkpost', 'elastic-email', 'mandrill'] as const;

for (const kind of KINDS) {
  test(`${kind} drops mail for its own list`, { timeout: 600_000 }, async (t) => {
    const desk = await openDesk(t);
    const there = desk.simulator.accounts[kind];
    there.learn(true);
    const { body: accounts } = await desk.api('GET', '/v1/provider-accounts');
    const account = accounts.data.find((each: { provider: string }) => each.provider === kind).id;
    await desk.route([account]);
    const [club, choir] = [await desk.tenant('Club', { name: 'club.test' }), await desk.tenant('Choir', { name: 'choir.test' })];
    const send = (tenant: { key: string }, from: string, to: string) =>
      desk.hand({ from, to, subject: 'Regatta', text: 'At nine.' }, tenant.key);
    const sync = async () => (await desk.api('GET', `/v1/provider-accounts/${account}/suppressions/sync`)).body;
    const holdsOf = async (tenant: { key: string }) => (await desk.api('GET', '/v1/suppressions', undefined, tenant.key)).body.data;
    // SparkPost's entries take effect a minute later; here they stand long enough.
    const listed = (address: string, detail: string) =>
      there.fillList([
        [
          address,
          {
            reason: { sparkpost: 'Bounce Rule', 'elastic-email': 'Bounce', mandrill: 'hard-bounce' }[kind],
            atMs: Date.now() - 86_400_000,
            detail,
            code: 550,
          },
        ],
      ]);

    // The club's mail to an address that somebody's earlier mail put on the provider's list.
    listed('member-old@mailbox.test', kind === 'sparkpost' ? '550: 550 5.1.1 no such user' : '550 5.1.1 no such user');
    const dropped = await send(club, 'office@club.test', 'member-old@mailbox.test');
    const [recipient] = (await desk.settled(dropped.id, ['failed'])).recipients;
    assert.equal(recipient?.reason, 'provider-list');
    assert.ok(
      recipient.events.some((event) => event.data?.['provider_list'] !== undefined),
      JSON.stringify(recipient.events),
    );
    for (const event of recipient.events) assert.notEqual(event.data?.['fault'], 'recipient', 'no bounce is charged to anybody');
    // The entry is looked up, and the club sees a hold with the provider's words.
    const [hold] = await until(async () => ((await holdsOf(club)).length > 0 ? await holdsOf(club) : null), {
      what: 'a hold',
    });
    assert.deepEqual([hold.reason, hold.source.startsWith('list of ')], ['invalid-recipient', true]);
    assert.match(hold.evidence, /no such user/);
    assert.deepEqual(await holdsOf(choir), [], 'nobody else wrote there');

    // The way out: the hold is ended, and the provider's entry with it.
    assert.equal((await desk.api('DELETE', `/v1/suppressions/${hold.id}`, undefined, club.key)).status, 204);
    await until(() => there.listed('member-old@mailbox.test') === null, { what: 'the entry to be taken off' });
    await until(async () => (await sync()).changes.waiting === 0, { what: 'the change to be noted' });
    const again = await send(club, 'office@club.test', 'member-old@mailbox.test');
    await desk.settled(again.id, ['delivered']);

    // An entry whose words name our own fault holds nobody; the operator sees it, and can take it off.
    const blocked = '554 5.7.1 client host [198.51.100.7] blocked using dnsbl.example';
    listed('member-fine@mailbox.test', kind === 'sparkpost' ? `554: ${blocked}` : blocked);
    const unlucky = await send(choir, 'office@choir.test', 'member-fine@mailbox.test');
    const [other] = (await desk.settled(unlucky.id, ['failed'])).recipients;
    assert.equal(other?.reason, 'provider-list');
    const report = await until(
      async () => {
        const { body } = await desk.api('GET', `/v1/provider-accounts/${account}/suppressions?verdict=not-the-recipient`);
        return body.data.length > 0 ? body.data : null;
      },
      { what: 'the report' },
    );
    assert.deepEqual([report[0].address, report[0].class], ['member-fine@mailbox.test', 'ip-reputation']);
    assert.deepEqual(await holdsOf(choir), []);
    await desk.command(
      'accounts',
      'unlist',
      account,
      'member-fine@mailbox.test',
      '--url',
      desk.bootstrap.http_url,
      '--key',
      desk.bootstrap.operator_key,
    );
    await until(() => there.listed('member-fine@mailbox.test') === null, { what: 'the entry to be taken off' });
    const operator = ['--url', desk.bootstrap.http_url, '--key', desk.bootstrap.operator_key, '--json'];
    const read = JSON.parse(await desk.command('accounts', 'sync-suppressions', account, '--whole', '--wait', ...operator));
    assert.deepEqual([read.whole, read.last_error, read.ended_at !== null], [true, null, true]);
    assert.equal((await desk.ledger()).difference, 0);
  });
}
