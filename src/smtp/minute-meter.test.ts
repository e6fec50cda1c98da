import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MinuteMeter } from './minute-meter.ts';

describe('a minute meter', () => {
  it('counts what happened in the last 60 seconds', () => {
    const meter = new MinuteMeter(100);
    for (let n = 0; n < 10; n++) meter.add('a', 30_000);
    assert.equal(meter.count('a', 59_999), 10);
    assert.equal(meter.count('a', 90_000), 5, 'half of the minute before still counts');
    assert.equal(meter.count('a', 120_000), 0);
    assert.equal(meter.count('b', 30_000), 0);
  });

  it('carries one minute over into the next and no further', () => {
    const meter = new MinuteMeter(100);
    for (let n = 0; n < 6; n++) meter.add('a', 1_000);
    meter.add('a', 75_000);
    assert.equal(meter.count('a', 75_000), 1 + 6 * 0.75);
    meter.add('a', 200_000);
    assert.equal(meter.count('a', 200_000), 1);
  });

  it('remembers a bounded number of keys: stale ones go first, then the oldest', () => {
    const meter = new MinuteMeter(3);
    meter.add('stale', 0);
    meter.add('old', 180_000);
    meter.add('b', 180_000);
    meter.add('c', 180_000);
    assert.deepEqual(
      ['stale', 'old', 'b', 'c'].map((key) => meter.count(key, 180_000)),
      [0, 1, 1, 1],
    );
    meter.add('d', 180_000);
    assert.deepEqual(
      ['old', 'b', 'c', 'd'].map((key) => meter.count(key, 180_000)),
      [0, 1, 1, 1],
    );
  });
});
