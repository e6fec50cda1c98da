// This file knows the fields of a bounce mailbox, and turns what was typed into what the API takes.

const PLAIN_FIELDS = ['host', 'port', 'tls', 'username', 'folder', 'after', 'move_to', 'wait', 'interval_s'] as const;
/** Set together, where access tokens take the place of a password. */
const TOKEN_FIELDS = ['grant', 'token_url', 'client_id', 'scope'] as const;
export const MAILBOX_FIELDS = [...PLAIN_FIELDS, ...TOKEN_FIELDS] as const;
const SECRETS = ['password', 'refresh_token', 'client_secret'] as const;
type MailboxField = (typeof MAILBOX_FIELDS)[number];
type MailboxSecret = (typeof SECRETS)[number];
export type MailboxValues = Readonly<Record<MailboxField | MailboxSecret, string>>;

const NO_SECRETS = { password: '', refresh_token: '', client_secret: '' };
export const FIRST_MAILBOX: MailboxValues = {
  host: '',
  port: '993',
  tls: 'implicit',
  username: '',
  folder: 'INBOX',
  after: 'move',
  move_to: 'Processed',
  wait: 'idle',
  interval_s: '300',
  grant: '',
  token_url: '',
  client_id: '',
  scope: '',
  ...NO_SECRETS,
};
const NUMBERS: ReadonlySet<MailboxField> = new Set(['port', 'interval_s']);

/** What the form of an existing mailbox begins with; secrets never come out. */
export function storedMailbox(settings: Readonly<Record<string, unknown>>): MailboxValues {
  const stored = MAILBOX_FIELDS.flatMap((field) => {
    const value = settings[field];
    return typeof value === 'string' || typeof value === 'number' ? [[field, String(value)]] : [];
  });
  return { ...FIRST_MAILBOX, ...Object.fromEntries(stored) };
}

/** Secrets that go with the chosen way to log in. */
export function secretsOf({ grant }: Pick<MailboxValues, 'grant'>): readonly MailboxSecret[] {
  if (grant === '') return ['password'];
  return grant === 'refresh_token' ? ['refresh_token', 'client_secret'] : ['client_secret'];
}

/** Settings as the API takes them; a field left empty keeps its default, and what access tokens needed goes (null) from a mailbox that had it. */
export function mailboxSettings(values: MailboxValues, existing: boolean): Record<string, string | number | null> {
  const given = PLAIN_FIELDS.map((field): [MailboxField, string] => [field, values[field].trim()]).filter(([, value]) => value !== '');
  const tokens = TOKEN_FIELDS.map((field): [MailboxField, string] => [field, values.grant === '' ? '' : values[field].trim()]);
  const removed = tokens.flatMap(([field, value]) => (value === '' && existing ? [[field, null] as const] : []));
  const set = [...given, ...tokens.filter(([, value]) => value !== '')].map(([field, value]): [string, string | number] => [
    field,
    NUMBERS.has(field) ? Number(value) : value,
  ]);
  return Object.fromEntries([...set, ...removed]);
}

/** Secrets that were typed. */
export function mailboxSecret(values: MailboxValues): Record<string, string> {
  const typed = secretsOf(values).map((name): [string, string] => [name, name === 'password' ? values[name] : values[name].trim()]);
  return Object.fromEntries(typed.filter(([, value]) => value !== ''));
}

/** The same with empty boxes for secrets. */
export function withoutSecrets(values: MailboxValues): MailboxValues {
  return { ...values, ...NO_SECRETS };
}

/** Names of the fields as the API calls them in a refusal. */
export const MAILBOX_NAMES = ['name', ...SECRETS.map((name) => `secret.${name}`), ...MAILBOX_FIELDS.map((field) => `settings.${field}`)];
