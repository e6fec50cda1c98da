// This file gives the page's table its keys: J K move, Enter opens (the row's link has the focus), F filters by the chosen cell, Esc goes back.
import { useRouter } from '@tanstack/react-router';
import { type RefObject, useEffect, useState } from 'react';
import { isBusy } from './busy.ts';

interface RowKeys {
  readonly count: number;
  readonly body: RefObject<HTMLTableSectionElement | null>;
  /** Address of the list filtered by one cell of a row; `place` counts only cells that can be filtered by. */
  readonly filter: (row: number, place: number) => string | null;
  readonly onEscape?: () => void;
}

/** Returns the chosen row, -1 for none. */
export function useRowKeys({ count, body, filter, onEscape }: RowKeys): number {
  const [at, setAt] = useState(-1);
  const [place, setPlace] = useState(0);
  const router = useRouter();
  const here = at < count ? at : -1;
  useEffect(() => {
    const go = (row: number) => {
      setAt(row);
      setPlace(0);
      const link = body.current?.rows[row]?.querySelector<HTMLElement>('a, button');
      link?.focus({ preventScroll: true });
      body.current?.rows[row]?.scrollIntoView({ block: 'nearest' });
    };
    const press = (event: KeyboardEvent) => {
      if (isBusy(event)) return;
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      if (key === 'j' && here < count - 1) go(here + 1);
      else if (key === 'k' && here > 0) go(here - 1);
      else if (key === 'ArrowRight' && here >= 0) setPlace(place + 1);
      else if (key === 'ArrowLeft' && here >= 0 && place > 0) setPlace(place - 1);
      else if (key === 'f' && here >= 0) {
        const href = filter(here, place);
        if (href === null) return;
        router.history.push(href);
      } else if (key === 'Escape' && here >= 0) setAt(-1);
      else if (key === 'Escape' && onEscape !== undefined) onEscape();
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [here, place, count, body, filter, onEscape, router]);
  return here;
}
