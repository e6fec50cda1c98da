// This file is the life of a DKIM key as pure decisions: where its record stands, what the record says, and what a look at DNS means for it.
//
//   new ── seen in DNS ──▶ published ── caches have run out, still seen ──▶ active ── another takes over ──▶ retiring ── a week later ──▶ revoked
//
// The first key of a domain goes from new to active as soon as it is seen: nothing signs yet, so nothing can break. A published key whose record
// went missing is new again. Nothing signs with a key before receivers can find it, and a key that signed can be found for a week more (RFC 6376 §3.6.1,
// M3AAWG's rotation practice: seen, then wait for the longest TTL, then switch).

import { keyTrouble } from './dkim-trouble.ts';
import { readDkimKey } from './dns/dkim-record.ts';

export const KEY_STATES = ['new', 'published', 'active', 'retiring', 'revoked'] as const;
export type KeyState = (typeof KEY_STATES)[number];
export const KEY_ALGORITHMS = ['rsa-sha256', 'ed25519-sha256'] as const;
export type KeyAlgorithm = (typeof KEY_ALGORITHMS)[number];

/** Where a key's record stands: the selector, and the name of ours it is delegated to (null: the customer publishes the key itself). */
export interface KeyPlace {
  readonly selector: string;
  readonly target: string | null;
}

/** What tells a domain's places from those of others. */
export interface KeyOwner {
  readonly tenantNumber: number;
  readonly domainNumber: number;
}

/** How long each state lasts at least, milliseconds. */
export interface KeyPolicy {
  /** From seen everywhere to signing; the record's TTL counts where it is longer. */
  readonly settleMs: number;
  /** From the last signature to an empty record. */
  readonly retireMs: number;
}

const LETTER: Readonly<Record<KeyAlgorithm, string>> = { 'rsa-sha256': 'r', 'ed25519-sha256': 'e' };
const TYPE: Readonly<Record<KeyAlgorithm, string>> = { 'rsa-sha256': 'rsa', 'ed25519-sha256': 'ed25519' };
/** Places of delegated keys: one signs, the other is free for the next. */
const TURNS = [1, 2] as const;

/** The two places of a delegated key: the customer publishes both CNAMEs once, the desk takes turns behind them. */
export function delegatedPlaces(algorithm: KeyAlgorithm, owner: KeyOwner, zone: string): (KeyPlace & { readonly target: string })[] {
  return TURNS.map((turn) => {
    const selector = `pb${owner.domainNumber}${LETTER[algorithm]}${turn}`;
    return { selector, target: `${selector}.${owner.tenantNumber}.${zone}` };
  });
}

const DELEGATED = /^pb([1-9]\d{0,9})([re])[12]\.([1-9]\d{0,9})$/;

/** Reads the labels before the zone back: whose place it is; null for names that are nobody's. */
export function readDelegatedName(name: string): (KeyOwner & { readonly algorithm: KeyAlgorithm }) | null {
  const parts = DELEGATED.exec(name);
  const [, domain = '', letter = '', tenant = ''] = parts ?? [];
  const [domainNumber, tenantNumber] = [Number(domain), Number(tenant)];
  // Identity columns are 32 bits wide.
  if (!parts || domainNumber > INT_MAX || tenantNumber > INT_MAX) return null;
  return { domainNumber, tenantNumber, algorithm: letter === 'r' ? 'rsa-sha256' : 'ed25519-sha256' };
}

const INT_MAX = 2_147_483_647;

/**
 * The place of a domain's next key. `kept` are its keys that are not revoked, `made` counts all it ever had: a selector that the customer
 * publishes never comes twice, because caches and copies keep it. Null: both delegated places are taken.
 */
export function nextPlace(
  algorithm: KeyAlgorithm,
  owner: KeyOwner,
  of: { readonly zone: string | null; readonly kept: readonly { readonly selector: string }[]; readonly made: number },
): KeyPlace | null {
  if (of.zone === null) return { selector: `pb${owner.tenantNumber}${of.made === 0 ? '' : `-${of.made + 1}`}`, target: null };
  const places = delegatedPlaces(algorithm, owner, of.zone);
  return places.find((place) => !of.kept.some((key) => key.selector === place.selector)) ?? null;
}

/** The text of a key's record (RFC 6376 §3.6.1; Ed25519: RFC 8463 §4). Revoked, or no key at all: an empty p=. */
export function keyRecordText(
  key: { readonly algorithm: KeyAlgorithm; readonly state: KeyState; readonly public_key: string } | null,
): string {
  if (key === null || key.state === 'revoked') return 'v=DKIM1; p=';
  return `v=DKIM1; k=${TYPE[key.algorithm]}; p=${key.public_key}`;
}

/** What a look at a key's own name found. */
export type KeyLook =
  | { readonly kind: 'seen'; readonly ttlS: number }
  /** `trouble` is as `keyTrouble` makes it. */
  | { readonly kind: 'wrong'; readonly trouble: string }
  | { readonly kind: 'unreachable'; readonly trouble: string };

export interface SteppedKey {
  readonly state: KeyState;
  readonly sinceMs: number;
  /** TTL of its record when it was seen last, seconds. */
  readonly ttlS: number | null;
  /** Another key of this domain and algorithm signs now. */
  readonly replaces: boolean;
}

/** What becomes of a key; `dueMs`: when to look again, milliseconds since 1970. */
export type KeyStep =
  | { readonly to: 'stay'; readonly dueMs: number }
  | { readonly to: 'published'; readonly dueMs: number }
  | { readonly to: 'active' }
  | { readonly to: 'new'; readonly dueMs: number }
  | { readonly to: 'revoked' };

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** A person publishes a record and waits for it to be seen; after a day nobody sits in front of the screen any more. */
const LOOK_EVERY: readonly { readonly untilMs: number; readonly everyMs: number }[] = [
  { untilMs: HOUR_MS, everyMs: MINUTE_MS },
  { untilMs: DAY_MS, everyMs: 10 * MINUTE_MS },
  { untilMs: 14 * DAY_MS, everyMs: HOUR_MS },
];
const LOOK_SELDOM_MS = 6 * HOUR_MS;
const LOOK_AGAIN_MS = 10 * MINUTE_MS;

/** True when deciding about the key needs a look at DNS now. */
export function needsLook(key: SteppedKey, policy: KeyPolicy, nowMs: number): boolean {
  return key.state === 'new' || (key.state === 'published' && (!key.replaces || nowMs >= settledMs(key, policy)));
}

/** Decides. `look` is null where `needsLook` said no. Active and revoked keys stay what they are. */
export function stepKey(key: SteppedKey, look: KeyLook | null, policy: KeyPolicy, nowMs: number): KeyStep {
  if (key.state === 'retiring') {
    const endMs = key.sinceMs + policy.retireMs;
    return nowMs >= endMs ? { to: 'revoked' } : { to: 'stay', dueMs: endMs };
  }
  if (key.state === 'new') {
    if (look?.kind !== 'seen') return { to: 'stay', dueMs: nowMs + lookEveryMs(nowMs - key.sinceMs) };
    if (!key.replaces) return { to: 'active' };
    return { to: 'published', dueMs: settledMs({ ...key, sinceMs: nowMs, ttlS: look.ttlS }, policy) };
  }
  if (key.state !== 'published') return { to: 'stay', dueMs: nowMs + DAY_MS };
  if (look === null) return { to: 'stay', dueMs: settledMs(key, policy) };
  if (look.kind === 'seen') return { to: 'active' };
  if (look.kind === 'wrong') return { to: 'new', dueMs: nowMs + MINUTE_MS };
  return { to: 'stay', dueMs: nowMs + LOOK_AGAIN_MS };
}

/** When a published key may sign: what receivers remember of the time before has run out. */
export function settledMs(key: Pick<SteppedKey, 'sinceMs' | 'ttlS'>, policy: KeyPolicy): number {
  return key.sinceMs + Math.max(policy.settleMs, (key.ttlS ?? 0) * 1_000);
}

/** How long to wait between looks for a record that is not there, by how long it has been missing. */
export function lookEveryMs(ageMs: number): number {
  return LOOK_EVERY.find((row) => ageMs < row.untilMs)?.everyMs ?? LOOK_SELDOM_MS;
}

/** Holds what stands in DNS against the key. `values`: the TXT records at its name, strings joined. */
export function lookOf(
  values: readonly string[],
  ttlS: number,
  key: { readonly algorithm: KeyAlgorithm; readonly public_key: string },
): KeyLook {
  const wrong = (...trouble: Parameters<typeof keyTrouble>): KeyLook => ({ kind: 'wrong', trouble: keyTrouble(...trouble) });
  const records = values.filter((value) => /(^|;)\s*p\s*=/.test(value));
  const [text] = records;
  if (text === undefined) return wrong('no-key');
  if (records.length > 1) return wrong('two-keys');
  const record = readDkimKey(text);
  if (!record.ok) return wrong(record.fault);
  const { revoked, publicKey, algorithm, hashes } = record.value;
  if (revoked) return wrong('revoked');
  if (publicKey !== key.public_key) return wrong('other-key');
  if (algorithm !== TYPE[key.algorithm]) return wrong('wrong-kind', { seen: algorithm, wanted: TYPE[key.algorithm] });
  if (hashes.length > 0 && !hashes.includes('sha256')) return wrong('no-sha256');
  return { kind: 'seen', ttlS };
}
