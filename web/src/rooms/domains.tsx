// This file is Domains: may each name speak for itself, and which record is wrong? For people of a tenant it is "Our domain".
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo } from 'react';
import { useSearch } from '../address.ts';
import { domainsQuery } from '../api/domain-queries.ts';
import { AskedPage } from '../desk/page.tsx';
import { useFormat } from '../desk/time.tsx';
import { RoomCrumb } from '../frame/room-crumb.tsx';
import { type DomainFilters, paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { domainWords } from '../words/domains.words.ts';
import { logLine } from './domains.log.ts';

export { logLine };

const DomainSearch = lazy(() => import('./domain-search.tsx').then((file) => ({ default: file.DomainSearch })));
const DomainTable = lazy(() => import('./domain-table.tsx').then((file) => ({ default: file.DomainTable })));
const DomainRemovals = lazy(() => import('./domain-removals.tsx').then((file) => ({ default: file.DomainRemovals })));
const NAMES = ['name', 'state', 'tenant', 'after'] as const;

export function Domains() {
  const words = useWords(domainWords);
  const format = useFormat();
  const { ofTenant } = usePerson();
  const asked = useSearch();
  const filters: DomainFilters = useMemo(
    () => Object.fromEntries(NAMES.flatMap((name) => (asked[name] ? [[name, asked[name]]] : []))),
    [asked],
  );
  const search = useMemo(() => {
    const { tenant, ...rest } = filters;
    const given = Object.entries(rest).filter((pair): pair is [string, string] => pair[1] !== undefined);
    return { ...Object.fromEntries(given), ...(tenant === undefined ? {} : { tenant_id: tenant }) };
  }, [filters]);
  const query = useQuery(domainsQuery(search));
  const title = ofTenant ? words.titleOwn : words.title;
  return (
    <AskedPage
      title={title}
      query={query}
      what={words.what}
      asking={words.asking}
      crumb={<RoomCrumb href={paths.domains()} title={title} />}
      line={(page) => logLine({ page, filtered: Object.keys(filters).length > 0 }, format)}
      above={
        <Suspense fallback={<div className="find-row" />}>
          <DomainSearch filters={filters} />
        </Suspense>
      }
    >
      {(page) => (
        <Suspense fallback={null}>
          <DomainTable page={page} filters={filters} />
          <DomainRemovals />
        </Suspense>
      )}
    </AskedPage>
  );
}
