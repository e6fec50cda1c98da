// This file shows a state: glyph, words, colour together; no background, no capitals. The word after the comma says what comes next.
import type { Fault, Mark, RecipientState } from '../api/model.ts';
import { turnOf } from '../mail.ts';
import { useWords } from '../screen.ts';
import { faultNames, markNames, stateNames } from '../words/mail.ts';
import { Glyph } from './glyphs.tsx';

/** `text` says more than the state's name; `bare` leaves only the glyph, with the name for a screen reader. */
export function StatePill({ state, text, bare = false }: { readonly state: RecipientState; readonly text?: string; readonly bare?: boolean }) {
  const names = useWords(stateNames);
  const words = text ?? names[state];
  return (
    <span className={`st ${state}`}>
      {bare ? <Glyph name={state} label={words} /> : <Glyph name={state} />}
      {bare ? null : words}
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
