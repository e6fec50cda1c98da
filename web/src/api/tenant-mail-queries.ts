// This file holds the questions about an organisation's mail settings.
import { queryOptions } from '@tanstack/react-query';
import { get } from './client.ts';
import type { BounceNotices, ReplyForwarding } from './schema.gen.ts';

export function bounceNoticesQuery(tenant: string) {
  return queryOptions({
    queryKey: ['tenant', tenant, 'bounce-notices'],
    queryFn: ({ signal }) => get<BounceNotices>(`/v1/tenants/${tenant}/bounce-notices`, signal),
  });
}

export function replyForwardingQuery(tenant: string) {
  return queryOptions({
    queryKey: ['tenant', tenant, 'reply-forwarding'],
    queryFn: ({ signal }) => get<ReplyForwarding>(`/v1/tenants/${tenant}/reply-forwarding`, signal),
  });
}
