// This file knows the fields of a bounce mailbox, and turns what was typed into what the API takes.

export const MAILBOX_FIELDS = ['host', 'port', 'tls', 'username', 'folder', 'after', 'move_to', 'wait', 'interval_s'] as const;
type MailboxField = (typeof MAILBOX_FIELDS)[number];
export type MailboxValues = Readonly<Record<MailboxField | 'password', string>>;

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
  password: '',
};
const NUMBERS: ReadonlySet<MailboxField> = new Set(['port', 'interval_s']);

/** What the form of an existing mailbox begins with; the password never comes out. */
export function storedMailbox(settings: Readonly<Record<string, unknown>>): MailboxValues {
  const stored = MAILBOX_FIELDS.flatMap((field) => {
    const value = settings[field];
    return typeof value === 'string' || typeof value === 'number' ? [[field, String(value)]] : [];
  });
  return { ...FIRST_MAILBOX, ...Object.fromEntries(stored) };
}

/** Settings as the API takes them; a field left empty keeps its default. */
export function mailboxSettings(values: MailboxValues): Record<string, string | number> {
  const given = MAILBOX_FIELDS.map((field): [MailboxField, string] => [field, values[field].trim()]).filter(([, value]) => value !== '');
  return Object.fromEntries(given.map(([field, value]) => [field, NUMBERS.has(field) ? Number(value) : value]));
}

/** Names of the fields as the API calls them in a refusal. */
export const MAILBOX_NAMES = ['name', 'secret.password', ...MAILBOX_FIELDS.map((field) => `settings.${field}`)];
