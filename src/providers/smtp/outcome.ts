// This file turns what a smarthost said at each stage into the outcome of a hand-over and, where the answer is about us and not about the
// recipient, into a signal of the account. Pure. Only a 2yz reply to the final dot hands a message over (RFC 5321 §4.2.5).
import type { AccountSignal, Outcome } from '../../delivery/provider.ts';
import { classifyReply } from '../../feedback/classify.ts';
import { CLASS_FAULT, type FeedbackClass } from '../../feedback/vocabulary.ts';
import { queueId } from './queue-id.ts';

/** Where in a transaction the reply came. */
export type TransactionStage = 'mail' | 'rcpt' | 'data' | 'dot';
/** Where before the first transaction it came; EHLO and STARTTLS count as greeting. */
export type OpeningStage = 'greeting' | 'auth';

export interface Judgement {
  readonly outcome: Outcome;
  readonly account?: AccountSignal;
}

/** What is stored of a reply; receivers say what they mean in the first lines. */
const REPLY_MAX_CHARS = 2000;
/** A host that asks for more patience than this is asked again anyway. */
const RETRY_AFTER_MAX_MS = 24 * 3_600_000;

/** "Log in first", "this mechanism is too weak", "wrong", "encryption required": our account's settings, never the recipient (RFC 4954 §6). */
const LOGIN_CODES: ReadonlySet<number> = new Set([530, 534, 535, 538]);

const QUOTA =
  /\b(?:daily|hourly|monthly|24.hour)\b.{0,60}\b(?:quota|limit|allowance)\b|\b(?:quota|limit|allowance)\b.{0,40}\b(?:per|this|for the) (?:day|hour|month)\b|\b(?:sending|account) (?:quota|limit|credits?)\b|\b(?:out of|insufficient|no more) credits?\b/i;
const THROTTLED =
  /\bthrottl|\btoo many (?:concurrent )?(?:messages|connections|sessions|requests|mails)\b|\b(?:sending|message|connection) rate\b|\bslow down\b|\brelay limit\b/i;
/** The recipient's own mailbox or popularity: nothing about our account. */
const RECIPIENTS_OWN =
  /\bover ?quota\b|\bmailbox\b|\binbox\b|\bstorage\b|\btoo many recipients\b|\b(?:user|recipient)s? (?:you are trying|is receiving|is over|has exceeded)/i;
const OUR_ACCOUNT_STOPPED =
  /\byour (?:\w+ )?account (?:\w+ ){0,3}(?:suspend|disabl|block|terminat|deactivat|lock|clos|pause)|\bsending (?:for (?:this|your) (?:account|domain) )?(?:is |has been |was )?(?:paused|suspended|disabled)\b/i;
/** Before a recipient was named, an account can only be ours. */
const ACCOUNT_STOPPED = /\baccount (?:\w+ ){0,3}(?:suspend|disabl|block|terminat|deactivat|lock|clos|pause)/i;
/** Answers that blame our address, our proof or the mail keep that class; they are no plain "slower, please". */
const NOT_THROTTLING: ReadonlySet<FeedbackClass> = new Set<FeedbackClass>([
  'ip-reputation',
  'auth-failure',
  'greylist',
  'mailbox-full',
  'spam-content',
  'policy',
]);

/** The network, not the server, failed: nothing was accepted. */
export function unreachable(why: string): Judgement {
  return { outcome: { kind: 'not_sent', reply: why }, account: { kind: 'unreachable', reason: why } };
}

/** The settings and the host do not fit together: nothing was accepted, and a person has to look. */
export function misconfigured(why: string): Judgement {
  return { outcome: { kind: 'not_sent', reply: why }, account: { kind: 'misconfigured', reason: why } };
}

/** What is kept of a reply: its beginning, without half a letter at the end, which databases refuse. */
export function replyOf(text: string): string {
  return text.length > REPLY_MAX_CHARS ? text.slice(0, REPLY_MAX_CHARS).toWellFormed() : text;
}

/** Judges the reply that ended a transaction. `text` begins with the code; 2yz and 3yz come here only at the dot or as nonsense. */
export function judge(stage: TransactionStage, code: number, text: string): Judgement {
  const reply = replyOf(text);
  if (code >= 200 && code < 300 && stage === 'dot') return { outcome: { kind: 'handed_over', providerMessageId: queueId(reply), reply } };
  if (code < 400) {
    const why = `The server answered ${stage.toUpperCase()} with ${JSON.stringify(reply.slice(0, 200))}, which is not in the protocol.`;
    return { outcome: { kind: stage === 'dot' ? 'unknown' : 'not_sent', reply: why } };
  }
  if (LOGIN_CODES.has(code)) return { outcome: { kind: 'not_sent', reply }, account: { kind: 'misconfigured', reason: reply } };
  return aboutAccount(stage, code, reply) ?? aboutMessage(stage, code, reply);
}

/** Judges a refusal while the connection was being opened; it holds for every hand-over that waits for it. */
export function judgeOpening(stage: OpeningStage, code: number, text: string): Judgement {
  const reply = replyOf(text);
  const signal = LOGIN_CODES.has(code) ? undefined : aboutAccount(stage, code, reply);
  if (signal !== undefined) return signal;
  if (code >= 400 && code < 500) {
    const outcome = { kind: 'deferred', reply, class: classifyReply(reply, { stage }).class, ...retryAfter(reply) } as const;
    return { outcome, account: { kind: 'unreachable', reason: reply, ...retryAfter(reply) } };
  }
  return { outcome: { kind: 'not_sent', reply }, account: { kind: 'misconfigured', reason: reply } };
}

/** Quota, suspension and rate limits of our account at the host; undefined when the answer is about something else. */
function aboutAccount(stage: TransactionStage | OpeningStage, code: number, reply: string): Judgement | undefined {
  const recipientNamed = stage === 'rcpt' || stage === 'data' || stage === 'dot';
  if (OUR_ACCOUNT_STOPPED.test(reply) || (!recipientNamed && ACCOUNT_STOPPED.test(reply))) {
    return { outcome: { kind: 'not_sent', reply }, account: { kind: 'suspended', reason: reply } };
  }
  if (recipientNamed && RECIPIENTS_OWN.test(reply)) return undefined;
  const later = retryAfter(reply);
  if (QUOTA.test(reply)) {
    return { outcome: { kind: 'deferred', reply, class: 'operator', ...later }, account: { kind: 'quota', reason: reply, ...later } };
  }
  if (code >= 500) return undefined;
  const verdict = classifyReply(reply, { stage });
  if (NOT_THROTTLING.has(verdict.class) || (verdict.class !== 'rate-limited' && !THROTTLED.test(reply))) return undefined;
  return { outcome: { kind: 'deferred', reply, class: 'rate-limited', ...later }, account: { kind: 'throttled', reason: reply, ...later } };
}

function aboutMessage(stage: TransactionStage, code: number, reply: string): Judgement {
  const verdict = classifyReply(reply, { stage });
  if (code < 500) return { outcome: { kind: 'deferred', reply, class: verdict.class, ...retryAfter(reply) } };
  if (stage !== 'mail') return { outcome: { kind: 'refused', reply, class: verdict.class, suppress: verdict.suppress } };
  // At MAIL no recipient has been named: whatever the words, only the sender can be meant.
  const blamed = verdict.class === 'unclassified' || CLASS_FAULT[verdict.class] === 'recipient';
  return { outcome: { kind: 'refused', reply, class: blamed ? 'sender-rejected' : verdict.class, suppress: false } };
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

/** "try again in 300 seconds", "retry after 5 minutes", "00:04:59" of greylisters; empty when no time is named. */
function retryAfter(reply: string): { retryAfterMs?: number } {
  const clock = /\b(\d\d):(\d\d):(\d\d)\b/.exec(reply);
  const spoken = /\b(?:in|after|for|within)\s+(?:at least\s+)?(\d{1,6})\s*(s|m|h)(?:ec|in|our|r)?[a-z]*\b/i.exec(reply);
  let ms = 0;
  if (spoken !== null) ms = Number(spoken[1]) * (UNIT_MS[(spoken[2] ?? '').toLowerCase()] ?? 0);
  else if (clock !== null && /grey|gray|again|retry/i.test(reply))
    ms = ((Number(clock[1]) * 60 + Number(clock[2])) * 60 + Number(clock[3])) * 1000;
  return ms > 0 ? { retryAfterMs: Math.min(ms, RETRY_AFTER_MAX_MS) } : {};
}
