// This file sorts the rows of a table (TanStack Table). It is loaded when a table is first sorted; until then rows stand as the API gave them.
import { createColumnHelper, createSortedRowModel, rowSortingFeature, sortFn_basic, tableFeatures, useTable } from '@tanstack/react-table';
import { type ReactNode, useMemo } from 'react';
import type { Column } from './column.ts';

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel(), sortFns: { basic: sortFn_basic } });

interface SortedRowsProps<Row> {
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  /** `column` or `-column`. */
  readonly sort: string;
  readonly render: (rows: readonly Row[]) => ReactNode;
}

export function SortedRows<Row extends object>({ rows, columns, sort, render }: SortedRowsProps<Row>) {
  const defs = useMemo(() => {
    const helper = createColumnHelper<typeof features, Row>();
    return columns.flatMap(({ id, sort: by }) =>
      by === undefined ? [] : [helper.accessor((row): unknown => by(row), { id, sortFn: 'basic' })],
    );
  }, [columns]);
  const sorting = useMemo(() => [{ id: sort.replace(/^-/, ''), desc: sort.startsWith('-') }], [sort]);
  const data = useMemo(() => [...rows], [rows]);
  const table = useTable({ features, columns: defs, data, state: { sorting } });
  return render(table.getRowModel().rows.map((row) => row.original));
}
