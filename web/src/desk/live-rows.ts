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
  readonly show: () => void;
}

/** `list` names what is listed: with another list everything is shown at once. */
export function useLiveRows<Row>(rows: readonly Row[], list: string, idOf: (row: Row) => string): Live<Row> {
  const known = useRef<{ list: string; ids: ReadonlySet<string> }>({ list: '', ids: NONE });
  const [fresh, setFresh] = useState(NONE);
  const [, redraw] = useState(0);
  const same = known.current.list === list;
  const unknown = same ? rows.filter((row) => !known.current.ids.has(idOf(row))) : [];
  const reading = same && known.current.ids.size > 0 && typeof scrollY === 'number' && scrollY > READING_PX;
  const held = reading ? unknown : [];
  const take = useCallback(() => {
    setFresh(new Set(rows.map(idOf).filter((id) => !known.current.ids.has(id))));
    known.current = { list, ids: new Set(rows.map(idOf)) };
  }, [rows, list, idOf]);
  useEffect(() => {
    if (!same) {
      known.current = { list, ids: new Set(rows.map(idOf)) };
      setFresh(NONE);
    } else if (unknown.length > 0 && !reading) take();
  });
  return {
    rows: held.length === 0 ? rows : rows.filter((row) => known.current.ids.has(idOf(row))),
    fresh,
    waiting: held.length,
    show: () => {
      take();
      scrollTo({ top: 0 });
      redraw((count) => count + 1);
    },
  };
}
