// This file is the table of the console: first column the human name, numbers right, rows are links, keys J K Enter F Esc, on a phone a list of
// records. Sorting happens here; filters and pages belong to the page, which keeps them in the address.
import {
  columnVisibilityFeature,
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  sortFn_basic,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { type ReactNode, useMemo, useRef } from 'react';
import { useWords } from '../screen.ts';
import { deskWords } from '../words/desk.ts';
import { A } from './a.tsx';
import { Glyph } from './glyphs.tsx';
import { useRowKeys } from './row-keys.ts';

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

interface DataTableProps<Row> {
  readonly caption: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly rowId: (row: Row) => string;
  /** The row's own page; null where it has none. */
  readonly rowHref: (row: Row) => string | null;
  /** `column` or `-column`. */
  readonly sort?: string;
  readonly onSort?: (sort: string) => void;
  /** Rows that came while the page was open: they fade in. */
  readonly fresh?: ReadonlySet<string>;
  /** Marks a row that needs a person. */
  readonly bad?: (row: Row) => boolean;
  /** Where Esc leads when no row is chosen. */
  readonly onEscape?: () => void;
}

const features = tableFeatures({
  rowSortingFeature,
  columnVisibilityFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { basic: sortFn_basic },
});

export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { caption, rows, columns, rowId, rowHref, sort = '', onSort, fresh, bad, onEscape } = props;
  const words = useWords(deskWords);
  const body = useRef<HTMLTableSectionElement>(null);
  const defs = useMemo(() => {
    const helper = createColumnHelper<typeof features, Row>();
    return columns.map((column) =>
      helper.accessor((row): unknown => column.sort?.(row) ?? '', { id: column.id, header: column.head, enableSorting: column.sort !== undefined, sortFn: 'basic' }),
    );
  }, [columns]);
  const sorting = useMemo(() => (sort === '' ? [] : [{ id: sort.replace(/^-/, ''), desc: sort.startsWith('-') }]), [sort]);
  // Columns and rows keep their identity between renders (the pages memoise them), as TanStack Table asks.
  const data = useMemo(() => [...rows], [rows]);
  const table = useTable({ features, columns: defs, data, getRowId: rowId, state: { sorting } });
  const shown = table.getRowModel().rows;
  const at = useRowKeys({
    count: shown.length,
    body,
    filter: (index, place) => {
      const row = shown[index]?.original;
      const able = columns.filter((column) => column.filter !== undefined);
      return row === undefined ? null : (able[place % Math.max(1, able.length)]?.filter?.(row) ?? null);
    },
    ...(onEscape === undefined ? {} : { onEscape }),
  });
  return (
    <table className="tbl flow">
      <caption className="sr">{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.id} scope="col" className={column.num ? 'num' : undefined} aria-sort={direction(sort, column.id)}>
              {column.sort === undefined || onSort === undefined ? (
                column.head
              ) : (
                <button type="button" aria-label={words.sortBy(column.head)} onClick={() => onSort(sort === column.id ? `-${column.id}` : column.id)}>
                  {column.head}
                  {direction(sort, column.id) === undefined ? null : <Glyph name={sort.startsWith('-') ? 'down' : 'up'} />}
                </button>
              )}
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        {shown.map((row, index) => {
          const href = rowHref(row.original);
          const names = [index === at ? 'at' : '', bad?.(row.original) ? 'bad' : '', fresh?.has(row.id) ? 'fresh' : '', href === null ? '' : 'go'];
          return (
            // A click anywhere in the row follows the link of its first cell, which is what the keyboard and a screen reader use.
            // biome-ignore lint/a11y/useKeyWithClickEvents: the link in the first cell takes the keys.
            <tr key={row.id} className={names.join(' ').trim()} onClick={href === null ? undefined : followRow}>
              {columns.map((column, place) => {
                const cell = column.cell(row.original);
                const kind = `${place === 0 ? 'head ' : ''}${column.num ? 'num ' : ''}${column.fine?.(row.original) ? 'fine' : ''}`.trim();
                return (
                  <td key={column.id} className={kind} data-l={place === 0 ? '' : column.head}>
                    {place === 0 && href !== null ? (
                      <A className="row" href={href}>
                        {cell}
                      </A>
                    ) : (
                      cell
                    )}
                  </td>
                );
              })}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function direction(sort: string, id: string): 'ascending' | 'descending' | undefined {
  if (sort === id) return 'ascending';
  return sort === `-${id}` ? 'descending' : undefined;
}

/** A click that ends a selection of text is not a click on the row. */
function followRow(event: React.MouseEvent<HTMLTableRowElement>): void {
  // The target of a mouse event inside a table row is an element.
  const target = event.target as Element;
  if (target.closest('a, button, input, select, label, summary') !== null || document.getSelection()?.isCollapsed === false) return;
  event.currentTarget.querySelector<HTMLAnchorElement>('a.row')?.dispatchEvent(
    new MouseEvent('click', { bubbles: true, cancelable: true, ctrlKey: event.ctrlKey, metaKey: event.metaKey }),
  );
}
