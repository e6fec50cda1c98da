// This file lists the fields of each kind of provider account. What the adapter wants beyond them keeps its default.
import type { accountFormWords } from '../words/account-form.words.ts';
import type { PlainKey } from '../words/words.ts';

type Name = PlainKey<typeof accountFormWords>;

export interface AccountField {
  /** As the API calls it. */
  readonly key: string;
  readonly half: 'settings' | 'secret';
  readonly label: Name;
  readonly hint?: Name;
  readonly kind?: 'text' | 'number' | 'password' | 'choice';
  readonly required?: true;
  readonly options?: readonly (readonly [value: string, words: Name])[];
  /** What a new account starts with. */
  readonly first?: string;
  /** Asked for with these ways to log in only (values of `grant`; '' is a password). */
  readonly logIns?: readonly string[];
}

const API_KEY: AccountField = { key: 'api_key', half: 'secret', label: 'api_key', kind: 'password', required: true };
const WEBHOOK_KEY: AccountField = { key: 'webhook_key', half: 'secret', label: 'webhook_key', hint: 'webhookKeyHint', kind: 'password' };
const BASE_URL: AccountField = { key: 'base_url', half: 'settings', label: 'base_url', hint: 'baseUrlHint' };
const POOL: AccountField = { key: 'ip_pool', half: 'settings', label: 'ip_pool', hint: 'optional' };
const RETURN_PATH: AccountField = { key: 'return_path_domain', half: 'settings', label: 'return_path_domain', hint: 'optional' };

const BY_TOKEN = ['refresh_token', 'client_credentials'];

const FIELDS: Readonly<Record<string, readonly AccountField[]>> = {
  smtp: [
    { key: 'host', half: 'settings', label: 'host', required: true },
    { key: 'port', half: 'settings', label: 'port', kind: 'number', required: true, first: '587' },
    {
      key: 'tls',
      half: 'settings',
      label: 'tls',
      kind: 'choice',
      first: 'starttls',
      options: [
        ['starttls', 'tlsStart'],
        ['implicit', 'tlsImplicit'],
        ['none', 'tlsNone'],
      ],
    },
    { key: 'username', half: 'settings', label: 'username', hint: 'optional' },
    {
      key: 'grant',
      half: 'settings',
      label: 'logIn',
      kind: 'choice',
      first: '',
      options: [
        ['', 'logInPassword'],
        ['refresh_token', 'logInRefresh'],
        ['client_credentials', 'logInClient'],
      ],
    },
    { key: 'password', half: 'secret', label: 'secretPassword', kind: 'password', hint: 'optional', logIns: [''] },
    { key: 'token_url', half: 'settings', label: 'tokenUrl', hint: 'tokenUrlHint', required: true, logIns: BY_TOKEN },
    { key: 'client_id', half: 'settings', label: 'clientId', hint: 'clientIdHint', required: true, logIns: BY_TOKEN },
    { key: 'scope', half: 'settings', label: 'scope', hint: 'scopeHint', logIns: BY_TOKEN },
    {
      key: 'refresh_token',
      half: 'secret',
      label: 'refreshToken',
      hint: 'refreshTokenHint',
      kind: 'password',
      required: true,
      logIns: ['refresh_token'],
    },
    { key: 'client_secret', half: 'secret', label: 'clientSecret', kind: 'password', hint: 'clientSecretHint', logIns: BY_TOKEN },
  ],
  sparkpost: [
    API_KEY,
    {
      key: 'region',
      half: 'settings',
      label: 'region',
      kind: 'choice',
      first: 'us',
      options: [
        ['us', 'regionUs'],
        ['eu', 'regionEu'],
      ],
    },
    POOL,
    { key: 'subaccount', half: 'settings', label: 'subaccount', kind: 'number', hint: 'optional' },
    RETURN_PATH,
    BASE_URL,
  ],
  'elastic-email': [API_KEY, WEBHOOK_KEY, POOL, RETURN_PATH, BASE_URL],
  mandrill: [
    API_KEY,
    WEBHOOK_KEY,
    POOL,
    { key: 'subaccount', half: 'settings', label: 'subaccount', hint: 'optional' },
    RETURN_PATH,
    BASE_URL,
  ],
};

/** The fields of a kind; one we have no list for has a key and an address. */
export function fieldsOf(provider: string): readonly AccountField[] {
  return FIELDS[provider] ?? [API_KEY, WEBHOOK_KEY, BASE_URL];
}

export type AccountValues = Readonly<Record<string, string>>;

/** Those that go with the chosen way to log in. */
export function shownFields(provider: string, values: AccountValues): readonly AccountField[] {
  return fieldsOf(provider).filter(({ logIns }) => logIns === undefined || logIns.includes(values['grant'] ?? ''));
}

/** What a form for a new account starts with. */
export function firstValues(provider: string): AccountValues {
  return Object.fromEntries(fieldsOf(provider).map((field) => [field.key, field.first ?? '']));
}

/** What a form for an existing account starts with; secrets never come out. */
export function storedValues(provider: string, settings: Readonly<Record<string, unknown>>): AccountValues {
  return Object.fromEntries(fieldsOf(provider).map((field) => [field.key, field.half === 'secret' ? '' : words(settings[field.key])]));
}

/** Secrets are not kept in the form once they are stored. */
export function emptied(provider: string): AccountValues {
  return Object.fromEntries(fieldsOf(provider).flatMap(({ key, half }) => (half === 'secret' ? [[key, '']] : [])));
}

/** Whether a stored secret would go to another server, or over an open line: then it is asked for again. */
export function goesElsewhere(stored: AccountValues, values: AccountValues): boolean {
  const differs = (field: string) => (stored[field] ?? '').trim().toLowerCase() !== (values[field] ?? '').trim().toLowerCase();
  // A smarthost without a log-in has no secret.
  if (stored['username'] === '') return false;
  return ['host', 'port', 'base_url', 'token_url'].some(differs) || (differs('tls') && values['tls'] === 'none');
}

/** The two halves as the API takes them. Empty settings are left out of a new account and removed (null) from an existing one. */
export function halvesOf(
  provider: string,
  values: AccountValues,
  existing: boolean,
): { settings: Record<string, unknown>; secret: Record<string, string> } {
  const settings: Record<string, unknown> = {};
  const secret: Record<string, string> = {};
  const shown = new Set(shownFields(provider, values));
  for (const field of fieldsOf(provider)) {
    const value = shown.has(field) ? (values[field.key]?.trim() ?? '') : '';
    if (field.half === 'secret') {
      if (value !== '') secret[field.key] = value;
    } else if (value === '') {
      if (existing) settings[field.key] = null;
    } else settings[field.key] = field.kind === 'number' ? Number(value) : value;
  }
  return { settings, secret };
}

function words(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
