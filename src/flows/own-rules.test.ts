// This file checks that own rules reach every node: at once where a node is told, by itself where it was not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../test/support/database.ts';
import type { OwnRule } from '../feedback/own-rules.ts';
import { silentLog } from '../log.ts';
import { judgedByOwnRules, makeOwnRules, writeOwnRules } from './own-rules.ts';

const RULE: OwnRule = {
  id: 'moon',
  class: 'rate-limited',
  patterns: ['moon phase'],
  codes: [],
  domains: [],
  stages: [],
  suppress: true,
  sample: '550 5.1.1 moon phase',
  note: '',
};

test('a node that heard nothing finds new rules by looking again, and keeps what stood when it cannot read them', async (t) => {
  const { pool } = await testDatabase(t);
  const nodes = [makeOwnRules({ pool, log: silentLog }), makeOwnRules({ pool, log: silentLog })] as const;
  for (const node of nodes) await node.start();
  t.after(() => {
    for (const node of nodes) node.stop();
  });
  const [told, stale] = nodes;
  await writeOwnRules(pool, { rules: [RULE], updatedAtMs: 1 });
  await told.refresh();
  assert.equal(told.current().rules.length, 1);
  assert.equal(stale.current().rules.length, 0);
  await stale.refresh();
  assert.equal(stale.current().rules.length, 1);
  await writeOwnRules(pool, { rules: [{ ...RULE, patterns: ['*'] }], updatedAtMs: 2 });
  await stale.refresh();
  assert.deepEqual(stale.current().rules, [RULE]);
  await writeOwnRules(pool, { rules: [], updatedAtMs: 3 });
  await stale.refresh();
  assert.equal(stale.current().rules.length, 0);
});

test('refusals and delays of a hand-over are judged by own rules; everything else stays as it is', async (t) => {
  const { pool } = await testDatabase(t);
  const node = makeOwnRules({ pool, log: silentLog });
  const result = {
    outcomes: [
      { kind: 'refused', reply: '550 5.1.1 moon phase', class: 'invalid-recipient', suppress: true },
      { kind: 'deferred', reply: '450 moon phase', class: 'system', retryAfterMs: 5_000 },
      { kind: 'refused', reply: '550 5.1.1 no such user', class: 'invalid-recipient', suppress: true },
      { kind: 'handed_over', reply: '250 moon phase', providerMessageId: null },
    ],
  } as const;
  assert.equal(judgedByOwnRules(result, node.current()), result);
  await writeOwnRules(pool, { rules: [RULE], updatedAtMs: 1 });
  await node.refresh();
  assert.deepEqual(judgedByOwnRules(result, node.current()).outcomes, [
    { ...result.outcomes[0], class: 'rate-limited', suppress: false, rule: 'own/moon' },
    { ...result.outcomes[1], class: 'rate-limited', rule: 'own/moon' },
    result.outcomes[2],
    result.outcomes[3],
  ]);
});
