// This file draws the fields of a provider account.
import { SelectField, TextField } from '../desk/field.tsx';
import { useWords } from '../screen.ts';
import { accountFormWords } from '../words/account-form.words.ts';
import { type AccountField, type AccountValues, fieldsOf, shownFields } from './account-fields.ts';

interface AccountFormProps {
  readonly provider: string;
  readonly values: AccountValues;
  readonly onChange: (values: AccountValues) => void;
  readonly wrong: (field: string) => string | null;
  /** Secrets are stored already: an empty box keeps them. */
  readonly stored: boolean;
  /** They would go to another server now, so they have to be given again. */
  readonly moved?: boolean;
}

export function AccountFields({ provider, values, onChange, wrong, stored, moved = false }: AccountFormProps) {
  return shownFields(provider, values).map((field) => (
    <OneField
      key={field.key}
      field={field}
      stored={stored}
      moved={moved}
      value={values[field.key] ?? ''}
      onChange={(value) => onChange({ ...values, [field.key]: value })}
      wrong={wrong(`${field.half}.${field.key}`)}
    />
  ));
}

/** Names of the fields as the API calls them in a refusal. */
export function fieldNames(provider: string): string[] {
  return fieldsOf(provider).map((field) => `${field.half}.${field.key}`);
}

function OneField({
  field,
  stored,
  moved,
  value,
  onChange,
  wrong,
}: {
  field: AccountField;
  stored: boolean;
  moved: boolean;
  value: string;
  onChange: (value: string) => void;
  wrong: string | null;
}) {
  const words = useWords(accountFormWords);
  const secret = stored && field.half === 'secret';
  const again = secret && moved && field.key !== 'webhook_key';
  const kept = secret && !again;
  const hint = again ? words.again : kept ? words.keep : field.hint === undefined ? undefined : words[field.hint];
  if (field.kind === 'choice') {
    return (
      <SelectField
        label={words[field.label]}
        value={value}
        onChange={onChange}
        wrong={wrong}
        options={(field.options ?? []).map(([key, name]) => [key, words[name]])}
      />
    );
  }
  return (
    <TextField
      label={words[field.label]}
      {...(hint === undefined ? {} : { hint })}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      wrong={wrong}
      required={field.required === true && !kept}
      type={field.kind === 'password' ? 'password' : 'text'}
      inputMode={field.kind === 'number' ? 'numeric' : undefined}
      autoComplete={field.kind === 'password' ? 'new-password' : 'off'}
      spellCheck={false}
      autoCapitalize="none"
      wire={field.half === 'settings'}
    />
  );
}
