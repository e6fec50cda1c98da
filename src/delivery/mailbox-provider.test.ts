import assert from 'node:assert/strict';
import { test } from 'node:test';
import { providerOfDomain } from './mailbox-provider.ts';

for (const [domain, expected] of [
  ['gmail.com', 'google'],
  ['gmail.mailbox.test', 'google'],
  ['outlook.mailbox.test', 'microsoft'],
  ['yahoo.mailbox.test', 'yahoo'],
  ['mailbox.test', null],
  ['club.mailbox.test', null],
  ['example.org', null],
] as const) {
  test(`the mailbox provider of ${domain} is ${expected ?? 'known by its MX only'}`, () =>
    assert.equal(providerOfDomain(domain), expected));
}
