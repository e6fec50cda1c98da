// This file plants faults and sees that the check of the console finds them.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { checkColours, checkSources, readTokens } from './check-tokens.mjs';
import { checkBareText, checkWords } from './check-words.mjs';
import { contrast, distance } from './colour.mjs';
import { generate } from './types.mjs';

const folder = mkdtempSync(join(tmpdir(), 'console-check-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const css = readFileSync(new URL('../src/styles/tokens.css', import.meta.url), 'utf8');

describe('colours computed from the tokens', () => {
  it('agrees with the published extremes', () => {
    assert.equal(contrast('#000000', '#ffffff'), 21);
    assert.equal(distance('#123456', '#123456', 'deutan'), 0);
  });
  it('finds nothing to mend in the tokens', () => assert.deepEqual(checkColours(readTokens(css)), []));
  it('finds ink that is too pale, and neighbours that look alike', () => {
    const tokens = readTokens(
      css
        .replace(/--ink-3:\s+light-dark\(#5a6b73/, '--ink-3: light-dark(#a0b0b8')
        .replace(/--st-held-fill:(\s+)light-dark\(#6436a8/, '--st-held-fill:$1light-dark(#d19a1c'),
    );
    const complaints = checkColours(tokens);
    assert.ok(
      complaints.some((line: string) => line.startsWith('--ink-3 on --ground (light)')),
      complaints.join('\n'),
    );
    assert.ok(
      complaints.some((line: string) => line.startsWith('fills of deferred and held (light')),
      complaints.join('\n'),
    );
  });
});

describe('values that are not tokens', () => {
  const planted: readonly (readonly [file: string, text: string, what: string])[] = [
    ['a.css', '.x { color: #ff0000; }', 'a colour'],
    ['b.css', '.x { background: rgb(0 0 0); }', 'a colour'],
    ['c.css', '.x { font-size: 13px; }', 'a font size'],
    ['d.css', '.x { font: 400 1rem serif; }', 'a font'],
    ['e.css', '.x { border-radius: 12px; }', 'a corner'],
    ['f.css', '.x { box-shadow: 0 1px 2px black; }', 'a shadow'],
    ['g.css', '.x { font-weight: 800; }', 'a weight'],
    ['h.tsx', 'export const x = <b className="p-[3px]">x</b>;', 'a value of its own'],
    ['i.tsx', "export const x = '#ff0000';", 'a colour'],
  ];
  for (const [file, text, what] of planted) {
    it(`finds ${what} in ${text}`, () => {
      const place = mkdtempSync(join(folder, 'src-'));
      writeFileSync(join(place, file), text);
      const [complaint = ''] = checkSources(place);
      assert.match(complaint, new RegExp(what));
    });
  }
});

describe('words', () => {
  const planted: readonly (readonly [text: string, what: RegExp])[] = [
    ["export const w = { a: ['Message sent', 'Nachricht ist hinaus'] };", /says "sent"/],
    ["export const w = { a: ['Saved!', 'Gespeichert'] };", /exclamation/],
    ["export const w = { a: ['Two words', ''] };", /has no German/],
    ["export const w = { a: ['Two words', 'Two words'] };", /same in German/],
    ["export const w = { a: [(n: number) => n + ' x', 'eins'] };", /made by a function/],
  ];
  for (const [text, what] of planted) {
    it(`finds ${what.source} in ${text}`, async () => {
      const place = mkdtempSync(join(folder, 'words-'));
      writeFileSync(join(place, 'w.ts'), text);
      assert.match((await checkWords(place)).join('\n'), what);
    });
  }
  it('finds a sentence that stands in no catalogue', () => {
    const file = join(folder, 'bare.tsx');
    writeFileSync(file, 'export const x = <p>Nothing to see here</p>;\nexport const y = <input aria-label="Search box" />;');
    assert.equal(checkBareText([file]).length, 2);
  });
});

describe('types made from openapi.json', () => {
  it('writes what the schema says', () => {
    const text = generate({
      components: {
        schemas: {
          Thing: {
            type: 'object',
            required: ['id', 'tags'],
            properties: {
              id: { type: 'string' },
              tags: { type: 'array', items: { enum: ['a', 'b'] } },
              size: { anyOf: [{ type: 'number' }, { type: 'null' }] },
            },
          },
        },
      },
      paths: {
        '/v1/things': {
          get: {
            operationId: 'listThings',
            parameters: [{ in: 'query', name: 'limit', schema: { type: 'integer' } }],
            responses: { 200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } } } },
          },
        },
      },
    });
    assert.match(
      text,
      /export type Thing = \{ readonly id: string; readonly tags: readonly \("a" \| "b"\)\[\]; readonly size\?: number \| null \};/,
    );
    assert.match(
      text,
      /readonly listThings: \{\n {4}readonly query: \{ readonly limit\?: number \};\n {4}readonly body: undefined;\n {4}readonly answer: Thing;/,
    );
  });
});
