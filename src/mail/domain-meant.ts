// This file finds the domain in what people write where a domain is asked for: a link, an address, an address with a name.
import { normaliseDomain } from './address.ts';

/** Longer texts hold more than one name. */
const TEXT_CHARS_MAX = 1_000;

/** The domain in normal form, or null where there is none. Of a link "www." falls away: no mail is written from there. */
export function domainMeant(text: string): string | null {
  const bare = text.trim().slice(0, TEXT_CHARS_MAX);
  const name = normaliseDomain(bare);
  if (name !== null) return name;
  const address = /^(?:[^<>]*<)?(?:mailto:)?[^@<>\s/]*@([^@<>\s/?#]+)(?:\?[^<>\s]*)?>?$/i.exec(bare)?.[1];
  if (address !== undefined) return normaliseDomain(address);
  const host = /^(?:(?:[a-z][a-z0-9+.-]*:)?\/\/)?(?:[^@/?#\s]*@)?([^@/?#:\s]+)(?::\d{1,5})?(?:[/?#]\S*)?$/i.exec(bare)?.[1];
  return host === undefined ? null : normaliseDomain(host.replace(/^www\.(?=[^.]+\.)/i, ''));
}
