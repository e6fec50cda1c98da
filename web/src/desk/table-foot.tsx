// This file stands under a table: how many are shown of how many, the pages, CSV, and the keys.
import type { ReactNode } from 'react';
import { useWords } from '../screen.ts';
import { tableWords } from '../words/table.words.ts';
import { Button } from './button.tsx';
import { useFormat } from './time.tsx';

interface TableFootProps {
  readonly shown: number;
  /** Undefined or null where the API cannot say. */
  readonly total?: number | null | undefined;
  readonly more?: boolean;
  readonly pages?: ReactNode;
  readonly onCsv?: () => void;
  /** False where the table is not one to walk through by key. */
  readonly keys?: boolean;
}

export function TableFoot({ shown, total, more = false, pages, onCsv, keys = true }: TableFootProps) {
  const words = useWords(tableWords);
  const format = useFormat();
  const known = total ?? (more ? null : shown);
  const sentence =
    known === null
      ? words.shownMore(format.int(shown))
      : known === shown
        ? words.shownAll(shown, format.int(shown))
        : words.shownOf(format.int(shown), format.int(known));
  return (
    <div className="tblfoot">
      <span className="btns">
        <span>{sentence}</span>
        {pages}
        {onCsv === undefined ? null : (
          <Button kind="quiet" onClick={onCsv}>
            {words.csv}
          </Button>
        )}
      </span>
      {keys ? (
        <span className="keys">
          <kbd>J</kbd> <kbd>K</kbd> {words.keyMove} · <kbd>Enter</kbd> {words.keyOpen} · <kbd>F</kbd> {words.keyFilter} · <kbd>?</kbd>{' '}
          {words.keyKeys}
        </span>
      ) : null}
    </div>
  );
}
