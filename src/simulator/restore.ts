// This file makes accounts again out of what the state file remembers of them.
import type { ProviderKind } from '../delivery/provider.ts';
import type { Accounts, Webhook } from './accounts.ts';
import { isRecord, type JsonRecord, list, record, text, texts } from './json.ts';
import { MAIL_TYPES, type NewEntry, suppress, unlist } from './lists.ts';

/** Restores one account line; lines that nobody here wrote are skipped. */
export function restoreAccount(accounts: Accounts, line: JsonRecord): void {
  const provider = providerOf(text(line['provider']));
  const key = text(line['key']);
  if (provider === null || key === '') return;
  const quota = record(line['quota']);
  const limit = (value: unknown) => (typeof value === 'number' ? value : null);
  const account = accounts.configure({
    provider,
    key,
    ...(typeof line['password'] === 'string' ? { password: line['password'] } : {}),
    verifiedDomains: texts(line['verifiedDomains']),
    verifiedAddresses: texts(line['verifiedAddresses']),
    pools: texts(line['pools']),
    subaccounts: texts(line['subaccounts']),
    quota: { hourly: limit(quota['hourly']), daily: limit(quota['daily']) },
    ...(typeof line['sizeMaxBytes'] === 'number' ? { sizeMaxBytes: line['sizeMaxBytes'] } : {}),
    legacyErrors: line['legacyErrors'] === true,
    learns: line['learns'] === true,
    ...(text(line['webhookKey']) === '' ? {} : { webhookKey: text(line['webhookKey']) }),
  });
  for (const domain of texts(line['unverified'])) account.unverified.add(domain);
  for (const [key, entry] of list(line['suppressedEntries']).map(list)) {
    const [address = '', subaccount = ''] = text(key).split('\n');
    if (address !== '') suppress(account, address, entryOf(record(entry)), subaccount);
  }
  for (const [address, subaccount, entry] of list(line['listChanges']).map(list)) {
    if (entry === null) unlist(account, text(address), { subaccount: text(subaccount) });
    else suppress(account, text(address), entryOf(record(entry)), text(subaccount));
  }
  for (const webhook of list(line['webhooks'])) {
    // The cast: journal.ts wrote this line from a Webhook value.
    if (isRecord(webhook) && typeof webhook['id'] === 'string') account.webhooks.set(webhook['id'], webhook as unknown as Webhook);
  }
}

function entryOf(entry: JsonRecord): NewEntry {
  const number = (name: string) => (typeof entry[name] === 'number' ? entry[name] : null);
  const atMs = number('atMs') ?? 0;
  return {
    reason: text(entry['reason']),
    atMs,
    fromMs: number('fromMs') ?? atMs,
    detail: text(entry['detail']),
    code: number('code'),
    expiresMs: number('expiresMs'),
    types: Array.isArray(entry['types']) ? MAIL_TYPES.filter((type) => texts(entry['types']).includes(type)) : MAIL_TYPES,
  };
}

function providerOf(name: string): ProviderKind | null {
  return name === 'sparkpost' || name === 'elastic-email' || name === 'mandrill' || name === 'smtp' ? name : null;
}
