// This file chooses the fate of an address by its local part.
import { FATES, type Fate, FOREIGN, MAILBOX_DOMAIN } from './fates.ts';

const BY_NAME = new Map<string, Fate>(FATES.flatMap((fate) => [fate.name, ...(fate.aliases ?? [])].map((name) => [name, fate] as const)));
/** "slow-5": a day is the longest rehearsal anybody watches. */
const SECONDS_MAX = 86_400;
const MEMBER = BY_NAME.get('member') ?? FOREIGN;

export interface FateChoice {
  readonly fate: Fate;
  /** The number in the local part, if the fate takes one. */
  readonly seconds: number | null;
}

/** Chooses the fate of an address by its local part; `+tag` and case do not count. */
export function fateOf(address: string): FateChoice {
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1).toLowerCase();
  if (at < 1 || !(domain === MAILBOX_DOMAIN || domain.endsWith(`.${MAILBOX_DOMAIN}`))) return { fate: FOREIGN, seconds: null };
  const [name = ''] = address.slice(0, at).toLowerCase().split('+', 1);
  const exact = BY_NAME.get(name);
  if (exact !== undefined) return { fate: exact, seconds: null };
  const dash = name.lastIndexOf('-');
  const counted = dash > 0 && /^\d{1,5}$/.test(name.slice(dash + 1)) ? BY_NAME.get(name.slice(0, dash)) : undefined;
  if (counted?.number === undefined) return { fate: counted ?? MEMBER, seconds: null };
  return { fate: counted, seconds: Math.min(Number(name.slice(dash + 1)), SECONDS_MAX) };
}
