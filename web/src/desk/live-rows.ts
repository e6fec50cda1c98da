// This file keeps a live list from moving under a reader: new rows fade in on the first screen, further down they wait behind "14 new, show".
import { useCallback, useEffect, useRef, useState } from 'react';

/** Scrolled further than this, a person is reading; pixels. */
const READING_PX = 160;
const NONE: ReadonlySet<string> = new Set();

interface Live<Row> {
  readonly rows: readonly Row[];
  /** Rows that just came in. */
  readonly fresh: ReadonlySet<string>;
  /** How many wait. */
  readonly waiting: number;
  /** Shows them: from the top of the page on, or of what is given. */
  readonly show: (top?: Element | null) => void;
}

/** What somebody who is reading sees: the rows that stood there, each as it is now; what came since waits, though it pushed some of them off the page. */
export function whileReading<Row>(before: readonly Row[], rows: readonly Row[], idOf: (row: Row) => string): readonly Row[] {
  const now = new Map(rows.map((row) => [idOf(row), row]));
  return before.map((row) => now.get(idOf(row)) ?? row);
}

/** `list` names what is listed: with another list everything is shown at once. */
export function useLiveRows<Row>(rows: readonly Row[], list: string, idOf: (row: Row) => string): Live<Row> {
  const known = useRef<{ list: string; rows: readonly Row[] }>({ list: '', rows: [] });
  const [fresh, setFresh] = useState(NONE);
  const [, redraw] = useState(0);
  const same = known.current.list === list;
  const there = new Set(known.current.rows.map(idOf));
  const unknown = same ? rows.filter((row) => !there.has(idOf(row))).length : 0;
  const reading = same && there.size > 0 && typeof scrollY === 'number' && scrollY > READING_PX;
  const waiting = reading ? unknown : 0;
  const take = useCallback(() => {
    const before = new Set(known.current.rows.map(idOf));
    setFresh(new Set(rows.map(idOf).filter((id) => !before.has(id))));
    known.current = { list, rows };
  }, [rows, list, idOf]);
  useEffect(() => {
    if (!same) {
      known.current = { list, rows };
      setFresh(NONE);
    } else if (unknown === 0) known.current = { list, rows };
    else if (!reading) take();
  });
  return {
    rows: waiting === 0 ? rows : whileReading(known.current.rows, rows, idOf),
    fresh,
    waiting,
    show: (top = null) => {
      take();
      if (top === null) scrollTo({ top: 0 });
      else top.scrollIntoView();
      redraw((count) => count + 1);
    },
  };
}
