// This file writes the log line of "Seen from outside", worst first.
import type { SelfChecks } from '../api/schema.gen.ts';
import type { Format } from '../format.ts';
import { outsideWords } from '../words/outside.words.ts';
import { pick } from '../words/words.ts';

/** Does the world find us as we should be found? */
export function logLine({ checked_at: at, data }: SelfChecks, format: Pick<Format, 'lang'>): string {
  const say = pick(outsideWords, format.lang);
  const count = (state: SelfChecks['data'][number]['state']) => data.filter((check) => check.state === state).length;
  if (at === null) return say.never;
  if (count('problem') > 0) return say.problems(count('problem'));
  if (count('warning') > 0) return say.warnings(count('warning'));
  return count('unknown') > 0 ? say.unanswered(count('unknown')) : say.well;
}
