// This file is the policy of holds: after how many failures of a class an address goes on hold, for how long, and for which mail. The default is the
// table below; an edited policy is checked here, so that nobody can charge a sender's fault to an address, whatever they write.
import { CLASS_FAULT, type FeedbackClass } from './vocabulary.ts';

/** What a rule can be about: a class of an answer, or a person's wish to get no more bulk mail. */
export type HoldClass = FeedbackClass | 'unsubscribed';

export interface HoldRule {
  readonly classes: readonly HoldClass[];
  /** Failed mails that make a hold. */
  readonly failures: number;
  /** Days that lie at least between the first and the last of them. */
  readonly overDays: number;
  /** Days of the first hold; null: for good. */
  readonly holdDays: number | null;
  /** `bulk`: receipts and password resets still go out. */
  readonly streams: 'all' | 'bulk';
  /** Every repeat without a delivery in between is twice as long. */
  readonly doubles: boolean;
}

export interface HoldPolicy {
  readonly rules: readonly HoldRule[];
}

/** No hold that doubles gets longer: a year later the address deserves another try. */
export const HOLD_DAYS_CAP = 365;
/** Longest hold a rule may name, apart from "for good". */
const HOLD_DAYS_MAX = 3_650;
/** More failures than anybody waits for; keeps what is remembered of an address short. */
const FAILURES_MAX = 20;
/** Failures are remembered for 90 days, so a longer span could never be met. */
const OVER_DAYS_MAX = 60;
export const RULES_MAX = 30;

/**
 * The recommended hold table. Invalid: tested again after half a year. Inactive: people come back. A domain without mail: two failures over three
 * days, because name servers fail. Full mailboxes and receivers that do not answer: three failures over a fortnight; a full mailbox still gets what
 * one person waits for. An auto-reply says nothing about the address and is in no rule.
 */
export const DEFAULT_HOLD_POLICY: HoldPolicy = {
  rules: [
    { classes: ['complaint', 'unsubscribed'], failures: 1, overDays: 0, holdDays: null, streams: 'bulk', doubles: false },
    { classes: ['invalid-recipient'], failures: 1, overDays: 0, holdDays: 180, streams: 'all', doubles: true },
    { classes: ['inactive-mailbox'], failures: 1, overDays: 0, holdDays: 90, streams: 'all', doubles: true },
    { classes: ['bad-domain', 'domain-not-accepting'], failures: 2, overDays: 3, holdDays: 30, streams: 'all', doubles: true },
    { classes: ['mailbox-full'], failures: 3, overDays: 14, holdDays: 30, streams: 'bulk', doubles: true },
    {
      classes: ['greylist', 'network', 'expired', 'system', 'protocol', 'tls', 'relay-denied'],
      failures: 3,
      overDays: 14,
      holdDays: 30,
      streams: 'all',
      doubles: true,
    },
  ],
};

/** Said by a person about mail they got, not a failure. */
const WISHES: ReadonlySet<HoldClass> = new Set<HoldClass>(['complaint', 'unsubscribed']);
/** A single failure by a receiver's fault would hold members because of somebody's outage. */
const RECEIVER_FAILURES_MIN = 2;
const RECEIVER_OVER_DAYS_MIN = 3;

/** True when an answer of this class can ever hold its address, by any policy. */
export function mayHold(cls: HoldClass): boolean {
  if (WISHES.has(cls)) return true;
  const fault = cls === 'unsubscribed' ? null : CLASS_FAULT[cls];
  return fault === 'recipient' || fault === 'receiver';
}

/** True for the names a rule may use. */
export function isHoldClass(name: string): name is HoldClass {
  return name === 'unsubscribed' || Object.hasOwn(CLASS_FAULT, name);
}

/** Every class that can hold an address, in the order of the vocabulary. */
export function holdingClasses(): HoldClass[] {
  return [...Object.keys(CLASS_FAULT), 'unsubscribed'].filter(isHoldClass).filter(mayHold);
}

/** The rule that a class falls under, and its place; null: such an answer never holds. */
export function ruleFor(policy: HoldPolicy, cls: HoldClass): { readonly rule: HoldRule; readonly index: number } | null {
  const index = policy.rules.findIndex((rule) => rule.classes.includes(cls));
  const rule = policy.rules[index];
  return rule && mayHold(cls) ? { rule, index } : null;
}

export type CheckedPolicy =
  | { readonly ok: true; readonly policy: HoldPolicy }
  | { readonly ok: false; readonly field: string; readonly sentence: string };

/**
 * Checks an edited policy. A class that may never hold, a class in two rules, or a wish of a person made weaker is refused with a sentence that
 * says which rule and why. Wishes that a policy leaves out keep the default's rule.
 */
export function checkHoldPolicy(rules: readonly HoldRule[]): CheckedPolicy {
  if (rules.length > RULES_MAX) return wrong('rules', `A policy has at most ${RULES_MAX} rules.`);
  const seen = new Set<HoldClass>();
  for (const [index, rule] of rules.entries()) {
    const problem = problemOf(rule, seen);
    if (problem !== null) return wrong(`rules[${index}]`, problem);
    for (const cls of rule.classes) seen.add(cls);
  }
  const missing = DEFAULT_HOLD_POLICY.rules.flatMap((rule) => {
    const classes = rule.classes.filter((cls) => WISHES.has(cls) && !seen.has(cls));
    return classes.length > 0 ? [{ ...rule, classes }] : [];
  });
  return { ok: true, policy: { rules: [...missing, ...rules] } };
}

function wrong(field: string, sentence: string): CheckedPolicy {
  return { ok: false, field, sentence };
}

function problemOf(rule: HoldRule, seen: ReadonlySet<HoldClass>): string | null {
  if (rule.classes.length === 0) return 'A rule names at least one class.';
  for (const cls of rule.classes) {
    if (!mayHold(cls)) return `${cls} never holds an address: ${whyNever(cls)}`;
    if (seen.has(cls)) return `${cls} stands in two rules; keep it in one.`;
  }
  if (new Set(rule.classes).size < rule.classes.length) return 'A class stands twice in this rule.';
  const outOfRange = rangeProblem(rule);
  if (outOfRange !== null) return outOfRange;
  const wish = rule.classes.find((cls) => WISHES.has(cls));
  if (wish !== undefined && (rule.failures !== 1 || rule.overDays !== 0 || rule.holdDays !== null)) {
    return `${wish} is a person's wish: it stops bulk mail at once and for good, so failures is 1, over_days 0 and hold_days null.`;
  }
  const slow = rule.classes.find((cls) => cls !== 'unsubscribed' && CLASS_FAULT[cls] === 'receiver');
  if (slow !== undefined && (rule.failures < RECEIVER_FAILURES_MIN || rule.overDays < RECEIVER_OVER_DAYS_MIN)) {
    return `${slow} is the receiver's fault, not the address's: it takes at least ${RECEIVER_FAILURES_MIN} failures over ${RECEIVER_OVER_DAYS_MIN} days.`;
  }
  return null;
}

function rangeProblem({ failures, overDays, holdDays }: HoldRule): string | null {
  if (!Number.isInteger(failures) || failures < 1 || failures > FAILURES_MAX)
    return `failures is a whole number from 1 to ${FAILURES_MAX}.`;
  if (!(overDays >= 0 && overDays <= OVER_DAYS_MAX)) return `over_days is a number from 0 to ${OVER_DAYS_MAX}.`;
  if (overDays > 0 && failures < 2) return 'One failure has no span: with over_days above 0, failures is at least 2.';
  if (holdDays !== null && !(holdDays >= 1 && holdDays <= HOLD_DAYS_MAX))
    return `hold_days is a number from 1 to ${HOLD_DAYS_MAX}, or null for good.`;
  return null;
}

function whyNever(cls: HoldClass): string {
  const fault = cls === 'unsubscribed' ? null : CLASS_FAULT[cls];
  switch (fault) {
    case 'content':
      return 'it says something about the mail; another mail to the same person can arrive.';
    case 'policy':
      return 'it is a rule of the receiver about this mail or its sender; the person did nothing wrong.';
    case 'sender-reputation':
      return 'it says something about our IP addresses or domains; the member would be punished for our fault.';
    case 'authentication':
      return 'it is a task in the DNS of the sending domain.';
    case 'capacity':
      return 'it asks for a slower pace.';
    case 'operator':
      return 'it is about the account at the provider.';
    default:
      return cls === 'auto-reply' ? 'the person is away, and the mail arrived.' : 'it proves nothing about the address.';
  }
}
