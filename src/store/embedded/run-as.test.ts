// This file checks as which user the server would run.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../errors.ts';
import { chooseUser } from './run-as.ts';

const PASSWD = [
  'root:x:0:0::/:/bin/sh',
  'nobody:x:65534:65534::/:/bin/false',
  'postgres:x:101:104::/:/bin/sh',
  'ann:x:1000:1000::/:/bin/sh',
].join('\n');
const WITHOUT_POSTGRES = PASSWD.replace(/^postgres.*\n/m, '');

test('root lends PostgreSQL the owner of what is there, else postgres, else nobody', () => {
  for (const [ownUid, ownerUid, passwd, expected] of [
    [1000, null, PASSWD, undefined],
    [0, null, PASSWD, 'postgres'],
    [0, 0, PASSWD, 'postgres'],
    [0, null, WITHOUT_POSTGRES, 'nobody'],
    [0, 65_534, PASSWD, 'nobody'],
    [0, 1000, PASSWD, 'ann'],
    [0, 4242, PASSWD, 'postgres'],
  ] as const) {
    assert.equal(chooseUser(ownUid, ownerUid, passwd)?.name, expected);
  }
});

test('a machine with neither user is told how to make one', () => {
  assert.throws(
    () => chooseUser(0, null, 'root:x:0:0::/:/bin/sh'),
    (error) => error instanceof AppError && error.code === 'DATABASE_START_FAILED' && /useradd/.test(error.hint),
  );
});
