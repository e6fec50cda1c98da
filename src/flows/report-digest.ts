// This file writes the weekly mail about reports: to the contact address of each organisation, on Mondays or as soon after as the desk runs, and only when there was something to
// tell. Mail and mark are one transaction, so nobody is told twice.
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import type { IdMint } from '../ids.ts';
import type { Log } from '../log.ts';
import { domainWords, number, share } from '../mail/domain-analysis/words.ts';
import { dayOf } from '../mail/domain-reports/report-days.ts';
import { listDomains, type SendingDomain } from '../store/domains.ts';
import type { Keys } from '../store/keys.ts';
import { type DigestDue, digestsDue, markDigest } from '../store/report-digests.ts';
import { withOwner } from '../store/scope.ts';
import { queueSystemMail } from '../store/system-mails.ts';
import type { DmarcView } from './dmarc-view.ts';
import type { Chore } from './housekeeping.ts';
import type { ReportDesk } from './report-desk.ts';

export interface ReportDigestDeps {
  readonly pool: pg.Pool;
  readonly keys: Keys;
  readonly ids: IdMint;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly log: Log;
  readonly reports: Pick<ReportDesk, 'dmarc' | 'tls'>;
}

const EVERY_MS = 15 * 60_000;
/** Organisations in one turn. */
const AT_ONCE = 50;
/** Domains told in one mail; the console shows the rest. */
const DOMAINS_MAX = 20;
/** Failures told of one domain. */
const FAILURES_TOLD = 3;
const DAY_S = 86_400;
/** Monday 1970-01-05. */
const FIRST_MONDAY_S = 4 * DAY_S;
/** Reports on Sunday come in the course of Monday. Hours of Monday that pass before the week is told. */
const WAIT_S = 18 * 3_600;

export function reportDigestChore(deps: ReportDigestDeps): Chore {
  return { name: 'report-digest', everyMs: EVERY_MS, run: () => tellWeek(deps) };
}

async function tellWeek(deps: ReportDigestDeps): Promise<void> {
  const week = lastWeek(Math.floor(deps.clock.nowMs() / 1000));
  for (;;) {
    const due = await digestsDue(deps.pool, week.from, AT_ONCE);
    for (const organisation of due) await tell(deps, organisation, week);
    if (due.length < AT_ONCE) return;
  }
}

interface Week {
  /** Monday and Sunday. */
  readonly from: string;
  readonly to: string;
  readonly before: { readonly from: string; readonly to: string };
}

/** The last week whose reports are there. */
export function lastWeek(nowS: number): Week {
  const monday = Math.floor((nowS - WAIT_S - FIRST_MONDAY_S) / (7 * DAY_S)) * 7 * DAY_S + FIRST_MONDAY_S - 7 * DAY_S;
  const days = (from: number) => ({ from: dayOf(from), to: dayOf(from + 6 * DAY_S) });
  return { ...days(monday), before: days(monday - 7 * DAY_S) };
}

async function tell(deps: ReportDigestDeps, organisation: DigestDue, week: Week): Promise<void> {
  const { tenantId, address, language, name } = organisation;
  await withOwner(deps.pool, async (db) => {
    // Whoever marks the week writes the mail.
    if (!(await markDigest(db, tenantId, week.from))) return;
    const domains = await listDomains(db, tenantId, { after: null, limit: DOMAINS_MAX });
    const parts: { domain: string; text: string }[] = [];
    for (const domain of domains) {
      const text = await partOf(deps, db, domain, week, language);
      if (text !== null) parts.push({ domain: domain.name, text });
    }
    const [first] = parts;
    if (first === undefined) return;
    const words = domainWords(language).digest;
    const named = parts.length === 1 ? first.domain : `${first.domain} +${parts.length - 1}`;
    await queueSystemMail(db, deps.keys, {
      tenantId,
      id: deps.ids.next(),
      kind: 'report-digest',
      to: address,
      subject: words.subject(named, week.from),
      text: [words.greeting(name), ...parts.map(({ text }) => text), words.end].join('\n\n'),
      html: null,
    });
    deps.log.info({ event: 'report_digest_queued', tenant: tenantId, domains: parts.length });
  });
}

/** What is to be told of a domain; null: it was quiet. */
async function partOf(
  deps: ReportDigestDeps,
  db: pg.PoolClient,
  domain: SendingDomain,
  week: Week,
  language: DigestDue['language'],
): Promise<string | null> {
  const { digest: words } = domainWords(language);
  const view = await deps.reports.dmarc(db, domain, { from: week.from, to: week.to, language });
  const tls = await deps.reports.tls(db, domain, { from: week.from, to: week.to, language });
  const forged = view.uncounted['forged'] ?? 0;
  if (view.messages === 0 && tls.failed === 0 && forged === 0) return null;
  const before = await deps.reports.dmarc(db, domain, { ...week.before, language });
  const write = (value: number) => number(value, language);
  const [counted, last] = [countedOf(view), countedOf(before)];
  const lines = [words.numbers(domain.name, write(counted.messages), share(counted.aligned, counted.messages, language))];
  const { not_ours: foreign } = view;
  if (foreign.messages > 0) lines.push(words.notOurs(write(foreign.messages), foreign.sources, write(foreign.sources)));
  if (last.messages > 0) lines.push(words.before(share(last.aligned, last.messages, language)));
  const failures = view.failures.filter(({ verdict }) => verdict !== 'not-ours').slice(0, FAILURES_TOLD);
  if (failures.length > 0) {
    const told = failures.map(({ messages, label, why, next_step: next }) => `- ${words.failure(write(messages), label)} ${why} ${next}`);
    lines.push('', words.failures, ...told);
  }
  const { next } = view.safe_path;
  if (next !== null) lines.push('', `${words.step} ${next.evidence}`, `  _dmarc.${domain.name} TXT "${next.record}"`);
  if (tls.failed > 0) lines.push('', words.tls(write(tls.failed), write(tls.sessions)));
  if (forged > 0) lines.push('', words.forged(write(forged)));
  return lines.join('\n');
}

/** What counts: all but what somebody said is not theirs. */
function countedOf({ messages, aligned, not_ours: foreign }: DmarcView): { messages: number; aligned: number } {
  return { messages: messages - foreign.messages, aligned: aligned - foreign.aligned };
}
