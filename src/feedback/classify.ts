// This file decides what an SMTP reply means: its class, whose fault it is, and whether it holds the address. Pure; the rules are data.
import { type ReplyText, readReplyText } from './reply-text.ts';
import { BASIC_CLASS, ENHANCED_CLASS, MICROSOFT_BANNED_IP } from './rules/codes.ts';
import type { ReplyRule, ReplyStage } from './rules/rule.ts';
import { REPLY_RULES } from './rules.ts';
import { type BounceType, CLASS_FAULT, type FeedbackClass, type Verdict } from './vocabulary.ts';

export interface ClassifyOptions {
  /** Where in the dialogue the answer came. What is said before any recipient was named is never about a recipient. */
  readonly stage?: ReplyStage;
}

export interface ReplyExplanation {
  readonly verdict: Verdict;
  /** Basic code, `550`; empty when the reply has none. */
  readonly code: string;
  /** Enhanced code, `5.1.1`; empty when the reply has none. */
  readonly enhanced: string;
  /** Id of the rule that decided, or `enhanced 5.1.1`, `code 421`, `stage auth`, `nothing said`. */
  readonly rule: string;
}

interface Decision {
  readonly class: FeedbackClass;
  readonly rule: string;
  readonly suppress: boolean;
}

/** Classifies one reply, with or without its codes, of one or several lines. Never throws; time grows linearly with at most 2,000 characters. */
export function classifyReply(reply: string, options: ClassifyOptions = {}): Verdict {
  return explainReply(reply, options).verdict;
}

/** The same verdict with what led to it, for `packetboat explain bounce` and the console. */
export function explainReply(reply: string, options: ClassifyOptions = {}): ReplyExplanation {
  const text = readReplyText(reply);
  const stage = options.stage ?? text.stage;
  const decision = atStage(stage, decide(text));
  const permanent = (text.code === '' ? text.enhanced : text.code).startsWith('5');
  return {
    verdict: verdictOf(decision.class, { permanent, suppress: decision.suppress }),
    code: text.code,
    enhanced: text.enhanced,
    rule: decision.rule,
  };
}

/** Classes whose permanent form holds the address after one answer (hold table: invalid recipient 1, inactive 1, complaint 1). */
const SUPPRESSING: ReadonlySet<FeedbackClass> = new Set<FeedbackClass>(['invalid-recipient', 'inactive-mailbox', 'complaint']);

/** The verdict for a class that is already known, for example from a provider's own label. `suppress: false` forbids a hold, `true` allows it. */
export function verdictOf(feedbackClass: FeedbackClass, answer: { permanent: boolean; suppress?: boolean }): Verdict {
  return {
    class: feedbackClass,
    fault: CLASS_FAULT[feedbackClass],
    bounceType: bounceTypeOf(feedbackClass, answer.permanent),
    hard: HARD_CLASSES.has(feedbackClass) || (feedbackClass === 'domain-not-accepting' && answer.permanent),
    suppress: answer.permanent && answer.suppress !== false && SUPPRESSING.has(feedbackClass),
  };
}

const HARD_CLASSES: ReadonlySet<FeedbackClass> = new Set<FeedbackClass>(['invalid-recipient', 'bad-domain']);

/** What a permanent answer of each class is final about; classes not named are soft however permanent the code. */
const PERMANENT_BOUNCE_TYPE: Partial<Record<FeedbackClass, BounceType>> = {
  'invalid-recipient': 'hard',
  'bad-domain': 'hard',
  'inactive-mailbox': 'hard',
  'domain-not-accepting': 'hard',
  'ip-reputation': 'block',
  'spam-content': 'block',
  content: 'block',
  virus: 'block',
  policy: 'block',
  'sender-rejected': 'block',
  'recipient-filtered': 'block',
  'auth-failure': 'block',
  'relay-denied': 'block',
};

function bounceTypeOf(feedbackClass: FeedbackClass, permanent: boolean): BounceType {
  return (permanent && PERMANENT_BOUNCE_TYPE[feedbackClass]) || 'soft';
}

function decide(text: ReplyText): Decision {
  const codes = `${text.code} ${text.enhanced}`;
  for (const rule of REPLY_RULES) {
    if (matches(rule, text, codes)) return { class: rule.class, rule: rule.id, suppress: rule.suppress ?? true };
  }
  return decideByCode(text);
}

function matches(rule: ReplyRule, text: ReplyText, codes: string): boolean {
  return (
    (rule.code === undefined || rule.code.test(codes)) &&
    (rule.domains === undefined || rule.domains.test(text.domains)) &&
    rule.words.test(text.words)
  );
}

function decideByCode(text: ReplyText): Decision {
  const [, subject, detail] = text.enhanced.split('.');
  if (subject === '7' && Number(detail) >= MICROSOFT_BANNED_IP.from && Number(detail) <= MICROSOFT_BANNED_IP.to) {
    return { class: 'ip-reputation', rule: `enhanced ${text.enhanced}`, suppress: false };
  }
  const byEnhanced = ENHANCED_CLASS[`${subject}.${detail}`];
  if (byEnhanced !== undefined) return { class: byEnhanced, rule: `enhanced ${text.enhanced}`, suppress: SURE_CODES.has(text.enhanced) };
  const byBasic = BASIC_CLASS[text.code];
  // A bare basic code is never enough to hold an address.
  if (byBasic !== undefined) return { class: byBasic, rule: `code ${text.code}`, suppress: false };
  return { class: 'unclassified', rule: 'nothing said', suppress: false };
}

/** Enhanced codes that mean the mailbox and nothing else, so that they hold the address without any word (hold table of the receivers' practice). */
const SURE_CODES = new Set(['5.1.1', '5.1.6', '5.2.1', '5.7.13', '5.7.17', '5.7.18']);

const RECIPIENT_CLASSES: ReadonlySet<FeedbackClass> = new Set<FeedbackClass>(['invalid-recipient', 'inactive-mailbox']);

/** The stage corrects the class where the words cannot know: before RCPT TO nothing is about the recipient, and AUTH is about our account. */
function atStage(stage: ReplyStage | null, decision: Decision): Decision {
  if (stage === null || stage === 'rcpt') return decision;
  if (stage === 'auth') {
    const ours = decision.class === 'policy' || decision.class === 'inactive-mailbox' || decision.class === 'invalid-recipient';
    return ours ? { class: 'operator', rule: `${decision.rule}, stage auth`, suppress: false } : { ...decision, suppress: false };
  }
  if (!RECIPIENT_CLASSES.has(decision.class)) return decision;
  // Filters after DATA say "user unknown" for mail they do not want; only RCPT TO proves that the mailbox is missing.
  if (stage === 'data' || stage === 'dot') return decision;
  return { class: 'sender-rejected', rule: `${decision.rule}, stage ${stage}`, suppress: false };
}
