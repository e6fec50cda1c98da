// This file says as which address mail of a sender without a domain goes out when From is written anew: a name of the organisation below the rewriting domain, and a
// local part that still tells the person. It also says why a domain is no good for that.
import { organisationalDomain } from './dns/organisational-domain.ts';

/** What is settled about rewriting for one sender of one tenant. */
export interface Rewriting {
  /** This desk has a rewriting domain. */
  readonly possible: boolean;
  /** By the operator. */
  readonly allowed: boolean;
  /** The organisation agreed. */
  readonly agreed: boolean;
  /** Accounts that accept a verified address may carry mail as it is. */
  readonly asIs: boolean;
  /** What From becomes; null where that was not settled yet. */
  readonly address: string | null;
  /** Name of the organisation, for the display name. */
  readonly organisation: string;
}

/** What From becomes when operator and organisation both allow it, else null. */
export function rewritesNowFor({ possible, allowed, agreed, address }: Rewriting): string | null {
  return possible && allowed && agreed ? address : null;
}

/** Label and local part of an address below the rewriting domain; null: it is none. */
export function readRewritten(address: string, rewriteDomain: string): { readonly label: string; readonly localPart: string } | null {
  const [localPart, host, ...more] = address.trim().toLowerCase().split('@');
  if (localPart === undefined || host === undefined || more.length > 0 || !host.endsWith(`.${rewriteDomain}`)) return null;
  const label = host.slice(0, -rewriteDomain.length - 1);
  return localPart === '' || label === '' || label.includes('.') ? null : { label, localPart };
}

/** Characters of a label or local part, before a number that tells two apart; a DNS label may have 63. */
const NAME_CHARS_MAX = 40;
/** Names that mean something of their own below a mail domain. */
const RESERVED = new Set('www mail mx ns smtp imap pop autodiscover autoconfig mta-sts postmaster abuse hostmaster webmaster'.split(' '));
const LETTERS: Readonly<Record<string, string>> = {
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
  ß: 'ss',
  æ: 'ae',
  ø: 'oe',
  å: 'aa',
  ł: 'l',
  đ: 'd',
  œ: 'oe',
};

/** A DNS label for an organisation's name: `Ruderclub Grün-Weiß e.V.` → `ruderclub-gruen-weiss-e-v`. */
export function labelOf(name: string): string {
  const label = plainWord(name, /[^a-z0-9]+/g);
  return label === '' || RESERVED.has(label) ? `club${label === '' ? '' : `-${label}`}` : label;
}

/** A local part for a person's address: `Maria.Berg+club@gmail.com` → `maria.berg-club`. Plain ASCII, so that every server takes it. */
export function localPartOf(address: string): string {
  const at = address.lastIndexOf('@');
  const local = plainWord(at === -1 ? address : address.slice(0, at), /[^a-z0-9.]+/g)
    .replace(/\.{2,}/g, '.')
    .replace(/^[.-]+|[.-]+$/g, '');
  return local === '' || RESERVED.has(local) ? `office${local === '' ? '' : `-${local}`}` : local;
}

/** The name among `others` that belongs to the same organisation as `rewriteDomain`, so that mail of customers would spoil its good name; null: none. */
export function sharesItsName(rewriteDomain: string, others: readonly string[]): string | null {
  const own = organisationalDomain(rewriteDomain);
  return others.find((other) => other !== '' && organisationalDomain(other) === own) ?? null;
}

function plainWord(text: string, unfit: RegExp): string {
  return text
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, (char) => LETTERS[char] ?? char)
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(unfit, '-')
    .slice(0, NAME_CHARS_MAX)
    .replace(/^-+|-+$/g, '');
}
