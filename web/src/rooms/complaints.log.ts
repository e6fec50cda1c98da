// This file writes the log line of Complaints: how many, and whether a receiver is near its line.
import type { Complaint, ComplaintRates } from '../api/feedback-model.ts';
import type { Page } from '../api/model.ts';
import type { Format } from '../format.ts';
import { providerNameIn } from '../mailbox-providers.ts';
import type { AnswerFilters } from '../paths.ts';
import { complaintsWords } from '../words/complaints.words.ts';
import { pick } from '../words/words.ts';
import { timeWords } from './bounces.log.ts';

export interface ComplaintsData {
  readonly page: Page<Complaint>;
  readonly rates: ComplaintRates | null;
  readonly filters: AnswerFilters;
}

/** Who pressed "spam", and are we near a line? */
export function logLine({ page, rates, filters }: ComplaintsData, format: Format): string {
  const say = pick(complaintsWords, format.lang);
  const time = timeWords(filters, format);
  const count = page.data.length;
  if (count === 0) return say.nobody(time);
  const whole = page.next === null && filters.after === undefined;
  const first = whole ? say.some(count, time) : say.more(format.int(count), time);
  const over = rates?.data.find((row) => row.verdict === 'stop');
  const near = rates?.data.find((row) => row.verdict === 'watch');
  if (over !== undefined) return `${first} ${say.stop(providerNameIn(over.mailbox_provider, format.lang))}`;
  if (near !== undefined) return `${first} ${say.watch(providerNameIn(near.mailbox_provider, format.lang))}`;
  if (rates === null) return first;
  const unsure = rates.data.some((row) => row.complained > 0 && row.verdict === 'too-little');
  return `${first} ${unsure ? say.few : say.calm}`;
}
