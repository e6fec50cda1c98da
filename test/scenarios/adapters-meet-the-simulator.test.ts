// This file lets the adapters and the simulator, two independent readings of the same provider documents, speak with each other over real
// sockets: hand over, hear back, and agree on what every fate means.
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { systemClock } from '../../src/clock.ts';
import type { HandOver, Outcome, ProviderAccount, ProviderAdapter, ProviderClient, WebhookRequest } from '../../src/delivery/provider.ts';
import type { FeedbackEvent } from '../../src/feedback/vocabulary.ts';
import { Secret, silentLog } from '../../src/log.ts';
import { contractHandOver } from '../../src/providers/contract.ts';
import { elasticEmailAdapter } from '../../src/providers/elastic-email/adapter.ts';
import { mandrillAdapter } from '../../src/providers/mandrill/adapter.ts';
import { sparkpostAdapter } from '../../src/providers/sparkpost/adapter.ts';
import type { OutageKind } from '../../src/simulator/outages.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';

/** A twentieth of the simulator's usual waits. */
const PACE = 0.05;
const KEY = 'webhook-key-1';

interface World {
  readonly client: ProviderClient;
  readonly account: ProviderAccount;
  readonly refused: string[];
  /** Events per recipient address, in the order they came. */
  readonly events: Map<string, FeedbackEvent[]>;
  readonly close: () => Promise<void>;
}

function mimeFor(address: string): Buffer {
  const lines = ['From: Club <office@club.example>', `To: ${address}`, 'Subject: Meeting', `Message-ID: <${address}>`, 'MIME-Version: 1.0'];
  return Buffer.from([...lines, 'Content-Type: text/plain; charset=utf-8', '', 'Grüße', ''].join('\r\n'));
}

function handOverTo(address: string, change: Partial<HandOver> = {}): HandOver {
  return contractHandOver([address], { mime: mimeFor(address), ...change });
}

/** A desk with one webhook address that verifies and reads what the simulator posts. */
async function openWorld(simulator: Simulator, adapter: ProviderAdapter): Promise<World> {
  const simulated = simulator.accounts[adapter.kind];
  simulated.verifyDomain('club.example');
  const auth = { username: 'hook', password: new Secret('door') };
  // Mandrill's webhook shows its key when it is made; the account knows it from then on.
  const secret = { api_key: simulated.secret['api_key'] ?? '', ...(adapter.kind === 'mandrill' ? { webhook_key: KEY } : {}) };
  const parsed = adapter.parseAccount({ settings: { ...simulated.settings, answer_timeout_s: 60 }, secret });
  const account: ProviderAccount = {
    id: 'a',
    name: 'a',
    provider: adapter.kind,
    settings: parsed.settings,
    secret: new Secret(parsed.secret),
  };
  const events = new Map<string, FeedbackEvent[]>();
  const refused: string[] = [];
  let url = '';
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const headers: Record<string, string> = {};
      for (const [name, value] of Object.entries(request.headers)) if (typeof value === 'string') headers[name] = value;
      const webhook: WebhookRequest = { method: request.method ?? '', url: request.url ?? '', headers, body: Buffer.concat(chunks) };
      const verdict = adapter.webhook?.verify(webhook, { account, publicUrl: url, auth });
      if (verdict?.ok !== true) refused.push(verdict?.reason ?? 'no reader');
      for (const event of adapter.webhook?.events(webhook) ?? []) {
        const address = event.recipient?.toLowerCase() ?? '';
        events.set(address, [...(events.get(address) ?? []), event]);
      }
      response.writeHead(verdict?.ok === true ? 200 : 401).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server's address is never a string.
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/x`;
  simulator.registerWebhook(simulated, { url, auth: { username: 'hook', password: 'door' }, key: KEY });
  const client = adapter.connect(account, { clock: systemClock, log: silentLog, random: Math.random });
  const close = async () => {
    await client.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { client, account, refused, events, close };
}

type Told = readonly [type: string, feedbackClass: string | null, suppress: boolean];

/** Fate → what its decisive event means; `elastic`: Elastic Email tells by category and without words, so some of it is coarser. */
const FATES: readonly { readonly fate: string; readonly told: Told; readonly elastic?: Told }[] = [
  { fate: 'member', told: ['delivered', 'delivered', false] },
  { fate: 'bounce', told: ['bounced', 'invalid-recipient', true] },
  { fate: 'inactive', told: ['bounced', 'inactive-mailbox', true], elastic: ['bounced', 'inactive-mailbox', false] },
  { fate: 'full', told: ['bounced', 'mailbox-full', false], elastic: ['bounced', 'inactive-mailbox', false] },
  { fate: 'bad-domain', told: ['bounced', 'bad-domain', false], elastic: ['bounced', 'network', false] },
  { fate: 'greylist', told: ['delivered', 'delivered', false] },
  { fate: 'expired', told: ['bounced', 'expired', false] },
  { fate: 'blocked', told: ['bounced', 'ip-reputation', false] },
  { fate: 'content', told: ['bounced', 'spam-content', false] },
  { fate: 'unauthenticated', told: ['bounced', 'auth-failure', false] },
  { fate: 'too-large', told: ['bounced', 'message-too-large', false], elastic: ['bounced', 'unclassified', false] },
  { fate: 'policy', told: ['bounced', 'policy', false], elastic: ['bounced', 'unclassified', false] },
  { fate: 'complaint', told: ['complained', 'complaint', true] },
  { fate: 'late-bounce', told: ['bounced', 'invalid-recipient', true] },
  { fate: 'unsubscribe', told: ['unsubscribed', null, true] },
];

type Answer = readonly [kind: string, feedbackClass: string | null, found: string | null];
type Kind = 'sparkpost' | 'elastic-email' | 'mandrill';

/** Fate → outcome, its class, and what asking for the message says afterwards. */
const DOORS: readonly { readonly fate: string; readonly answer: Readonly<Record<Kind, Answer>> }[] = [
  {
    fate: 'suppressed',
    answer: {
      sparkpost: ['handed_over', null, 'accepted'],
      'elastic-email': ['handed_over', null, null],
      mandrill: ['refused', 'unclassified', 'absent'],
    },
  },
  {
    fate: 'refuse-at-rcpt',
    answer: {
      sparkpost: ['refused', 'invalid-recipient', 'unknown'],
      'elastic-email': ['refused', 'invalid-recipient', null],
      mandrill: ['refused', 'invalid-recipient', 'unknown'],
    },
  },
  {
    fate: 'refuse-at-data',
    answer: {
      sparkpost: ['refused', 'content', 'unknown'],
      'elastic-email': ['refused', 'content', null],
      mandrill: ['refused', 'policy', 'absent'],
    },
  },
  {
    fate: 'defer-at-data',
    answer: {
      sparkpost: ['deferred', 'operator', 'unknown'],
      'elastic-email': ['deferred', 'operator', null],
      mandrill: ['deferred', 'operator', 'unknown'],
    },
  },
  {
    fate: 'drop-accepted',
    answer: { sparkpost: ['unknown', null, 'accepted'], 'elastic-email': ['unknown', null, null], mandrill: ['unknown', null, 'accepted'] },
  },
  {
    fate: 'drop-refused',
    answer: { sparkpost: ['unknown', null, 'unknown'], 'elastic-email': ['unknown', null, null], mandrill: ['unknown', null, 'unknown'] },
  },
];

type Trouble = readonly [kind: string, signal: string];

/** Outage → outcome and signal of the account. Mandrill takes the mail of an account in trouble and keeps it. */
const OUTAGES: readonly { readonly outage: OutageKind; readonly trouble: Trouble; readonly mandrill?: Trouble }[] = [
  { outage: 'down', trouble: ['not_sent', 'unreachable'] },
  { outage: '5xx', trouble: ['unknown', 'degraded'] },
  { outage: 'quota', trouble: ['not_sent', 'quota'], mandrill: ['handed_over', 'degraded'] },
  { outage: 'suspended', trouble: ['not_sent', 'suspended'], mandrill: ['handed_over', 'degraded'] },
  { outage: 'throttle', trouble: ['deferred', 'throttled'] },
];

for (const adapter of [sparkpostAdapter, elasticEmailAdapter, mandrillAdapter]) {
  describe(`${adapter.title} and its simulation`, () => {
    let simulator: Simulator;
    let world: World;
    before(async () => {
      simulator = await startSimulator({
        log: silentLog,
        clock: systemClock,
        random: Math.random,
        inbound: { host: '127.0.0.1', port: 9 },
        pace: PACE,
      });
      world = await openWorld(simulator, adapter);
    });
    after(async () => {
      await world.close();
      await simulator.close();
    });

    for (const { fate, told: usual, elastic } of FATES)
      it(`agree on ${fate}`, async () => {
        const address = `${fate}@mailbox.test`;
        const handOver = handOverTo(address);
        const result = await world.client.send(handOver);
        const [outcome] = result.outcomes;
        assert.equal(outcome?.kind, 'handed_over', JSON.stringify(result));
        await simulator.idle();
        assert.deepEqual(world.refused, []);
        const events = world.events.get(address) ?? [];
        const [type, ...meaning] = adapter.kind === 'elastic-email' ? (elastic ?? usual) : usual;
        const told = events.findLast((event) => event.type === type);
        assert.ok(told, `no ${type} among ${events.map((event) => event.type).join(' ')}`);
        assert.deepEqual([told.class, told.suppress], meaning, JSON.stringify(told));
        assert.equal(told.recipientId, handOver.recipients[0]?.id, 'our recipient id came back');
        assert.equal(told.providerMessageId, providerIdOf(outcome), 'the message id is the one of the answer');
      });

    for (const { fate, answer } of DOORS)
      it(`agree on ${fate} at the door`, async () => {
        const address = `${fate}@mailbox.test`;
        const handOver = handOverTo(address);
        const [outcome] = (await world.client.send(handOver)).outcomes;
        await simulator.idle();
        const query = {
          messageId: handOver.messageId,
          recipientId: handOver.recipients[0]?.id ?? '',
          address,
          sinceMs: systemClock.nowMs() - 60_000,
        };
        const found = (await world.client.find?.(query)) ?? null;
        const feedbackClass = outcome?.kind === 'refused' || outcome?.kind === 'deferred' ? outcome.class : null;
        // The cast: the list of this test holds these three adapters only.
        assert.deepEqual([outcome?.kind, feedbackClass, found], answer[adapter.kind as Kind], JSON.stringify(outcome));
      });

    for (const { outage, trouble, mandrill } of OUTAGES)
      it(`agree on the outage "${outage}"`, async () => {
        await simulator.outage(adapter.kind, { forMs: 600_000, kind: outage });
        const result = await world.client.send(handOverTo('member@mailbox.test'));
        await simulator.endOutage(adapter.kind);
        const expected = adapter.kind === 'mandrill' ? (mandrill ?? trouble) : trouble;
        assert.deepEqual([result.outcomes[0]?.kind, result.account?.kind], expected, JSON.stringify(result));
      });

    it('agree that an unknown key is ours to mend', async () => {
      const secret = new Secret({ ...world.account.secret.reveal(), api_key: 'wrong' });
      const client = adapter.connect({ ...world.account, secret }, { clock: systemClock, log: silentLog, random: Math.random });
      const result = await client.send(handOverTo('member@mailbox.test'));
      await client.close();
      assert.equal(result.account?.kind, 'misconfigured', JSON.stringify(result));
      assert.equal(result.outcomes[0]?.kind, 'not_sent');
    });

    it('agree that an exhausted quota takes nothing', async () => {
      if (adapter.kind === 'mandrill') return;
      simulator.accounts[adapter.kind].setQuota({ daily: 0 });
      const result = await world.client.send(handOverTo('member@mailbox.test'));
      simulator.accounts[adapter.kind].setQuota({});
      assert.equal(result.account?.kind, 'quota', JSON.stringify(result));
      assert.equal(result.outcomes[0]?.kind, 'not_sent');
    });

    it('agree that an unverified domain is refused by this account only', async () => {
      simulator.accounts[adapter.kind].unverifyDomain('club.example');
      const result = await world.client.send(handOverTo('member@mailbox.test'));
      simulator.accounts[adapter.kind].verifyDomain('club.example');
      const [outcome] = result.outcomes;
      assert.equal(outcome?.kind, 'refused', JSON.stringify(result));
      assert.equal(outcome?.kind === 'refused' && outcome.class, adapter.kind === 'mandrill' ? 'auth-failure' : 'operator');
    });
  });
}

function providerIdOf(outcome: Outcome | undefined): string | null {
  return outcome?.kind === 'handed_over' ? outcome.providerMessageId : null;
}
