// This file says what the codes of a reply mean where its words decide nothing (tables in `rules/codes.ts`): codes of one receiver, enhanced codes, basic codes.
import type { ReplyText } from './reply-text.ts';
import { BASIC_CLASS, ENHANCED_CLASS, MICROSOFT_BANNED_IP, MICROSOFT_CLASS } from './rules/codes.ts';
import type { FeedbackClass } from './vocabulary.ts';

export interface CodeDecision {
  readonly class: FeedbackClass;
  /** `enhanced 5.1.1`, `code 421`. */
  readonly rule: string;
  /** The code alone is enough to hold the address. */
  readonly suppress: boolean;
}

/** Codes that only one receiver gives say more than words that anybody may use. */
export function decideByOwnCode(text: ReplyText): CodeDecision | null {
  const [, subject, detail] = text.enhanced.split('.');
  const banned = subject === '7' && Number(detail) >= MICROSOFT_BANNED_IP.from && Number(detail) <= MICROSOFT_BANNED_IP.to;
  const feedbackClass = banned ? 'ip-reputation' : MICROSOFT_CLASS[`${subject}.${detail}`];
  return feedbackClass === undefined ? null : { class: feedbackClass, rule: `enhanced ${text.enhanced}`, suppress: false };
}

/** Codes that servers give to many happenings: the widest words are asked before they are believed. */
export const BROAD_CODE = /^(?:code (?!521|556)|enhanced \d\.(?:[01257]\.0|7\.[12])$)/;

export function decideByCode(text: ReplyText): CodeDecision | null {
  // RFC 7504: these two say the same whatever enhanced code stands beside them; AOL and AT&T gave 521 to listed hosts, Chinese servers 556 to anything.
  if (text.code === '521' || text.code === '556') {
    const meant = !SAYS_SOMETHING.test(text.words) || TAKES_NO_MAIL.test(text.words);
    return meant ? { class: 'domain-not-accepting', rule: `code ${text.code}`, suppress: false } : null;
  }
  const [, subject, detail] = text.enhanced.split('.');
  const byEnhanced = ENHANCED_CLASS[`${subject}.${detail}`];
  if (byEnhanced !== undefined) return { class: byEnhanced, rule: `enhanced ${text.enhanced}`, suppress: SURE_CODES.has(text.enhanced) };
  const byBasic = BASIC_CLASS[text.code];
  // A bare basic code is never enough to hold an address, and 552 is given to size and spam as often as to full mailboxes.
  if (byBasic === undefined || (byBasic === 'mailbox-full' && SAYS_SOMETHING.test(text.words) && !SAYS_STORAGE.test(text.words)))
    return null;
  return { class: byBasic, rule: `code ${text.code}`, suppress: false };
}

const SAYS_SOMETHING = /[a-z]{5}/;
const TAKES_NO_MAIL = /accept|\bmail\b|\bhost\b|\bdomain\b|smtp|service/;
const SAYS_STORAGE = /storage|space|full|quota|exceed|allocat|mail ?box/;

/** Enhanced codes that mean the mailbox and nothing else, so that they hold the address without any word (hold table of the receivers' practice). */
const SURE_CODES = new Set(['5.1.1', '5.1.6', '5.2.1', '5.7.13', '5.7.17', '5.7.18']);
