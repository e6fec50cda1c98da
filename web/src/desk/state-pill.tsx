// This file shows a state: glyph, words, colour together; no background, no capitals. The word after the comma says what comes next.
import type { RecipientState } from '../api/model.ts';
import { useWords } from '../screen.ts';
import { stateNames } from '../words/states.words.ts';
import { Glyph } from './glyphs.tsx';

interface StatePillProps {
  readonly state: RecipientState;
  /** Says more than the state's name. */
  readonly text?: string;
  /** Only the glyph, with the name for a screen reader. */
  readonly bare?: boolean;
  /** Leaves the colour to the glyph: for lists, where what is well should not shout. */
  readonly calm?: boolean;
}

export function StatePill({ state, text, bare = false, calm = false }: StatePillProps) {
  const names = useWords(stateNames);
  const words = text ?? names[state];
  return (
    <span className={calm || text === undefined ? `st nw ${state}` : `st ${state}`}>
      {bare ? <Glyph name={state} label={words} /> : <Glyph name={state} />}
      {bare ? null : calm ? <span className="mute calm">{words}</span> : words}
    </span>
  );
}
