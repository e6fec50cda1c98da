// This file shows the state of a sending domain: glyph and words, never colour alone.
import type { Domain } from '../api/schema.gen.ts';
import { Glyph, type GlyphName } from '../desk/glyphs.tsx';
import { useWords } from '../screen.ts';
import { domainWords } from '../words/domains.words.ts';

const GLYPHS = { pending: 'queued', verified: 'delivered', warning: 'deferred', broken: 'bounced' } as const satisfies Record<
  Domain['state'],
  GlyphName
>;

export function DomainState({ state }: { readonly state: Domain['state'] }) {
  const words = useWords(domainWords);
  return (
    <span className={`st ${GLYPHS[state]}`}>
      <Glyph name={GLYPHS[state]} /> {words[state]}
    </span>
  );
}
