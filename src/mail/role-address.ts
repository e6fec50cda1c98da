// This file knows the mailboxes that every mail domain has: postmaster (RFC 5321 §4.5.1) and abuse (RFC 2142 §4). Mail to them is for people.

const NAMES: ReadonlySet<string> = new Set(['postmaster', 'abuse']);

/** The host of such an address in lower case, '' for a bare `postmaster`; null: it is no such address. */
export function roleHost(address: string): string | null {
  const lower = address.toLowerCase();
  if (lower === 'postmaster') return '';
  const at = lower.lastIndexOf('@');
  return at > 0 && NAMES.has(lower.slice(0, at)) ? lower.slice(at + 1) : null;
}
