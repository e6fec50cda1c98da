// This file is a choice of a few, pressed side by side.

interface SwitchProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly (readonly [Value, string])[];
  readonly onChange: (value: Value) => void;
}

export function Switch<Value extends string>({ label, value, options, onChange }: SwitchProps<Value>) {
  return (
    <fieldset className="field">
      <legend>{label}</legend>
      <span className="seg">
        {options.map(([key, text]) => (
          <button key={key} type="button" aria-pressed={key === value} onClick={() => onChange(key)}>
            {text}
          </button>
        ))}
      </span>
    </fieldset>
  );
}
