// This file is the part of the contract suite about sending domains: every adapter that declares them passes it against a world that keeps domains
// behind real sockets.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemClock } from '../clock.ts';
import type { ProviderAccount, ProviderAdapter } from '../delivery/provider.ts';
import type { ProviderDomains } from '../delivery/provider-domain.ts';
import type { ListAnswer } from '../delivery/provider-list.ts';
import { Secret, silentLog } from '../log.ts';
import { readTold } from '../tenancy/told.ts';

/** A provider with domains to test against. Made anew for every case. */
export interface DomainWorld {
  readonly adapter: ProviderAdapter;
  readonly account: ProviderAccount;
  /** From now on the provider finds the domain's records when it looks. */
  publish(domain: string): void;
  close(): Promise<void>;
}

const DOMAIN = 'club.example';
const deps = { clock: systemClock, log: silentLog, random: () => 0.5 };

function said<T>(answer: ListAnswer<T>): T {
  assert.ok(answer.ok, JSON.stringify(answer));
  return answer.value;
}

const CASES: Readonly<Record<string, (world: DomainWorld, domains: ProviderDomains) => Promise<void>>> = {
  'a domain nobody asked for is not known': async (_world, domains) => {
    assert.equal(said(await domains.find(DOMAIN)), null);
  },
  'creating may be repeated, and says what is to be published': async (_world, domains) => {
    const made = said(await domains.create(DOMAIN));
    assert.equal(made.state, 'pending');
    assert.equal(made.signing, false);
    assert.ok(made.trouble !== null && readTold(made.trouble) !== null, 'what is missing is said in every language');
    assert.ok(made.records.length > 0 || made.spfInclude !== null);
    for (const { host, type, value } of made.records) {
      assert.ok(host === DOMAIN || host.endsWith(`.${DOMAIN}`), host);
      assert.ok(value.length > 0 && !value.includes('\n') && !host.endsWith('.'), `${type} ${value}`);
      assert.doesNotMatch(value, /^v=spf1/i, 'a domain has one SPF record, and its owner merges into it');
    }
    assert.deepEqual(said(await domains.create(DOMAIN)), made);
    assert.deepEqual(said(await domains.find(DOMAIN)), made);
  },
  'a look before the records stand changes nothing': async (_world, domains) => {
    said(await domains.create(DOMAIN));
    const looked = said(await domains.verify(DOMAIN));
    assert.deepEqual([looked.state, looked.signing], ['pending', false]);
    assert.ok(looked.trouble !== null && readTold(looked.trouble) !== null, 'its own words are quoted in a sentence of ours');
  },
  'a look after they stand verifies it, for good': async (world, domains) => {
    said(await domains.create(DOMAIN));
    world.publish(DOMAIN);
    const looked = said(await domains.verify(DOMAIN));
    assert.deepEqual([looked.state, looked.signing, looked.trouble], ['verified', true, null]);
    assert.equal(said(await domains.find(DOMAIN))?.state, 'verified');
    assert.equal(said(await domains.create(DOMAIN)).state, 'verified');
  },
  'domains are told apart': async (world, domains) => {
    said(await domains.create(DOMAIN));
    said(await domains.create(`news.${DOMAIN}`));
    world.publish(`news.${DOMAIN}`);
    assert.equal(said(await domains.verify(`news.${DOMAIN}`)).state, 'verified');
    assert.equal(said(await domains.verify(DOMAIN)).state, 'pending');
  },
  'a removed domain is not known any more, twice is one, and it can come again': async (world, domains) => {
    said(await domains.create(DOMAIN));
    said(await domains.create(`news.${DOMAIN}`));
    world.publish(DOMAIN);
    assert.equal(said(await domains.verify(DOMAIN)).state, 'verified');
    assert.equal(said(await domains.remove(DOMAIN)), null);
    assert.equal(said(await domains.find(DOMAIN)), null);
    assert.equal(said(await domains.remove(DOMAIN)), null, 'what is gone is gone already');
    assert.ok(said(await domains.find(`news.${DOMAIN}`)), 'names below it stay');
    said(await domains.create(DOMAIN));
    assert.ok(said(await domains.find(DOMAIN)));
  },
  'a wrong key needs a person': async (world) => {
    const secret = { ...world.account.secret.reveal(), api_key: 'wrong' };
    const parsed = world.adapter.parseAccount({ settings: { ...world.account.settings }, secret });
    const client = world.adapter.connect({ ...world.account, settings: parsed.settings, secret: new Secret(parsed.secret) }, deps);
    const answers = [await client.domains?.create(DOMAIN), await client.domains?.remove(DOMAIN)];
    await client.close();
    for (const answer of answers) assert.equal(answer?.ok === false && answer.kind, 'account', JSON.stringify(answer));
  },
  'a provider that is away proves nothing': async (world, domains) => {
    said(await domains.create(DOMAIN));
    await world.close();
    for (const call of [
      () => domains.create(DOMAIN),
      () => domains.find(DOMAIN),
      () => domains.verify(DOMAIN),
      () => domains.remove(DOMAIN),
    ]) {
      const answer = await call();
      assert.equal(answer.ok ? 'ok' : answer.kind, 'later', JSON.stringify(answer));
    }
  },
};

/** Declares the suite for one provider that knows domains. */
export function describeDomains(name: string, make: () => Promise<DomainWorld>): void {
  describe(`${name} keeps the contract about sending domains`, () => {
    for (const [title, run] of Object.entries(CASES)) {
      it(title, async () => {
        const world = await make();
        const client = world.adapter.connect(world.account, deps);
        try {
          assert.ok(client.domains && world.adapter.capabilities.domains, 'it declares domains and has none');
          await run(world, client.domains);
        } finally {
          await client.close();
          await world.close();
        }
      });
    }
  });
}
