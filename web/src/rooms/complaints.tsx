// This file is Complaints: who pressed "spam", on what, and are we near a line?
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo } from 'react';
import { complaintRatesQuery, complaintsQuery } from '../api/feedback-queries.ts';
import { AskedPage } from '../desk/page.tsx';
import { useFormat } from '../desk/time.tsx';
import { RoomCrumb } from '../frame/room-crumb.tsx';
import { paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { complaintsWords } from '../words/complaints.words.ts';
import { listSearch, useAnswerFilters } from './answer-search.ts';
import { logLine } from './complaints.log.ts';

export { logLine };

const AnswerChips = lazy(() => import('./answer-chips.tsx').then((file) => ({ default: file.AnswerChips })));
const ComplaintParts = lazy(() => import('./complaint-parts.tsx').then((file) => ({ default: file.ComplaintParts })));

export function Complaints() {
  const words = useWords(complaintsWords);
  const format = useFormat();
  const filters = useAnswerFilters();
  const search = useMemo(() => listSearch(filters), [filters]);
  const query = useQuery(complaintsQuery(search));
  // The rates know the time and whose they are, nothing else.
  const asked = useMemo(
    () => Object.fromEntries(Object.entries(search).filter(([name]) => name === 'from' || name === 'to' || name === 'tenant_id')),
    [search],
  );
  const rates = useQuery(complaintRatesQuery(asked));
  return (
    <AskedPage
      title={words.title}
      query={query}
      what={words.what}
      asking={words.asking}
      crumb={<RoomCrumb href={paths.complaints()} title={words.title} />}
      line={(page) => logLine({ page, rates: rates.data ?? null, filters }, format)}
      lineWaits={rates.isLoading}
      above={
        <>
          <p className="under">{words.kind}</p>
          <Suspense fallback={<div className="chips bar" />}>
            <AnswerChips filters={filters} href={paths.complaints} />
          </Suspense>
        </>
      }
    >
      {(page) => (
        <Suspense fallback={null}>
          <ComplaintParts page={page} rates={rates.data ?? null} filters={filters} search={search} />
        </Suspense>
      )}
    </AskedPage>
  );
}
