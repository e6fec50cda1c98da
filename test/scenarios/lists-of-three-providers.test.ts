// This file holds the adapters' handling of suppression lists against the simulated providers, who learned their lists from the providers'
// documents and not from the adapters.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { systemClock } from '../../src/clock.ts';
import type { ProviderAdapter } from '../../src/delivery/provider.ts';
import { Secret, silentLog } from '../../src/log.ts';
import { elasticEmailAdapter } from '../../src/providers/elastic-email/adapter.ts';
import { describeList, type ListedRow, type ListWorld } from '../../src/providers/list-contract.ts';
import { mandrillAdapter } from '../../src/providers/mandrill/adapter.ts';
import { sparkpostAdapter } from '../../src/providers/sparkpost/adapter.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';

const LABELS = {
  sparkpost: {
    bounce: 'Bounce Rule',
    complaint: 'Spam Complaint',
    unsubscribe: 'List Unsubscribe',
    manual: 'Manually Added',
    provider: 'Compliance',
  },
  'elastic-email': { bounce: 'Bounce', complaint: 'Complaint', unsubscribe: 'Unsubscribe', manual: 'Bounce', provider: 'Bounce' },
  mandrill: { bounce: 'hard-bounce', complaint: 'spam', unsubscribe: 'unsub', manual: 'custom', provider: 'rule' },
} as const;

type Kind = keyof typeof LABELS;

async function openWorld(adapter: ProviderAdapter, extra: Record<string, unknown> = {}): Promise<ListWorld> {
  const simulator = await startSimulator({
    log: silentLog,
    clock: systemClock,
    random: Math.random,
    inbound: { host: '127.0.0.1', port: 9 },
    pace: 0.01,
    accounts: [{ provider: adapter.kind, key: `sim-${adapter.kind}`, subaccounts: ['members'] }],
  });
  // The cast: the adapters of this file are these three.
  const kind = adapter.kind as Kind;
  const simulated = simulator.accounts[kind];
  const { settings, secret } = adapter.parseAccount({ settings: { ...simulated.settings, ...extra }, secret: { ...simulated.secret } });
  const entryOf = ({ why, words = '', atMs }: ListedRow) => {
    const [, code] = /^(\d{3}) /.exec(words) ?? [];
    const detail =
      kind === 'sparkpost' && code !== undefined ? `${code}: ${words}` : kind === 'mandrill' && words !== '' ? `smtp;${words}` : words;
    return { reason: LABELS[kind][why], atMs, detail, code: code === undefined ? null : Number(code) };
  };
  return {
    adapter,
    account: { id: 'a', name: 'A', provider: adapter.kind, settings, secret: new Secret(secret) },
    fill: (rows) => simulated.fillList(rows.map((row) => [row.address, entryOf(row)])),
    listed: (address) => simulated.listed(address) !== null,
    fail: (mode) => simulated.failList({ after: 0, kind: mode, times: 1 }),
    close: () => simulator.close(),
  };
}

for (const adapter of [sparkpostAdapter, elasticEmailAdapter, mandrillAdapter]) describeList(adapter.title, () => openWorld(adapter));

for (const [adapter, settings] of [
  [sparkpostAdapter, { subaccount: 7 }],
  [mandrillAdapter, { subaccount: 'members' }],
] as const) {
  it(`${adapter.title} keeps the list of a subaccount apart`, async () => {
    const world = await openWorld(adapter, settings);
    const client = adapter.connect(world.account, { clock: systemClock, log: silentLog, random: Math.random });
    try {
      const list = client.suppressions;
      assert.ok(list?.ownList);
      assert.equal((await list.add({ address: 'cross@mailbox.test', stream: 'bulk', why: 'complaint' })).ok, true);
      assert.equal(world.listed('cross@mailbox.test'), false, 'the list of the whole account is not touched');
      const found = await list.look('cross@mailbox.test');
      assert.deepEqual(found.ok && found.value.map((entry) => [entry.address, entry.ours]), [['cross@mailbox.test', true]]);
    } finally {
      await client.close();
      await world.close();
    }
  });
}

it('SparkPost refuses to take its own Compliance rows off, and they are told apart', async () => {
  const world = await openWorld(sparkpostAdapter);
  const client = sparkpostAdapter.connect(world.account, { clock: systemClock, log: silentLog, random: Math.random });
  try {
    world.fill([{ address: 'postmaster@mailbox.test', why: 'provider', atMs: 0 }]);
    const removed = await client.suppressions?.remove('postmaster@mailbox.test');
    assert.equal(removed?.ok === false && removed.kind, 'forbidden');
    const found = await client.suppressions?.look('postmaster@mailbox.test');
    assert.deepEqual(found?.ok && found.value.map((entry) => entry.why), ['provider', 'provider']);
  } finally {
    await client.close();
    await world.close();
  }
});
