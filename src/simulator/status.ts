// This file sums up what the simulator is doing, for `packetboat simulate status`.
import type { Account, Accounts } from './accounts.ts';
import type { Doors } from './doors.ts';
import { outageShown } from './http/control.ts';
import type { WebhookSender } from './http/webhook-sender.ts';
import type { JsonRecord } from './json.ts';
import type { Outages } from './outages.ts';
import type { Courier } from './smarthost/courier.ts';
import type { World } from './world.ts';

export interface StatusSources {
  readonly httpUrl: string;
  readonly doors: Doors;
  readonly pace: number;
  readonly inbound: { readonly host: string; readonly port: number };
  readonly world: World;
  readonly outages: Outages;
  readonly accounts: Accounts;
  readonly sender: WebhookSender;
  readonly courier: Courier;
}

/** The status as JSON; keys of accounts and paths of webhooks stay out, because they are secrets. */
export function simulatorStatus(of: StatusSources): JsonRecord {
  return {
    http_url: of.httpUrl,
    ports: of.doors.ports,
    reports_to: `${of.inbound.host}:${of.inbound.port}`,
    pace: of.pace,
    on_the_way: of.world.open(),
    mails_stored: of.world.mailboxes.count,
    webhook_events: of.sender.counts(),
    reports: of.courier.counts(),
    outages: of.outages.all().map(outageShown),
    accounts: of.accounts.all().map(accountShown),
  };
}

function accountShown(account: Account): JsonRecord {
  return {
    provider: account.provider,
    key: account.key.startsWith('sim-') ? account.key : `${account.key.slice(0, 4)}…`,
    taken: account.taken,
    verified_domains: [...account.domains],
    suppressed: account.suppressed.size,
    lists_by_itself: account.learns,
    webhooks: [...account.webhooks.values()].map((webhook) => ({
      to: new URL(webhook.via ?? webhook.url).origin,
      enabled: webhook.enabled,
      events_told: webhook.eventsTold,
      failures: webhook.failures,
      last_error: webhook.lastError,
    })),
  };
}
