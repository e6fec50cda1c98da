// This file says which DMARC record a domain should publish: a first one, or the one it has with our report address added. What people decided
// (policy, alignment, other report addresses) is kept to the letter.

/** Tags that RFC 9989 took out and that change nothing: `pct=100` was the default, nobody heeded the other two. */
const REMOVED_WITHOUT_EFFECT = /^(?:pct\s*=\s*100|r[fi]\s*=.*)$/i;
const DMARC = /^\s*v\s*=\s*DMARC1\s*(?:;|$)/i;

/**
 * The record to publish. `existing` are the TXT records at `_dmarc`; with none, or several (receivers heed none of them then), it is a first
 * record that only watches.
 */
export function addDmarcReports(existing: readonly string[], reportAddress: string | null): string {
  const records = existing.filter((record) => DMARC.test(record));
  const [only] = records;
  if (only === undefined || records.length > 1)
    return reportAddress === null ? 'v=DMARC1; p=none' : `v=DMARC1; p=none; rua=mailto:${reportAddress}`;
  if (reportAddress === null || namesAddress(only, reportAddress)) return only.trim();
  const tags = only
    .split(';')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '' && !REMOVED_WITHOUT_EFFECT.test(tag));
  const at = tags.findIndex((tag) => /^rua\s*=/i.test(tag));
  const added =
    at === -1
      ? [...tags, `rua=mailto:${reportAddress}`]
      : tags.map((tag, index) => (index === at ? `${withoutEnd(tag)},mailto:${reportAddress}` : tag));
  // A record without a policy is heeded as one that only watches; saying so spares a doubt.
  const hasPolicy = added.some((tag) => /^p\s*=/i.test(tag));
  const [version = 'v=DMARC1', ...rest] = added;
  return [version, ...(hasPolicy ? rest : ['p=none', ...rest])].join('; ');
}

/** True when reports go to this address already. */
function namesAddress(record: string, address: string): boolean {
  const rua = record.split(';').find((tag) => /^\s*rua\s*=/i.test(tag)) ?? '';
  const wanted = `mailto:${address.toLowerCase()}`;
  return rua
    .slice(rua.indexOf('=') + 1)
    .split(',')
    .some(
      (uri) =>
        uri
          .trim()
          .toLowerCase()
          .replace(/!\d+[kmgt]?$/, '') === wanted,
    );
}

/** Without commas and blanks at its end. By hand: strangers write records, and an expression looks at each of a thousand commas a thousand times. */
function withoutEnd(tag: string): string {
  let end = tag.length;
  while (end > 0 && /[\s,]/.test(tag[end - 1] ?? '')) end -= 1;
  return tag.slice(0, end);
}
