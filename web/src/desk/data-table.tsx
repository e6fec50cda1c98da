// This file is the table of the console: first column the human name, numbers right, rows are links, keys J K Enter F Esc, on a phone a list of
// records. Filters, sort and pages belong to the page, which keeps them in the address; sorting itself is loaded when it is first asked for.
import { lazy, type ReactElement, type ReactNode, Suspense, useRef } from 'react';
import { useWords } from '../screen.ts';
import { tableWords } from '../words/table.words.ts';
import { A } from './a.tsx';
import type { Column } from './column.ts';
import { Glyph } from './glyphs.tsx';
import { useRowKeys } from './row-keys.ts';

interface DataTableProps<Row> {
  readonly caption: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly rowId: (row: Row) => string;
  /** The row's own page. */
  readonly rowHref: (row: Row) => string;
  /** `column` or `-column`; '' leaves the order of the API. */
  readonly sort?: string;
  readonly onSort?: (sort: string) => void;
  /** Rows that came while the page was open: they fade in. */
  readonly fresh?: ReadonlySet<string>;
  /** Marks a row that needs a person. */
  readonly bad?: (row: Row) => boolean;
  /** Where Esc leads when no row is chosen. */
  readonly onEscape?: () => void;
}

// lazy() forgets that the component is generic; it takes the same rows as this table.
const SortedRows = lazy(() => import('./sorted-rows.tsx').then((file) => ({ default: file.SortedRows }))) as unknown as <
  Row extends object,
>(props: {
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  sort: string;
  render: (rows: readonly Row[]) => ReactNode;
}) => ReactElement;

export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { rows, columns, sort = '' } = props;
  const drawn = (list: readonly Row[]) => <Drawn {...props} rows={list} />;
  if (sort === '') return drawn(rows);
  return (
    <Suspense fallback={drawn(rows)}>
      <SortedRows rows={rows} columns={columns} sort={sort} render={drawn} />
    </Suspense>
  );
}

function Drawn<Row extends object>({
  caption,
  rows,
  columns,
  rowId,
  rowHref,
  sort = '',
  onSort,
  fresh,
  bad,
  onEscape,
}: DataTableProps<Row>) {
  const body = useRef<HTMLTableSectionElement>(null);
  const at = useRowKeys({
    count: rows.length,
    body,
    filter: (index, place) => {
      const row = rows[index];
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
            <Head key={column.id} column={column} sort={sort} onSort={onSort} />
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        {rows.map((row, index) => {
          const id = rowId(row);
          const names = [index === at ? 'at' : '', bad?.(row) ? 'bad' : '', fresh?.has(id) ? 'fresh' : '', 'go'];
          return (
            // A click anywhere in the row follows the link of its first cell, which is what the keyboard and a screen reader use.
            <tr key={id} className={names.join(' ').trim()} onClick={followRow}>
              {columns.map((column, place) => (
                <td key={column.id} className={cellClass(column, row, place)} data-l={place === 0 ? '' : column.head}>
                  {place === 0 ? (
                    <A className="row" href={rowHref(row)}>
                      {column.cell(row)}
                    </A>
                  ) : (
                    column.cell(row)
                  )}
                </td>
              ))}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Head<Row>({ column, sort, onSort }: { column: Column<Row>; sort: string; onSort: ((sort: string) => void) | undefined }) {
  const words = useWords(tableWords);
  const way = sort === column.id ? 'ascending' : sort === `-${column.id}` ? 'descending' : undefined;
  return (
    <th scope="col" className={column.num ? 'num' : undefined} aria-sort={way}>
      {column.sort === undefined || onSort === undefined ? (
        column.head
      ) : (
        <button
          type="button"
          aria-label={words.sortBy(column.head)}
          onClick={() => onSort(way === 'ascending' ? `-${column.id}` : column.id)}
        >
          {column.head}
          {way === undefined ? null : <Glyph name={way === 'ascending' ? 'up' : 'down'} />}
        </button>
      )}
    </th>
  );
}

function cellClass<Row>(column: Column<Row>, row: Row, place: number): string {
  return `${place === 0 ? 'head ' : ''}${column.num ? 'num ' : ''}${column.fine?.(row) ? 'fine' : ''}`.trim();
}

/** A click that ends a selection of text is not a click on the row. */
function followRow(event: React.MouseEvent<HTMLTableRowElement>): void {
  // The target of a mouse event inside a table row is an element.
  const target = event.target as Element;
  if (target.closest('a, button, input, select, label, summary') !== null || document.getSelection()?.isCollapsed === false) return;
  event.currentTarget
    .querySelector<HTMLAnchorElement>('a.row')
    ?.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, ctrlKey: event.ctrlKey, metaKey: event.metaKey }));
}
