// This file holds webhook requests in Elastic Email's three forms, written by us for the tests.
import type { WebhookRequest } from '../../delivery/provider.ts';

export const ELASTIC_RCPT = '0192f0c0-0000-7000-8000-000000000003';

/** The fields of one event; `change` overrides. */
export function elasticFields(status: string, change: Record<string, string> = {}): Record<string, string> {
  return {
    from: 'news@club.example',
    to: 'a@example.com',
    date: '11/21/2026 4:00:03 PM',
    subject: 'Hi',
    status,
    channel: 'transactional',
    account: 'ops@club.example',
    category: 'Unknown',
    messageid: 'mE1',
    transaction: 'tR1',
    postback: `0192f0c0-0000-7000-8000-000000000009.${ELASTIC_RCPT}`,
    ...change,
  };
}

export function elasticGet(fields: Record<string, string> | null, headers: Record<string, string> = {}): WebhookRequest {
  const query = fields === null ? '' : `?${new URLSearchParams(fields)}`;
  return { method: 'GET', url: `/hooks/x${query}`, headers, body: Buffer.alloc(0) };
}

export function elasticForm(fields: Record<string, string>): WebhookRequest {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return { method: 'POST', url: '/hooks/x', headers, body: Buffer.from(new URLSearchParams(fields).toString()) };
}

export function elasticJson(value: unknown, headers: Record<string, string> = {}): WebhookRequest {
  const body = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
  return { method: 'POST', url: '/hooks/x', headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body };
}
