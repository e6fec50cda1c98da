// This file keeps a simulated provider's own suppression lists: who stands on them, since when it takes effect, and how the list misbehaves
// when a rehearsal asks for it. What the entries are called and how they are asked for is each dialect's own affair.
import type { ProviderKind } from '../delivery/provider.ts';

export type MailType = 'transactional' | 'non_transactional';
export const MAIL_TYPES: readonly MailType[] = ['transactional', 'non_transactional'];

export interface ListEntry {
  /** In the order of listing; a page that begins after a number stays right while others come and go. */
  readonly n: number;
  /** The provider's own label. */
  readonly reason: string;
  readonly atMs: number;
  /** Stops mail from then on. */
  readonly fromMs: number;
  readonly detail: string;
  /** The receiver's basic code; null without one. */
  readonly code: number | null;
  /** SparkPost keeps the kinds of mail apart. */
  readonly types: readonly MailType[];
  readonly expiresMs: number | null;
}

export type NewEntry = Pick<ListEntry, 'reason' | 'atMs'> & Partial<Omit<ListEntry, 'n'>>;

/** How a list fails when asked to: after so many good calls, in this way, so many times. */
export interface ListFault {
  after: number;
  readonly kind: '5xx' | 'throttle' | 'cut';
  times: number;
}

/** What an account has of its list. */
export interface ListHolder {
  readonly provider: ProviderKind;
  /** By address, with the subaccount after a line break where there is one. */
  readonly suppressed: Map<string, ListEntry>;
  listFault: ListFault | null;
  /** Calls about the list since the start. */
  listCalls: number;
}

/** One list holds 100,000 addresses in a scenario; beyond twice that the oldest entry makes room. */
const LIST_MAX = 200_000;

let ordinal = 0;

/** Where an address stands: the lists of subaccounts are apart. */
function keyOf(address: string, subaccount: string): string {
  return subaccount === '' ? address.toLowerCase() : `${address.toLowerCase()}\n${subaccount}`;
}

/** Puts an address on an account's list, or changes its entry; a full list forgets its oldest entry. */
export function suppress(account: ListHolder, address: string, entry: NewEntry, subaccount = ''): void {
  const key = keyOf(address, subaccount);
  const before = account.suppressed.get(key);
  // Taken out first: what changed stands at the end.
  account.suppressed.delete(key);
  ordinal += 1;
  const types = [...new Set([...(entry.types === undefined ? MAIL_TYPES : (before?.types ?? [])), ...(entry.types ?? MAIL_TYPES)])];
  account.suppressed.set(key, { fromMs: entry.atMs, detail: '', code: null, expiresMs: null, ...entry, types, n: ordinal });
  if (account.suppressed.size <= LIST_MAX) return;
  const [oldest] = account.suppressed.keys();
  if (oldest !== undefined) account.suppressed.delete(oldest);
}

export function listed(account: ListHolder, address: string, subaccount = ''): ListEntry | null {
  return account.suppressed.get(keyOf(address, subaccount)) ?? null;
}

/** Takes an address off, or only the kinds of mail that are named; false when it was not on. */
export function unlist(account: ListHolder, address: string, of: { subaccount?: string; types?: readonly MailType[] } = {}): boolean {
  const key = keyOf(address, of.subaccount ?? '');
  const entry = account.suppressed.get(key);
  if (entry === undefined) return false;
  const left = of.types === undefined ? [] : entry.types.filter((type) => of.types?.includes(type) !== true);
  if (left.length === 0) account.suppressed.delete(key);
  else account.suppressed.set(key, { ...entry, types: left });
  return true;
}

/** Entries of one list in their order, after number `after`. */
export function* entriesOf(account: ListHolder, subaccount = '', after = 0): Generator<[address: string, entry: ListEntry]> {
  for (const [key, entry] of account.suppressed) {
    if (entry.n <= after) continue;
    // Lists are walked whole for every page: no array per entry.
    const end = key.indexOf('\n');
    if ((end === -1 ? '' : key.slice(end + 1)) === subaccount) yield [end === -1 ? key : key.slice(0, end), entry];
  }
}

/** The entry that stops this mail now, or null. */
export function stops(
  account: ListHolder,
  address: string,
  mail: { readonly nowMs: number; readonly type?: MailType | undefined; readonly subaccount?: string },
): ListEntry | null {
  const own = listed(account, address, mail.subaccount ?? '');
  // Mandrill's list of the whole account stops the mail of its subaccounts, too; SparkPost's lists are strangers to each other.
  const entry = own ?? (account.provider === 'sparkpost' ? null : listed(account, address));
  if (entry === null || entry.fromMs > mail.nowMs || (entry.expiresMs !== null && entry.expiresMs <= mail.nowMs)) return null;
  return mail.type === undefined || entry.types.includes(mail.type) ? entry : null;
}

/** Counts a call about the list; the way it has to fail now, or null. */
export function listFault(account: ListHolder): ListFault['kind'] | null {
  account.listCalls += 1;
  const fault = account.listFault;
  if (fault === null) return null;
  if (fault.after > 0) {
    fault.after -= 1;
    return null;
  }
  fault.times -= 1;
  if (fault.times <= 0) account.listFault = null;
  return fault.kind;
}
