// This file turns a provider's refusal into outcomes and account signals, by rules that each provider keeps as data in its errors.ts.
// One law runs through it: `not_sent`, `deferred` and `refused` are said only where the answer proves that nothing was accepted.
import type { AccountSignal, HandOver, HandOverRecipient, Outcome, SendResult } from '../delivery/provider.ts';
import type { FeedbackClass } from '../feedback/vocabulary.ts';
import type { HttpExchange } from './http.ts';

type SendAction =
  /** The provider failed; with `provesRefusal` it certainly took nothing, else it may have. */
  | 'retry'
  /** Too fast; took nothing. */
  | 'retry-after'
  /** This message, whoever carries it. */
  | 'permanent'
  /** This address. */
  | 'recipient'
  /** Sender, domain or settings at this provider; another account may carry it. */
  | 'config'
  /** Key or permission of our account. */
  | 'account'
  | 'quota'
  | 'suspended';

export interface SendRule {
  readonly http?: readonly number[] | '4xx' | '5xx';
  /** The provider's own error code or name. */
  readonly code?: readonly string[];
  /** Searched in the provider's own error text only, never in a web page that some proxy sent. */
  readonly text?: RegExp;
  /** Only answers in the provider's own error format. */
  readonly ownFormat?: true;
  readonly action: SendAction;
  /** Class of the refusal or deferral where it is not the action's usual one. */
  readonly class?: FeedbackClass;
  readonly retryAfterMs?: number;
  /** The answer proves that nothing was accepted. */
  readonly provesRefusal?: true;
  /** The account as a whole is set up wrongly, not just this message. */
  readonly misconfigured?: true;
}

/** A provider's answer, taken apart by its own adapter. */
export interface ProviderAnswer {
  readonly status: number;
  readonly code: string;
  /** The provider's own words; empty when the body was not in its format. */
  readonly text: string;
  readonly ownFormat: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

/** What holds for every HTTP API, after the provider's own rules. Answers outside the provider's format never blame the message. */
const COMMON_RULES: readonly SendRule[] = [
  { http: [429], action: 'retry-after', retryAfterMs: 5_000 },
  { http: [503], action: 'retry', provesRefusal: true },
  { http: [401, 403], action: 'account' },
  { http: '4xx', action: 'config', misconfigured: true },
];

/** A provider's word is kept in the attempt; longer ones are cut. */
const REPLY_MAX_CHARS = 500;
/** We believe no Retry-After beyond a day: the router looks again anyway. */
const RETRY_AFTER_MAX_MS = 24 * 3_600_000;

/** Judges an answer that is not an acceptance. `count`: recipients of the call, who all share its fate. */
export function refusalResult(rules: readonly SendRule[], answer: ProviderAnswer, count: number, nowMs: number): SendResult {
  const reply = replyText(`${answer.status} ${answer.code} ${answer.text}`);
  const rule = rules.find((candidate) => matches(candidate, answer)) ?? COMMON_RULES.find((candidate) => matches(candidate, answer));
  const redirected = answer.status >= 300 && answer.status < 400;
  if (rule === undefined) {
    if (redirected) return configResult({ action: 'config', misconfigured: true }, reply, count);
    return alike(count, { kind: 'unknown', reply }, { kind: 'degraded', reason: reply });
  }
  const wait = retryAfterMs(answer.headers, nowMs) ?? rule.retryAfterMs;
  const waiting = wait === undefined ? {} : { retryAfterMs: wait };
  switch (rule.action) {
    case 'quota':
    case 'suspended':
      return alike(count, { kind: 'not_sent', reply }, { kind: rule.action, reason: reply, ...waiting });
    case 'account':
      return alike(count, { kind: 'not_sent', reply }, { kind: 'misconfigured', reason: reply });
    case 'config':
      return configResult(rule, reply, count);
    case 'permanent':
      return alike(count, { kind: 'refused', reply, class: rule.class ?? 'content', suppress: false });
    case 'recipient':
      return alike(count, { kind: 'refused', reply, class: rule.class ?? 'invalid-recipient', suppress: false });
    case 'retry-after': {
      const outcome: Outcome = { kind: 'deferred', reply, class: rule.class ?? 'rate-limited', ...waiting };
      return alike(count, outcome, { kind: 'throttled', reason: reply, ...waiting });
    }
    case 'retry': {
      const signal: AccountSignal = { kind: 'degraded', reason: reply, ...waiting };
      if (rule.provesRefusal !== true) return alike(count, { kind: 'unknown', reply }, signal);
      return alike(count, { kind: 'deferred', reply, class: rule.class ?? 'operator', ...waiting }, signal);
    }
  }
}

function configResult(rule: SendRule, reply: string, count: number): SendResult {
  const outcome: Outcome = { kind: 'refused', reply, class: rule.class ?? 'operator', suppress: false };
  return alike(count, outcome, rule.misconfigured === true ? { kind: 'misconfigured', reason: reply } : undefined);
}

function matches(rule: SendRule, answer: ProviderAnswer): boolean {
  if (rule.http === '4xx' && (answer.status < 400 || answer.status > 499)) return false;
  if (rule.http === '5xx' && (answer.status < 500 || answer.status > 599)) return false;
  if (Array.isArray(rule.http) && !rule.http.includes(answer.status)) return false;
  if (rule.code !== undefined && !rule.code.includes(answer.code)) return false;
  if (rule.ownFormat === true && !answer.ownFormat) return false;
  return rule.text === undefined || rule.text.test(answer.text);
}

/** What a broken line means: nothing travelled, or nobody knows. */
export function lineResult(exchange: Exclude<HttpExchange, { kind: 'answer' }>, count: number): SendResult {
  const reason = replyText(exchange.reason);
  if (exchange.kind === 'lost') return alike(count, { kind: 'unknown', reply: reason }, { kind: 'unreachable', reason });
  return alike(count, { kind: 'not_sent', reply: reason }, exchange.closed ? undefined : { kind: 'unreachable', reason });
}

/** An answer that says "accepted" in a way we cannot read: the mail may be on its way. */
export function unreadableResult(status: number, count: number): SendResult {
  const reply = `${status} with an answer that could not be read`;
  return alike(count, { kind: 'unknown', reply }, { kind: 'degraded', reason: reply });
}

/** The same outcome for every recipient of a call. */
export function alike(count: number, outcome: Outcome, account?: AccountSignal): SendResult {
  const outcomes = Array.from({ length: count }, () => outcome);
  return account === undefined ? { outcomes } : { outcomes, account };
}

/** Refuses for good what the adapter itself cannot put on this wire; another account may carry it. */
export function cannotCarry(handOver: HandOver, why: string): SendResult {
  return alike(handOver.recipients.length, { kind: 'refused', reply: replyText(why), class: 'operator', suppress: false, lasting: true });
}

/** A control character in an address is an attack or an accident; neither goes to a wire. */
const UNFIT_ADDRESS = /\p{Cc}/u;
/** RFC 5321 §4.5.3.1: 64 + 1 + 255 octets. */
const ADDRESS_MAX_BYTES = 320;

/** Why this address cannot go to an API; null: it can. */
function unfit(address: string): Outcome | null {
  const refused = { kind: 'refused', suppress: false } as const;
  if (UNFIT_ADDRESS.test(address) || Buffer.byteLength(address) > ADDRESS_MAX_BYTES)
    return { ...refused, reply: 'the address is too long or holds a line break', class: 'invalid-recipient' };
  // A mailbox all the same, only in quotes (RFC 5321 §4.1.2). No sheet of an API says that it is taken for one address: SMTP has the words for it.
  if (address.includes(' '))
    return {
      ...refused,
      reply: 'this API is given no address with a blank in it; an account that speaks SMTP carries it',
      class: 'operator',
      lasting: true,
    };
  return null;
}

/** Sends for the recipients whose address may go to a wire and refuses the others, each outcome at its own place. */
export async function sendToSound(
  handOver: HandOver,
  send: (recipients: readonly HandOverRecipient[]) => Promise<SendResult>,
): Promise<SendResult> {
  const refused = handOver.recipients.map(({ address }) => unfit(address));
  const sound = handOver.recipients.filter((_, at) => refused[at] === null);
  const result = sound.length > 0 ? await send(sound) : { outcomes: [] };
  if (sound.length === handOver.recipients.length) return result;
  const rest = [...result.outcomes];
  return {
    ...result,
    outcomes: refused.map((bad): Outcome => bad ?? rest.shift() ?? { kind: 'unknown', reply: 'the provider gave no outcome' }),
  };
}

/** One line of printable text, cut at REPLY_MAX_CHARS, without halves of letters: databases refuse them. */
export function replyText(text: string): string {
  return text
    .replace(/\p{Cc}+|\s{2,}/gu, ' ')
    .trim()
    .slice(0, REPLY_MAX_CHARS)
    .toWellFormed();
}

/** Retry-After, RFC 9110 §10.2.3: seconds or a date; milliseconds from `nowMs`. */
export function retryAfterMs(headers: Readonly<Record<string, string>>, nowMs: number): number | undefined {
  const value = headers['retry-after']?.trim();
  if (value === undefined || value === '') return undefined;
  const ms = /^\d{1,9}$/.test(value) ? Number(value) * 1000 : Date.parse(value) - nowMs;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), RETRY_AFTER_MAX_MS) : undefined;
}
