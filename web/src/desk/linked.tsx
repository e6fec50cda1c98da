// This file reads a sentence with [links](#evidence) in it, as the word catalogues write them.
import type { ReactNode } from 'react';
import { A } from './a.tsx';

const LINK = /\[([^\]]+)\]\(([#/][^)\s]*)\)/g;

/** A sentence whose marked words are links to their evidence. */
export function Linked({ text }: { readonly text: string }): ReactNode {
  const parts: ReactNode[] = [];
  let from = 0;
  for (const found of text.matchAll(LINK)) {
    const [whole, words = '', href = ''] = found;
    parts.push(text.slice(from, found.index));
    parts.push(
      <A key={found.index} href={href}>
        {words}
      </A>,
    );
    from = found.index + whole.length;
  }
  parts.push(text.slice(from));
  return parts;
}

/** The sentence without its links, for titles and for counting words. */
export function unlinked(text: string): string {
  return text.replace(LINK, '$1');
}
