// This file kills a provider in the middle of batches. Before its last byte was there, nothing was taken: the batch goes by the next account. After
// it, some may have been taken: those the provider can name are settled by asking, the rest is handed over once more, and nobody else.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { httpProvider, type SeenRequest } from '../fakes/http-provider.ts';
import { startSmtpHost } from '../fakes/smtp-host.ts';
import { openDesk } from '../support/desk.ts';

const BATCH = 30;
const TAKEN = 12;

interface Entry {
  readonly address: { readonly email: string };
  readonly metadata: { readonly pm_rcpt: string };
}

const provider = await httpProvider(() => ({ status: 500 }));
const host = await startSmtpHost();
after(async () => {
  await provider.close();
  await host.close();
});
const desk = await openDesk({ after });
const {
  body: { id: first },
} = await desk.api('POST', '/v1/provider-accounts', {
  name: 'Mortal',
  provider: 'sparkpost',
  settings: { base_url: provider.url },
  secret: { api_key: 'k-0123456789' },
});
await desk.route([first, await desk.smarthost(host.port)]);

/** The entries of a transmission: what our own adapter wrote. */
function entries(request: SeenRequest): Entry[] {
  return (request.json as { recipients?: Entry[] }).recipients ?? [];
}

function members(name: string): string[] {
  return Array.from({ length: BATCH }, (_, n) => `${name}${n}@club.test`);
}

it('after the last byte: asks who was taken, and hands over the rest alone', { timeout: 600_000 }, async () => {
  const taken: Entry[] = [];
  const batches: Entry[][] = [];
  provider.answer = (request) => {
    if (request.method === 'GET') {
      const address = new URL(request.url, provider.url).searchParams.get('recipients');
      const results = taken
        .filter((entry) => entry.address.email === address)
        .map((entry) => ({ type: 'injection', rcpt_to: entry.address.email, rcpt_meta: entry.metadata }));
      return { status: 200, body: { results } };
    }
    // It is left alone after its death. Where that rest is over before the doubt is settled, it takes nothing.
    if (batches.length > 0) return { status: 403, body: { errors: [{ message: 'Account is suspended' }] } };
    const batch = entries(request);
    batches.push(batch);
    taken.push(...batch.slice(0, TAKEN));
    return 'cut';
  };
  const { from } = desk.bootstrap.demo_tenant;
  const { id } = await desk.hand({ from, to: members('m'), subject: 'Batch', text: 'x' });
  const message = await desk.settled(id, ['handed_over']);
  assert.deepEqual(
    batches.map((batch) => batch.length),
    [BATCH],
  );
  const known = new Set(taken.map((entry) => entry.address.email));
  for (const recipient of message.recipients) {
    assert.equal(recipient.marks.includes('resent'), !known.has(recipient.address), recipient.address);
    assert.equal(recipient.attempts[0]?.outcome, 'unknown');
  }
  // The counted resend takes the next account.
  const rest = members('m').filter((address) => !known.has(address));
  assert.deepEqual(host.accepted.flatMap((mail) => mail.rcptTo).sort(), rest.sort());
  await desk.quiet();
});

it('before the last byte: the whole batch goes by the next account', { timeout: 600_000 }, async () => {
  await provider.stop();
  // A person resumes it, which ends its rest, and is wrong.
  for (const state of ['paused', 'active'])
    assert.equal((await desk.api('PATCH', `/v1/provider-accounts/${first}`, { state })).status, 200);
  host.accepted.length = 0;
  const { from } = desk.bootstrap.demo_tenant;
  const { id } = await desk.hand({ from, to: members('n'), subject: 'Batch', text: 'x' });
  const message = await desk.settled(id, ['handed_over']);
  assert.deepEqual(host.accepted.flatMap((mail) => mail.rcptTo).sort(), members('n').sort());
  for (const recipient of message.recipients) {
    assert.ok(!recipient.marks.includes('resent'));
    assert.deepEqual(
      recipient.attempts.map((attempt) => attempt.outcome),
      ['not_sent', 'handed_over'],
    );
  }
  await desk.quiet();
});
