// This file writes the log line of Bounces and of a tenant's "People to fix".
import type { Statistics, StatisticsRow } from '../api/feedback-model.ts';
import type { Fault } from '../api/model.ts';
import type { Format } from '../format.ts';
import type { AnswerFilters } from '../paths.ts';
import { isFault } from '../states.ts';
import { type Turn, turnOf } from '../turn.ts';
import { answerWords } from '../words/answers.words.ts';
import { bouncesWords } from '../words/bounces.words.ts';
import { pick } from '../words/words.ts';
import { timeOf } from './answer-search.ts';

export interface BouncesData {
  readonly total: Statistics['total'];
  readonly filters: AnswerFilters;
}

/** Who was refused, and whose turn is it? */
export function logLine({ total, filters }: BouncesData, format: Format): string {
  const say = pick(bouncesWords, format.lang);
  const time = timeWords(filters, format);
  const refused = refusedOf(total);
  if (refused === 0) return total.accepted === 0 ? say.nobody(time) : say.none(format.int(total.accepted), time);
  // With a filter by reason the recipients written to are no whole that the refusals are part of.
  const share = filters.class === undefined && filters.fault === undefined && refused <= total.accepted;
  const first = share ? say.some(format.of(refused, total.accepted), time) : say.count(format.int(refused), refused === 1, time);
  const ours = turnsOf(total).ours;
  return `${first} ${ours === 0 ? say.noneOurs : say.ours(ours, format.int(ours))}`;
}

/** Which addresses need us? `yours`: recipients whose address or mail their organisation can mend. */
export function tenantLogLine({ total, filters }: BouncesData, format: Format): string {
  const say = pick(bouncesWords, format.lang);
  const time = timeWords(filters, format);
  const refused = refusedOf(total);
  if (refused === 0) return total.accepted === 0 ? say.tenantNobody(time) : say.tenantAll(format.int(total.accepted), time);
  const yours = total.by_fault['recipient'] ?? 0;
  const { sender } = turnsOf(total);
  const mail = say.tenantMail(format.int(sender), sender === 1);
  if (yours === 0)
    return sender === 0 ? say.tenantNotYours(format.int(refused), time) : say.tenantOnlyMail(format.of(sender, refused), time);
  return `${say.tenantYours(yours, time)} ${sender === 0 ? say.tenantRest : mail}`;
}

/** Recipients that did not get their mail: refused by a receiver, not handed over, or given up. */
export function refusedOf(row: Pick<StatisticsRow, 'bounced' | 'failed' | 'expired'>): number {
  return row.bounced + row.failed + row.expired;
}

/** Refusals by whose turn it is to mend them. */
export function turnsOf(row: Pick<StatisticsRow, 'by_fault'>): Record<Turn, number> {
  const turns: Record<Turn, number> = { theirs: 0, sender: 0, ours: 0, rule: 0 };
  for (const [fault, count] of faultsOf(row)) turns[turnOf(fault)] += count;
  return turns;
}

export function faultsOf(row: Pick<StatisticsRow, 'by_fault'>): (readonly [Fault, number])[] {
  return Object.entries(row.by_fault).flatMap(([fault, count]) => (isFault(fault) ? [[fault, count] as const] : []));
}

export function timeWords(filters: AnswerFilters, format: Format): string {
  const say = pick(answerWords, format.lang);
  const time = timeOf(filters);
  return time === null ? say.withinChosen : say[`within${time}`];
}
