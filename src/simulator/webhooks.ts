// This file registers webhooks at simulated accounts and passes events on to those that want them.
import { AppError } from '../errors.ts';
import type { Account, Webhook } from './accounts.ts';
import { isLoopbackUrl, type WebhookForm, type WebhookSender } from './http/webhook-sender.ts';
import type { Teller } from './world.ts';

export interface NewWebhook {
  /** Exactly the address the desk verifies signatures with. */
  readonly url: string;
  readonly auth?: { readonly username: string; readonly password: string } | null;
  /** Mandrill's auth_key; without one the account's own. */
  readonly key?: string | null;
  /** Origin to dial (`http://127.0.0.1:8480`) when `url` carries the desk's public name. */
  readonly via?: string | null;
  /** A webhook of the same name is replaced, so that a desk whose address changed is not called at the old one for ever. */
  readonly name?: string;
  readonly events?: readonly string[] | null;
  readonly method?: 'GET' | 'POST';
  readonly customHeaders?: Readonly<Record<string, string>>;
}

/** More than any account needs; every event is told to each. */
const WEBHOOKS_MAX = 10;

/** Why the simulator may not call this address, or null. It only ever calls this machine. */
export function forbiddenTarget(url: string, via: string | null = null): string | null {
  if (!URL.canParse(url)) return `"${url}" is not an address.`;
  return isLoopbackUrl(via ?? url) ? null : 'The simulator only calls this machine: give an http address on 127.0.0.1, or "via" one.';
}

/**
 * Adds a webhook to an account; the same address or the same name again replaces the one before. Throws AppError REQUEST_INVALID for an address that is not on
 * this machine, LIMIT_EXCEEDED for an eleventh one.
 */
export function addWebhook(account: Account, wanted: NewWebhook, made: { id: string; nowMs: number }): Webhook {
  const problem = forbiddenTarget(wanted.url, wanted.via);
  if (problem !== null) throw new AppError('REQUEST_INVALID', problem, { field: 'url' });
  const same = [...account.webhooks.values()].find((one) => one.url === wanted.url || (one.name !== '' && one.name === wanted.name));
  if (same === undefined && account.webhooks.size >= WEBHOOKS_MAX) {
    throw new AppError('LIMIT_EXCEEDED', `A simulated account has at most ${WEBHOOKS_MAX} webhooks.`);
  }
  const webhook: Webhook = {
    id: same?.id ?? made.id,
    url: wanted.url,
    via: wanted.via ?? null,
    name: wanted.name ?? '',
    auth: wanted.auth ?? null,
    key: wanted.key ?? account.webhookKey,
    events: wanted.events ?? null,
    method: wanted.method ?? 'GET',
    customHeaders: wanted.customHeaders ?? {},
    enabled: true,
    createdMs: made.nowMs,
    batchesTold: 0,
    eventsTold: 0,
    failures: 0,
    lastError: null,
  };
  account.webhooks.set(webhook.id, webhook);
  return webhook;
}

/** The teller of a provider that tells by webhook: every webhook of the account that wants an event gets it. */
export function webhookTeller(form: WebhookForm, sender: WebhookSender, accountOf: (key: string) => Account | null): Teller {
  return (journey, step, told) => {
    const webhooks = [...(accountOf(journey.accountKey)?.webhooks.values() ?? [])].filter((one) => one.enabled);
    const rendered = webhooks.length === 0 ? [] : form.render(journey, step);
    const wanted = webhooks
      .map((webhook) => ({ webhook, events: rendered.filter(({ name }) => webhook.events?.includes(name) ?? true) }))
      .filter(({ events }) => events.length > 0);
    if (wanted.length === 0) return told();
    let left = wanted.length;
    const one = () => {
      left -= 1;
      if (left === 0) told();
    };
    for (const { webhook, events } of wanted)
      sender.tell(
        form,
        webhook,
        events.map(({ event }) => event),
        one,
      );
  };
}
