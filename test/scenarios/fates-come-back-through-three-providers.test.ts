// This file hands mail with every kind of fate to the three simulated providers and reads what came of it from the desk: state, marks, holds, and
// the provider's words. It also holds the desk to events that come twice and in the wrong order.
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import type { RecipientState } from '../../src/delivery/states.ts';
import { openDesk } from '../support/desk.ts';
import type { ShownRecipient } from '../support/desk-api.ts';
import { until } from '../support/until.ts';

interface Fate {
  readonly fate: string;
  readonly state: RecipientState;
  readonly reason?: string | null;
  readonly marks?: readonly string[];
  /** Streams the address is on hold for afterwards; '' is both. */
  readonly hold?: string | null;
  /** Providers that tell something else: their own expectation. */
  readonly but?: Readonly<Partial<Record<Provider, Omit<Fate, 'fate' | 'but'>>>>;
}

type Provider = 'sparkpost' | 'elastic-email' | 'mandrill';
/** We hand over with tracking switched off; Mandrill alone has no such switch for raw mail. */
const UNTRACKED = { sparkpost: { state: 'delivered' }, 'elastic-email': { state: 'delivered' } } as const;

const FATES: readonly Fate[] = [
  { fate: 'member', state: 'delivered' },
  { fate: 'bounce', state: 'bounced', reason: 'invalid-recipient', hold: '' },
  { fate: 'blocked', state: 'bounced', reason: 'ip-reputation' },
  { fate: 'content', state: 'bounced', reason: 'spam-content' },
  { fate: 'greylist-1', state: 'delivered' },
  { fate: 'complaint-1', state: 'delivered', marks: ['complained'], hold: 'bulk' },
  { fate: 'late-bounce-1', state: 'bounced', reason: 'invalid-recipient', hold: '' },
  { fate: 'unsubscribe-1', state: 'delivered', marks: ['unsubscribed'], hold: 'bulk' },
  { fate: 'click-1', state: 'delivered', marks: ['opened', 'clicked'], but: UNTRACKED },
  { fate: 'duplicate', state: 'delivered' },
  { fate: 'disorder', state: 'delivered', marks: ['opened'], but: UNTRACKED },
  // Elastic Email's webhook says "AccountProblem"; its event log has the receiver's words.
  { fate: 'full-1', state: 'bounced', reason: 'mailbox-full' },
];

const desk = await openDesk({ after });
const { body: accounts } = await desk.api('GET', '/v1/provider-accounts');

for (const kind of ['sparkpost', 'elastic-email', 'mandrill'] as const) {
  describe(`through ${kind}`, { concurrency: true }, async () => {
    const { id: account } = accounts.data.find((each: { provider: string }) => each.provider === kind);
    const domain = `${kind}.test`;
    const tenant = await desk.tenant(kind, { name: domain });
    await desk.route([account], { tenant_id: tenant.id });
    for (const { fate, but, ...usual } of FATES) {
      const expected = but?.[kind] ?? usual;
      it(`${fate} is told as it was`, { timeout: 600_000 }, async () => {
        const address = `${fate}@mailbox.test`;
        const text = 'Look here: https://club.test/regatta';
        const html = '<p>Look <a href="https://club.test/regatta">here</a></p>';
        const { id } = await desk.hand({ from: `office@${domain}`, to: address, subject: fate, text, html }, tenant.key);
        const told = (recipient: ShownRecipient | undefined) =>
          recipient?.state === expected.state && (expected.marks ?? []).every((mark) => recipient.marks.includes(mark));
        let last: ShownRecipient | undefined;
        await until(
          async () => {
            [last] = (await desk.message(id)).recipients;
            return told(last);
          },
          { what: `${fate} to be ${expected.state}` },
        ).catch((error: Error) => {
          throw new Error(`${error.message}: ${JSON.stringify(last)}`, { cause: error });
        });
        assert.deepEqual(last?.marks, expected.marks ?? []);
        if (expected.reason) assert.equal(last?.reason, expected.reason);
        assert.equal(last?.account_id, account);
        const events = (last?.events ?? []).map((event) => event.type);
        for (const type of ['delivered', 'complained', 'opened'] as const) {
          assert.ok(events.filter((each) => each === type).length <= 1, `${type} was recorded twice: ${events.join(' ')}`);
        }
        const { body: holds } = await desk.api('GET', `/v1/suppressions?tenant_id=${tenant.id}&address=${encodeURIComponent(address)}`);
        const streams = holds.data.map((hold: { stream: string | null }) => hold.stream ?? '');
        assert.deepEqual(streams, expected.hold === undefined ? [] : [expected.hold], JSON.stringify(holds.data));
      });
    }
  });
}

it('the ledger balances after all of it', { timeout: 600_000 }, async () => {
  const ledger = await desk.quiet();
  assert.equal(ledger.injected, FATES.length * 3);
});
