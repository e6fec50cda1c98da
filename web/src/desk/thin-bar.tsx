// This file is a bar of states without legend, for rows of a list.
import { RECIPIENT_STATES, type StateCounts } from '../api/model.ts';
import { useWords } from '../screen.ts';
import { stateNames } from '../words/states.words.ts';
import { barWords } from '../words/table.words.ts';
import { barSentence, type Segment, weight } from './segments.ts';
import { useFormat } from './time.tsx';

export function ThinBar({ counts, total }: { readonly counts: StateCounts; readonly total: number }) {
  const words = useWords(barWords);
  const names = useWords(stateNames);
  const format = useFormat();
  const there = RECIPIENT_STATES.map((state): Segment => [state, counts[state]]).filter(([, count]) => count > 0);
  return (
    <span className="ledger thin" role="img" aria-label={barSentence(there, total, names, words, format)}>
      {there.map(([state, count]) => (
        <i key={state} className={state} style={weight(count)} />
      ))}
    </span>
  );
}
