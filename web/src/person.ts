// This file knows what a person may make at all, whatever the state of things.
import type { Role } from './api/model.ts';

export interface Person {
  readonly role: Role;
  /** True for people of a tenant organisation. */
  readonly ofTenant: boolean;
}

/** True when the person may make new things at all (tenants, accounts, mailboxes, credentials, holds). */
export function mayMake(what: 'tenant' | 'account' | 'mailbox' | 'credential' | 'hold', person: Person): boolean {
  return person.role !== 'viewer' && (!person.ofTenant || what === 'credential' || what === 'hold');
}
