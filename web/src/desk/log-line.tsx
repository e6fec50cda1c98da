// This file is the log line: the one sentence a page opens with. It answers the page's question; its claims are links to their evidence.
import { useEffect, useRef } from 'react';
import { Linked, unlinked } from './linked.tsx';

/** More words than this are a paragraph. */
const WORDS_MAX = 25;

export function LogLine({ text, asking = false }: { readonly text: string; readonly asking?: boolean }) {
  const ref = useRef<HTMLHeadingElement>(null);
  if (import.meta.env.DEV && !asking) {
    const words = unlinked(text).trim();
    if (!words.endsWith('.')) throw new Error(`A log line ends with a full stop: ${words}`);
    if (words.split(/\s+/).length > WORDS_MAX) throw new Error(`A log line has at most ${WORDS_MAX} words: ${words}`);
  }
  useEffect(() => {
    if (focusNext) ref.current?.focus({ preventScroll: true });
    focusNext = false;
  }, []);
  return (
    <h1 ref={ref} className={asking ? 'log asking' : 'log'} tabIndex={-1}>
      <Linked text={text} />
    </h1>
  );
}

let focusNext = false;

/** The next log line that appears takes the focus: called when a person goes to another page, not when one is first loaded. */
export function focusNextLogLine(): void {
  focusNext = true;
}
