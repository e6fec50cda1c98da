// This file is what a person says about a source of a domain: it is ours, or it is not. What carries mail of this desk cannot be said not to be ours, so that nobody hides a way of
// theirs that fails.
import { AppError } from '../errors.ts';
import { type Judgement, sourceId } from '../mail/domain-analysis/judgement.ts';
import type { SourceGroup } from '../mail/domain-analysis/summary.ts';
import { dayOf } from '../mail/domain-reports/report-days.ts';
import type { DayRange } from '../store/dmarc-counts.ts';
import type { Queryable } from '../store/scope.ts';
import { JUDGEMENTS_MAX, listJudgements, type StoredJudgement, writeJudgement } from '../store/source-judgements.ts';
import { type DmarcViewDeps, grouping, lastDays, type ReportedDomain } from './dmarc-view.ts';

export interface SaidAbout extends Judgement {
  /** Id of the source. */
  readonly source: string;
  /** Who says it: `person:…` or `credential:…`. */
  readonly by: string;
  /** Days in which it was shown; null: none were named. */
  readonly range: DayRange | null;
}

/** As long as reports are kept by default; what nobody reported since is no source any more. Days. */
const KEPT_DAYS = 400;
const DAY_S = 86_400;

/** Stores it. Null: no report names such a source. Throws SOURCE_IS_OURS and LIMIT_EXCEEDED. */
export async function judgeSource(
  deps: DmarcViewDeps,
  db: Queryable,
  domain: ReportedDomain,
  { source, verdict, note, by, range }: SaidAbout,
): Promise<StoredJudgement | null> {
  const key = { tenantId: domain.tenant_id, domainId: domain.id };
  const said = await listJudgements(db, key);
  const found = await findSource(deps, db, domain, { source, range, said });
  const known = found ?? said.find((each) => each.source === source);
  if (known === undefined) return null;
  if (verdict === 'not-ours' && found !== null && found.ownMarks > 0) {
    throw new AppError('SOURCE_IS_OURS', `${found.name} carries mail of this desk for ${domain.name}, so it is yours.`);
  }
  const stored = await writeJudgement(db, key, { source, kind: known.kind, name: known.name, verdict, note, said_by: by });
  if (stored === null) {
    throw new AppError('LIMIT_EXCEEDED', `Something was said about ${JUDGEMENTS_MAX} sources of ${domain.name} already.`, {
      hint: 'Take back what is no longer needed; waves of strangers need no word, they stand in nobody’s way.',
    });
  }
  return stored;
}

/** Looks in the days that evidence comes from and in those that were shown, marks of ours in either count; in all that is kept where neither has it. */
async function findSource(
  deps: DmarcViewDeps,
  db: Queryable,
  domain: ReportedDomain,
  { source, range, said }: { readonly source: string; readonly range: DayRange | null; readonly said: readonly StoredJudgement[] },
): Promise<SourceGroup | null> {
  const groupsOf = await grouping(deps, db, domain, said);
  const foundIn = async (days: DayRange & { readonly daily: boolean }) =>
    (await groupsOf(days)).groups.find((group) => sourceId(group) === source) ?? null;
  const nowMs = deps.clock.nowMs();
  const recent = lastDays(nowMs);
  const lately = await foundIn({ ...recent, daily: true });
  if (lately !== null && lately.ownMarks > 0) return lately;
  const shown = range === null ? null : await foundIn({ ...range, daily: false });
  const kept = dayOf(Math.floor(nowMs / 1000) - KEPT_DAYS * DAY_S);
  return shown ?? lately ?? foundIn({ from: kept, to: recent.to, daily: false });
}
