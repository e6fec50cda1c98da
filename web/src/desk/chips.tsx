// This file reads filters as a sentence of chips: "Time last 7 days · At Outlook ×". Each chip is a native choice, so it works everywhere.
import { useWords } from '../screen.ts';
import { tableWords } from '../words/table.words.ts';
import { Glyph } from './glyphs.tsx';

interface ChipProps {
  readonly label: string;
  /** '' means all. */
  readonly value: string;
  readonly options: readonly (readonly [value: string, words: string])[];
  readonly onChange: (value: string) => void;
  /** False where one of the options always holds, so that there is no "all". */
  readonly whole?: boolean;
}

export function ChoiceChip({ label, value, options, onChange, whole = true }: ChipProps) {
  const words = useWords(tableWords);
  return (
    <span className={value === '' || !whole ? 'chip' : 'chip on'}>
      <label className="cell">
        <span>{label}</span>
        <select value={value} onChange={(event) => onChange(event.target.value)}>
          {whole ? <option value="">{words.all}</option> : null}
          {options.map(([key, text]) => (
            <option key={key} value={key}>
              {text}
            </option>
          ))}
        </select>
        <Glyph name="down" />
      </label>
      {value === '' || !whole ? null : <ClearChip what={label} onClear={() => onChange('')} />}
    </span>
  );
}

/** A filter that was typed or came from a cell: it can only be taken away. */
export function SetChip({ label, value, onClear }: { readonly label: string; readonly value: string; readonly onClear: () => void }) {
  return (
    <span className="chip on">
      {label} <b title={value}>{value}</b>
      <ClearChip what={`${label} ${value}`} onClear={onClear} />
    </span>
  );
}

function ClearChip({ what, onClear }: { readonly what: string; readonly onClear: () => void }) {
  const words = useWords(tableWords);
  return (
    <button type="button" className="x" aria-label={words.removeFilter(what)} onClick={onClear}>
      <Glyph name="no" />
    </button>
  );
}
