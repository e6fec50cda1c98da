// This file draws a breaker: two contacts and a bar. Closed lets mail through, half lets a probe through, open rests.
import { useWords } from '../screen.ts';
import { breakerWords } from '../words/breaker.words.ts';

export type BreakerState = 'closed' | 'half' | 'open';

/** The symbol with its words; `next` says more about a rest: when the next probe is. */
export function Breaker({ state, next }: { readonly state: BreakerState; readonly next?: string }) {
  const words = useWords(breakerWords);
  return (
    <span className={`st ${state === 'closed' ? 'calm' : state === 'half' ? 'ours' : 'danger'}`}>
      <svg className="g w" viewBox="0 0 28 16" aria-hidden="true">
        {state === 'closed' && (
          <>
            <path d="M1 8h26" className="o" />
            <circle cx="7" cy="8" r="2.5" className="f" />
            <circle cx="21" cy="8" r="2.5" className="f" />
          </>
        )}
        {state === 'half' && <path d="M1 8h4m18 0h4M9.5 8h9" className="o" strokeDasharray="3 2" />}
        {state === 'open' && <path d="M1 8h4m18 0h4M8.5 6.5 17 1.8" className="o" />}
        {state !== 'closed' && (
          <>
            <circle cx="7" cy="8" r="2.25" className="o" />
            <circle cx="21" cy="8" r="2.25" className="o" />
          </>
        )}
      </svg>
      {next ?? words[state]}
    </span>
  );
}
