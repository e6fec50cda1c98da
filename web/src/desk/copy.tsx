// This file copies exactly one text and says so beside itself.
import { type ReactNode, useEffect, useState } from 'react';
import { useWords } from '../screen.ts';
import { deskWords } from '../words/desk.words.ts';
import { Glyph } from './glyphs.tsx';

/** How long "copied" stands, milliseconds: long enough to be read, short enough to be true of the last press. */
const SAID_MS = 2_000;

interface CopyProps {
  readonly text: string;
  /** Names them for a screen reader. */
  readonly what: string;
  /** The button alone. */
  readonly bare?: boolean;
  /** The same text with parts of it marked. */
  readonly children?: ReactNode;
}

/** A machine's words with a button that copies them. */
export function Copy({ text, what, bare = false, children = text }: CopyProps) {
  const words = useWords(deskWords);
  const [said, setSaid] = useState(false);
  useEffect(() => {
    if (!said) return;
    const timer = setTimeout(() => setSaid(false), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);
  return (
    <span className="cell">
      {bare ? null : <span className="wire">{children}</span>}
      <button type="button" className="copy" aria-label={words.copyWhat(what)} onClick={() => void copyText(text).then(setSaid)}>
        <Glyph name="copy" />
      </button>
      <span role="status" className="said-ok">
        {said ? words.copied : ''}
      </span>
    </span>
  );
}

/** Answers whether the text is on the clipboard now. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Without https the clipboard is closed; the old way still works there.
    const area = document.createElement('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
}
