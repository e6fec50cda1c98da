// This file checks the reporting addresses of src/delivery/report-address.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../test/support/property.ts';
import { readReportAddress, reportAddress } from './report-address.ts';
import { makeReturnPath, readReturnPath } from './return-path.ts';

const secretKey = Buffer.alloc(32, 7);
const host = 'reports.desk.example';
const keys = { secretKeys: [secretKey], host };

test('a reporting address reads back as the tenant and domain it was made for, in any case', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.integer({ min: 0, max: 0xffffffff }), (domainId, tenantNumber) => {
      const address = reportAddress({ secretKey, host, tenantNumber, domainId });
      assert.match(address, /^d-[a-z2-7]{48}@reports\.desk\.example$/);
      assert.deepEqual(readReportAddress(address.toUpperCase(), keys), { tenantNumber, domainId });
    }),
  );
});

test('an address that was changed, made with another key, or is a return path is none', () => {
  const parts = { secretKey, host, tenantNumber: 42, domainId: '0190a5f2-7c1e-7abc-8def-0123456789ab' };
  const address = reportAddress(parts);
  assert.equal(
    readReportAddress(
      address.replace(/.@/, (last) => (last === 'a@' ? 'b@' : 'a@')),
      keys,
    ),
    null,
  );
  assert.equal(readReportAddress(address, { secretKeys: [Buffer.alloc(32, 8)], host }), null);
  assert.equal(readReportAddress(address, { ...keys, host: 'reports.other.example' }), null);
  const returnPath = makeReturnPath({ secretKey, host, tenantNumber: 42, recipientId: parts.domainId });
  assert.equal(readReportAddress(returnPath.replace(/^b/, 'd'), keys), null, 'the token of a return path is no reporting address');
  assert.equal(readReturnPath(address.replace(/^d/, 'b'), keys), null, 'nor the other way round');
});
