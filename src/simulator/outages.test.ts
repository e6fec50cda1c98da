import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { systemClock } from '../clock.ts';
import type { ProviderKind } from '../delivery/provider.ts';
import { PROVIDERS } from './http/control.ts';
import type { OutageKind } from './outages.ts';
import type { Simulator } from './simulator.ts';
import { sampleMime, smtpSend, startWorld } from './test-kit.ts';

let simulator: Simulator;
let stop: () => Promise<void>;

before(async () => {
  ({ simulator, close: stop } = await startWorld());
  for (const provider of PROVIDERS) simulator.accounts[provider].verifyDomain('*');
});
after(() => stop());
afterEach(async () => {
  for (const provider of PROVIDERS) await simulator.endOutage(provider);
});

/** One hand-over as a short answer: HTTP status and body, the SMTP reply, or what broke. */
async function handOver(provider: ProviderKind, to: string): Promise<string> {
  try {
    return provider === 'smtp' ? await smtpSend(simulator.smtpPort, { from: 'b@returns.test', to }) : await handOverHttp(provider, to);
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return `broken: ${cause instanceof Error ? `${cause.message} ${'code' in cause ? cause.code : ''}` : String(cause)}`;
  }
}

async function handOverHttp(provider: Exclude<ProviderKind, 'smtp'>, to: string): Promise<string> {
  const { key, settings } = simulator.accounts[provider];
  const raw = sampleMime(to).toString();
  const calls = {
    sparkpost: {
      path: '/transmissions',
      headers: { authorization: key },
      body: { recipients: [{ address: to }], content: { email_rfc822: raw } },
    },
    'elastic-email': {
      path: '/emails',
      headers: { 'x-elasticemail-apikey': key },
      body: { Recipients: [{ Email: to }], Content: { From: 'a@club.test', Body: [{ ContentType: 'PlainText', Content: raw }] } },
    },
    mandrill: { path: '/messages/send-raw.json', headers: {}, body: { key, raw_message: raw, to: [to] } },
  };
  const { path, headers, body } = calls[provider];
  const answer = await fetch(`${settings['base_url']}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return `${answer.status} ${await answer.text()}`;
}

describe('An outage', () => {
  const rows: [ProviderKind, OutageKind, RegExp][] = [
    ['sparkpost', 'down', /^broken: .*ECONNREFUSED/],
    ['elastic-email', 'down', /^broken: .*ECONNREFUSED/],
    ['mandrill', 'down', /^broken: .*ECONNREFUSED/],
    ['smtp', 'down', /^broken: .*ECONNREFUSED/],
    ['sparkpost', '5xx', /^500 .*"1500"/],
    ['elastic-email', '5xx', /^500 .*"Error"/],
    ['mandrill', '5xx', /^500 .*"GeneralError"/],
    ['smtp', '5xx', /^421 4\.3\.0/],
    ['sparkpost', 'throttle', /^429 .*"errors"/],
    ['elastic-email', 'throttle', /^429 .*Too many requests/],
    ['mandrill', 'throttle', /^429 Too Many Requests$/],
    ['smtp', 'throttle', /^421 4\.7\.0/],
    ['sparkpost', 'quota', /^420 .*"2102"/],
    ['elastic-email', 'quota', /^400 .*Daily limit/],
    ['smtp', 'quota', /^454 4\.7\.0 Daily/],
    ['sparkpost', 'suspended', /^403 .*suspended/],
    ['elastic-email', 'suspended', /^403 .*suspended/],
    ['smtp', 'suspended', /^550 5\.7\.1 .*suspended/],
  ];
  for (const [provider, kind, expected] of rows) {
    it(`of kind ${kind} at ${provider} accepts nothing, and ends`, async () => {
      const to = `out-${provider}-${kind}@mailbox.test`;
      await simulator.outage(provider, { forMs: 60_000, kind });
      assert.match(await handOver(provider, to), expected);
      await simulator.idle();
      assert.deepEqual(await simulator.mailbox(to), []);
      assert.equal(await simulator.endOutage(provider), true);
      assert.match(await handOver(provider, to), /^2\d\d/);
      await simulator.idle();
      assert.equal((await simulator.mailbox(to)).length, 1);
    });
  }

  for (const [kind, reason] of [
    ['quota', 'hourly-quota-exhausted'],
    ['suspended', 'account-suspended'],
  ] as const) {
    it(`of kind ${kind} at mandrill accepts and holds the mail until it is over`, async () => {
      const to = `out-held-${kind}@mailbox.test`;
      // Long enough for what is said and read meanwhile, on a busy machine too.
      await simulator.outage('mandrill', { forMs: 4_000, kind });
      assert.match(await handOver('mandrill', to), new RegExp(`^200 .*"queued".*"${reason}"`));
      assert.deepEqual(await simulator.mailbox(to), []);
      await simulator.idle();
      assert.equal((await simulator.mailbox(to)).length, 1);
    });
  }

  for (const provider of PROVIDERS) {
    it(`of kind lying at ${provider} takes the message and answers garbage, or breaks the line`, async () => {
      await simulator.outage(provider, { forMs: 60_000, kind: 'lying' });
      const addresses = [`out-lie-${provider}@mailbox.test`, `out-liee-${provider}@mailbox.test`];
      const answers = [await handOver(provider, addresses[0] ?? ''), await handOver(provider, addresses[1] ?? '')];
      assert.ok(answers.some((one) => one.startsWith('broken')) || answers.some((one) => one.includes('It works!')), answers.join(' | '));
      assert.ok(answers.every((one) => one.startsWith('broken') || one.includes('It works!')));
      await simulator.idle();
      for (const address of addresses) assert.equal((await simulator.mailbox(address)).length, 1);
    });

    it(`of kind slow at ${provider} answers late`, async () => {
      await simulator.outage(provider, { forMs: 60_000, kind: 'slow', delayMs: 40 });
      const startMs = systemClock.monotonicMs();
      assert.match(await handOver(provider, 'out-slow@mailbox.test'), /^2\d\d/);
      assert.ok(systemClock.monotonicMs() - startMs >= 39);
    });
  }

  it('ends by itself, and the provider listens where it did before', async () => {
    const outage = await simulator.outage('sparkpost', { forMs: 100 });
    assert.deepEqual([outage.provider, outage.kind], ['sparkpost', 'down']);
    const deadlineMs = systemClock.monotonicMs() + 60_000;
    let answer = '';
    // Asked again until it answers: the moment the port is open again is nobody's promise.
    while (!answer.startsWith('200') && systemClock.monotonicMs() < deadlineMs)
      answer = await handOver('sparkpost', 'out-end@mailbox.test');
    assert.match(answer, /^200/);
    assert.deepEqual(simulator.outages(), []);
  });

  it('replaces the one that runs, and refuses times that make no sense', async () => {
    await simulator.outage('smtp', { forMs: 60_000, kind: 'quota' });
    await simulator.outage('smtp', { forMs: 60_000, kind: 'throttle' });
    assert.match(await handOver('smtp', 'a@mailbox.test'), /^421/);
    for (const forMs of [0, -1, Number.NaN, 90_000_000]) {
      await assert.rejects(simulator.outage('smtp', { forMs }), { code: 'LIMIT_EXCEEDED' });
    }
    assert.equal(await simulator.endOutage('mandrill'), false);
  });

  it('of one provider leaves the others alone, also below the common address', async () => {
    await simulator.outage('sparkpost', { forMs: 60_000 });
    assert.match(await handOver('mandrill', 'out-others@mailbox.test'), /^200/);
    await assert.rejects(fetch(`${simulator.httpUrl}/sparkpost/api/v1/account`));
    const answer = await fetch(`${simulator.httpUrl}/elasticemail/v4/domains`, { headers: { 'x-elasticemail-apikey': 'sim-x' } });
    assert.equal(answer.status, 200);
  });
});
