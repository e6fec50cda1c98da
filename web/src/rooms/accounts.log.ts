// This file writes the log line of Provider accounts.
import type { Page, ProviderAccount } from '../api/model.ts';
import type { Format } from '../format.ts';
import { healthWords, rests } from '../health.ts';
import { paths } from '../paths.ts';
import { accountsWords } from '../words/accounts.words.ts';
import { pick, plain } from '../words/words.ts';

/** Which account is well? Worst first. */
export function logLine(page: Page<ProviderAccount>, format: Pick<Format, 'lang'>): string {
  const say = pick(accountsWords, format.lang);
  const there = page.data.filter((account) => account.state !== 'removed');
  const resting = there.filter(rests);
  const [first] = resting;
  if (there.length === 0) return say.none;
  const unwell = there.filter(({ health }) => health !== 'well').length;
  if (first === undefined) return unwell === 0 ? say.allWell(there.length) : say.someUnwell(unwell, there.length);
  if (resting.length === there.length) return say.allRest;
  if (resting.length > 1) return say.someRest(resting.length, there.length);
  const why = first.state === 'paused' ? say.pausedWord : healthWords(first.health, format);
  return say.oneRests(plain(first.name), why, paths.account(first.id));
}
