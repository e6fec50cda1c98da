// This file makes the numbers of Home for the mock.
import type { Overview } from '../src/api/schema.gen.ts';
import type { World } from './world.ts';

export function overview(world: World, nowMs: number, cookie: string): Overview {
  const simulator = /simulator=1/.test(cookie);
  const quiet = /quiet=1/.test(cookie);
  const ofTenant = /mock_session=club/.test(cookie);
  const minute = Math.floor(nowMs / 60_000) * 60_000;
  const flow = Array.from({ length: 60 }, (_, index) => {
    const wave = quiet ? 0 : Math.max(0, Math.sin((index - 12) / 9)) * 400;
    return {
      minute: new Date(minute - (59 - index) * 60_000).toISOString(),
      transactional: quiet ? 0 : 130 + ((index * 37) % 50),
      bulk: Math.round(wave),
      handed_over: quiet ? 0 : 128 + Math.round(Math.min(wave, 260)),
    };
  });
  const none = {
    delivered: 0,
    handed_over: 0,
    submitting: 0,
    queued: 0,
    scheduled: 0,
    deferred: 0,
    held: 0,
    uncertain: 0,
    bounced: 0,
    failed: 0,
    expired: 0,
    suppressed: 0,
    cancelled: 0,
  };
  const states = {
    ...none,
    delivered: 40_377,
    handed_over: 412,
    submitting: 3,
    queued: 61,
    deferred: 188,
    held: 7,
    uncertain: 1,
    bounced: 98,
    expired: 2,
    suppressed: 58,
    cancelled: 1,
  };
  return {
    now: new Date(nowMs).toISOString(),
    taken_in_last_minute: quiet ? 0 : 412,
    handed_over_last_minute: quiet ? 0 : 409,
    oldest_waiting: quiet ? { transactional_s: null, bulk_s: null } : { transactional_s: 4, bulk_s: 372 },
    ledger: { difference: 0, checked_at: new Date(nowMs - 3_000).toISOString() },
    flow,
    last_24h: {
      as_of: new Date(nowMs).toISOString(),
      recipients: quiet ? 0 : 41_208,
      messages: quiet ? 0 : 18_944,
      states: quiet ? none : states,
      delivered_rate: quiet
        ? { value: null, low: null, high: null, n: 0, shrunk: null, definition: DEFINITION }
        : { value: 0.9976, low: 0.9971, high: 0.998, n: 40_475, shrunk: 0.9976, definition: DEFINITION },
      not_refused_rate: quiet
        ? { value: null, low: null, high: null, n: 0, shrunk: null, definition: DEFINITION }
        : { value: 0.9976, low: 0.9971, high: 0.998, n: 40_475, shrunk: 0.9976, definition: DEFINITION },
      answer_seconds: { median: quiet ? null : 3.1, p99: quiet ? null : 48, n: quiet ? 0 : 40_377 },
    },
    needs_person: quiet
      ? []
      : [
          // Accounts are the platform's business.
          ...(ofTenant
            ? []
            : [
                {
                  kind: 'account' as const,
                  title: 'Mandrill does not take our mail.',
                  text: 'PAYMENT_REQUIRED: The requested feature requires payment.',
                  href: '/accounts',
                  since: new Date(nowMs - 88 * 60_000).toISOString(),
                },
              ]),
          {
            kind: 'held',
            title: '7 recipients wait for a decision.',
            text: 'Each says why, and what lets it go.',
            href: '/messages?state=held',
            since: new Date(nowMs - 4 * 86_400_000).toISOString(),
          },
        ],
    accounts: world.accounts.map(({ settings: _, webhook_url: __, webhook_auth: ___, created_at: ____, ...health }) => ({
      ...health,
      simulated: simulator,
    })),
    simulator,
    bootstrap_done: true,
    default_stream: 'transactional',
  };
}

const DEFINITION = 'Delivered, of those delivered, bounced, failed or expired. Handed over without an answer yet does not count.';
