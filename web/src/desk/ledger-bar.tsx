// This file is the whole as one bar: thirteen states that sum to the last recipient. In development it throws when they do not.
import { RECIPIENT_STATES, type RecipientState, type StateCounts } from '../api/model.ts';
import { useWords } from '../screen.ts';
import { stateNames } from '../words/states.words.ts';
import { barWords } from '../words/table.words.ts';
import { A } from './a.tsx';
import { Glyph } from './glyphs.tsx';
import { barSentence, type Segment, weight } from './segments.ts';
import { useFormat } from './time.tsx';

/** Above this share one state would squeeze the rest out of sight, so the rest goes under a loupe. */
const LOUPE_ABOVE = 0.9;
/** Under this many a percentage says less than the number beside it. */
const SHARE_N_MIN = 200;

interface LedgerBarProps {
  readonly counts: StateCounts;
  readonly total: number;
  /** Where a segment and its legend row lead: the list filtered by that state. */
  readonly href: (state: RecipientState) => string;
}

export function LedgerBar({ counts, total, href }: LedgerBarProps) {
  const words = useWords(barWords);
  const names = useWords(stateNames);
  const format = useFormat();
  const all: Segment[] = RECIPIENT_STATES.map((state) => [state, counts[state]]);
  const sum = all.reduce((before, [, count]) => before + count, 0);
  if (sum !== total) {
    if (import.meta.env.DEV) throw new Error(`The ledger bar sums to ${sum}, not to ${total}.`);
    return <p className="st danger">{words.whole}</p>;
  }
  const there = all.filter(([, count]) => count > 0);
  if (there.length === 0) return null;
  const most = there.find(([, count]) => count / total > LOUPE_ABOVE);
  const others = there.filter((segment) => segment !== most);
  const enlarged = most !== undefined && others.length > 0;
  return (
    <>
      {enlarged ? (
        <Enlarged most={most} others={others} total={total} href={href} />
      ) : (
        <Bar segments={there} href={href} label={barSentence(there, total, names, words, format)} />
      )}
      <ul className="legend">
        {there.map(([state, count]) => (
          <li key={state}>
            <A href={href(state)} className={state}>
              <Glyph name={state} />
              {names[state]}
              <b>{format.int(count)}</b>
              <span className="pc">{total < SHARE_N_MIN ? '' : format.share(count, total)}</span>
            </A>
          </li>
        ))}
      </ul>
    </>
  );
}

function Enlarged({ most, others, total, href }: { most: Segment; others: Segment[]; total: number; href: LedgerBarProps['href'] }) {
  const words = useWords(barWords);
  const names = useWords(stateNames);
  const format = useFormat();
  const rest = total - most[1];
  const edge = 1000 * (1 - rest / total);
  return (
    <>
      <div className="ledger" role="img" aria-label={barSentence([most], total, names, words, format)}>
        <i className={most[0]} style={weight(most[1])} />
        <i className="rest" style={weight(rest)} />
      </div>
      <svg className="loupe" viewBox="0 0 1000 18" preserveAspectRatio="none" aria-hidden="true">
        <path d={`M${Math.min(edge, 992)} 0H1000V18H0z`} />
      </svg>
      <p className="sumline small mute">
        <span>{words.rest(format.int(rest))}</span>
        <span className="faint">{words.restShare(format.share(rest, total))}</span>
      </p>
      <Bar segments={others} href={href} label={barSentence(others, rest, names, words, format)} />
    </>
  );
}

/** Every segment leads to its list; the legend says the same in words, so the bar stays out of the tab order. */
function Bar({ segments, href, label }: { segments: readonly Segment[]; href: LedgerBarProps['href']; label: string }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls; this is one picture made of links.
    <div className="ledger" role="group" aria-label={label}>
      {segments.map(([state, count]) => (
        <A key={state} className={state} href={href(state)} style={weight(count)} tabIndex={-1} aria-hidden="true" />
      ))}
    </div>
  );
}
