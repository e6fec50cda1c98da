import assert from 'node:assert/strict';
import { test } from 'node:test';
import { roleHost } from './role-address.ts';

test('postmaster and abuse of a host are known in any case, postmaster without one too, and nothing else', () => {
  for (const [address, host] of [
    ['postmaster', ''],
    ['PostMaster', ''],
    ['postmaster@Returns.Example', 'returns.example'],
    ['ABUSE@returns.example', 'returns.example'],
    ['abuse', null],
    ['abuse+x@returns.example', null],
    ['x@postmaster', null],
    ['@postmaster', null],
    ['info@returns.example', null],
    ['"postmaster"@returns.example', null],
    ['postmaster@a@returns.example', null],
  ] as const)
    assert.equal(roleHost(address), host, address);
});
