// This file speaks to a desk's HTTP API as an operator would: over kept connections, JSON both ways, refusals as errors.
import { Pool } from 'undici';
import type { Ledger } from '../../src/store/ledger.ts';

export interface DeskApi {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
  put<T>(path: string, body: unknown): Promise<T>;
  patch<T>(path: string, body: unknown): Promise<T>;
  ledger(): Promise<Pick<Ledger, 'injected' | 'states' | 'difference'>>;
  close(): Promise<void>;
}

/** A ledger over ten million rows takes seconds; nothing takes longer than this. */
const ANSWER_LIMIT_MS = 120_000;
const CONNECTIONS = 4;

export function openApi(origin: string, key: string): DeskApi {
  const pool = new Pool(origin, { connections: CONNECTIONS, headersTimeout: ANSWER_LIMIT_MS, bodyTimeout: ANSWER_LIMIT_MS });

  async function call<T>(method: 'GET' | 'POST' | 'PUT' | 'PATCH', path: string, body?: unknown): Promise<T> {
    const { statusCode, body: answer } = await pool.request({
      method,
      path,
      headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await answer.text();
    if (statusCode >= 300) throw new Error(`${method} ${path} was answered ${statusCode}: ${text.slice(0, 500)}`);
    // The caller names the form that the API documents for this path.
    return JSON.parse(text) as T;
  }

  return {
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    put: (path, body) => call('PUT', path, body),
    patch: (path, body) => call('PATCH', path, body),
    ledger: () => call('GET', '/v1/ledger'),
    close: () => pool.close(),
  };
}
