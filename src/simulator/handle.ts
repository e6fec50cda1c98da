// This file is what a caller holds of a simulated account: the values for POST /v1/provider-accounts, and what may be changed while it runs.
import type { ProviderKind } from '../delivery/provider.ts';
import type { Account } from './accounts.ts';
import { PREFIXES } from './http/server.ts';
import { type ListFault, listed, type NewEntry, suppress } from './lists.ts';
import type { Ports } from './ports.ts';

export interface SimulatedAccount {
  readonly provider: ProviderKind;
  /** API key, or SMTP user name. */
  readonly key: string;
  /** `settings` and `secret` of POST /v1/provider-accounts. */
  readonly settings: Readonly<Record<string, string | number>>;
  readonly secret: Readonly<Record<string, string>>;
  /** `*` verifies every domain, `*.acme.test` those below. */
  verifyDomain(domain: string): void;
  unverifyDomain(domain: string): void;
  verifyAddress(address: string): void;
  /** Puts an address on the provider's own list; `reason` in the provider's words. */
  suppress(address: string, reason?: string): void;
  /** Fills the list: addresses with their entries, in order. */
  fillList(rows: Iterable<readonly [address: string, entry: NewEntry]>): void;
  /** The provider's label of an entry, or null when the address is not listed. */
  listed(address: string): string | null;
  /** Lists addresses by itself from now on, after hard bounces, complaints and unsubscriptions. */
  learn(learns: boolean): void;
  /** Calls about the list fail after `after` good ones, `times` times. */
  failList(fault: ListFault): void;
  /** Calls about the list since the start. */
  listCalls(): number;
  /** Recipients an hour and a day; null: no limit. */
  setQuota(quota: { readonly hourly?: number | null; readonly daily?: number | null }): void;
  /** Recipients taken since the start. */
  taken(): number;
}

export interface HandleDeps {
  readonly host: string;
  readonly ports: Ports;
  readonly origin: (port: number) => string;
  readonly defaultSmtpKey: string;
  readonly changed: () => void;
  readonly now: () => number;
}

/** Makes the handle of an account. */
export function makeHandle(account: Account, deps: HandleDeps): SimulatedAccount {
  const { provider, key } = account;
  const change = (work: () => void) => {
    work();
    deps.changed();
  };
  return {
    provider,
    key,
    settings: settingsOf(account, deps),
    secret: secretOf(account),
    verifyDomain: (domain) => change(() => account.domains.add(domain.toLowerCase())),
    unverifyDomain: (domain) => change(() => account.domains.delete(domain.toLowerCase())),
    verifyAddress: (address) => change(() => account.addresses.add(address.toLowerCase())),
    suppress: (address, reason = 'Manually Added') => change(() => suppress(account, address, { reason, atMs: deps.now() })),
    fillList: (rows) =>
      change(() => {
        for (const [address, entry] of rows) suppress(account, address, entry);
      }),
    listed: (address) => listed(account, address)?.reason ?? null,
    learn: (learns) =>
      change(() => {
        account.learns = learns;
      }),
    failList(fault) {
      account.listFault = { ...fault };
    },
    listCalls: () => account.listCalls,
    setQuota: (quota) =>
      change(() => {
        account.quota = { hourly: quota.hourly ?? null, daily: quota.daily ?? null };
      }),
    taken: () => account.taken,
  };
}

function settingsOf(account: Account, deps: HandleDeps): Record<string, string | number> {
  if (account.provider !== 'smtp') return { base_url: `${deps.origin(deps.ports[account.provider])}${PREFIXES[account.provider]}` };
  const login = account.key === deps.defaultSmtpKey && account.password === null ? {} : { username: account.key };
  return { host: deps.host, port: deps.ports.smtp, tls: 'none', ...login };
}

function secretOf(account: Account): Record<string, string> {
  if (account.provider === 'mandrill') return { api_key: account.key, webhook_key: account.webhookKey };
  if (account.provider !== 'smtp') return { api_key: account.key };
  return account.password === null ? {} : { password: account.password };
}
