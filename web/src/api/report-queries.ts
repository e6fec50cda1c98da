// This file holds the questions about reports on domains and what they say.
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { get } from './client.ts';
import { type Asked, list } from './feedback-queries.ts';
import type { DmarcView, DomainReport, DomainReportDetail, TlsView } from './reports-model.ts';
import type { ReportDigest } from './schema.gen.ts';

/** Receivers report once a day; asking oftener shows nothing new, milliseconds. */
const SLOW_MS = 300_000;

export const reportsQuery = (search: Asked) => list<DomainReport>('domain-reports', search);

export function reportQuery(id: string) {
  return queryOptions({
    queryKey: ['domain-reports', id],
    queryFn: ({ signal }) => get<DomainReportDetail>(`/v1/domain-reports/${id}`, signal),
  });
}

/** `search`: from, to (days), lang. */
export function dmarcQuery(domain: string, search: Asked) {
  return queryOptions({
    queryKey: ['domains', domain, 'dmarc', search],
    queryFn: ({ signal }) => get<DmarcView>(`/v1/domains/${domain}/dmarc?${new URLSearchParams(search)}`, signal),
    refetchInterval: SLOW_MS,
    placeholderData: keepPreviousData,
  });
}

export function tlsQuery(domain: string, search: Asked) {
  return queryOptions({
    queryKey: ['domains', domain, 'tls', search],
    queryFn: ({ signal }) => get<TlsView>(`/v1/domains/${domain}/tls?${new URLSearchParams(search)}`, signal),
    refetchInterval: SLOW_MS,
    placeholderData: keepPreviousData,
  });
}

export function reportDigestQuery(tenant: string) {
  return queryOptions({
    queryKey: ['tenant', tenant, 'report-digest'],
    queryFn: ({ signal }) => get<ReportDigest>(`/v1/tenants/${tenant}/report-digest`, signal),
  });
}
