// This file holds the provider pages of the docs against the adapters: the matrix, the part that each page shows, and every setting named.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { PAGE_MARKS, providerMatrix, providerPagePart } from './matrix.ts';
import { providerRegistry } from './registry.ts';

const page = (name: string) => readFileSync(new URL(`../../docs/providers/${name}.md`, import.meta.url), 'utf8');

describe('the provider pages', () => {
  it('show the matrix as the adapters declare it', () => {
    const fresh = providerMatrix([...providerRegistry.values()]);
    assert.equal(page('MATRIX'), fresh, 'run: packetboat provider capabilities --markdown > docs/providers/MATRIX.md');
  });

  for (const adapter of providerRegistry.values()) {
    it(`of ${adapter.title} holds what its adapter declares`, () => {
      const text = page(adapter.kind);
      const part = text.slice(text.indexOf(PAGE_MARKS.begin), text.indexOf(PAGE_MARKS.end) + PAGE_MARKS.end.length);
      assert.equal(
        part,
        providerPagePart(adapter),
        `put the output of: packetboat provider capabilities ${adapter.kind} --page between the marks`,
      );
    });

    it(`of ${adapter.title} names every setting`, () => {
      if (adapter.kind === 'smtp') return;
      const { settings } = adapter.parseAccount({ settings: {}, secret: { api_key: 'k' } });
      for (const name of [...Object.keys(settings), 'ip_pool', 'return_path_domain', 'api_key', 'webhook_key']) {
        assert.ok(page(adapter.kind).includes(`\`${name}\``), `${name} is not on the page`);
      }
    });
  }
});
