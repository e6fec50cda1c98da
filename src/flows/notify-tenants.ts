// This file tells tenants what happened to their mail: events become deliveries (fan-out-events.ts), deliveries go to the tenants' endpoints
// (deliver-webhooks.ts). The same events can be read by cursor; both have one form, made in store/events-read.ts.
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import type { IdMint } from '../ids.ts';
import type { Log } from '../log.ts';
import type { Keys } from '../store/keys.ts';
import { dropOldDeliveries } from '../store/webhook-deliveries.ts';
import { makeDeliverWebhooks } from './deliver-webhooks.ts';
import { type FanOutLimits, makeFanOut } from './fan-out-events.ts';
import type { Chore } from './housekeeping.ts';
import { openWebhookPoster } from './webhook-post.ts';
import { askDns, askSystem, type ResolveHost } from './webhook-target.ts';

export interface NotifyTenantsDeps {
  readonly pool: pg.Pool;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly ids: IdMint;
  readonly log: Log;
  readonly random: () => number;
  /** Endpoints may be private, loopback and link-local addresses, and plain http. */
  readonly allowPrivate: boolean;
  /** Ends the work: a running delivery finishes what is on its way, within seconds, and gives the rest back. */
  readonly signal: AbortSignal;
  /** Finds the addresses of a host; by default DNS, or the system's own look-up where private addresses are allowed. */
  readonly resolve?: ResolveHost;
  /** An answer is waited for this long; by default as documented. */
  readonly timeoutMs?: number;
  readonly limits?: Partial<FanOutLimits>;
}

export interface NotifyTenants {
  /** Turns new events into deliveries, a bounded number of pages. Answers how many deliveries it made. */
  fanOut(): Promise<number>;
  /** Delivers what is due until nothing is. Answers how many deliveries arrived. */
  deliver(): Promise<number>;
}

/** A new event waits for this at most before it is on its way, plus the next one. */
const FAN_OUT_EVERY_MS = 500;
/** An idle look costs a few index descents. */
const DELIVER_EVERY_MS = 200;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Opens both halves; sockets are closed when `signal` ends the work and nothing is on its way. */
export function makeNotifyTenants(deps: NotifyTenantsDeps): NotifyTenants {
  const { allowPrivate, clock, signal, timeoutMs } = deps;
  const resolve = deps.resolve ?? (allowPrivate ? askSystem : askDns());
  const poster = openWebhookPoster({ allowPrivate, resolve, clock, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
  const deliver = makeDeliverWebhooks({ ...deps, poster });
  let running: Promise<number> | null = null;
  const closeWhenDone = () => void Promise.resolve(running).then(poster.close, poster.close);
  signal.addEventListener('abort', closeWhenDone, { once: true });
  return {
    fanOut: makeFanOut(deps),
    deliver() {
      running ??= deliver().finally(() => {
        running = null;
      });
      return running;
    },
  };
}

/** What the desk does for tenants' webhooks by itself. Abort `signal` before the schedule is stopped: a delivery works as long as there is work. */
export function tenantWebhookChores(deps: NotifyTenantsDeps & { readonly retentionDays: number }): Chore[] {
  const notify = makeNotifyTenants(deps);
  return [
    {
      name: 'webhook-fan-out',
      everyMs: FAN_OUT_EVERY_MS,
      async run() {
        await notify.fanOut();
      },
    },
    {
      name: 'webhook-delivery',
      everyMs: DELIVER_EVERY_MS,
      async run() {
        await notify.deliver();
      },
    },
    {
      name: 'webhook-retention',
      everyMs: HOUR_MS,
      async run() {
        const dropped = await dropOldDeliveries(deps.pool, deps.clock.nowMs() - deps.retentionDays * DAY_MS);
        if (dropped > 0) deps.log.info({ event: 'webhook_deliveries_dropped', deliveries: dropped });
      },
    },
  ];
}
