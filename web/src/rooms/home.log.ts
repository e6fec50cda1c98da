// This file writes the log line of Home and of a tenant's Overview, by rules, worst first.
import type { Overview } from '../api/model.ts';
import type { Format } from '../format.ts';
import { rests } from '../health.ts';
import { fullCounts } from '../states.ts';
import { homeWords } from '../words/home.words.ts';
import { pick, plain } from '../words/words.ts';

/** Transactional mail that waits longer than this is late, seconds. */
const LATE_S = 60;

/** Is mail moving, is anything lost or late, what needs me? */
export function logLine(data: Overview, format: Format): string {
  const say = pick(homeWords, format.lang);
  const needs = data.needs_person.length;
  const first = movement(data, format);
  return needs === 0 ? first : `${first} ${say.needs(needs)}`;
}

function movement(data: Overview, format: Format): string {
  const say = pick(homeWords, format.lang);
  const missing = data.ledger.difference ?? 0;
  if (missing !== 0) return say.ledgerOff(format.int(Math.abs(missing)));
  const there = data.accounts.filter((account) => account.state !== 'removed');
  const resting = there.filter(rests);
  const waiting = data.oldest_waiting.transactional_s ?? 0;
  if (there.length === 0) return say.noAccount;
  if (resting.length === there.length) return say.noWay;
  if (waiting > LATE_S) return say.late(format.wait(waiting));
  if (resting.length === 1) return say.oneUnwell(plain(resting[0]?.name ?? ''));
  if (resting.length > 1) return say.someUnwell(resting.length);
  if (data.last_24h.recipients === 0 && data.taken_in_last_minute === 0) return say.nothingYet;
  if (data.taken_in_last_minute === 0 && data.handed_over_last_minute === 0 && waiting === 0) return say.quiet;
  return say.moving;
}

/** Is our mail arriving, and does anything wait for us? */
export function tenantLogLine(data: Overview, format: Format): string {
  const needs = data.needs_person.length;
  const first = arrival(data, format);
  return needs === 0 ? first : `${first} ${pick(homeWords, format.lang).needsYou(needs)}`;
}

function arrival(data: Overview, format: Format): string {
  const say = pick(homeWords, format.lang);
  const total = data.last_24h.recipients;
  const counts = fullCounts(data.last_24h.states);
  const refused = counts.bounced + counts.failed + counts.expired;
  if (total === 0) return say.tenantNothing;
  if (counts.delivered === total) return say.tenantAll(format.int(total));
  const arrived = format.of(counts.delivered, total);
  // Plain SMTP never tells of a delivery: "0 arrived" would frighten where all is well.
  if (counts.delivered === 0 && counts.handed_over > 0) return say.tenantHanded(format.of(counts.handed_over, total));
  return refused > 0 ? say.tenantRefused(arrived, format.int(refused)) : say.tenantMost(arrived, format.int(total - counts.delivered));
}
