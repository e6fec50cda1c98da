// This file makes the desk's own side of reports about domains, for the doors and for the weekly mail.
import type pg from 'pg';
import type { Clock } from '../../clock.ts';
import type { Config } from '../../config.ts';
import { makeReportDesk, type ReportDesk } from '../../flows/report-desk.ts';
import type { IdMint } from '../../ids.ts';
import type { Keys } from '../../store/keys.ts';
import { platformNames } from './platform-names.ts';

export interface ReportDeskDeps {
  readonly config: Config;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly ids: IdMint;
  readonly db: { readonly pool: pg.Pool };
}

export function reportDesk({ config, keys, clock, ids, db }: ReportDeskDeps): ReportDesk {
  const platform = platformNames(config, keys);
  return makeReportDesk({
    pool: db.pool,
    ids,
    clock,
    returnPathHost: config.returnPathHost,
    sendingIps: config.sendingIps,
    address: (domain) => platform(domain).reportAddress,
  });
}
