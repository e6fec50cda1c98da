// This file asks every name server of a zone, also where whoever holds the zone means harm.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { zoneLookup } from '../../../test/support/zone.ts';
import type { DnsAnswer } from '../../tenancy/dns/lookup.ts';
import { makeEveryTxt } from './every-server.ts';

const SERVERS = Array.from({ length: 8 }, (_, index) => `ns${index}.club.example`);
const NOTHING: DnsAnswer<string> = { ok: false, why: 'missing', detail: 'nothing' };
const found = (value: string): DnsAnswer<string> => ({ ok: true, values: [value], ttlS: 60 });

test('servers that each answer another alias do not make the desk ask without end', async () => {
  const addresses = SERVERS.map((name, index) => [name, { A: [`192.0.2.${index}`, `198.51.100.${index}`] }]);
  let asked = 0;
  const everyTxt = makeEveryTxt({
    lookup: zoneLookup({ 'club.example': { NS: SERVERS }, ...Object.fromEntries(addresses) }),
    allowPrivate: true,
    at: () => ({
      cname: async () => {
        asked += 1;
        return found(`alias${asked}.club.example`);
      },
      txt: async () => NOTHING,
    }),
  });
  const answers = await everyTxt('s1._domainkey.club.example');
  assert.ok(asked <= 48, `${asked} questions`);
  assert.ok(answers.length > 0 && answers.every((answer) => !answer.ok));
});

test('a server that stands in the zone under two names is asked once, and an alias is followed at the servers of its own zone', async () => {
  const zone = {
    'club.example': { NS: ['one.example', 'two.example'] },
    'desk.example': { NS: ['ns.desk.example'] },
    'one.example': { A: ['192.0.2.1'] },
    'two.example': { A: ['192.0.2.1'] },
    'ns.desk.example': { A: ['192.0.2.53'] },
  };
  const asked: string[] = [];
  const everyTxt = makeEveryTxt({
    lookup: zoneLookup(zone),
    allowPrivate: true,
    at: (address) => ({
      cname: async (name) => {
        asked.push(`${name} at ${address}`);
        return address === '192.0.2.1' ? found('pb1.desk.example') : NOTHING;
      },
      txt: async (name) => found(`${name} at ${address}`),
    }),
  });
  assert.deepEqual(await everyTxt('S1._domainkey.club.example'), [found('pb1.desk.example at 192.0.2.53')]);
  assert.deepEqual(asked, ['s1._domainkey.club.example at 192.0.2.1', 'pb1.desk.example at 192.0.2.53']);
});
