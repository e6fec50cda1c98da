// This file is how tests speak with a desk over HTTP: any request, and the few questions every scenario asks — take this message, where does
// it stand, does the ledger balance.
import assert from 'node:assert/strict';
import type { Bootstrap } from '../../src/cli/serve/first-start.ts';
import type { RecipientState } from '../../src/delivery/states.ts';
import { until } from './until.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The JSON of the answer; whatever a test looks for in it, it asserts. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read many shapes and say what they expect of each.
  readonly body: any;
}

export interface ShownRecipient {
  readonly id: string;
  readonly address: string;
  readonly state: RecipientState;
  readonly reason: string | null;
  readonly marks: readonly string[];
  readonly account_id: string | null;
  readonly attempt_count: number;
  readonly attempts: readonly { outcome: string; class: string | null; reply: string | null; account_id: string | null; number: number }[];
  readonly events: readonly { type: string; data: Record<string, unknown> | null }[];
  readonly decision: {
    routeId: number | null;
    heldBecause: string | null;
    better: string | null;
    judgements: { account: string; chosen: boolean; stoppedAt: string | null; code: string; because: string }[];
  } | null;
}

export interface ShownMessage {
  readonly id: string;
  readonly recipients: readonly ShownRecipient[];
}

export interface Ledger {
  readonly injected: number;
  readonly difference: number;
  readonly states: Readonly<Record<RecipientState, number>>;
}

export interface DeskApi {
  /** Asks with the operator's key unless another is given; null: none. `body` goes as JSON. */
  api(method: string, path: string, body?: unknown, key?: string | null, headers?: Record<string, string>): Promise<Answer>;
  /** Hands a message in as the demo tenant (or the holder of `key`) and fails unless it is accepted. */
  hand(
    message: Record<string, unknown>,
    key?: string,
  ): Promise<{ id: string; recipients: { id: string; address: string; state: string }[] }>;
  message(id: string): Promise<ShownMessage>;
  /** The message, once every recipient stands in one of these states. */
  settled(id: string, states: readonly RecipientState[], withinMs?: number): Promise<ShownMessage>;
  /** The whole ledger; fails when its difference is not 0. */
  ledger(): Promise<Ledger>;
  /** The whole ledger, once nothing waits or is on its way; fails when its difference is not 0. */
  quiet(withinMs?: number): Promise<Ledger>;
  /** Makes a tenant with an API key and a domain, `authenticated` unless it says otherwise. */
  tenant(name: string, domain?: { name: string; authenticated?: boolean }): Promise<{ id: string; key: string }>;
  /** Adds an SMTP smarthost account; returns its id. */
  smarthost(port: number, settings?: Record<string, unknown>): Promise<string>;
  /** Sets the routing of the platform, or of one tenant. */
  route(accounts: readonly string[], target?: { tenant_id?: string; stream?: string }): Promise<void>;
}

/** States that no further step of ours will leave by itself, soon. */
const WAITING: readonly RecipientState[] = ['scheduled', 'queued', 'submitting', 'uncertain', 'deferred'];

export function deskApi(bootstrap: () => Bootstrap): DeskApi {
  const api: DeskApi['api'] = async (method, path, body, key = bootstrap().operator_key, headers = {}) => {
    const answer = await fetch(`${bootstrap().http_url}${path}`, {
      method,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const json = answer.headers.get('content-type')?.includes('json') === true;
    return { status: answer.status, headers: answer.headers, body: json ? await answer.json() : await answer.text() };
  };
  const wanted = async (status: number, ...request: Parameters<DeskApi['api']>) => {
    const answer = await api(...request);
    assert.equal(answer.status, status, `${request[0]} ${request[1]}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  /** Reads, and asks again as an application would when it hears "not now": a database that was away leaves connections behind that are. */
  const shown = async (path: string) => {
    const answer = await until(async () => [await api('GET', path)].find(({ status }) => status !== 503), {
      what: `an answer to GET ${path}`,
    });
    assert.equal(answer.status, 200, `GET ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const message = (id: string): Promise<ShownMessage> => shown(`/v1/messages/${id}`);
  const ledger = async (): Promise<Ledger> => {
    const read: Ledger = await shown('/v1/ledger');
    assert.equal(read.difference, 0, `the ledger does not balance: ${JSON.stringify(read)}`);
    return read;
  };
  return {
    api,
    hand: (input, key = bootstrap().demo_tenant.api_key) => wanted(202, 'POST', '/v1/messages', input, key),
    message,
    ledger,
    settled: (id, states, withinMs) => {
      let last = '';
      const look = async () => {
        const shown = await message(id);
        last = shown.recipients.map((recipient) => `${recipient.address} ${recipient.state}`).join(', ');
        return shown.recipients.every((recipient) => states.includes(recipient.state)) ? shown : null;
      };
      return until(look, { what: `${states.join(' or ')}`, ...(withinMs ? { withinMs } : {}) }).catch((error: Error) => {
        throw new Error(`${error.message}; it stands at ${last}`, { cause: error });
      });
    },
    quiet: (withinMs) => {
      let last = '';
      const look = async () => {
        const read = await ledger();
        last = JSON.stringify(read.states);
        return WAITING.every((state) => read.states[state] === 0) ? read : null;
      };
      return until(look, { what: 'nothing to be on its way', ...(withinMs ? { withinMs } : {}) }).catch((error: Error) => {
        throw new Error(`${error.message}; it stands at ${last}`, { cause: error });
      });
    },
    async tenant(name, domain) {
      const { id } = await wanted(201, 'POST', '/v1/tenants', { name });
      const { api_key: key } = await wanted(201, 'POST', `/v1/tenants/${id}/credentials`, { kind: 'api_key' });
      if (domain) await wanted(201, 'POST', `/v1/tenants/${id}/domains`, { authenticated: true, ...domain });
      return { id, key };
    },
    async smarthost(port, settings = {}) {
      const host = { host: '127.0.0.1', port, tls: 'none', ...settings };
      const { id } = await wanted(201, 'POST', '/v1/provider-accounts', { name: `host ${port}`, provider: 'smtp', settings: host });
      return id;
    },
    async route(accounts, target = {}) {
      await wanted(200, 'PUT', '/v1/routing', { ...target, accounts });
    },
  };
}
