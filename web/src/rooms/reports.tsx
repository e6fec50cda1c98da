// This file is Reports: what do receivers say (DMARC, TLS) about mail in our names?
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo } from 'react';
import { useSearch } from '../address.ts';
import { reportsQuery } from '../api/report-queries.ts';
import { AskedPage } from '../desk/page.tsx';
import { useFormat } from '../desk/time.tsx';
import { RoomCrumb } from '../frame/room-crumb.tsx';
import { paths, type ReportFilters } from '../paths.ts';
import { useWords } from '../screen.ts';
import { reportWords } from '../words/reports.words.ts';
import { logLine } from './reports.log.ts';

export { logLine };

const ReportChips = lazy(() => import('./report-chips.tsx').then((file) => ({ default: file.ReportChips })));
const ReportList = lazy(() => import('./report-list.tsx').then((file) => ({ default: file.ReportList })));
const ReportDomains = lazy(() => import('./report-domains.tsx').then((file) => ({ default: file.ReportDomains })));
const NAMES = ['domain', 'kind', 'state', 'tenant', 'after'] as const;

export function Reports() {
  const words = useWords(reportWords);
  const format = useFormat();
  const asked = useSearch();
  const filters: ReportFilters = useMemo(
    () => Object.fromEntries(NAMES.flatMap((name) => (asked[name] ? [[name, asked[name]]] : []))),
    [asked],
  );
  const search = useMemo(() => {
    const { tenant, ...rest } = filters;
    const given = Object.entries(rest).filter((pair): pair is [string, string] => pair[1] !== undefined);
    return { ...Object.fromEntries(given), ...(tenant === undefined ? {} : { tenant_id: tenant }) };
  }, [filters]);
  const query = useQuery(reportsQuery(search));
  const filtered = Object.keys(filters).length > 0;
  return (
    <AskedPage
      title={words.title}
      query={query}
      what={words.what}
      asking={words.asking}
      crumb={<RoomCrumb href={paths.reports()} title={words.title} />}
      line={(page) => logLine({ page, filtered }, format)}
      above={
        filtered ? null : (
          <Suspense fallback={null}>
            <ReportDomains />
          </Suspense>
        )
      }
    >
      {(page) => (
        <Suspense fallback={null}>
          <ReportList page={page} filters={filters} chips={<ReportChips filters={filters} />} />
        </Suspense>
      )}
    </AskedPage>
  );
}
