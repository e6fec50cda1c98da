// This file decides whether a provider account carries mail, and names its health.
import type { Format } from './format.ts';
import { healthNames } from './words/breaker.words.ts';
import { pick } from './words/words.ts';

/** True when the account carries nothing at the moment. */
export function rests(account: { readonly state: string; readonly health: string }): boolean {
  return account.state === 'paused' || (account.health !== 'well' && account.health !== 'degraded');
}

/** Health in words; one we have no words for stands as it came. */
export function healthWords(health: string, format: Pick<Format, 'lang'>): string {
  const names: Readonly<Record<string, string>> = pick(healthNames, format.lang);
  return names[health] ?? health;
}
