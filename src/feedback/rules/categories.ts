// This file says what the categories mean that a sending server writes into its reports: PowerMTA's bounce categories (its user's guide, "Bounce Categories"). They are that
// server's own guess from the reply's words, so that they count below everything that the reply says itself.
import type { FeedbackClass } from '../vocabulary.ts';

/** `other` is missing: it says nothing. */
export const CATEGORY_CLASS: Readonly<Record<string, FeedbackClass>> = {
  'bad-mailbox': 'invalid-recipient',
  'bad-domain': 'bad-domain',
  'inactive-mailbox': 'inactive-mailbox',
  'quota-issues': 'mailbox-full',
  'spam-related': 'spam-content',
  'virus-related': 'virus',
  'content-related': 'content',
  'policy-related': 'policy',
  'invalid-sender': 'sender-rejected',
  'relaying-issues': 'relay-denied',
  'message-expired': 'expired',
  'bad-connection': 'network',
  'no-answer-from-host': 'network',
  'routing-errors': 'network',
  'protocol-errors': 'protocol',
  'bad-configuration': 'system',
};
