// This file is what the doors ask about reports on domains: taking one in that somebody hands over, and what all of them say.

import type pg from 'pg';
import type { Clock } from '../clock.ts';
import type { IdMint } from '../ids.ts';
import type { Language } from '../language.ts';
import { dayOf } from '../mail/domain-reports/report-days.ts';
import type { DayRange } from '../store/dmarc-counts.ts';
import type { SendingDomain } from '../store/domains.ts';
import type { Queryable, Scope } from '../store/scope.ts';
import type { StoredJudgement } from '../store/source-judgements.ts';
import { type DmarcView, dmarcView, type TlsView, tlsView } from './dmarc-view.ts';
import { judgeSource, type SaidAbout } from './judge-source.ts';
import { type ReportsTaken, storeReports } from './store-reports.ts';

export interface ReportDesk {
  /** Stores the reports of a file or mail for an organisation; null: for whoever owns their domains. Who hands it in is known, so nothing has to be proven. */
  take(tenantId: Scope, bytes: Buffer): Promise<ReportsTaken>;
  dmarc(db: Queryable, domain: SendingDomain, asked: AskedRange): Promise<DmarcView>;
  tls(db: Queryable, domain: SendingDomain, asked: AskedRange): Promise<TlsView>;
  /** Says whose a source is that was shown in a range. Null: no report names it. Throws SOURCE_IS_OURS and LIMIT_EXCEEDED. */
  judge(db: Queryable, domain: SendingDomain, said: Omit<SaidAbout, 'range'>, shown: ShownRange): Promise<StoredJudgement | null>;
  /** Where reports about a domain come to; null: this desk takes none from outside. */
  address(domain: SendingDomain): string | null;
}

export interface ShownRange {
  /** Days; left out: the last 30. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export interface AskedRange extends ShownRange {
  readonly language: Language;
}

/** A month, as the safe path looks at it. */
const DAYS_DEFAULT = 30;
/** As long as counts are kept at most. */
const DAYS_MAX = 3_660;
const DAY_S = 86_400;

export function makeReportDesk(deps: {
  readonly pool: pg.Pool;
  readonly ids: IdMint;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly returnPathHost: string;
  readonly sendingIps?: readonly string[];
  readonly address: ReportDesk['address'];
}): ReportDesk {
  const rangeOf = (asked: ShownRange): DayRange => {
    const todayS = Math.floor(deps.clock.nowMs() / 1000);
    const to = asked.to ?? dayOf(todayS);
    const toS = Date.parse(`${to}T00:00:00Z`) / 1000;
    const from = asked.from ?? dayOf(toS - (DAYS_DEFAULT - 1) * DAY_S);
    // A range that is written the wrong way round is read the right way.
    const [first, last] = from <= to ? [from, to] : [to, from];
    const earliest = dayOf(Date.parse(`${last}T00:00:00Z`) / 1000 - DAYS_MAX * DAY_S);
    return { from: first < earliest ? earliest : first, to: last };
  };
  return {
    take(tenantId, bytes) {
      const proof = { proven: true, authentication: 'uploaded', submitter: null };
      return storeReports(deps, bytes, { source: 'upload', tenantId, inboundMailId: null, authenticate: () => proof });
    },
    dmarc: (db, domain, asked) =>
      dmarcView(deps, db, domain, { ...rangeOf(asked), language: asked.language, reportAddress: deps.address(domain) }),
    tls: (db, domain, asked) => tlsView(db, domain, { ...rangeOf(asked), language: asked.language }),
    judge: (db, domain, said, { from, to }) =>
      judgeSource(deps, db, domain, { ...said, range: from === undefined && to === undefined ? null : rangeOf({ from, to }) }),
    address: deps.address,
  };
}
