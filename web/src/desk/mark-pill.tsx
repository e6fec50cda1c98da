// This file shows a mark beside a state: complained, opened, unsubscribed. Only the complaint has a colour of its own.
import type { Mark } from '../api/model.ts';
import { useWords } from '../screen.ts';
import { markNames } from '../words/faults.words.ts';
import { Glyph } from './glyphs.tsx';

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
