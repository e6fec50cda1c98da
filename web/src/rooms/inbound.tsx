// This file is Inbound: which mail came back to us, what was it read as, and does any of it need a person?
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo } from 'react';
import { useSearch } from '../address.ts';
import { inboundQuery, mailboxesQuery } from '../api/inbound-queries.ts';
import { A } from '../desk/a.tsx';
import { AskedPage } from '../desk/page.tsx';
import { useFormat } from '../desk/time.tsx';
import { RoomCrumb } from '../frame/room-crumb.tsx';
import { type InboundFilters, paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { inboundWords } from '../words/inbound.words.ts';
import { logLine } from './inbound.log.ts';

export { logLine };

const InboundChips = lazy(() => import('./inbound-chips.tsx').then((file) => ({ default: file.InboundChips })));
const InboundTable = lazy(() => import('./inbound-table.tsx').then((file) => ({ default: file.InboundTable })));
const NAMES = ['kind', 'outcome', 'tenant', 'mailbox', 'after'] as const;

export function Inbound() {
  const words = useWords(inboundWords);
  const format = useFormat();
  const { ofTenant } = usePerson();
  const asked = useSearch();
  const filters: InboundFilters = useMemo(
    () => Object.fromEntries(NAMES.flatMap((name) => (asked[name] ? [[name, asked[name]]] : []))),
    [asked],
  );
  const query = useQuery(inboundQuery(useMemo(() => apiSearch(filters), [filters])));
  const mailboxes = useQuery({ ...mailboxesQuery, enabled: !ofTenant });
  const ill = (mailboxes.data?.data ?? []).filter((mailbox) => mailbox.status === 'failing');
  return (
    <AskedPage
      title={words.title}
      query={query}
      what={words.what}
      asking={words.asking}
      crumb={<RoomCrumb href={paths.inbound()} title={words.title} />}
      line={(page) => logLine({ page, filters, ill }, format)}
      lineWaits={mailboxes.isLoading}
      above={
        <>
          {ofTenant ? null : (
            <div className="btns bar">
              <A className="btn" href={paths.mailboxes()}>
                {words.mailboxes}
              </A>
            </div>
          )}
          <Suspense fallback={<div className="chips bar" />}>
            <InboundChips filters={filters} mailboxes={mailboxes.data?.data ?? []} />
          </Suspense>
        </>
      }
    >
      {(page) => (
        <Suspense fallback={null}>
          <InboundTable page={page} filters={filters} mailboxes={mailboxes.data?.data ?? []} />
        </Suspense>
      )}
    </AskedPage>
  );
}

function apiSearch({ tenant, mailbox, ...rest }: InboundFilters): Record<string, string> {
  return {
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
    ...(tenant === undefined ? {} : { tenant_id: tenant }),
    ...(mailbox === undefined ? {} : { mailbox_id: mailbox }),
  };
}
