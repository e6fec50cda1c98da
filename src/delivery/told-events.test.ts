// This file holds the list of events against the page that explains them, and against what the code writes.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { TOLD_EVENTS, unknownEventType } from './told-events.ts';

const ROOT = join(import.meta.dirname, '../..');

test('docs/WEBHOOKS.md explains every event, and no other', () => {
  const page = readFileSync(join(ROOT, 'docs/WEBHOOKS.md'), 'utf8');
  const rows = [...page.matchAll(/^\| (`[a-z_.-]+`(?:, `[a-z_.-]+`)*) \|/gm)].flatMap((row) => (row[1] ?? '').split(', '));
  // A test is put on its way by a person and stands in no log.
  assert.deepEqual(
    rows
      .map((name) => name.replaceAll('`', ''))
      .filter((name) => name !== 'test')
      .sort(),
    TOLD_EVENTS,
  );
});

test('events that are written by name stand in the list', () => {
  const files = ['flows', 'store', 'delivery', 'http/routes'].flatMap((folder) =>
    readdirSync(join(ROOT, 'src', folder))
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => join(ROOT, 'src', folder, name)),
  );
  const written = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\btype: '((?:hold|incident|domain)\.[a-z-]+)'/g)].map((hit) => hit[1] ?? ''),
  );
  assert.ok(written.includes('hold.created'));
  assert.equal(unknownEventType(written), null);
  assert.equal(unknownEventType(['delivered', 'deliverd']), 'deliverd');
});
