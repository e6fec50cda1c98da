// This file checks that the preview of a From that is written anew promises no proof before the record of the signing key was seen.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decideRoute } from '../delivery/route.ts';
import { parseAddress } from '../mail/address.ts';
import { smtpAdapter } from '../providers/smtp/adapter.ts';
import type { MaySend } from '../tenancy/may-send.ts';
import { makeSenderIdentity } from './sender-identity.ts';

const ADDRESS = 'maria@gmail.com';
const ANEW = 'maria@club.club-mail.example';
const MAY: MaySend = {
  ...{ allowed: true, domainAuthenticated: false, domainId: null, domainName: null, freeMailbox: true },
  rewriting: { possible: true, allowed: true, agreed: true, asIs: false, address: ANEW, organisation: 'Club' },
};
const ROUTE = {
  ...{ routeId: 1, accountId: 'a', accountName: 'a', provider: 'smtp' as const, pool: 'a', treatment: 'rewritten' as const },
  ...{ capabilities: smtpAdapter.capabilities, paused: false, health: 'well' as const, healthReason: null, healthUntilMs: null },
};

function desk(keyUnseen: boolean) {
  const rights = { check: async () => MAY };
  const decide = (question: Omit<Parameters<typeof decideRoute>[1], 'carries' | 'nowMs'>) =>
    decideRoute([ROUTE], {
      ...question,
      ...(question.rewriting ? { rewriting: { ...question.rewriting, keyUnseen } } : {}),
      carries: () => null,
      nowMs: 0,
    });
  return makeSenderIdentity({ rights, routing: () => ({ decide }) });
}

test('until the record of the key was seen, preview and list say that receivers cannot prove the mail, in both languages', async () => {
  const parsed = parseAddress(ADDRESS);
  assert.ok(parsed.ok);
  const from = { name: 'Maria', ...parsed.value };
  const message = { from, replyTo: null, stream: 'transactional' as const };
  const sender = { address: ADDRESS, verified: true, asked: true };
  const rows = [
    [false, 'en', /so that receivers can prove it/],
    [false, 'de', /damit Empfänger ihn prüfen können/],
    [true, 'en', /not seen in the DNS yet; until then receivers cannot prove this mail/],
    [true, 'de', /noch nicht zu sehen; bis dahin können Empfänger diese Post nicht prüfen/],
  ] as const;
  for (const [unseen, language, expected] of rows) {
    const identity = desk(unseen);
    const shown = await identity.preview('t', message, language);
    assert.deepEqual([shown.treatment, shown.rewrittenFrom], ['rewrite', ANEW]);
    assert.match(shown.why, expected);
    assert.match((await identity.treat('t', sender, language)).why, expected);
  }
});
