// This file holds webhook batches in SparkPost's form, written by us for the tests.
import type { WebhookRequest } from '../../delivery/provider.ts';

const RCPT = '0192f0c0-0000-7000-8000-000000000001';
const common = { transmission_id: '65832150921904138', rcpt_to: 'a@example.com', raw_rcpt_to: 'A@example.com', timestamp: '1795276800' };

const message = (type: string, id: string, fields: object = {}) => ({
  msys: { message_event: { ...common, type, event_id: id, ...fields } },
});
const track = (type: string, id: string, fields: object = {}) => ({ msys: { track_event: { ...common, type, event_id: id, ...fields } } });

/** One of each kind, as one batch. */
export const SPARKPOST_BATCH: readonly object[] = [
  message('injection', '1', { rcpt_meta: { pm_message: RCPT, pm_rcpt: RCPT } }),
  message('delivery', '2', { rcpt_meta: { pm_rcpt: RCPT } }),
  message('delay', '3', { bounce_class: '22', error_code: '452', raw_reason: '452 4.2.2 mailbox full <a@example.com>' }),
  message('bounce', '4', { bounce_class: '10', error_code: '550', raw_reason: '550 5.1.1 <x@example.com> user unknown' }),
  message('bounce', '5', { bounce_class: '51', raw_reason: '554 5.7.1 blocked using example-dnsbl; 198.51.100.7' }),
  message('bounce', '6', { bounce_class: '25', raw_reason: '554 5.7.1 recipient address was suppressed due to customer policy' }),
  message('out_of_band', '7', { bounce_class: '10', raw_reason: '550 5.1.1 no such user' }),
  message('spam_complaint', '8', { fbtype: 'abuse', report_by: 'fbl.example.org' }),
  message('policy_rejection', '9', { raw_reason: '550 5.7.1 Unconfigured Sending Domain' }),
  track('open', 'uuid-10', { user_agent: 'Mozilla/5.0', ip_address: '203.0.113.9' }),
  track('click', 'uuid-11', { target_link_url: 'https://club.example/x' }),
  { msys: { unsubscribe_event: { ...common, type: 'list_unsubscribe', event_id: '12' } } },
  { msys: { gen_event: { ...common, type: 'generation_failure', event_id: '13', raw_reason: 'substitution failed' } } },
  {
    msys: { relay_message: { rcpt_to: 'box@in.club.example', msg_from: 'x@example.org', content: { email_rfc822: 'Subject: Hi\n\nHi' } } },
  },
];

export function sparkpostPost(batch: unknown, headers: Record<string, string> = {}): WebhookRequest {
  const body = Buffer.from(typeof batch === 'string' ? batch : JSON.stringify(batch));
  return { method: 'POST', url: '/hooks/x', headers: { 'content-type': 'application/json', ...headers }, body };
}

export const SPARKPOST_RCPT = RCPT;
