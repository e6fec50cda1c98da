// This file is Messages: search by address, subject, id, state, stream, tenant and time; newest first, live. For people of a tenant it is
// "Find a person".
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo } from 'react';
import { useSearch } from '../address.ts';
import { messagesQuery } from '../api/mail-queries.ts';
import { tenantsQuery } from '../api/sender-queries.ts';
import { useNow } from '../clock.ts';
import { AskedPage } from '../desk/page.tsx';
import { useFormat } from '../desk/time.tsx';
import { RoomCrumb } from '../frame/room-crumb.tsx';
import { type MessageFilters, paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { messagesWords } from '../words/messages.words.ts';
import { logLine } from './messages.log.ts';

export { logLine };

// The sentence stands first; the search and the list are loaded while it is read.
const SearchBar = lazy(() => import('./messages-search.tsx').then((file) => ({ default: file.SearchBar })));
const MessageList = lazy(() => import('./messages-list.tsx').then((file) => ({ default: file.MessageList })));
const HOURS = { '1h': 1, '24h': 24, '7d': 168, '30d': 720 } as const;

export function Messages() {
  const words = useWords(messagesWords);
  const format = useFormat();
  const now = useNow();
  const { ofTenant } = usePerson();
  const filters = useFilters();
  const search = useMemo(() => apiSearch(filters), [filters]);
  const query = useQuery(messagesQuery(search));
  const tenants = useQuery({ ...tenantsQuery, enabled: !ofTenant });
  const tenantName = tenants.data?.data.find((tenant) => tenant.id === filters.tenant)?.name ?? null;
  return (
    <AskedPage
      title={ofTenant ? words.findPerson : words.title}
      query={query}
      what={words.what}
      asking={words.asking}
      crumb={<RoomCrumb href={paths.messages()} title={ofTenant ? words.findPerson : words.title} />}
      line={(page) => logLine({ page, filters, tenantName, nowMs: now }, format)}
      lineWaits={filters.tenant !== undefined && tenants.isLoading}
      above={
        <Suspense fallback={<div className="find-row" />}>
          <SearchBar filters={filters} tenants={tenants.data?.data ?? []} />
        </Suspense>
      }
    >
      {(page) => (
        <Suspense fallback={null}>
          <MessageList rows={page.data} next={page.next} filters={filters} search={search} />
        </Suspense>
      )}
    </AskedPage>
  );
}

/** The filters of the address, without empty ones. */
function useFilters(): MessageFilters {
  const search = useSearch();
  return useMemo(() => {
    const names = ['address', 'subject', 'id', 'state', 'stream', 'sender', 'waits_for', 'tenant', 'time', 'after'] as const;
    return Object.fromEntries(names.flatMap((name) => (search[name] ? [[name, search[name]]] : [])));
  }, [search]);
}

/** The same filters as the API names them. The time's edge is cut to the minute, so that asking again asks the same question. */
function apiSearch({ tenant, time, ...rest }: MessageFilters): Record<string, string> {
  const hours = time !== undefined && time in HOURS ? HOURS[time as keyof typeof HOURS] : null;
  const from = hours === null ? null : new Date(Math.floor(Date.now() / 60_000) * 60_000 - hours * 3_600_000).toISOString();
  return {
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
    ...(tenant === undefined ? {} : { tenant_id: tenant }),
    ...(from === null ? {} : { from }),
  };
}
