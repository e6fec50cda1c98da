// This file is the closed list of mistakes people make with DNS records.

export const MISTAKE_CODES = [
  // where the record stands
  'not-published',
  'no-answer',
  'doubled-domain',
  'wrong-host',
  'wrong-type',
  'wildcard-answers',
  // how the value was pasted
  'quotes-in-value',
  'backslashes-in-value',
  'spaces-in-value',
  'trailing-dot',
  'letter-case',
  'other-value',
  'several-records',
  // aliases
  'proxied',
  'address-instead-of-alias',
  'records-instead-of-alias',
  'target-doubled',
  'other-target',
  'alias-beside-records',
  'alias-at-host',
  // DKIM
  'key-cut',
  'key-in-pieces',
  'key-broken',
  'key-revoked',
  'key-other',
  'key-not-there',
  // SPF
  'several-spf',
  'spf-syntax',
  'spf-lookups',
  'spf-voids',
  'spf-include-broken',
  'spf-open',
  'spf-not-included',
  'spf-after-all',
  // DMARC, TLS-RPT, MTA-STS, MX
  'several-dmarc',
  'dmarc-syntax',
  'report-address-missing',
  'record-syntax',
  'other-exchangers',
  'more-exchangers',
] as const;

export type MistakeCode = (typeof MISTAKE_CODES)[number];
