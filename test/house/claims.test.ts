// This file holds what the pages state against what is there: addresses of the API, settings, commands with their options, metrics' names, files and links.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { COMMANDS } from '../../src/cli/commands.ts';
import { SETTINGS } from '../../src/config.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const pagesOf = (folder: string) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);
const PAGES = ['README.md', 'CONTRIBUTING.md', 'deploy/README.md', ...pagesOf('docs'), ...pagesOf('docs/providers')];

/** Every hit of `pattern` in the pages, with its place. */
function* claims(pattern: RegExp): Generator<{ at: string; page: string; hit: RegExpMatchArray; line: string }> {
  for (const page of PAGES) {
    for (const [index, line] of read(page).split('\n').entries())
      for (const hit of line.matchAll(pattern)) yield { at: `${page}:${index + 1}`, page, hit, line };
  }
}

test('addresses of the API exist, with the method that stands before them', () => {
  // openapi.json is made from the routes and checked to be fresh.
  const { paths } = JSON.parse(read('openapi.json')) as { paths: Record<string, Record<string, unknown>> };
  const known = Object.entries(paths).map(([path, methods]) => ({
    form: new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{[^}]+\}/g, '[^/?]+')}$`),
    methods: Object.keys(methods),
  }));
  let seen = 0;
  for (const { at, hit } of claims(
    /(?:\b((?:GET|POST|PUT|PATCH|DELETE)(?:\|(?:GET|POST|PUT|PATCH|DELETE))*) +[`"]?)?(\/v1\/[\w\-/{}$]+)/g,
  )) {
    const path = (hit[2] ?? '').replace(/\/$/, '');
    const found = known.filter(({ form }) => form.test(path));
    assert.ok(found.length > 0, `${at}: ${path} is no address of the API`);
    for (const method of hit[1]?.toLowerCase().split('|') ?? [])
      assert.ok(
        found.some(({ methods }) => methods.includes(method)),
        `${at}: ${path} has no ${method}`,
      );
    seen += 1;
  }
  assert.ok(seen > 100, `the pages were read: ${seen}`);
});

test('settings exist', () => {
  const known = new Set(Object.keys(SETTINGS).map((name) => `PACKETBOAT_${name.toUpperCase()}`));
  // Names the file of settings; read by tests alone.
  for (const name of ['PACKETBOAT_CONFIG', 'PACKETBOAT_TEST_EXTERNAL_URL']) known.add(name);
  for (const { at, hit } of claims(/\bPACKETBOAT_[A-Z_]+[A-Z]\b(?!\*)/g)) {
    // "PACKETBOAT_*_PORT" speaks of several.
    assert.ok(known.has(hit[0]), `${at}: there is no setting ${hit[0]}`);
  }
});

test('commands exist, with the options they are shown with', async () => {
  const usages = new Map(await Promise.all(COMMANDS.map(async ({ name, load }) => [name, (await load()).usage] as const)));
  let seen = 0;
  for (const { at, hit, line } of claims(/(?:^\s*|`(?:bin\/)?|bin\/)packetboat ([a-z][a-z-]*)([^`"]*)/g)) {
    const [, name = '', rest = ''] = hit;
    if (name === 'help' || /not built yet/.test(line)) continue;
    // A page says which of the agreed commands are not there yet.
    if (name === 'simulate' && rest.startsWith(' policy')) continue;
    const usage = usages.get(name);
    assert.ok(usage !== undefined, `${at}: there is no command ${name}`);
    for (const [option] of rest.matchAll(/(?<= )--[a-z][\w-]*/g))
      assert.ok(usage.includes(option) || ['--json', '--help', '--tenant'].includes(option), `${at}: "${name}" has no ${option}`);
    seen += 1;
  }
  assert.ok(seen > 40, `the pages were read: ${seen}`);
});

test('files and links lead somewhere', () => {
  for (const { at, page, hit } of claims(/\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)/g))
    assert.ok(existsSync(join(ROOT, dirname(page), hit[1] ?? '')), `${at}: ${hit[1]} is not there`);
  for (const { at, hit } of claims(/`((?:src|web|scripts|test|deploy|bench|bin)\/[\w\-./]+)`/g))
    assert.ok(existsSync(join(ROOT, hit[1] ?? '')), `${at}: ${hit[1]} is not there`);
});
