// This file says what a column of a table is.
import type { ReactNode } from 'react';

export interface Column<Row> {
  readonly id: string;
  readonly head: string;
  readonly cell: (row: Row) => ReactNode;
  readonly num?: boolean;
  /** What to sort by; a column without it cannot be sorted. */
  readonly sort?: (row: Row) => string | number;
  /** Address of this list filtered by this cell (key F); null where there is nothing to filter by. */
  readonly filter?: (row: Row) => string | null;
  /** True where the cell is unremarkable, so that a phone leaves it out. */
  readonly fine?: (row: Row) => boolean;
}
