// This file asks the HTTP API: same origin, session cookie, RFC 9457 problems as ApiProblem.

/** How long an answer may take before we say that it does not come, milliseconds. */
const ANSWER_MAX_MS = 20_000;
/** The same for a file, which has to be brought over the line and read first. */
const FILE_MAX_MS = 900_000;

/** A refusal of the server, or a line that broke (`status` 0). */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly code: string;
  readonly hint: string | null;
  /** The field the server names, as it is called in the request. */
  readonly field: string | null;
  readonly requestId: string | null;

  constructor(
    status: number,
    code: string,
    message: string,
    more: { hint?: string | null; field?: string | null; requestId?: string | null } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.hint = more.hint ?? null;
    this.field = more.field ?? null;
    this.requestId = more.requestId ?? null;
  }
}

let csrfToken = '';

/** Remembers the token of the session; unsafe methods carry it. */
export function keepCsrfToken(token: string | null): void {
  csrfToken = token ?? '';
}

/** GET as JSON. `T` is what the API promises for this address. */
export function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return ask<T>('GET', path, undefined, signal);
}

/** `body` undefined sends none. */
export function post<T>(path: string, body?: unknown): Promise<T> {
  return ask<T>('POST', path, body);
}

export function patch<T>(path: string, body: unknown): Promise<T> {
  return ask<T>('PATCH', path, body);
}

export function put<T>(path: string, body: unknown): Promise<T> {
  return ask<T>('PUT', path, body);
}

/** A file as it is; JSON comes back. */
export function upload<T>(path: string, file: Blob): Promise<T> {
  return ask<T>('POST', path, file);
}

export function remove(path: string): Promise<void> {
  return ask<void>('DELETE', path, undefined);
}

/** GET as text (a message's source). */
export async function getText(path: string, signal?: AbortSignal): Promise<string> {
  return (await request('GET', path, undefined, signal)).text();
}

async function ask<T>(method: string, path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  const response = await request(method, path, body, signal);
  // The caller names what the API promises; a 204 is only asked for as void.
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

async function request(method: string, path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
  // The page's language, not the browser's: sentences come in it.
  const headers: Record<string, string> = { accept: 'application/json', 'accept-language': document.documentElement.lang || 'en' };
  if (method !== 'GET') headers['x-csrf-token'] = csrfToken;
  const file = body instanceof Blob;
  if (body !== undefined) headers['content-type'] = file ? 'application/octet-stream' : 'application/json';
  const late = AbortSignal.timeout(file ? FILE_MAX_MS : ANSWER_MAX_MS);
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers,
      credentials: 'same-origin',
      signal: signal === undefined ? late : AbortSignal.any([signal, late]),
      ...(body === undefined ? {} : { body: file ? body : JSON.stringify(body) }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiProblem(0, late.aborted ? 'ANSWER_LATE' : 'DESK_UNREACHABLE', '');
  }
  if (!response.ok) throw await problemOf(response);
  return response;
}

async function problemOf(response: Response): Promise<ApiProblem> {
  let told: Record<string, unknown> = {};
  try {
    const value: unknown = await response.json();
    // Checked to be an object; its fields are read one by one below.
    if (typeof value === 'object' && value !== null) told = value as Record<string, unknown>;
  } catch {
    // A proxy answered with something that is not JSON; the status says enough.
  }
  const text = (key: string) => (typeof told[key] === 'string' ? told[key] : null);
  return new ApiProblem(response.status, text('code') ?? `HTTP_${response.status}`, text('detail') ?? text('title') ?? '', {
    hint: text('hint'),
    field: text('field'),
    requestId: text('request_id') ?? response.headers.get('x-request-id'),
  });
}
