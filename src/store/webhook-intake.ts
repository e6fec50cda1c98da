// This file stores provider webhooks and inbound mails exactly as they came, before anybody thinks about them: many at once in one statement,
// each with a place in the queue of what is still to be read.
import type pg from 'pg';
import { plainArray, textArray } from './arrays.ts';
import { type Batcher, cutter, makeBatcher } from './batcher.ts';
import { isDataError, isOutage, storeUnavailable } from './db.ts';
import { jsonText } from './json-text.ts';

export interface RawWebhook {
  readonly id: string;
  readonly accountId: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface RawInbound {
  readonly id: string;
  readonly tenantId: string | null;
  readonly recipientId: string | null;
  readonly mailFrom: string;
  readonly rcptTo: string;
  readonly remoteAddress: string;
  readonly raw: Buffer;
}

const STORE_WEBHOOKS = {
  name: 'store-webhooks',
  text: `with given as materialized (
      select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::jsonb[], $6::int[], $7::int[])
        as t(id, account_id, method, url, headers, body_at, size)
    ), request_row as (
      insert into webhook_requests (id, account_id, method, url, headers, body)
      select id, account_id, method, url, headers, substring($8::bytea from body_at for size) from given
    )
    insert into webhook_queue (id, account_id) select id, account_id from given`,
};

const STORE_INBOUND = {
  name: 'store-inbound',
  text: `with given as materialized (
      select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::int[], $8::int[])
        as t(id, tenant_id, recipient_id, mail_from, rcpt_to, remote_address, body_at, size)
    ), mail_row as (
      insert into inbound_mails (id, tenant_id, recipient_id, mail_from, rcpt_to, remote_address, raw)
      select id, tenant_id, recipient_id, mail_from, rcpt_to, remote_address, substring($9::bytea from body_at for size) from given
    )
    insert into inbound_queue (id) select id from given`,
};

/** Opens the batcher for webhook requests; `submit` rejects with STORE_UNAVAILABLE when the request is not stored. */
export function makeWebhookStore(hot: pg.Pool): Batcher<RawWebhook, undefined> {
  return makeBatcher({
    dataError: isDataError,
    cut: cutter((item) => item.body.length),
    run: (items) =>
      stored(hot, items, {
        ...STORE_WEBHOOKS,
        values: [
          plainArray(items.map((item) => item.id)),
          plainArray(items.map((item) => item.accountId)),
          textArray(items.map((item) => item.method)),
          textArray(items.map((item) => item.url)),
          textArray(items.map((item) => jsonText(item.headers))),
          ...blob(items.map((item) => item.body)),
        ],
      }),
  });
}

/** Opens the batcher for inbound mails. */
export function makeInboundStore(hot: pg.Pool): Batcher<RawInbound, undefined> {
  return makeBatcher({
    dataError: isDataError,
    cut: cutter((item) => item.raw.length),
    run: (items) =>
      stored(hot, items, {
        ...STORE_INBOUND,
        values: [
          plainArray(items.map((item) => item.id)),
          plainArray(items.map((item) => item.tenantId)),
          plainArray(items.map((item) => item.recipientId)),
          textArray(items.map((item) => item.mailFrom)),
          textArray(items.map((item) => item.rcptTo)),
          textArray(items.map((item) => item.remoteAddress)),
          ...blob(items.map((item) => item.raw)),
        ],
      }),
  });
}

async function stored(
  hot: pg.Pool,
  items: readonly unknown[],
  query: { name: string; text: string; values: unknown[] },
): Promise<undefined[]> {
  try {
    await hot.query(query);
  } catch (error) {
    // A lost answer may hide a commit; the other side tries again, and event keys make the repetition harmless.
    throw isOutage(error) ? storeUnavailable(error) : error;
  }
  return items.map(() => undefined);
}

/** Offsets (from 1), lengths and one buffer for all bodies. */
function blob(bodies: readonly Buffer[]): [string, string, Buffer] {
  let at = 1;
  const offsets = bodies.map((body) => {
    const start = at;
    at += body.length;
    return start;
  });
  return [plainArray(offsets), plainArray(bodies.map((body) => body.length)), Buffer.concat(bodies)];
}
