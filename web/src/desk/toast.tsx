// This file is the toast: the result of one's own action, bottom left, 6 s, with Undo where there is one. Never news, never two at once.
import { useEffect, useSyncExternalStore } from 'react';
import { useWords } from '../screen.ts';
import { deskWords } from '../words/desk.words.ts';
import { Button } from './button.tsx';

/** How long a result stands, milliseconds; with Undo it stands long enough to think. */
const SHOWN_MS = 6_000;
const UNDO_MS = 30_000;

interface Result {
  readonly text: string;
  readonly undo?: () => void;
}

let result: Result | null = null;
const listeners = new Set<() => void>();

/** Says what came of an action of the person who acts. A newer result takes the place of an older one. */
export function sayResult(text: string, undo?: () => void): void {
  set(undo === undefined ? { text } : { text, undo });
}

export function Toast() {
  const words = useWords(deskWords);
  const shown = useSyncExternalStore(subscribe, () => result);
  useEffect(() => {
    if (shown === null) return;
    const timer = setTimeout(() => set(null), shown.undo === undefined ? SHOWN_MS : UNDO_MS);
    return () => clearTimeout(timer);
  }, [shown]);
  return (
    <div role="status" aria-live="polite">
      {shown === null ? null : (
        <div className="toast">
          <span>{shown.text}</span>
          {shown.undo === undefined ? null : (
            <Button
              kind="quiet"
              onClick={() => {
                shown.undo?.();
                set(null);
              }}
            >
              {words.undo}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

function set(next: Result | null): void {
  result = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
