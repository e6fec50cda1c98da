// This file is the button. One the state forbids stays in place and says why; one the role can never use is absent.
import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { useId } from 'react';
import type { Door } from '../can.ts';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly kind?: 'main' | 'quiet' | 'ruin' | 'plain';
  /** Whether it may be pressed; absent means it may. */
  readonly door?: Door;
  /** Pressed and waiting for the answer. */
  readonly busy?: boolean;
  readonly children: ReactNode;
}

export function Button({ kind = 'plain', door = { door: 'open' }, busy = false, children, onClick, ...rest }: ButtonProps) {
  const why = useId();
  if (door.door === 'absent') return null;
  const closed = door.door === 'closed';
  return (
    <>
      <button
        type="button"
        {...rest}
        className={`btn ${kind === 'plain' ? '' : kind} ${rest.className ?? ''}`}
        aria-disabled={closed || busy ? true : undefined}
        aria-describedby={closed ? why : undefined}
        title={closed ? door.reason : undefined}
        onClick={closed || busy ? (event) => event.preventDefault() : onClick}
      >
        {children}
      </button>
      {closed ? (
        <span id={why} className="sr">
          {door.reason}
        </span>
      ) : null}
    </>
  );
}
