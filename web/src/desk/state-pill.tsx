// This file shows a state: glyph, words, colour together; no background, no capitals. The word after the comma says what comes next.
import type { Fault, Mark, RecipientState } from '../api/model.ts';
import { turnOf } from '../mail.ts';
import { useWords } from '../screen.ts';
import { faultNames, markNames } from '../words/mail.ts';
import { stateNames } from '../words/states.ts';
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
    <span className={`st ${state}`}>
      {bare ? <Glyph name={state} label={words} /> : <Glyph name={state} />}
      {bare ? null : calm ? <span className="mute calm">{words}</span> : words}
    </span>
  );
}

/** A mark beside a state; only the complaint has a colour of its own. */
export function MarkPill({ mark }: { readonly mark: Mark }) {
  const names = useWords(markNames);
  return mark === 'complained' ? (
    <span className="st complained">
      <Glyph name="complained" />
      {names.complained}
    </span>
  ) : (
    <span className="mute">{names[mark]}</span>
  );
}

/** A fault, coloured by whose turn it is. */
export function FaultTag({ fault, children }: { readonly fault: Fault; readonly children?: string }) {
  const names = useWords(faultNames);
  return (
    <span className={`st calm ${turnOf(fault)}`}>
      <Glyph name={`f-${fault}`} />
      {children ?? names[fault]}
    </span>
  );
}
