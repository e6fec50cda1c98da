// This file draws the fields of a bounce mailbox.
import { SelectField, TextField } from '../desk/field.tsx';
import { useWords } from '../screen.ts';
import { mailboxWords } from '../words/mailboxes.ts';
import type { MailboxValues } from './mailbox-fields.ts';

interface MailboxFieldsProps {
  readonly values: MailboxValues;
  readonly onChange: (values: MailboxValues) => void;
  readonly wrong: (field: string) => string | null;
  /** A password is stored already: an empty box keeps it. */
  readonly stored: boolean;
  /** It would go to another server now, so it has to be given again. */
  readonly moved?: boolean;
}

export function MailboxFields({ values, onChange, wrong, stored, moved = false }: MailboxFieldsProps) {
  const words = useWords(mailboxWords);
  const text = (name: 'host' | 'port' | 'username' | 'folder' | 'move_to' | 'interval_s', label: string, more: { number?: true } = {}) => (
    <TextField
      label={label}
      value={values[name]}
      onChange={(event) => onChange({ ...values, [name]: event.target.value })}
      wrong={wrong(`settings.${name}`)}
      inputMode={more.number ? 'numeric' : undefined}
      required
      wire
      spellCheck={false}
      autoCapitalize="none"
      autoComplete="off"
    />
  );
  const choice = (name: 'tls' | 'after' | 'wait', label: string, options: readonly (readonly [string, string])[]) => (
    <SelectField
      label={label}
      value={values[name]}
      options={options}
      onChange={(value) => onChange({ ...values, [name]: value })}
      wrong={wrong(`settings.${name}`)}
    />
  );
  return (
    <>
      {text('host', words.host)}
      {text('port', words.port, { number: true })}
      {choice('tls', words.tls, [
        ['implicit', words.tlsImplicit],
        ['starttls', words.tlsStart],
        ['none', words.tlsNone],
      ])}
      {text('username', words.username)}
      <TextField
        label={words.password}
        {...(stored ? { hint: moved ? words.passwordAgain : words.passwordKept } : {})}
        type="password"
        autoComplete="new-password"
        value={values.password}
        onChange={(event) => onChange({ ...values, password: event.target.value })}
        wrong={wrong('secret.password')}
        required={!stored || moved}
      />
      {text('folder', words.folder)}
      {choice('after', words.after, [
        ['move', words.afterMove],
        ['flag', words.afterFlag],
        ['leave', words.afterLeave],
      ])}
      {values.after === 'move' ? text('move_to', words.moveTo) : null}
      {choice('wait', words.wait, [
        ['idle', words.waitIdle],
        ['interval', words.waitInterval],
      ])}
      {values.wait === 'interval' ? text('interval_s', words.interval, { number: true }) : null}
    </>
  );
}
