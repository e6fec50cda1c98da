// This file is the map of the console: every address inside it is made here, so that one screen shows them all.

export interface MessageFilters {
  readonly address?: string;
  readonly subject?: string;
  readonly id?: string;
  readonly state?: string;
  readonly stream?: string;
  /** Whose mail: an address in From, or a domain. */
  readonly sender?: string;
  /** What held messages wait for: codes of the API, separated by commas. */
  readonly waits_for?: string;
  readonly tenant?: string;
  /** How far back: 1h, 24h, 7d, 30d; absent means all that is kept. */
  readonly time?: string;
  readonly after?: string;
}

/** Filters of Bounces and Complaints; `tenant` is an id, the others stand as the API names them. */
export interface AnswerFilters {
  /** 24h, 7d, 30d, 90d; absent means 7 days. `from` and `to` (ISO) go before it. */
  readonly time?: string;
  readonly from?: string;
  readonly to?: string;
  readonly tenant?: string;
  readonly stream?: string;
  readonly class?: string;
  readonly fault?: string;
  readonly mailbox_provider?: string;
  readonly domain?: string;
  readonly account?: string;
  /** `true`: only what is refused for good. */
  readonly hard?: string;
  readonly address?: string;
  /** What the table of counts is grouped by. */
  readonly by?: string;
  readonly after?: string;
}

export interface HoldFilters {
  readonly address?: string;
  /** How the address begins. */
  readonly q?: string;
  readonly reason?: string;
  readonly stream?: string;
  readonly tenant?: string;
  readonly after?: string;
}

export interface InboundFilters {
  readonly kind?: string;
  readonly outcome?: string;
  readonly tenant?: string;
  readonly mailbox?: string;
  readonly after?: string;
}

export interface DomainFilters {
  /** Part of the name. */
  readonly name?: string;
  readonly state?: string;
  readonly tenant?: string;
  readonly after?: string;
}

export interface ReportFilters {
  readonly domain?: string;
  readonly kind?: string;
  readonly state?: string;
  readonly tenant?: string;
  readonly after?: string;
}

export interface ListFilters {
  readonly address?: string;
  readonly verdict?: string;
  readonly after?: string;
}

export const paths = {
  signIn: (back?: string) => query('/sign-in', { back }),
  home: (hash?: string) => (hash === undefined ? '/' : `/#${hash}`),
  messages: (filters: MessageFilters = {}) => query('/messages', { ...filters }),
  message: (id: string, at: { readonly recipient?: string; readonly view?: 'preview' | 'source' } = {}) =>
    `${query(`/messages/${part(id)}`, { view: at.view })}${at.recipient === undefined ? '' : `#${at.recipient}`}`,
  bounces: (filters: AnswerFilters = {}) => query('/bounces', { ...filters }),
  explain: (reply?: string) => query('/explain', { reply }),
  complaints: (filters: AnswerFilters = {}) => query('/complaints', { ...filters }),
  holds: (filters: HoldFilters = {}) => query('/holds', { ...filters }),
  newHold: (tenant?: string) => query('/holds/new', { tenant }),
  importHolds: (tenant?: string) => query('/holds/import', { tenant }),
  holdPolicy: (tenant?: string) => query('/holds/policy', { tenant }),
  inbound: (filters: InboundFilters = {}) => query('/inbound', { ...filters }),
  inboundMail: (id: string, view?: 'source') => query(`/inbound/${part(id)}`, { view }),
  mailboxes: () => '/inbound/mailboxes',
  mailbox: (id: string) => `/inbound/mailboxes/${part(id)}`,
  newMailbox: () => '/inbound/mailboxes/new',
  reports: (filters: ReportFilters = {}) => query('/reports', { ...filters }),
  report: (id: string) => `/reports/received/${part(id)}`,
  domainReports: (id: string, time?: string) => query(`/reports/${part(id)}`, { time }),
  incidents: (filters: { readonly state?: string; readonly after?: string } = {}) => query('/incidents', { ...filters }),
  incident: (id: string) => `/incidents/${part(id)}`,
  outside: () => '/outside',
  accounts: (filters: { readonly sort?: string } = {}) => query('/accounts', { ...filters }),
  account: (id: string) => `/accounts/${part(id)}`,
  accountList: (id: string, filters: ListFilters = {}) => query(`/accounts/${part(id)}/list`, { ...filters }),
  newAccount: (provider?: string) => query('/accounts/new', { provider }),
  tenants: (filters: { readonly state?: string; readonly sort?: string } = {}) => query('/tenants', { ...filters }),
  tenant: (id: string, hash?: string) => `/tenants/${part(id)}${hash === undefined ? '' : `#${hash}`}`,
  newTenant: () => '/tenants/new',
  senders: (tenant?: string) => query('/senders', { tenant }),
  domains: (filters: DomainFilters = {}) => query('/domains', { ...filters }),
  domain: (id: string) => `/domains/${part(id)}`,
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
