// This file is Elastic Email's tables of refusals, as data: HTTP status plus the words of {"Error": "…"} (it documents no codes), and the
// categories of its bounces.
import type { BounceRow } from '../bounce-class.ts';
import type { SendRule } from '../send-rules.ts';

/** First match wins. The words count only in Elastic Email's own answer, so that a proxy's page cannot suspend an account. */
export const ELASTIC_EMAIL_ERRORS: readonly SendRule[] = [
  // "Rate limit exceeded" would read like a quota below.
  { http: [429], action: 'retry-after', retryAfterMs: 10_000 },
  { text: /not (validated|verified)|verify your domain|sender domain/i, action: 'config' },
  { text: /credit|daily limit|limit (reached|exceeded)|quota/i, action: 'quota' },
  { text: /suspend|block|disabled|under review/i, action: 'suspended' },
  { http: [401, 403], action: 'account' },
  { http: [402], action: 'quota' },
  // One recipient per call, so it is this one. No source names these words; without them the refusal would blame the message.
  { http: [400, 422], text: /\brecipients?\b.{0,80}\b(invalid|not (a )?valid)\b|\binvalid\b.{0,40}\brecipient/i, action: 'recipient' },
  // The old API says 200 and `success: false`.
  { http: [200], text: /api ?key|access/i, action: 'account' },
  { http: [200], ownFormat: true, action: 'permanent' },
  { http: [503], action: 'retry', provesRefusal: true },
  { http: '5xx', action: 'retry' },
  { http: [413], action: 'permanent', class: 'message-too-large' },
  // A wrong base address is ours, not the message's.
  { http: [404], action: 'config', misconfigured: true },
  { http: [400, 422], ownFormat: true, action: 'permanent' },
];

interface CategoryRow extends BounceRow {
  /** Dropped for the account's own list; no receiver was asked. */
  readonly listed?: true;
}

/** A category nobody has told us of. */
export const UNKNOWN_CATEGORY: CategoryRow = { class: 'unclassified', generic: true };

/** `category` of an `Error` event, lower case. `generic` ones say too little: the receiver's words decide where there are any. */
export const CATEGORIES: Readonly<Record<string, CategoryRow>> = {
  unknown: { class: 'unclassified', generic: true },
  // Looks like a bounce and is not counted as one by Elastic Email.
  ignore: { type: 'unknown', class: null },
  spam: { class: 'spam-content' },
  contentfilter: { class: 'spam-content' },
  blacklisted: { class: 'ip-reputation' },
  nomailbox: { class: 'invalid-recipient', suppress: true },
  greylisted: { class: 'greylist' },
  throttled: { class: 'rate-limited' },
  timeout: { class: 'expired' },
  connectionproblem: { class: 'network' },
  connectionterminated: { class: 'network' },
  spfproblem: { class: 'auth-failure' },
  // The recipient's account: over quota, disabled or suspended. Which of these is not said, so it holds nothing by itself.
  accountproblem: { class: 'inactive-mailbox', generic: true },
  // Of the moment, or no such domain.
  dnsproblem: { class: 'network', generic: true },
  // The recipient takes mail of listed senders only.
  whitelistingproblem: { class: 'policy' },
  codeerror: { class: 'protocol', generic: true },
  // Cancelled in our own account.
  manualcancel: { type: 'rejected', class: 'operator' },
  notdeliveredcancelled: { type: 'rejected', class: 'operator' },
  // On the account's own list of bounces or complaints.
  notdelivered: { type: 'rejected', class: null, listed: true },
};
