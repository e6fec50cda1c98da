// This file checks POST /v1/domain-checks: any key may ask, about any domain, so many times a minute.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { httpDesk, standingClock } from '../../../test/support/http-desk.ts';
import { zoneLookup } from '../../../test/support/zone.ts';

test('any key checks any domain, and what it may not ask is said', async (t) => {
  const lookup = zoneLookup({
    'club.example': { NS: ['ns.example'], MX: [[0, '']], TXT: ['v=spf1 -all'] },
    '_dmarc.club.example': { TXT: ['v=DMARC1; p=none'] },
  });
  const desk = await httpDesk(t, { lookup, clock: standingClock });
  const { key } = await desk.tenant('Club');
  const answer = await desk.ask('POST', '/v1/domain-checks', { key, body: { name: 'Club.Example', selectors: ['mine'] } });
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  assert.deepEqual(
    [answer.body.name, answer.body.verdict, answer.body.spf.lookups, answer.body.dmarc.policy],
    ['club.example', 'problem', 0, 'none'],
  );
  assert.ok(
    answer.body.findings.some(({ code, next }: { code: string; next: string | null }) => code === 'selector-missing' && next !== null),
  );
  for (const body of [{ name: 'no domain' }, { name: 'club.example', selectors: ['a b'] }, {}]) {
    assert.equal((await desk.ask('POST', '/v1/domain-checks', { key, body })).status, 422, JSON.stringify(body));
  }
  let last = 200;
  for (let index = 0; index < 40 && last === 200; index += 1)
    last = (await desk.ask('POST', '/v1/domain-checks', { key, body: { name: 'club.example' } })).status;
  assert.equal(last, 429);
  assert.equal(
    (await desk.ask('POST', '/v1/domain-checks', { body: { name: 'club.example' } })).status,
    200,
    'another key has its own rate',
  );
});
