// This file is Mandrill's tables of refusals, as data: API errors by `name` (first match wins), and the reasons it gives per recipient.
import type { FeedbackClass } from '../../feedback/vocabulary.ts';
import type { BounceRow } from '../bounce-class.ts';
import type { SendRule } from '../send-rules.ts';

/**
 * The HTTP status is unreliable (500 for every API error in old times), so the name decides. An error in Mandrill's own format is an answer
 * of the API and proves refusal, except where the name says that Mandrill itself does not know.
 */
export const MANDRILL_ERRORS: readonly SendRule[] = [
  { code: ['Invalid_Key'], action: 'account' },
  { code: ['PaymentRequired'], action: 'quota' },
  // Down for maintenance, said before anything is taken.
  { code: ['ServiceUnavailable'], action: 'retry', provesRefusal: true },
  // "An unexpected error occurred": it may have happened after the mail was taken.
  { code: ['GeneralError'], action: 'retry' },
  { code: ['Unknown_Subaccount'], action: 'config', misconfigured: true },
  { code: ['Unknown_Pool', 'Unknown_Template'], action: 'config' },
  { code: ['ValidationError'], action: 'permanent' },
  { http: [429], action: 'retry-after', retryAfterMs: 5_000 },
  // Other names concern parameters that we set, not the tenant's message.
  { ownFormat: true, action: 'permanent', class: 'operator' },
  { http: [413], action: 'permanent', class: 'message-too-large' },
  // Without Mandrill's own words a 5xx came from a machine in between; the mail may have passed it.
  { http: '5xx', action: 'retry' },
];

interface RejectRow {
  readonly class: FeedbackClass;
  readonly suppress: boolean;
  /** Our account is out of allowance; the recipient stays ours. */
  readonly quota?: true;
  /** Stands on the account's denylist: no receiver was asked, so nothing new is known about the address. */
  readonly listed?: true;
}

/** `reject_reason` of an answer and `reject.reason` of an event. */
export const REJECT_REASONS: Readonly<Record<string, RejectRow>> = {
  'hard-bounce': { class: 'unclassified', suppress: false, listed: true },
  // A denylist entry that expires; it belongs to this account, another provider may deliver.
  'soft-bounce': { class: 'operator', suppress: false, listed: true },
  spam: { class: 'unclassified', suppress: false, listed: true },
  unsub: { class: 'unclassified', suppress: false, listed: true },
  custom: { class: 'unclassified', suppress: false, listed: true },
  'invalid-sender': { class: 'sender-rejected', suppress: false },
  invalid: { class: 'invalid-recipient', suppress: true },
  'test-mode-limit': { class: 'operator', suppress: false, quota: true },
  // No valid SPF and DKIM for the sending domain at Mandrill.
  unsigned: { class: 'auth-failure', suppress: false },
  rule: { class: 'policy', suppress: false },
};

/**
 * `queued_reason` of accepted mail whose account is in trouble: it may still go out later, so it must not go out elsewhere too, and new mail
 * must not come here.
 */
export const DEGRADED_REASONS: ReadonlySet<string> = new Set([
  'hourly-quota-exhausted',
  'monthly-limit-reached',
  'free-trial-sends-exhausted',
  'sending-paused',
  'sending-suspended',
  'account-suspended',
  'sending-backlogged',
]);

/** `bounce_description` where the number says too little. */
export const BOUNCE_DESCRIPTIONS: Readonly<Record<string, BounceRow>> = {
  bad_mailbox: { class: 'invalid-recipient', suppress: true },
  // A domain may come back; the house holds nobody for one such answer.
  invalid_domain: { class: 'bad-domain' },
  mailbox_full: { class: 'mailbox-full' },
};
