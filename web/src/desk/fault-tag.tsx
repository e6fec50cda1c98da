// This file shows a fault, coloured by whose turn it is: theirs, the sender's, ours, a rule's. The glyph tells members of a family apart.
import type { ReactNode } from 'react';
import type { Fault } from '../api/model.ts';
import { useWords } from '../screen.ts';
import { turnOf } from '../turn.ts';
import { faultNames } from '../words/faults.words.ts';

const DRAWN = {
  recipient: (
    <>
      <circle cx="8" cy="5.2" r="2.7" className="o" />
      <path d="M2.75 14c.4-3 2.4-4.6 5.25-4.6s4.85 1.6 5.25 4.6" className="o" />
    </>
  ),
  receiver: (
    <>
      <path d="M2 3.5h12v9H2z" className="o" />
      <path d="m2.5 4 5.5 4.6L13.5 4" className="o" />
    </>
  ),
  content: <path d="M3.5 1.75h9v12.5h-9zM5.75 5h4.5M5.75 8h4.5M5.75 11h2.5" className="o" />,
  authentication: (
    <>
      <circle cx="5" cy="8" r="3" className="o" />
      <path d="M8 8h6.5M11.5 8v2.6M14 8v2" className="o" />
    </>
  ),
  'sender-reputation': (
    <>
      <path d="M1.75 12a6.25 6.25 0 1 1 12.5 0M8 12l3-4.2" className="o" />
      <circle cx="8" cy="12" r="1.2" className="f" />
    </>
  ),
  capacity: (
    <>
      <path d="M1.5 2.5h13" className="o" />
      <path d="M3 14V9.5h2.4V14zM6.8 14V7h2.4v7zM10.6 14V4.5H13V14z" className="f" />
    </>
  ),
  operator: (
    <>
      <circle cx="8" cy="8" r="6.1" className="o" />
      <circle cx="8" cy="8" r="2.4" className="o" />
      <path d="M3.7 3.7l2.6 2.6m3.4 3.4 2.6 2.6m0-8.6L9.7 6.3M6.3 9.7l-2.6 2.6" className="o" />
    </>
  ),
  policy: (
    <path
      d="M10.6 4.2C10.3 2.8 9.2 2 8 2 6.5 2 5.4 2.9 5.4 4.2c0 2.7 5.2 2.4 5.2 5.1 0 1-.8 1.7-1.7 1.9M5.4 11.8C5.7 13.2 6.8 14 8 14c1.5 0 2.6-.9 2.6-2.2 0-2.7-5.2-2.4-5.2-5.1 0-1 .8-1.7 1.7-1.9"
      className="o"
    />
  ),
} as const satisfies Record<Fault, ReactNode>;

export function FaultTag({ fault, children }: { readonly fault: Fault; readonly children?: string | undefined }) {
  const names = useWords(faultNames);
  return (
    <span className={`st calm ${turnOf(fault)}`}>
      <svg className="g" viewBox="0 0 16 16" aria-hidden="true">
        {DRAWN[fault]}
      </svg>
      {children ?? names[fault]}
    </span>
  );
}
