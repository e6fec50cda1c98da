// This file is On hold: whom do we not write to, since when, on what proof, until when; and the way out.
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo } from 'react';
import { useSearch } from '../address.ts';
import { holdsQuery } from '../api/feedback-queries.ts';
import { useNow } from '../clock.ts';
import { A } from '../desk/a.tsx';
import { AskedPage } from '../desk/page.tsx';
import { useFormat } from '../desk/time.tsx';
import { RoomCrumb } from '../frame/room-crumb.tsx';
import { type HoldFilters, paths } from '../paths.ts';
import { mayMake } from '../person.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { holdsWords } from '../words/holds.words.ts';
import { logLine } from './holds.log.ts';

export { logLine };

const HoldSearch = lazy(() => import('./hold-search.tsx').then((file) => ({ default: file.HoldSearch })));
const HoldTable = lazy(() => import('./hold-table.tsx').then((file) => ({ default: file.HoldTable })));
const NAMES = ['address', 'q', 'reason', 'stream', 'tenant', 'after'] as const;

export function Holds() {
  const words = useWords(holdsWords);
  const format = useFormat();
  const now = useNow();
  const filters = useHoldFilters();
  const search = useMemo(() => apiSearch(filters), [filters]);
  const query = useQuery(holdsQuery(search));
  return (
    <AskedPage
      title={words.title}
      query={query}
      what={words.what}
      asking={words.asking}
      crumb={<RoomCrumb href={paths.holds()} title={words.title} />}
      line={(page) => logLine({ page, filters, nowMs: now }, format)}
      above={
        <>
          <Doors tenant={filters.tenant} />
          <Suspense fallback={<div className="find-row" />}>
            <HoldSearch filters={filters} />
          </Suspense>
        </>
      }
    >
      {(page) => (
        <Suspense fallback={null}>
          <HoldTable page={page} filters={filters} search={search} />
        </Suspense>
      )}
    </AskedPage>
  );
}

function Doors({ tenant }: { tenant: string | undefined }) {
  const words = useWords(holdsWords);
  const person = usePerson();
  const query = new URLSearchParams({ format: 'csv', ...(tenant === undefined ? {} : { tenant_id: tenant }) });
  return (
    <div className="btns bar">
      {mayMake('hold', person) ? (
        <>
          <A className="btn" href={paths.newHold(tenant)}>
            {words.add}
          </A>
          <A className="btn" href={paths.importHolds(tenant)}>
            {words.import}
          </A>
        </>
      ) : null}
      {person.ofTenant || tenant !== undefined ? (
        <a className="btn" href={`/v1/suppressions/export?${query}`} download="on-hold.csv">
          {words.export}
        </a>
      ) : null}
      <A className="btn quiet" href={paths.holdPolicy(tenant)}>
        {words.policy}
      </A>
    </div>
  );
}

function useHoldFilters(): HoldFilters {
  const search = useSearch();
  return useMemo(() => Object.fromEntries(NAMES.flatMap((name) => (search[name] ? [[name, search[name]]] : []))), [search]);
}

function apiSearch({ tenant, ...rest }: HoldFilters): Record<string, string> {
  return {
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
    ...(tenant === undefined ? {} : { tenant_id: tenant }),
  };
}
