// This file is the pilot's note: advice, always magenta, only with a gain we can state.
import type { ReactNode } from 'react';
import { useWords } from '../screen.ts';
import { deskWords } from '../words/desk.words.ts';

interface NoteProps {
  readonly children: ReactNode;
  /** What is needed for it, where that is more than a sentence. */
  readonly under?: ReactNode;
  readonly actions?: ReactNode;
}

export function Note({ children, under, actions }: NoteProps) {
  const words = useWords(deskWords);
  return (
    <div className="note">
      <h3>{words.better}</h3>
      <p>{children}</p>
      {under === undefined ? null : <div className="bar">{under}</div>}
      {actions === undefined ? null : <div className="btns">{actions}</div>}
    </div>
  );
}
