// This file writes the log line of the policy of holds, and its rules as sentences.
import type { DryRun, HoldPolicy, HoldRule } from '../api/feedback-model.ts';
import type { Format } from '../format.ts';
import { classNames } from '../words/classes.words.ts';
import { holdPolicyWords } from '../words/hold-policy.words.ts';
import { pick, plain } from '../words/words.ts';

export interface PolicyData {
  readonly policy: Pick<HoldPolicy, 'inherited' | 'rules' | 'tenant_id'>;
  /** Whose rules; null for the platform's. */
  readonly name: string | null;
  /** What a change would have done, where it was asked. */
  readonly dry: Pick<DryRun, 'held' | 'later_delivered'> | null;
}

/** Who decides, and what would a change have done? */
export function logLine({ policy, name, dry }: PolicyData, format: Format): string {
  const say = pick(holdPolicyWords, format.lang);
  if (dry !== null) return dry.held === 0 ? say.dryNone : say.wouldHold(format.int(dry.held), format.int(dry.later_delivered));
  if (name === null) return say.platform(policy.rules.length);
  return policy.inherited ? say.inherited(plain(name)) : say.own(plain(name), policy.rules.length);
}

/** The answers of a rule: "no such address, the mailbox is full". */
export function ruleAnswers(rule: HoldRule, format: Pick<Format, 'lang'>): string {
  const names: Readonly<Record<string, string>> = pick(classNames, format.lang);
  return rule.classes.map((name) => names[name] ?? name).join(', ');
}

/** What a rule does: "After three failed mails, spread over at least 14 days, on hold for 30 days, for bulk mail only." */
export function ruleSentence(rule: HoldRule, capDays: number, format: Pick<Format, 'lang'>): string {
  const say = pick(holdPolicyWords, format.lang);
  const parts = [
    rule.failures <= 1 ? say.first : say.after(rule.failures, rule.over_days),
    rule.hold_days === null ? say.forGood : say.forDays(rule.hold_days),
    rule.streams === 'bulk' ? say.bulkOnly : '',
    rule.doubles && rule.hold_days !== null ? say.doubling(capDays) : '',
  ];
  return say.capitalOf(parts.filter((part) => part !== '').join(', '));
}
