// This file wires what the desk does by itself about reports on domains: reading those that came by mail, naming their sources, letting them count once a domain is
// verified, and removing what is old.
import type { Clock } from '../../clock.ts';
import type { Config } from '../../config.ts';
import type { Chore } from '../../flows/housekeeping.ts';
import { nameAddressesChore } from '../../flows/name-addresses.ts';
import { readReportMailsChore } from '../../flows/read-report-mails.ts';
import { reportDigestChore } from '../../flows/report-digest.ts';
import type { IdMint } from '../../ids.ts';
import type { Log } from '../../log.ts';
import type { Db } from '../../store/db.ts';
import type { Keys } from '../../store/keys.ts';
import { dropOldReports, releaseReports } from '../../store/report-release.ts';
import { makeDnsLookup, readDnsServer } from '../../watch/dns/resolver.ts';
import { mailauthResolver } from '../../watch/mail-authentication/mailauth-resolver.ts';
import { reportAddresses } from './report-addresses.ts';
import { reportDesk } from './report-desk.ts';

export interface ReportJobsDeps {
  readonly config: Config;
  readonly db: Db;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly ids: IdMint;
  readonly log: Log;
  /** The desk winds up. */
  readonly signal: AbortSignal;
}

const MINUTE_MS = 60_000;
const RELEASE_EVERY_MS = MINUTE_MS / 6;
const DROP_EVERY_MS = 60 * MINUTE_MS;

export function reportChores({ config, db, keys, clock, ids, log, signal }: ReportJobsDeps): Chore[] {
  const lookup = makeDnsLookup({ servers: config.dnsServers.flatMap((text) => readDnsServer(text) ?? []), authoritative: false });
  const { pool } = db;
  const reports = reportDesk({ config, keys, clock, ids, db });
  return [
    readReportMailsChore({
      pool,
      ids,
      clock,
      log,
      reportAddresses: reportAddresses(config, keys),
      hostname: config.hostname,
      resolve: mailauthResolver(lookup),
      signal,
    }),
    nameAddressesChore({ pool, lookup, signal }),
    reportDigestChore({ pool, keys, ids, clock, log, reports }),
    {
      name: 'release-reports',
      everyMs: RELEASE_EVERY_MS,
      async run() {
        const released = await releaseReports(pool, () => ids.next());
        if (released > 0) log.info({ event: 'reports_released', reports: released });
      },
    },
    {
      name: 'report-retention',
      everyMs: DROP_EVERY_MS,
      async run() {
        const dropped = await dropOldReports(pool, { days: config.reportRetentionDays, failureDays: config.failureReportRetentionDays });
        if (dropped > 0) log.info({ event: 'reports_dropped', reports: dropped });
      },
    },
  ];
}
