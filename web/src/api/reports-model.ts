// This file names what the console reads of reports about domains.
import type { DmarcView, DomainReportDetail } from './schema.gen.ts';

export type { DmarcView, DomainReport, DomainReportDetail, DomainReportsTaken as ReportsTaken, TlsView } from './schema.gen.ts';

export type ReportRow = DomainReportDetail['rows'][number];
export type Source = DmarcView['sources'][number];
