// This file is how a provider dialect sees one HTTP request and how it answers, sockets left out.
import type { IncomingHttpHeaders } from 'node:http';
import type { Account } from '../accounts.ts';
import type { Journey, Step } from '../journey.ts';
import type { NewEntry } from '../lists.ts';
import type { Outage } from '../outages.ts';
import type { World } from '../world.ts';
import type { WebhookForm, WebhookTester } from './webhook-sender.ts';

export interface SimRequest {
  readonly method: string;
  /** Path below the dialect's prefix, without query: `/transmissions`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export type SimAnswer =
  | { readonly kind: 'answer'; readonly status: number; readonly body: string; readonly headers: Readonly<Record<string, string>> }
  /** The line breaks without an answer. */
  | { readonly kind: 'drop' }
  /** No answer for so long; then the line breaks. */
  | { readonly kind: 'hang'; readonly forMs: number };

/** What every dialect works with. */
export interface DialectContext {
  readonly world: World;
  readonly account: (key: string) => Account | null;
  readonly accountChanged: (account: Account) => void;
  /** One entry of the account's suppression list came, changed or went. */
  readonly listChanged: (account: Account, address: string, subaccount?: string) => void;
  /** The outage that runs at this provider now. */
  readonly outage: () => Outage | null;
  readonly testWebhook: WebhookTester;
}

/** One provider that speaks HTTP. */
export interface HttpDialect {
  handle(request: SimRequest, context: DialectContext): SimAnswer | Promise<SimAnswer>;
  /** True for requests that hand over mail: only those are taken and then lied about. */
  sends(request: SimRequest): boolean;
  readonly webhooks: WebhookForm;
  /** The entry this happening makes on the provider's own list; null: none. `pace` is the factor on every wait. */
  listing(journey: Journey, step: Step, pace: number): { readonly entry: NewEntry; readonly subaccount: string } | null;
}

/** How long a `hang` lasts unless the address says otherwise; RFC 5321 clients wait ten minutes for the final answer. */
export const HANG_MS = 600_000;

export function json(status: number, value: unknown, headers: Record<string, string> = {}): SimAnswer {
  return { kind: 'answer', status, body: JSON.stringify(value), headers: { 'content-type': 'application/json', ...headers } };
}

/** What the line does after a message whose address asks for a broken answer. */
export function brokenLine(broken: { readonly door: string; readonly seconds: number | null } | null): SimAnswer | null {
  if (broken === null) return null;
  if (broken.door === 'drop-accepted' || broken.door === 'drop-refused') return { kind: 'drop' };
  return broken.door === 'hang' ? { kind: 'hang', forMs: broken.seconds === null ? HANG_MS : broken.seconds * 1_000 } : null;
}
