// This file leads from page to page of a long list: back to the first one, and on to the next.
import { useWords } from '../screen.ts';
import { tableWords } from '../words/table.words.ts';
import { A } from './a.tsx';

interface PagesProps {
  /** Where the first page is; null on it. */
  readonly first: string | null;
  /** Where the next page is; null on the last. */
  readonly next: string | null;
  /** True where the newest stands first, and the next page is older. */
  readonly newestFirst?: boolean;
}

export function Pages({ first, next, newestFirst = false }: PagesProps) {
  const words = useWords(tableWords);
  return (
    <>
      {first === null ? null : (
        <A className="btn" href={first}>
          {newestFirst ? words.firstPage : words.toStart}
        </A>
      )}
      {next === null ? null : (
        <A className="btn" href={next}>
          {newestFirst ? words.nextPage : words.onward}
        </A>
      )}
    </>
  );
}
