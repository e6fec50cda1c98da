// This file replays recorded webhook requests through the adapters: one JSON row in, the verdict and the normalised events out. It is how a
// developer asks "what would the desk have made of this request?" without a database.
import type { ProviderAccount, ProviderAdapter, ProviderKind, WebhookRequest, WebhookVerification } from '../delivery/provider.ts';
import type { FeedbackEvent } from '../feedback/vocabulary.ts';
import { Secret } from '../log.ts';
import { checkBasicAuth, type Json, objectOf } from '../providers/webhook-reading.ts';

/** One answer line. */
export interface ReplayedRow {
  readonly id: string | null;
  readonly accepted: boolean;
  readonly reason: string | null;
  readonly events: readonly object[];
}

type Auth = { username: string; password: Secret };

/** Ways of proving a request that each provider has; a row that asks for another one is refused. */
const SCHEMES: Readonly<Record<string, readonly string[]>> = {
  sparkpost: ['basic-auth', 'none'],
  'elastic-email': ['basic-auth', 'none', 'elasticemail-hmac-sha256'],
  mandrill: ['mandrill-hmac-sha1'],
};

/** Replays one parsed row. Never throws for anything that stands in it. */
export function replayRow(row: unknown, registry: ReadonlyMap<ProviderKind, ProviderAdapter>): ReplayedRow {
  const fields = objectOf(row);
  const id = typeof fields['id'] === 'string' ? fields['id'] : null;
  const refuse = (reason: string): ReplayedRow => ({ id, accepted: false, reason, events: [] });
  const name = typeof fields['provider'] === 'string' ? fields['provider'] : '';
  const adapter = adapterNamed(name, registry);
  if (adapter === undefined)
    return refuse(name === '' ? 'the row names no provider' : `the provider "${name}" is not one that this desk knows`);
  if (adapter.webhook === undefined) return refuse(`${adapter.title} has no webhooks`);
  const request = requestOf(objectOf(fields['request']));
  if (request === null) return refuse('the row has no request with method, url, headers and body');
  const proof = objectOf(fields['verify']);
  const scheme = typeof proof['scheme'] === 'string' ? proof['scheme'] : 'none';
  if (SCHEMES[adapter.kind]?.includes(scheme) !== true) return refuse(`${adapter.title} requests are not verified by ${scheme}`);
  const verdict = verify(adapter, request, proof, scheme);
  if (!verdict.ok) return refuse(verdict.reason ?? 'the request did not verify');
  return { id, accepted: true, reason: null, events: adapter.webhook.events(request.webhook).map(eventRow) };
}

/** `elasticemail`, `elastic_email` and `elastic-email` are one. */
function adapterNamed(name: string, registry: ReadonlyMap<ProviderKind, ProviderAdapter>): ProviderAdapter | undefined {
  const letters = (text: string) => text.toLowerCase().replace(/[^a-z]/g, '');
  return [...registry.values()].find((adapter) => letters(adapter.kind) === letters(name));
}

interface RecordedRequest {
  readonly webhook: WebhookRequest;
  /** The address of the webhook, without the query that belongs to the request. */
  readonly address: string;
}

function requestOf(fields: Json): RecordedRequest | null {
  const { method, url, headers, body, bodyEncoding } = fields;
  if (typeof url !== 'string') return null;
  const parsed = URL.parse(url, 'http://localhost/');
  if (parsed === null) return null;
  const lower: [string, string][] = [];
  for (const [name, value] of Object.entries(objectOf(headers))) if (typeof value === 'string') lower.push([name.toLowerCase(), value]);
  const bytes = Buffer.from(typeof body === 'string' ? body : '', bodyEncoding === 'base64' ? 'base64' : 'utf8');
  const webhook = {
    method: typeof method === 'string' ? method : 'POST',
    url: parsed.pathname + parsed.search,
    headers: Object.fromEntries(lower),
    body: bytes,
  };
  return { webhook, address: url.split('?')[0] ?? url };
}

/** The row holds the key material that the desk would have in its account. Of several basic-auth pairs, one must fit. */
function verify(adapter: ProviderAdapter, request: RecordedRequest, proof: Json, scheme: string): WebhookVerification {
  const pairs = [...pairsOf(proof['credentials']), ...pairsOf(proof['alsoBasicAuth'])];
  const key = proof['webhookKey'] ?? proof['key'] ?? proof['secret'];
  const account = accountOf(adapter.kind, typeof key === 'string' ? key : undefined, scheme === 'elasticemail-hmac-sha256');
  const publicUrl = typeof proof['signedUrl'] === 'string' ? proof['signedUrl'] : request.address;
  let last: WebhookVerification = { ok: false };
  for (const auth of pairs.length === 0 ? [null] : pairs) {
    const basic = checkBasicAuth(request.webhook.headers, auth, { required: true });
    last = basic.ok ? (adapter.webhook?.verify(request.webhook, { account, publicUrl, auth }) ?? { ok: false }) : basic;
    if (last.ok) return last;
  }
  return last;
}

function pairsOf(value: unknown): Auth[] {
  const pairs: Auth[] = [];
  for (const text of Array.isArray(value) ? value : []) {
    if (typeof text !== 'string') continue;
    const colon = text.indexOf(':');
    pairs.push({ username: text.slice(0, colon), password: new Secret(text.slice(colon + 1)) });
  }
  return pairs;
}

function accountOf(provider: ProviderKind, key: string | undefined, signing: boolean): ProviderAccount {
  const secret: Record<string, string> = { api_key: 'replay', ...(key === undefined ? {} : { webhook_key: key }) };
  return { id: 'replay', name: 'replay', provider, settings: { webhook_signing: signing }, secret: new Secret(secret) };
}

function eventRow(event: FeedbackEvent): object {
  return {
    type: event.type,
    recipient: event.recipient,
    at: event.atMs === null ? null : new Date(event.atMs).toISOString(),
    provider_event_id: event.providerEventId,
    provider_message_id: event.providerMessageId,
    class: event.class,
    fault: event.fault,
    diagnostic: event.diagnostic,
  };
}
