// This file decides what an SMTP reply means: its class, whose fault it is, and whether it holds the address. Pure; the rules are data.
import { BROAD_CODE } from './classify-by-code.ts';
import { ABOUT_US, type Decision, decideByRules } from './classify-by-rules.ts';
import { NO_OWN_RULES, type OwnRules } from './own-rules.ts';
import { type ReplyText, readReplyText, replyWithin } from './reply-text.ts';
import { CATEGORY_CLASS } from './rules/categories.ts';
import type { ReplyStage } from './rules/rule.ts';
import { type BounceType, CLASS_FAULT, type FeedbackClass, type Verdict } from './vocabulary.ts';

export interface ClassifyOptions {
  /** Where in the dialogue the answer came. What is said before any recipient was named is never about a recipient. */
  readonly stage?: ReplyStage;
  /** The operator's own rules, asked before ours. */
  readonly own?: OwnRules;
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

/** Classifies one reply, with or without its codes, of one or several lines. Never throws; time grows linearly with at most 2,000 characters. */
export function classifyReply(reply: string, options: ClassifyOptions = {}): Verdict {
  return explainReply(reply, options).verdict;
}

/** The same verdict with what led to it, for `packetboat explain bounce` and the console. */
export function explainReply(reply: string, options: ClassifyOptions = {}): ReplyExplanation {
  return explainText(readReplyText(reply), options);
}

/** What a report says about one recipient. */
export interface ReportedAnswer {
  /** The remote server's words; may be empty. */
  readonly diagnostic: string;
  /** The Status field; may be empty. */
  readonly status: string;
  /** The words of the whole notice, asked only where the diagnostic decides nothing. */
  readonly notice: string;
  /** The report says that delivery has failed for good: decides where there is no code at all. */
  readonly failed: boolean;
  /** The report says that the message failed because its time ran out. */
  readonly expired?: boolean;
  /** What the reporting server sorted the failure into (`X-PowerMTA-BounceCategory`), lower case: a hint below all words. */
  readonly category?: string;
  /** Type of the Diagnostic-Code, lower case: `x-unix` is an exit status of a local program. */
  readonly diagnosticType?: string | null;
}

/** Classifies a reported answer: the words of the diagnostic first, then its codes and the Status field, then the notice. */
export function classifyAnswer(answer: ReportedAnswer, own: OwnRules = NO_OWN_RULES): ReplyExplanation {
  const exit = answer.diagnosticType === 'x-unix' ? (/^\d{1,3}$/.exec(answer.diagnostic)?.[0] ?? '') : '';
  if (exit !== '') return explainExit(exit, answer);
  const said = withCategory(explainAnswer(answer, own), answer);
  if (answer.failed && answer.expired !== true) {
    // A temporary "no answer" that became final: the time ran out.
    const late =
      said.verdict.class === 'network' &&
      NO_ANSWER.test(answer.status) &&
      (decidedByCode(said.rule) || (said.code === '' && TIMED_OUT.test(answer.diagnostic)));
    return late ? { ...said, verdict: verdictOf('expired', { permanent: false }), rule: `${said.rule}, time ran out` } : said;
  }
  if (!(WAITING.has(said.verdict.class) || decidedByCode(said.rule)) || NAMED_TROUBLE.test(answer.diagnostic)) return said;
  // The message still waits: that the receiver cannot be reached, or nothing but a code, is the waiting itself.
  return { ...said, verdict: verdictOf('expired', { permanent: false }), rule: `${said.rule}, still waiting` };
}

/** Where neither words nor a code that means one thing decided, the reporting server's own category says more than 550 or 5.0.0. It never holds an address. */
function withCategory(said: ReplyExplanation, answer: ReportedAnswer): ReplyExplanation {
  const feedbackClass = CATEGORY_CLASS[answer.category ?? ''];
  if (feedbackClass === undefined || !(said.rule === 'nothing said' || BROAD_CODE.test(said.rule))) return said;
  return { ...said, verdict: verdictOf(feedbackClass, { permanent: answer.failed, suppress: false }), rule: `category ${answer.category}` };
}

const NO_ANSWER = /^4\.4\.[127]$/;
const TIMED_OUT = /time[d]?[ -]?out/i;
/** A trouble with a name is told even while the message waits. */
const NAMED_TROUBLE = /network error|\bloop/i;
const WAITING: ReadonlySet<FeedbackClass> = new Set<FeedbackClass>(['network', 'unclassified']);

/** Exit statuses of delivery programs (sysexits.h): 67 no such user, 68 no such host; the rest is the program's own trouble. */
function explainExit(exit: string, answer: ReportedAnswer): ReplyExplanation {
  const byStatus = /^[45]\.2\.2$/.test(answer.status) ? 'mailbox-full' : 'system';
  const feedbackClass = exit === '67' ? 'invalid-recipient' : exit === '68' ? 'bad-domain' : byStatus;
  const verdict = verdictOf(feedbackClass, { permanent: answer.failed, suppress: false });
  return { verdict, code: '', enhanced: answer.status, rule: `exit status ${exit}` };
}

function explainAnswer(answer: ReportedAnswer, own: OwnRules): ReplyExplanation {
  const whole = readReplyText(answer.diagnostic);
  const text = withStatus(readReplyText(replyWithin(answer.diagnostic)), answer.status);
  // The stage may stand in front of the reply: "after end of data: host mx said: 550 …".
  const stage = whole.stage ?? readReplyText(answer.notice).stage;
  const options = { failed: answer.failed, own, narrow: true, ...(stage === null ? {} : { stage }) };
  // An own rule may also be about the words around the reply.
  const around = { ...whole, code: text.code, enhanced: text.enhanced };
  if (own.decide(around, stage) !== null) return explainText(around, options);
  // A quoted reply is asked whole, the widest words included; prose is not, as long as there is more to read.
  const first = settled(explainText(text, { ...options, narrow: text.code === '' }), stage);
  if (!SAYS_LITTLE.test(first.rule)) return first;
  for (const [words, from] of [
    [whole, ''],
    [readReplyText(replyWithin(answer.notice)), ', in the notice'],
  ] as const) {
    if (words.words === '') continue;
    const code = text.code === '' ? words.code : text.code;
    const enhanced = text.enhanced === '' ? words.enhanced : text.enhanced;
    const second = explainText({ ...words, code, enhanced, stage: null }, options);
    if (second.verdict.class !== 'unclassified' && !decidedByCode(second.rule)) return { ...second, rule: `${second.rule}${from}` };
  }
  return settled(explainText(text, { ...options, narrow: false }), stage);
}

/** A report names the stage where it knows it. "User unknown" with a mailbox code and without RCPT TO is a filter as often as a missing mailbox. */
function settled(said: ReplyExplanation, stage: ReplyStage | null): ReplyExplanation {
  if (!SETTLED_BY_STAGE.has(said.rule) || stage === 'rcpt') return said;
  const permanent = said.verdict.bounceType === 'hard';
  return { ...said, verdict: verdictOf('recipient-filtered', { permanent, suppress: false }), rule: `${said.rule}, no stage` };
}

const SETTLED_BY_STAGE: ReadonlySet<string> = new Set(['unknown-user-bare', 'unknown-user-by-mailbox-code']);

/** Deciding rules after which the notice may know more: no words, and no code that means one thing. */
const SAYS_LITTLE = /^(?:nothing said|code \d{3}|enhanced [245]\.(?:0\.0|5\.0|7\.0))/;

function decidedByCode(rule: string): boolean {
  return /^(?:enhanced|code|nothing)/.test(rule);
}

/** The diagnostic beats the Status field, unless it has no code or only a general one (x.0.0). */
function withStatus(text: ReplyText, status: string): ReplyText {
  return status === '' || (text.enhanced !== '' && !GENERAL.test(text.enhanced)) || (GENERAL.test(status) && text.enhanced !== '')
    ? text
    : { ...text, enhanced: status };
}

const GENERAL = /^[245]\.\d\.0$/;

interface TextOptions {
  readonly failed?: boolean;
  /** The widest words are not asked: there is more to read. */
  readonly narrow?: boolean;
}

function explainText(text: ReplyText, options: ClassifyOptions & TextOptions): ReplyExplanation {
  const stage = options.stage ?? text.stage;
  const decision = options.own?.decide(text, stage) ?? atStage(stage, decideByRules(text, { narrow: options.narrow === true }), text);
  const code = text.code === '' ? text.enhanced : text.code;
  const permanent = code === '' ? options.failed === true : code.startsWith('5');
  return {
    // "550 4.2.1" says two things at once: it does not hold.
    verdict: verdictOf(decision.class, { permanent, suppress: decision.suppress && !text.enhanced.startsWith('4') }),
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

/** Said by many servers in one breath for a missing mailbox and for mail they filter: only RCPT TO or 5.1.x tells them apart. */
const SETTLED_BY_RCPT: ReadonlySet<string> = new Set([
  'unknown-user-bare',
  'unknown-user-vague',
  'unknown-user-by-mailbox-code',
  'mailbox-unavailable-vague',
]);
const DOUBTED_AFTER_DATA: ReadonlySet<string> = new Set([
  'user-unknown',
  'user-unknown-here',
  'unknown-user-bare',
  'unknown-user-by-mailbox-code',
]);

const RECIPIENT_CLASSES: ReadonlySet<FeedbackClass> = new Set<FeedbackClass>(['invalid-recipient', 'inactive-mailbox']);

const TURNED_AWAY =
  /^[45]\d\d(?: [45]\.\d\.\d)?(?: [\w.-]{3,255}\.[\w-]{2,63})?,? (?:esmtp )?service (?:is )?(?:not available|unavailable)\b/;

/** The stage corrects the class where the words cannot know: before RCPT TO nothing is about the recipient, and AUTH is about our account. */
function atStage(stage: ReplyStage | null, decision: Decision, text: ReplyText): Decision {
  if (stage === null) return decision;
  if (stage === 'rcpt') {
    if (!SETTLED_BY_RCPT.has(decision.rule)) return decision;
    return { class: 'invalid-recipient', rule: `${decision.rule}, stage rcpt`, suppress: !ABOUT_US.test(text.words) };
  }
  if (stage === 'auth') {
    const ours = decision.class === 'policy' || decision.class === 'inactive-mailbox' || decision.class === 'invalid-recipient';
    return ours ? { class: 'operator', rule: `${decision.rule}, stage auth`, suppress: false } : { ...decision, suppress: false };
  }
  // A server that greets us with "not available" and nothing more does not want to hear from this host.
  if (stage === 'greeting' && TURNED_AWAY.test(text.words))
    return { class: 'ip-reputation', rule: `${decision.rule}, stage greeting`, suppress: false };
  if (!RECIPIENT_CLASSES.has(decision.class)) return decision;
  if (stage === 'data' || stage === 'dot') {
    // Filters after DATA say "user unknown" for mail they do not want.
    if (!DOUBTED_AFTER_DATA.has(decision.rule) || /^[45]\.1\./.test(text.enhanced)) return decision;
    return { class: 'recipient-filtered', rule: `${decision.rule}, stage ${stage}`, suppress: false };
  }
  return { class: 'sender-rejected', rule: `${decision.rule}, stage ${stage}`, suppress: false };
}
