// This file decides whether a provider account carries mail.
import type { AccountHealth } from './api/model.ts';

/** True when the account carries nothing at the moment. */
export function rests(account: Pick<AccountHealth, 'state' | 'health'>): boolean {
  return account.state === 'paused' || (account.health !== 'well' && account.health !== 'degraded');
}
