import assert from 'node:assert/strict';
import { it } from 'node:test';
import { queueId } from './queue-id.ts';

const FORMS: readonly (readonly [reply: string, id: string | null])[] = [
  ['250 2.0.0 Ok: queued as 4XyZ12abcd', '4XyZ12abcd'],
  ['250 Ok: queued as 4XyZ12abcd.', '4XyZ12abcd'],
  ['250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as 9A3F', '9A3F'],
  ['250 OK id=1uX3ab-0000000Ab1C-2dEf', '1uX3ab-0000000Ab1C-2dEf'],
  ['250 2.0.0 5ALDfZ1x012345 Message accepted for delivery', '5ALDfZ1x012345'],
  ['250 2.0.0 b4e1cc6f Message accepted for delivery', 'b4e1cc6f'],
  ['250 Ok 010201939e1a0a7c-5d0c1f9e-0000-000000', '010201939e1a0a7c-5d0c1f9e-0000-000000'],
  ['250 2.0.0 OK  1731000000 5b1f17b1804b1-432aa6b35c5si123.45 - gsmtp', '5b1f17b1804b1-432aa6b35c5si123.45'],
  ['250 2.0.0 OK 5C/7B-00123-ABCDEF', '5C/7B-00123-ABCDEF'],
  [
    '250 2.6.0 <a1@club.example> [InternalId=123, Hostname=X.prod.example] 9 bytes in 0.1, 80 KB/sec Queued mail for delivery',
    'a1@club.example',
  ],
  ['250 Message Queued (6B29FC40-CA47-1067-B31D-00DD010662DA.1)', '6B29FC40-CA47-1067-B31D-00DD010662DA.1'],
  ['250 ok 1731000000 qp 12345', '12345'],
  ['250 Ok: queued as <abc@mx.example>', 'abc@mx.example'],
  ['250 2.0.0 Ok', null],
  ['250 Great success', null],
  ['250 OK, thanks', null],
  ['250', null],
  [`250 queued as ${'x'.repeat(500)}`, null],
];

for (const [reply, id] of FORMS)
  it(`finds ${id ?? 'no id'} in ${JSON.stringify(reply.slice(0, 70))}`, () => assert.equal(queueId(reply), id));
