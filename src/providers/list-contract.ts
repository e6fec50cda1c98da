// This file is the part of the contract suite about a provider's own suppression list: every adapter that declares one passes it against a
// world that holds such a list behind real sockets.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemClock } from '../clock.ts';
import type { ProviderAccount, ProviderAdapter } from '../delivery/provider.ts';
import type { ListAnswer, ListPage, ProviderSuppressions } from '../delivery/provider-list.ts';
import type { ListedAddress, ListedWhy } from '../feedback/provider-list.ts';
import { CLASS_FAULT } from '../feedback/vocabulary.ts';
import { Secret, silentLog } from '../log.ts';

export interface ListedRow {
  readonly address: string;
  readonly why: ListedWhy;
  /** The receiver's words, for bounces. */
  readonly words?: string;
  readonly atMs: number;
}

/** A provider with a list to test against. Made anew for every case. */
export interface ListWorld {
  readonly adapter: ProviderAdapter;
  readonly account: ProviderAccount;
  /** Puts addresses on the provider's own list, as the provider itself would. */
  fill(rows: readonly ListedRow[]): void;
  listed(address: string): boolean;
  /** The next call about the list fails so. */
  fail(kind: '5xx' | 'throttle' | 'cut'): void;
  close(): Promise<void>;
}

/** More than two pages of the widest of them. */
const MANY = 4_500;
const AT_MS = Date.UTC(2026, 9, 1, 10);
const deps = { clock: systemClock, log: silentLog, random: () => 0.5 };
const UNKNOWN_USER = '550 5.1.1 user unknown in virtual mailbox table';

/** What an answer says, or the assertion that fails with the answer's words. */
function said<T>(answer: ListAnswer<T>): T {
  assert.ok(answer.ok, JSON.stringify(answer));
  return answer.value;
}

async function wholeList(list: ProviderSuppressions, sinceMs: number | null = null): Promise<ListedAddress[]> {
  const entries: ListedAddress[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < 100; pages += 1) {
    const page: ListPage = said(await list.list(sinceMs, cursor));
    entries.push(...page.entries);
    if (page.next === null) return entries;
    cursor = page.next;
  }
  throw new Error('the list has no end');
}

const names = (entries: readonly ListedAddress[]) => [...new Set(entries.map((entry) => entry.address))].sort();

type Case = (world: ListWorld, list: ProviderSuppressions) => Promise<void>;

const CASES: Readonly<Record<string, Case>> = {
  'an empty list is one empty page': async (_world, list) => {
    assert.deepEqual(said(await list.list(null, null)).entries, []);
  },
  'every entry says who, why, since when and in whose words': async (world, list) => {
    const row = (address: string, why: ListedWhy, words?: string) => ({
      address,
      why,
      atMs: AT_MS,
      ...(words === undefined ? {} : { words }),
    });
    world.fill([
      row('gone@mailbox.test', 'bounce', UNKNOWN_USER),
      row('cross@mailbox.test', 'complaint'),
      row('left@mailbox.test', 'unsubscribe'),
    ]);
    const entries = await wholeList(list);
    assert.deepEqual(names(entries), ['cross@mailbox.test', 'gone@mailbox.test', 'left@mailbox.test']);
    for (const entry of entries) {
      assert.ok(entry.label.length > 0);
      assert.equal(entry.atMs, AT_MS);
      assert.equal(entry.ours, false);
      assert.equal(entry.why, { gone: 'bounce', cross: 'complaint', left: 'unsubscribe' }[entry.address.split('@')[0] ?? '']);
      assert.equal(entry.class === null, entry.why !== 'bounce', 'a class belongs to a bounce');
    }
    const bounce = entries.find((entry) => entry.why === 'bounce');
    assert.equal(bounce?.class, 'invalid-recipient');
    assert.match(bounce?.diagnostic ?? '', /user unknown/);
  },
  'words that name our own fault are no fault of the recipient': async (world, list) => {
    world.fill([
      {
        address: 'fine@mailbox.test',
        why: 'bounce',
        atMs: AT_MS,
        words: '554 5.7.1 Service unavailable; client host [198.51.100.7] blocked using dnsbl.example',
      },
    ]);
    for (const entry of await wholeList(list))
      assert.notEqual(CLASS_FAULT[entry.class ?? 'unclassified'], 'recipient', JSON.stringify(entry));
  },
  'a long list comes in pages, each entry at least once, or says that it is cut': async (world, list) => {
    const rows = Array.from({ length: MANY }, (_, n) => ({
      address: `m${n}@mailbox.test`,
      why: 'bounce' as const,
      words: UNKNOWN_USER,
      atMs: AT_MS + n * 1_000,
    }));
    world.fill(rows);
    const most = world.adapter.capabilities.suppressions?.listMax ?? null;
    if (most !== null) {
      const page = said(await list.list(null, null));
      assert.deepEqual([page.entries.length, page.next, page.truncated], [most, null, true]);
      return;
    }
    assert.deepEqual(names(await wholeList(list)), rows.map((row) => row.address).sort());
  },
  'asked for what changed since, it answers no less': async (world, list) => {
    world.fill([
      { address: 'old@mailbox.test', why: 'bounce', words: UNKNOWN_USER, atMs: AT_MS },
      { address: 'new@mailbox.test', why: 'bounce', words: UNKNOWN_USER, atMs: AT_MS + 3_600_000 },
    ]);
    const found = names(await wholeList(list, AT_MS + 1_800_000));
    const expected = world.adapter.capabilities.suppressions?.since ? ['new@mailbox.test'] : ['new@mailbox.test', 'old@mailbox.test'];
    assert.deepEqual(found, expected);
  },
  'one address can be looked up': async (world, list) => {
    world.fill([
      { address: 'gone@mailbox.test', why: 'bounce', words: UNKNOWN_USER, atMs: AT_MS },
      { address: 'not.gone@mailbox.test', why: 'complaint', atMs: AT_MS },
    ]);
    assert.deepEqual(names(said(await list.look('gone@mailbox.test'))), ['gone@mailbox.test']);
    assert.deepEqual(names(said(await list.look('Gone@Mailbox.test'))), ['gone@mailbox.test']);
    assert.deepEqual(said(await list.look('nobody@mailbox.test')), []);
  },
  'adding and removing may be repeated': async (world, list) => {
    const addition = { address: 'cross+tag@mailbox.test', stream: 'bulk', why: 'complaint' } as const;
    assert.equal(said(await list.add(addition)), 'added');
    assert.equal(said(await list.add(addition)), 'added');
    assert.ok(world.listed(addition.address));
    const [entry] = said(await list.look(addition.address));
    assert.ok(entry !== undefined && (entry.ours || entry.why === 'complaint'), JSON.stringify(entry));
    assert.equal(said(await list.remove(addition.address)), 'removed');
    assert.equal(said(await list.remove(addition.address)), 'absent');
    assert.equal(world.listed(addition.address), false);
  },
  'a failure proves nothing and may be tried again': async (world, list) => {
    world.fill([{ address: 'gone@mailbox.test', why: 'bounce', words: UNKNOWN_USER, atMs: AT_MS }]);
    for (const kind of ['5xx', 'throttle', 'cut'] as const) {
      for (const call of [() => list.list(null, null), () => list.look('gone@mailbox.test'), () => list.remove('gone@mailbox.test')]) {
        world.fail(kind);
        const answer = await call();
        assert.equal(answer.ok ? 'ok' : answer.kind, 'later', `${kind}: ${JSON.stringify(answer)}`);
        if (kind === 'throttle') assert.ok(!answer.ok && (answer.retryAfterMs ?? 0) > 0);
      }
    }
    assert.ok(world.listed('gone@mailbox.test'));
    assert.equal((await wholeList(list)).length > 0, true);
  },
  'a wrong key needs a person': async (world) => {
    const secret = { ...world.account.secret.reveal(), api_key: 'wrong' };
    const parsed = world.adapter.parseAccount({ settings: { ...world.account.settings }, secret });
    const client = world.adapter.connect({ ...world.account, settings: parsed.settings, secret: new Secret(parsed.secret) }, deps);
    const answer = await client.suppressions?.list(null, null);
    await client.close();
    assert.equal(answer?.ok === false && answer.kind, 'account', JSON.stringify(answer));
  },
  'addresses that would change the request stay inside it': async (world, list) => {
    for (const address of ['a/b?c=d#e@mailbox.test', 'ü&x=1@mailbox.test', '"; drop"@mailbox.test']) {
      world.fill([{ address, why: 'bounce', words: UNKNOWN_USER, atMs: AT_MS }]);
      assert.deepEqual(names(said(await list.look(address))), [address]);
      assert.equal(said(await list.remove(address)), 'removed', address);
    }
  },
};

/** Declares the suite for one provider that has a list. */
export function describeList(name: string, make: () => Promise<ListWorld>): void {
  describe(`${name} keeps the contract about its suppression list`, () => {
    for (const [title, run] of Object.entries(CASES)) {
      it(title, async () => {
        const world = await make();
        const client = world.adapter.connect(world.account, deps);
        try {
          assert.ok(client.suppressions, 'it declares a list and has none');
          await run(world, client.suppressions);
        } finally {
          await client.close();
          await world.close();
        }
      });
    }
  });
}
