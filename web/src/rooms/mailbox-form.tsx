// This file draws the fields of a bounce mailbox.
import { SelectField, TextField } from '../desk/field.tsx';
import { useWords } from '../screen.ts';
import { mailboxWords } from '../words/mailboxes.words.ts';
import { type MailboxValues, secretsOf } from './mailbox-fields.ts';

type TextName = 'host' | 'port' | 'username' | 'folder' | 'move_to' | 'interval_s' | 'token_url' | 'client_id' | 'scope';

interface MailboxFieldsProps {
  readonly values: MailboxValues;
  readonly onChange: (values: MailboxValues) => void;
  readonly wrong: (field: string) => string | null;
  /** Secrets are stored already: an empty box keeps them. */
  readonly stored: boolean;
  /** It would go to another server now, so it has to be given again. */
  readonly moved?: boolean;
}

export function MailboxFields({ values, onChange, wrong, stored, moved = false }: MailboxFieldsProps) {
  const words = useWords(mailboxWords);
  const secrets = {
    password: { label: words.password, hint: undefined },
    refresh_token: { label: words.refreshToken, hint: words.refreshTokenHint },
    client_secret: { label: words.clientSecret, hint: words.clientSecretHint },
  };
  const text = (name: TextName, label: string, more: { number?: true; hint?: string; free?: true } = {}) => (
    <TextField
      label={label}
      hint={more.hint}
      value={values[name]}
      onChange={(event) => onChange({ ...values, [name]: event.target.value })}
      wrong={wrong(`settings.${name}`)}
      inputMode={more.number ? 'numeric' : undefined}
      required={more.free !== true}
      wire
      spellCheck={false}
      autoCapitalize="none"
      autoComplete="off"
    />
  );
  const choice = (name: 'tls' | 'after' | 'wait' | 'grant', label: string, options: readonly (readonly [string, string])[]) => (
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
      {choice('grant', words.logIn, [
        ['', words.logInPassword],
        ['refresh_token', words.logInRefresh],
        ['client_credentials', words.logInClient],
      ])}
      {values.grant === '' ? null : text('token_url', words.tokenUrl, { hint: words.tokenUrlHint })}
      {values.grant === '' ? null : text('client_id', words.clientId, { hint: words.clientIdHint })}
      {values.grant === '' ? null : text('scope', words.scope, { hint: words.scopeHint, free: true })}
      {secretsOf(values).map((name) => (
        <TextField
          key={name}
          label={secrets[name].label}
          hint={stored ? (moved ? words.passwordAgain : words.passwordKept) : secrets[name].hint}
          type="password"
          autoComplete="new-password"
          value={values[name]}
          onChange={(event) => onChange({ ...values, [name]: event.target.value })}
          wrong={wrong(`secret.${name}`)}
          required={(!stored || moved) && !(name === 'client_secret' && values.grant === 'refresh_token')}
        />
      ))}
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
