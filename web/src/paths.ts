// This file is the map of the console: every address inside it is made here, so that one screen shows them all.

export interface MessageFilters {
  readonly address?: string;
  readonly subject?: string;
  readonly id?: string;
  readonly state?: string;
  readonly stream?: string;
  readonly tenant?: string;
  /** How far back: 1h, 24h, 7d, 30d; absent means all that is kept. */
  readonly time?: string;
  readonly after?: string;
}

export const paths = {
  signIn: (back?: string) => query('/sign-in', { back }),
  home: (hash?: string) => (hash === undefined ? '/' : `/#${hash}`),
  messages: (filters: MessageFilters = {}) => query('/messages', { ...filters }),
  message: (id: string, at: { readonly recipient?: string; readonly view?: 'preview' | 'source' } = {}) =>
    `${query(`/messages/${part(id)}`, { view: at.view })}${at.recipient === undefined ? '' : `#${at.recipient}`}`,
  accounts: (filters: { readonly sort?: string } = {}) => query('/accounts', { ...filters }),
  account: (id: string) => `/accounts/${part(id)}`,
  newAccount: (provider?: string) => query('/accounts/new', { provider }),
  tenants: (filters: { readonly state?: string; readonly sort?: string } = {}) => query('/tenants', { ...filters }),
  tenant: (id: string, hash?: string) => `/tenants/${part(id)}${hash === undefined ? '' : `#${hash}`}`,
  newTenant: () => '/tenants/new',
  credentials: (filters: { readonly tenant?: string; readonly state?: string; readonly kind?: string; readonly sort?: string } = {}) =>
    query('/credentials', { ...filters }),
  newCredential: (tenant?: string, kind?: string) => query('/credentials/new', { tenant, kind }),
  developers: () => '/developers',
  desk: () => '/desk',
} as const;

function part(id: string): string {
  return encodeURIComponent(id);
}

/** Leaves out what is absent or empty, so that an address says only what it filters by. */
function query(path: string, values: Readonly<Record<string, string | undefined>>): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) if (value !== undefined && value !== '') search.set(key, value);
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}
