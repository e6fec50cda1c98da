// This file is the pilot's note: advice, always magenta, only with a gain we can state.
import type { ReactNode } from 'react';
import { useWords } from '../screen.ts';
import { deskWords } from '../words/desk.ts';

export function Note({ children, actions }: { readonly children: ReactNode; readonly actions?: ReactNode }) {
  const words = useWords(deskWords);
  return (
    <div className="note">
      <h3>{words.better}</h3>
      <p>{children}</p>
      {actions === undefined ? null : <div className="btns">{actions}</div>}
    </div>
  );
}
