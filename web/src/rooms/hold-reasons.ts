// This file lists what can put an address on hold: faults of the recipient, slowly those of the receiver, and a person's wish. Nothing else may.

/** For filters and for the rules of the policy. */
export const HOLD_CLASSES = [
  'invalid-recipient',
  'inactive-mailbox',
  'mailbox-full',
  'bad-domain',
  'domain-not-accepting',
  'greylist',
  'network',
  'expired',
  'system',
  'protocol',
  'tls',
  'relay-denied',
  'complaint',
  'unsubscribed',
] as const;

export const HOLD_REASONS = [...HOLD_CLASSES, 'manual'] as const;
