// This file holds the accounts at the simulated providers: keys, verified senders, suppression lists, quotas and webhooks.
import type { ProviderKind } from '../delivery/provider.ts';
import { type ListHolder, suppress } from './lists.ts';

/** Where an account's events go. */
export interface Webhook {
  readonly id: string;
  /** Exactly as configured; Mandrill signs this string. */
  url: string;
  /** Origin that is dialled instead of the URL's own, when the desk is reached locally behind a public name. */
  via: string | null;
  name: string;
  auth: { readonly username: string; readonly password: string } | null;
  /** Mandrill's auth_key. */
  key: string | null;
  /** The provider's own event names; null: all. */
  events: readonly string[] | null;
  /** Elastic Email may post JSON instead of asking by GET. */
  method: 'GET' | 'POST';
  customHeaders: Readonly<Record<string, string>>;
  enabled: boolean;
  readonly createdMs: number;
  batchesTold: number;
  eventsTold: number;
  failures: number;
  lastError: string | null;
}

export interface Quota {
  /** Recipients an hour and a day; null: no limit. */
  readonly hourly: number | null;
  readonly daily: number | null;
}

export interface Account extends ListHolder {
  /** API key, or the SMTP user name. */
  readonly key: string;
  password: string | null;
  /** Verified sending domains; `*` verifies all, `*.acme.test` every one below. */
  readonly domains: Set<string>;
  /** Registered but not verified. */
  readonly unverified: Set<string>;
  /** Domains whose records the provider finds when it looks; those of names under .test it always finds. */
  readonly published: Set<string>;
  /** Verified single sender addresses (Elastic Email). */
  readonly addresses: Set<string>;
  /** Lists addresses by itself after hard bounces, complaints and unsubscriptions, as the real providers do. */
  learns: boolean;
  readonly pools: Set<string>;
  readonly subaccounts: Set<string>;
  quota: Quota;
  sizeMaxBytes: number;
  /** Mandrill answers HTTP 500 to every API error, as it did for years. */
  legacyErrors: boolean;
  /** The auth_key the next Mandrill webhook gets unless the caller gives one. */
  webhookKey: string;
  readonly webhooks: Map<string, Webhook>;
  /** Recipients taken since the start. */
  taken: number;
  readonly used: { hour: number; hourly: number; day: number; daily: number };
}

/** What a caller may set; everything else has a default. */
export interface AccountOptions {
  readonly provider: ProviderKind;
  readonly key: string;
  /** SMTP password; without one any password fits. */
  readonly password?: string;
  readonly verifiedDomains?: readonly string[];
  /** Their records stand in DNS, as far as the provider can see. */
  readonly publishedDomains?: readonly string[];
  readonly verifiedAddresses?: readonly string[];
  readonly suppressed?: readonly string[];
  readonly learns?: boolean;
  readonly pools?: readonly string[];
  readonly subaccounts?: readonly string[];
  readonly quota?: Partial<Quota>;
  readonly sizeMaxBytes?: number;
  readonly legacyErrors?: boolean;
  readonly webhookKey?: string;
}

/** Any key that begins so is an account of its own, made when it first appears. */
export const SIMULATED_KEY_PREFIX = 'sim-';
/** Somebody who invents keys in a loop must not fill the memory. */
const ACCOUNTS_MAX = 500;
const MEGABYTE = 1024 * 1024;
/** Published limits (SparkPost content 20 MB, Mandrill 25 MB); Elastic Email's is set per account, 10 MB is a common one. */
const SIZE_MAX_BYTES: Record<ProviderKind, number> = {
  sparkpost: 20 * MEGABYTE,
  'elastic-email': 10 * MEGABYTE,
  mandrill: 25 * MEGABYTE,
  smtp: 25 * MEGABYTE,
};
/** A provider's own pool that always exists. */
const POOLS: Record<ProviderKind, readonly string[]> = {
  sparkpost: ['default'],
  'elastic-email': ['default'],
  mandrill: ['Main Pool'],
  smtp: [],
};
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

export interface Accounts {
  /** The account of a key, made now if the key begins with `sim-`; null: unknown key. */
  find(provider: ProviderKind, key: string): Account | null;
  /** Makes or changes an account. */
  configure(options: AccountOptions): Account;
  all(): Account[];
}

/** Makes the list of accounts; `changed` hears of every account that was made or changed, `makeKey` mints webhook keys. */
export function makeAccounts(deps: { changed: (account: Account) => void; makeKey: () => string }): Accounts {
  const byKey = new Map<string, Account>();
  const configure = (options: AccountOptions): Account => {
    const id = `${options.provider}:${options.key}`;
    const account = byKey.get(id) ?? blankAccount(options.provider, options.key, deps.makeKey());
    byKey.set(id, account);
    apply(account, options);
    deps.changed(account);
    return account;
  };
  return {
    find(provider, key) {
      const known = byKey.get(`${provider}:${key}`);
      if (known !== undefined) return known;
      if (!key.startsWith(SIMULATED_KEY_PREFIX) || byKey.size >= ACCOUNTS_MAX) return null;
      return configure({ provider, key });
    },
    configure,
    all: () => [...byKey.values()],
  };
}

function blankAccount(provider: ProviderKind, key: string, webhookKey: string): Account {
  return {
    provider,
    key,
    password: null,
    domains: new Set(),
    unverified: new Set(),
    published: new Set(),
    addresses: new Set(),
    suppressed: new Map(),
    learns: false,
    listFault: null,
    listCalls: 0,
    pools: new Set(POOLS[provider]),
    subaccounts: new Set(),
    quota: { hourly: null, daily: null },
    sizeMaxBytes: SIZE_MAX_BYTES[provider],
    legacyErrors: false,
    webhookKey,
    webhooks: new Map(),
    taken: 0,
    used: { hour: 0, hourly: 0, day: 0, daily: 0 },
  };
}

function apply(account: Account, options: AccountOptions): void {
  for (const domain of options.verifiedDomains ?? []) account.domains.add(domain.toLowerCase());
  for (const domain of options.publishedDomains ?? []) account.published.add(domain.toLowerCase());
  for (const address of options.verifiedAddresses ?? []) account.addresses.add(address.toLowerCase());
  for (const address of options.suppressed ?? []) suppress(account, address, { reason: 'Manually Added', atMs: 0 });
  for (const pool of options.pools ?? []) account.pools.add(pool);
  for (const subaccount of options.subaccounts ?? []) account.subaccounts.add(subaccount);
  if (options.quota !== undefined) account.quota = { hourly: null, daily: null, ...options.quota };
  account.learns = options.learns ?? account.learns;
  account.password = options.password ?? account.password;
  account.sizeMaxBytes = options.sizeMaxBytes ?? account.sizeMaxBytes;
  account.legacyErrors = options.legacyErrors ?? account.legacyErrors;
  account.webhookKey = options.webhookKey ?? account.webhookKey;
}

/** The provider looks at a registered domain: it is verified when its records stand in DNS. */
export function lookAtDomain(account: Account, domain: string): void {
  const found = domain.endsWith('.test') || account.published.has(domain);
  if (found && account.unverified.delete(domain)) account.domains.add(domain);
}

/** True when the account may send from this domain. */
export function domainVerified(account: Account, domain: string): boolean {
  const name = domain.toLowerCase();
  if (account.domains.has('*') || account.domains.has(name)) return true;
  for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
    if (account.domains.has(`*${name.slice(dot)}`)) return true;
  }
  return false;
}

/** Counts recipients against the quota. Nothing is counted when they do not all fit; the answer names the limit that is in the way. */
export function charge(account: Account, recipients: number, nowMs: number): 'hourly' | 'daily' | null {
  const { used, quota } = account;
  const hour = Math.floor(nowMs / HOUR_MS);
  const day = Math.floor(nowMs / DAY_MS);
  if (used.hour !== hour) Object.assign(used, { hour, hourly: 0 });
  if (used.day !== day) Object.assign(used, { day, daily: 0 });
  if (quota.hourly !== null && used.hourly + recipients > quota.hourly) return 'hourly';
  if (quota.daily !== null && used.daily + recipients > quota.daily) return 'daily';
  used.hourly += recipients;
  used.daily += recipients;
  account.taken += recipients;
  return null;
}
