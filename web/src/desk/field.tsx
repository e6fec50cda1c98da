// This file holds the fields of forms: a name above, a hint below, what is wrong right there. A form never loses what was typed.
import { type InputHTMLAttributes, type ReactNode, type TextareaHTMLAttributes, useId } from 'react';

interface Around {
  readonly label: string;
  readonly hint?: ReactNode;
  /** What is wrong with it, in a sentence; null or absent when nothing is. */
  readonly wrong?: string | null | undefined;
}

type TextFieldProps = Around & Omit<InputHTMLAttributes<HTMLInputElement>, 'id'> & { readonly wire?: boolean };

export function TextField({ label, hint, wrong, wire = false, ...input }: TextFieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        {...input}
        id={id}
        className={wire ? 'input wire' : 'input'}
        aria-invalid={wrong ? true : undefined}
        aria-describedby={describedBy(id, hint, wrong)}
      />
      <Beside id={id} hint={hint} wrong={wrong} />
    </div>
  );
}

/** Yes or no. */
export function CheckField({
  label,
  checked,
  onChange,
}: {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}) {
  return (
    <div className="field">
      <label className="choice">
        <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
        <span>{label}</span>
      </label>
    </div>
  );
}

type TextAreaProps = Around & Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'id'>;

/** Machines' words, pasted as they came. */
export function TextArea({ label, hint, wrong, ...input }: TextAreaProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <textarea
        {...input}
        id={id}
        className="input wire"
        aria-invalid={wrong ? true : undefined}
        aria-describedby={describedBy(id, hint, wrong)}
      />
      <Beside id={id} hint={hint} wrong={wrong} />
    </div>
  );
}

interface SelectFieldProps extends Around {
  readonly value: string;
  readonly options: readonly (readonly [value: string, words: string])[];
  readonly onChange: (value: string) => void;
}

export function SelectField({ label, hint, wrong, value, options, onChange }: SelectFieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className="input"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        aria-describedby={describedBy(id, hint, wrong)}
      >
        {options.map(([key, text]) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
      <Beside id={id} hint={hint} wrong={wrong} />
    </div>
  );
}

interface ChoiceProps<Value extends string> extends Around {
  readonly name: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly title: string; readonly text?: string }[];
  readonly onChange: (value: Value) => void;
}

/** A few ways to go, each with what it means. */
export function ChoiceField<Value extends string>({ label, hint, wrong, name, value, options, onChange }: ChoiceProps<Value>) {
  const id = useId();
  return (
    <fieldset className="field" aria-describedby={describedBy(id, hint, wrong)}>
      <legend>{label}</legend>
      <div>
        {options.map((option) => (
          <label key={option.value} className="choice">
            <input type="radio" name={name} value={option.value} checked={value === option.value} onChange={() => onChange(option.value)} />
            <span>
              {option.title}
              {option.text === undefined ? null : <span className="small"> {option.text}</span>}
            </span>
          </label>
        ))}
      </div>
      <Beside id={id} hint={hint} wrong={wrong} />
    </fieldset>
  );
}

interface ChecksProps extends Around {
  readonly values: readonly string[];
  readonly options: readonly (readonly [value: string, words: string])[];
  readonly onChange: (values: string[]) => void;
}

/** Any of a few. */
export function ChecksField({ label, hint, wrong, values, options, onChange }: ChecksProps) {
  const id = useId();
  return (
    <fieldset className="field" aria-describedby={describedBy(id, hint, wrong)}>
      <legend>{label}</legend>
      <div>
        {options.map(([value, words]) => (
          <label key={value} className="choice">
            <input
              type="checkbox"
              checked={values.includes(value)}
              onChange={(event) => onChange(event.target.checked ? [...values, value] : values.filter((kept) => kept !== value))}
            />
            <span>{words}</span>
          </label>
        ))}
      </div>
      <Beside id={id} hint={hint} wrong={wrong} />
    </fieldset>
  );
}

function Beside({ id, hint, wrong }: { id: string; hint: ReactNode; wrong: string | null | undefined }) {
  return (
    <>
      {hint === undefined ? null : (
        <span id={`${id}-hint`} className="hint">
          {hint}
        </span>
      )}
      {wrong ? (
        <span id={`${id}-wrong`} className="wrong">
          {wrong}
        </span>
      ) : null}
    </>
  );
}

function describedBy(id: string, hint: ReactNode, wrong: string | null | undefined): string | undefined {
  const ids = [hint === undefined ? '' : `${id}-hint`, wrong ? `${id}-wrong` : ''].filter((part) => part !== '');
  return ids.length === 0 ? undefined : ids.join(' ');
}
