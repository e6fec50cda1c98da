import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { derivedFrom, idOfKey, makeKeyRing, makeKeys, openDerived } from './keys.ts';

const wrong = { code: 'SECRET_KEY_INVALID' };

test('What is sealed opens only for its purpose, its row and its key, and never twice the same', () => {
  const first = randomBytes(32);
  const second = randomBytes(32);
  const replaced = makeKeyRing({
    masters: [first, second],
    writing: idOfKey(second),
    original: idOfKey(first),
    derived: derivedFrom(first),
  });
  for (const keys of [makeKeys(first), replaced]) {
    const sealed = keys.seal('dkim-key', 'row', 'secret text ü');
    assert.equal(keys.open('dkim-key', 'row', sealed), 'secret text ü');
    assert.ok(!sealed.includes('secret'));
    assert.notDeepEqual(keys.seal('dkim-key', 'row', 'secret text ü'), sealed);
    assert.throws(() => keys.open('dkim-key', 'other', sealed), wrong);
    assert.throws(() => keys.open('webhook-secret', 'row', sealed), wrong);
    assert.throws(() => makeKeys(randomBytes(32)).open('dkim-key', 'row', sealed), wrong);
    for (let at = 0; at < sealed.length; at += 1) {
      const bent = Buffer.from(sealed);
      bent[at] = (bent[at] ?? 0) ^ 1;
      assert.throws(() => keys.open('dkim-key', 'row', bent), wrong);
    }
    for (const length of [0, 1, 5, sealed.length - 14])
      assert.throws(() => keys.open('dkim-key', 'row', sealed.subarray(0, length)), wrong);
  }
});

test('Hashes and the return-path key follow from the first key, and stay when another one writes', () => {
  const first = randomBytes(32);
  const [one, two] = [makeKeys(first), makeKeys(first)];
  assert.deepEqual(one.hash('x'), two.hash('x'));
  assert.deepEqual(one.returnPathKey, two.returnPathKey);
  assert.notDeepEqual(one.hash('x'), makeKeys(randomBytes(32)).hash('x'));
  assert.throws(() => makeKeys(Buffer.alloc(16)), wrong);

  const second = randomBytes(32);
  const carried = openDerived(first, one.sealDerived(idOfKey(first)));
  assert.ok(carried);
  assert.equal(openDerived(second, one.sealDerived(idOfKey(first))), null);
  const after = makeKeyRing({ masters: [second], writing: idOfKey(second), original: idOfKey(first), derived: carried });
  assert.deepEqual(after.hash('x'), one.hash('x'));
  assert.deepEqual(after.returnPathKey, one.returnPathKey);
});

test('A ring reads with every key it has, writes with one, and looks into the file again before it gives up', () => {
  const [first, second] = [randomBytes(32), randomBytes(32)];
  const parts = { original: idOfKey(first), derived: derivedFrom(first) };
  let file: Buffer[] = [first];
  const ring = makeKeyRing({ ...parts, masters: file, writing: idOfKey(first), reread: () => file });
  const old = ring.seal('mailbox-secret', 'row', 'one');
  assert.equal(old[0], 1, 'a version that knows one key can read it');
  const elsewhere = makeKeyRing({ ...parts, masters: [first, second], writing: idOfKey(second) });
  const young = elsewhere.seal('mailbox-secret', 'row', 'two');
  assert.throws(() => ring.open('mailbox-secret', 'row', young), new RegExp(idOfKey(second)));
  file = [first, second];
  assert.equal(ring.open('mailbox-secret', 'row', young), 'two');
  assert.equal(elsewhere.open('mailbox-secret', 'row', old), 'one');
  ring.learn([second], idOfKey(second));
  assert.deepEqual([ring.ids(), ring.writing()], [[idOfKey(second)], idOfKey(second)]);
  assert.throws(() => ring.learn([first], idOfKey(second)), wrong);
});
