// This file is the contract suite: one list of cases that every provider adapter passes against a world that speaks real sockets and
// misbehaves on request. What a provider cannot meet is named with a reason, never skipped in silence.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemClock } from '../clock.ts';
import type {
  HandOver,
  HandOverRecipient,
  ProviderAccount,
  ProviderAdapter,
  ProviderClient,
  SendResult,
  WebhookRequest,
} from '../delivery/provider.ts';
import { AppError } from '../errors.ts';
import { CLASS_FAULT } from '../feedback/vocabulary.ts';
import { idMint } from '../ids.ts';
import { silentLog } from '../log.ts';

/** What a world can be told to do until it is told otherwise; `null` ends it. */
export type Misfortune =
  /** Nothing listens where the account points. */
  | 'unreachable'
  /** The account's allowance is used up: nothing is accepted. */
  | 'quota'
  | 'suspended'
  /** The key or password is wrong. */
  | 'misconfigured'
  /** Too many or too fast, come back later; nothing is accepted. */
  | 'throttled'
  /** The line is cut when the hand-over has begun and its last byte cannot have been read. */
  | 'closes-before-acceptance'
  /** The whole hand-over is read, then the line is cut without an answer. */
  | 'closes-after-last-byte'
  /** The whole hand-over is read and answered with something no protocol knows. */
  | 'nonsense'
  /** The whole hand-over is read and the answer held back; the next `script` call lets it go, as an acceptance. */
  | 'holds-answer';

/** A provider to test against: an adapter, an account that reaches a fake of it, and the fake's own memory. Made anew for every case. */
export interface ProviderWorld {
  readonly adapter: ProviderAdapter;
  /** Settings and secret have gone through `adapter.parseAccount`. */
  readonly account: ProviderAccount;
  readonly fates: {
    /** An address that is accepted; another one for every `n`. */
    deliver(n: number): string;
    /** Refused for good, for the address's own sake. */
    readonly refuse: string;
    /** Not now. */
    readonly defer: string;
  };
  /** What the fake took responsibility for, one row per recipient, in any order; `mime` null where it keeps no whole message. */
  accepted(): Promise<readonly { readonly address: string; readonly mime: Buffer | null }[]>;
  script(misfortune: Misfortune | null): void | Promise<void>;
  /** Resolves once `holds-answer` holds an answer back. */
  held(): Promise<void>;
  /** Genuine webhook requests as the provider posts them, where it has webhooks. */
  webhooks?(): readonly WebhookRequest[];
  close(): Promise<void>;
}

/** Calls beyond the slots that the waiting case makes; enough to need a second round on every slot. */
const CROWD_FACTOR = 3;
/** The crowd stays small on the machine of a volunteer. */
const CROWD_MAX = 60;

const ids = idMint(systemClock);

/** A small message in plain ASCII with the lines that protocols trip over: a leading dot, a lone dot, a long line, a blank line at the end. */
export function contractMime(subject = 'Contract'): Buffer {
  const head = `From: Club <office@club.example>\nSubject: ${subject}\nMessage-ID: <${ids.next()}@club.example>\nMIME-Version: 1.0\n`;
  const body = `\n.starts with a dot\n.\n..\n${'x'.repeat(900)}\nends with a blank line\n\n`;
  return Buffer.from(`${head}Content-Type: text/plain; charset=us-ascii\n${body}`.replaceAll('\n', '\r\n'));
}

/** A hand-over of one message for these addresses. */
export function contractHandOver(addresses: readonly string[], change: Partial<HandOver> = {}): HandOver {
  const recipients = addresses.map((address): HandOverRecipient => {
    const id = ids.next();
    return { id, address, returnPath: `b-${id.replaceAll('-', '')}@return.club.example` };
  });
  const id = ids.next();
  const fixed = {
    messageId: id,
    tenantId: ids.next(),
    stream: 'transactional',
    smtpUtf8: false,
    eightBit: false,
    pool: null,
    tags: [],
  } as const;
  return { ...fixed, mime: contractMime(), recipients, idempotencyKey: id, ...change };
}

type Case = (world: ProviderWorld, client: ProviderClient) => Promise<void>;

const kinds = (result: SendResult) => result.outcomes.map((outcome) => outcome.kind);

/** No recipient pays for what is wrong with our account or the line. */
function assertNobodyBlamed(result: SendResult): void {
  for (const outcome of result.outcomes) {
    assert.notEqual(outcome.kind, 'handed_over');
    if (outcome.kind !== 'refused') continue;
    assert.equal(outcome.suppress, false);
    assert.notEqual(CLASS_FAULT[outcome.class], 'recipient');
  }
}

function accountCase(misfortune: 'quota' | 'suspended' | 'misconfigured' | 'throttled'): Case {
  return async (world, client) => {
    await world.script(misfortune);
    const result = await client.send(contractHandOver([world.fates.deliver(1)]));
    assert.equal(result.account?.kind, misfortune, `the answer says nothing of ${misfortune}: ${JSON.stringify(result)}`);
    assert.ok(result.account.reason.length > 0);
    assertNobodyBlamed(result);
    assert.equal(result.outcomes[0]?.kind === 'unknown', false, 'a clear answer leaves nothing open');
    assert.deepEqual(await world.accepted(), []);
  };
}

function lineCase(misfortune: Misfortune, expected: 'not_sent' | 'unknown'): Case {
  return async (world, client) => {
    await world.script(misfortune);
    const result = await client.send(contractHandOver([world.fates.deliver(1)]));
    assert.deepEqual(kinds(result), [expected], JSON.stringify(result));
    if (misfortune === 'unreachable') assert.equal(result.account?.kind, 'unreachable');
    if (expected === 'not_sent') assert.deepEqual(await world.accepted(), []);
  };
}

export const CONTRACT_CASES = {
  'hands over one': async (world, client) => {
    const handOver = contractHandOver([world.fates.deliver(1)]);
    const result = await client.send(handOver);
    assert.deepEqual(kinds(result), ['handed_over'], JSON.stringify(result));
    assert.equal(result.account, undefined);
    const accepted = await world.accepted();
    assert.deepEqual(
      accepted.map((row) => row.address),
      [world.fates.deliver(1)],
    );
    if (world.adapter.capabilities.preservesMime) assert.deepEqual(accepted[0]?.mime, handOver.mime);
  },
  'hands over several, who do not learn of each other': async (world, client) => {
    const addresses = [1, 2, 3].map((n) => world.fates.deliver(n));
    const size = Math.min(world.adapter.capabilities.batchMax, addresses.length);
    const sends: Promise<SendResult>[] = [];
    for (let at = 0; at < addresses.length; at += size) sends.push(client.send(contractHandOver(addresses.slice(at, at + size))));
    const results = await Promise.all(sends);
    assert.deepEqual(results.flatMap(kinds), ['handed_over', 'handed_over', 'handed_over']);
    const accepted = await world.accepted();
    assert.deepEqual(accepted.map((row) => row.address).sort(), addresses.toSorted());
    for (const row of accepted)
      for (const other of addresses)
        if (other !== row.address) assert.equal(row.mime?.includes(other) ?? false, false, `${row.address} learns of ${other}`);
  },
  'a refused recipient leaves the others alone': async (world, client) => {
    const addresses = [world.fates.deliver(1), world.fates.refuse, world.fates.deliver(2)];
    const together = world.adapter.capabilities.batchMax >= addresses.length;
    const groups = together ? [addresses] : addresses.map((address) => [address]);
    const outcomes = (await Promise.all(groups.map((group) => client.send(contractHandOver(group))))).flatMap((result) => result.outcomes);
    assert.deepEqual(
      outcomes.map((outcome) => outcome.kind),
      ['handed_over', 'refused', 'handed_over'],
    );
    const refused = outcomes[1];
    assert.ok(
      refused?.kind === 'refused' && CLASS_FAULT[refused.class] === 'recipient' && refused.reply.length > 0,
      JSON.stringify(refused),
    );
    assert.equal((await world.accepted()).length, 2);
  },
  'a deferred recipient is deferred': async (world, client) => {
    const result = await client.send(contractHandOver([world.fates.defer]));
    assert.deepEqual(kinds(result), ['deferred'], JSON.stringify(result));
    assert.deepEqual(await world.accepted(), []);
  },
  'quota is a signal of the account': accountCase('quota'),
  'suspension is a signal of the account': accountCase('suspended'),
  'wrong credentials are a signal of the account': accountCase('misconfigured'),
  'throttling is a signal of the account': accountCase('throttled'),
  'unreachable is not_sent': lineCase('unreachable', 'not_sent'),
  'closed before acceptance is not_sent': lineCase('closes-before-acceptance', 'not_sent'),
  'closed after the last byte is unknown': lineCase('closes-after-last-byte', 'unknown'),
  'a nonsense answer to a whole hand-over is unknown': lineCase('nonsense', 'unknown'),
  'line breaks in an address never reach the wire': async (world, client) => {
    const address = world.fates.deliver(1);
    for (const bad of [`${address}\r\nRCPT TO:<evil@club.example>`, `a\n${address}`, `a\r${address}`, `${address}\u0000`]) {
      const result = await client.send(contractHandOver([bad]));
      assert.deepEqual(kinds(result), ['refused'], JSON.stringify(bad));
    }
    assert.deepEqual(await world.accepted(), []);
    assert.deepEqual(kinds(await client.send(contractHandOver([address]))), ['handed_over'], 'the client still works');
  },
  'more calls than slots wait inside and each is answered once': async (world, client) => {
    const count = Math.min(client.slots * CROWD_FACTOR, CROWD_MAX);
    const results = await Promise.all(Array.from({ length: count }, (_, n) => client.send(contractHandOver([world.fates.deliver(n)]))));
    assert.deepEqual(new Set(results.flatMap(kinds)), new Set(['handed_over']));
    assert.equal((await world.accepted()).length, count);
  },
  'close waits for what is on the wire': async (world, client) => {
    await world.script('holds-answer');
    const order: string[] = [];
    const sending = client.send(contractHandOver([world.fates.deliver(1)])).then((result) => order.push(...kinds(result)));
    await world.held();
    const closing = client.close().then(() => order.push('closed'));
    await world.script(null);
    await Promise.all([sending, closing]);
    assert.deepEqual(order, ['handed_over', 'closed']);
    assert.deepEqual(kinds(await client.send(contractHandOver([world.fates.deliver(2)]))), ['not_sent'], 'a closed client takes nothing');
  },
  'capabilities are coherent': async ({ adapter }, client) => {
    const can = adapter.capabilities;
    assert.equal(client.suppressions !== undefined, can.suppressions !== null, 'a declared list can be used, and no other');
    assert.ok(Number.isInteger(can.batchMax) && can.batchMax >= 1);
    assert.ok(can.sizeMaxBytes === null || can.sizeMaxBytes > 0);
    if (can.preservesMime) assert.ok(can.rawMime, 'only raw MIME can be preserved');
    if (can.rawMime) assert.equal(adapter.carries(contractMime()), null);
    assert.equal(adapter.webhook !== undefined, can.deliveryEvents, 'delivery events come by webhook');
    if (can.webhookSignature !== 'none') assert.ok(adapter.webhook);
    if (can.batchMax > 1) assert.notEqual(can.returnPath, 'address', 'a return path per recipient needs a hand-over each');
    for (const row of can.cannot) assert.ok(row.what.length > 0 && row.reason.length > 0);
  },
  'an account names its bad field': async ({ adapter, account }) => {
    const secret = account.secret.reveal();
    const again = adapter.parseAccount({ settings: { ...account.settings }, secret: { ...secret } });
    assert.deepEqual(again, { settings: account.settings, secret }, 'parsing twice changes nothing');
    const named = (field: string) => (error: unknown) =>
      error instanceof AppError && error.code === 'PROVIDER_SETTINGS_INVALID' && (error.field ?? '').endsWith(field);
    assert.throws(() => adapter.parseAccount({ settings: { ...account.settings, no_such_setting: 1 }, secret }), named('no_such_setting'));
    assert.throws(
      () => adapter.parseAccount({ settings: account.settings, secret: { ...secret, no_such_secret: 'x' } }),
      named('no_such_secret'),
    );
  },
  'webhook events are pure and repeatable': async ({ adapter, webhooks }) => {
    if (adapter.webhook === undefined) return assert.equal(webhooks, undefined, 'webhooks without a reader');
    const requests = webhooks?.() ?? [];
    assert.ok(requests.length > 0, 'the world shows no webhook request');
    for (const request of requests) {
      const before = Buffer.from(request.body);
      const first = adapter.webhook.events(request);
      assert.deepEqual(adapter.webhook.events(request), first, 'the same request gives the same events, ids included');
      assert.deepEqual(request.body, before, 'the raw request is left as it came');
      const unique = new Set(first.map((event) => event.providerEventId));
      assert.equal(unique.size, first.length, 'one id per event');
      for (const event of first) {
        assert.ok(event.providerEventId.length > 0);
        if (event.suppress && event.class !== 'complaint' && event.class !== null)
          assert.equal(event.fault, 'recipient', JSON.stringify(event));
      }
    }
    for (const body of ['', '{', '[]', '[null]', '{"a":1}', '\u0000\ufffd', '[[[[]]]]', 'a=b&c=%ZZ']) {
      const odd = { method: 'POST', url: '/', headers: { 'content-type': 'application/json' }, body: Buffer.from(body) };
      assert.ok(Array.isArray(adapter.webhook.events(odd)), `odd body ${JSON.stringify(body)}`);
    }
  },
} as const satisfies Record<string, Case>;

export type ContractCase = keyof typeof CONTRACT_CASES;

export interface ContractOptions {
  readonly name: string;
  make(): Promise<ProviderWorld>;
  /** Cases this provider cannot meet, each with the reason a reader of the docs deserves. */
  readonly cannot?: readonly { readonly case: ContractCase; readonly reason: string }[];
}

/** Runs one case in a fresh world and takes the world down again. */
export async function runContractCase(name: ContractCase, make: () => Promise<ProviderWorld>): Promise<void> {
  const world = await make();
  const client = world.adapter.connect(world.account, { clock: systemClock, log: silentLog, random: () => 0.5 });
  try {
    await CONTRACT_CASES[name](world, client);
  } finally {
    await world.script(null);
    await client.close();
    await world.close();
  }
}

/** Declares the whole suite for one provider; call it at the top of the provider's own test file. */
export function describeProvider({ name, make, cannot = [] }: ContractOptions): void {
  // Object.keys forgets the literal type of the keys; the table above is their only source.
  const names = Object.keys(CONTRACT_CASES) as ContractCase[];
  describe(`${name} keeps the provider contract`, () => {
    for (const title of names) {
      const exception = cannot.find((row) => row.case === title);
      it(title, { skip: exception?.reason ?? false }, () => runContractCase(title, make));
    }
    it('gives a reason for everything it cannot do', () => {
      for (const row of cannot) assert.ok(row.reason.length > 10, `say why "${row.case}" cannot be met`);
    });
  });
}
