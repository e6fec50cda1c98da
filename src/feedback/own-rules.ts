// This file holds the operator's own rules: what the people of a platform know about answers they meet, asked before ours. The composition root hands the compiled set in.
import { AppError } from '../errors.ts';
import { type Pattern, readPattern } from './own-rules/pattern.ts';
import { type ReplyText, readReplyText } from './reply-text.ts';
import type { ReplyStage } from './rules/rule.ts';
import { CLASS_FAULT, type FeedbackClass } from './vocabulary.ts';

/** A rule as it is stored and shown. */
export interface OwnRule {
  /** Small letters, digits, hyphens. Verdicts name it as `own/<id>`. */
  readonly id: string;
  readonly class: FeedbackClass;
  /** One of them has to be found in the words (own-rules/pattern.ts). */
  readonly patterns: readonly string[];
  /** One of them has to be a code of the answer: `550`, `5xx`, `5.7.1`, `x.7.1`. Empty: any. */
  readonly codes: readonly string[];
  /** Domains of addresses that the answer names; names below them count. Empty: any. */
  readonly domains: readonly string[];
  /** Empty: any, an unknown one too. */
  readonly stages: readonly ReplyStage[];
  /** False: the class is right, but this answer never holds an address by itself. */
  readonly suppress: boolean;
  /** An answer that this rule decides. It is checked when the rules are stored. */
  readonly sample: string;
  /** Why it exists, for the next reader. */
  readonly note: string;
}

export interface OwnDecision {
  readonly class: FeedbackClass;
  readonly rule: string;
  readonly suppress: boolean;
}

/** A compiled set. */
export interface OwnRules {
  readonly rules: readonly OwnRule[];
  /** What the first rule that fits says; null when none does. Pure; time grows with the number of patterns and the length of the words. */
  decide(text: ReplyText, stage: ReplyStage | null): OwnDecision | null;
}

/** Stands in front of the id of an own rule wherever a deciding rule is named. */
export const OWN_PREFIX = 'own/';

export const NO_OWN_RULES: OwnRules = { rules: [], decide: () => null };

/** A platform that needs more has found a gap in ours; each rule is asked for every answer. */
export const OWN_RULES_MAX = 200;
/** Of all rules together, for the same reason. */
const PATTERNS_MAX = 1000;

/** Classes that an answer to a hand-over can have. */
export const OWN_RULE_CLASSES: readonly FeedbackClass[] = ownClasses();

function ownClasses(): FeedbackClass[] {
  // The keys of a const object are its classes.
  const all = Object.keys(CLASS_FAULT) as FeedbackClass[];
  return all.filter((name) => name !== 'complaint' && name !== 'auto-reply' && name !== 'delivered');
}

/** Stages before any recipient was named: nothing said there is about one. */
const BEFORE_RECIPIENTS: ReadonlySet<ReplyStage | null> = new Set<ReplyStage | null>(['connect', 'greeting', 'auth', 'mail']);

/** Compiles rules. Throws FEEDBACK_RULE_INVALID naming the rule and field that is wrong, also where a sample is not decided by its rule. */
export function compileOwnRules(rules: readonly OwnRule[]): OwnRules {
  if (rules.length > OWN_RULES_MAX) throw refused('rules', `There are more than ${OWN_RULES_MAX} rules.`);
  const count = rules.reduce((sum, rule) => sum + rule.patterns.length, 0);
  if (count > PATTERNS_MAX) throw refused('rules', `There are more than ${PATTERNS_MAX} patterns in all rules together.`);
  const compiled = rules.map((rule, index) => compileRule(rule, `rules[${index}]`));
  const ids = new Set<string>();
  for (const [index, { id }] of rules.entries()) {
    if (ids.has(id)) throw refused(`rules[${index}].id`, `Two rules are called "${id}".`);
    ids.add(id);
  }
  const own: OwnRules = {
    rules,
    decide(text, stage) {
      const found = compiled.find((each) => each.matches(text, stage));
      if (found === undefined) return null;
      const { rule } = found;
      return { class: rule.class, rule: OWN_PREFIX + rule.id, suppress: rule.suppress && !BEFORE_RECIPIENTS.has(stage) };
    },
  };
  for (const [index, rule] of rules.entries()) checkSample(own, rule, `rules[${index}].sample`);
  return own;
}

interface CompiledRule {
  readonly rule: OwnRule;
  matches(text: ReplyText, stage: ReplyStage | null): boolean;
}

function compileRule(rule: OwnRule, place: string): CompiledRule {
  if (!/^[a-z0-9][a-z0-9-]{1,60}$/.test(rule.id))
    throw refused(`${place}.id`, 'An id is small letters, digits and hyphens, such as "our-host-full".');
  if (!OWN_RULE_CLASSES.includes(rule.class))
    throw refused(`${place}.class`, `A class of answers is one of ${OWN_RULE_CLASSES.join(', ')}.`);
  if (rule.patterns.length === 0) throw refused(`${place}.patterns`, 'A rule has at least one pattern.');
  const patterns = rule.patterns.map((text, index): Pattern => {
    const read = readPattern(text);
    if (!read.ok) throw refused(`${place}.patterns[${index}]`, read.why);
    return read.pattern;
  });
  const codes = rule.codes.map((code, index) => codeTest(code, `${place}.codes[${index}]`));
  const domains = rule.domains.map((domain) => domain.toLowerCase());
  return {
    rule,
    matches: (text, stage) =>
      (rule.stages.length === 0 || (stage !== null && rule.stages.includes(stage))) &&
      (codes.length === 0 || codes.some((fits) => fits(text))) &&
      (domains.length === 0 || namesDomain(text.domains, domains)) &&
      patterns.some((pattern) => pattern.test(text.words)),
  };
}

function codeTest(code: string, place: string): (text: ReplyText) => boolean {
  const basic = /^([245])(\d\d|xx)$/i.exec(code);
  if (basic !== null) {
    const [, first = '', rest = ''] = basic;
    return rest.toLowerCase() === 'xx' ? (text) => text.code.startsWith(first) : (text) => text.code === code;
  }
  const enhanced = /^([245x])(\.\d{1,3}\.\d{1,3})$/i.exec(code);
  if (enhanced === null) throw refused(place, 'A code is written 550, 5xx, 5.7.1 or x.7.1.');
  const [, first = '', rest = ''] = enhanced;
  return first.toLowerCase() === 'x' ? (text) => text.enhanced.slice(1) === rest : (text) => text.enhanced === code;
}

function namesDomain(named: string, domains: readonly string[]): boolean {
  return named.split(' ').some((name) => domains.some((domain) => name === domain || name.endsWith(`.${domain}`)));
}

/** Every rule comes with an answer it decides: what nobody could show is a guess. */
function checkSample(own: OwnRules, rule: OwnRule, place: string): void {
  const text = readReplyText(rule.sample);
  const decided = own.decide(text, text.stage ?? rule.stages[0] ?? null);
  if (decided?.rule === OWN_PREFIX + rule.id) return;
  throw decided === null
    ? refused(place, `The sample of "${rule.id}" does not fit its own patterns, codes, domains and stages.`)
    : refused(place, `The sample of "${rule.id}" is decided by the rule "${decided.rule.slice(OWN_PREFIX.length)}", which comes first.`);
}

function refused(field: string, message: string): AppError {
  return new AppError('FEEDBACK_RULE_INVALID', `${field}: ${message}`, { field });
}
