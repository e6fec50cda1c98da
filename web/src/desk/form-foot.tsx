// This file ends a form: its one button, and what is wrong with the whole where no field can say it.
import type { ReactNode } from 'react';
import type { Door } from '../can.ts';
import { useWords } from '../screen.ts';
import { deskWords } from '../words/desk.words.ts';
import { Button } from './button.tsx';

interface FormFootProps {
  readonly verb: string;
  readonly busy: boolean;
  readonly refused: string | null;
  readonly main?: boolean;
  /** Whether it may be pressed; absent means it may. */
  readonly door?: Door;
  readonly children?: ReactNode;
}

export function FormFoot({ verb, busy, refused, main = true, door = { door: 'open' }, children }: FormFootProps) {
  const words = useWords(deskWords);
  return (
    <div className="field">
      {refused === null ? null : (
        <p role="alert" className="wrong">
          {refused}
        </p>
      )}
      <div className="btns">
        <Button type="submit" kind={main ? 'main' : 'plain'} busy={busy} door={door}>
          {busy ? words.working : verb}
        </Button>
        {children}
      </div>
    </div>
  );
}
