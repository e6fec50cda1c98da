// This file holds the plain answers of the mock API.

export interface MockRequest {
  readonly method: string;
  readonly url: URL;
  readonly cookie: string;
  readonly body: Record<string, unknown>;
}

export interface MockAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly delayMs?: number;
}

export type Handler = (request: MockRequest, params: readonly string[]) => MockAnswer;
export type Route = readonly [pattern: RegExp, handler: Handler];

/** `{id}` in a pattern stands for one part of the path. */
export function route(pattern: string, handler: Handler): Route {
  return [new RegExp(`^${pattern.replaceAll('{id}', '([^/]+)')}$`), handler];
}

export function ok(body: unknown): MockAnswer {
  return { status: 200, body };
}

export function list(rows: readonly unknown[]): MockAnswer {
  return ok({ data: rows, next: null });
}

export function one(rows: readonly { readonly id: string }[], id: string | undefined): MockAnswer {
  const row = rows.find((candidate) => candidate.id === id);
  return row === undefined ? problem(404, 'NOT_FOUND', 'There is nothing under this id.') : ok(row);
}

export function change(rows: { readonly id: string }[], id: string | undefined, changes: Record<string, unknown>): MockAnswer {
  const at = rows.findIndex((row) => row.id === id);
  const row = rows[at];
  if (row === undefined) return problem(404, 'NOT_FOUND', 'There is nothing under this id.');
  rows[at] = { ...row, ...Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) };
  return ok(rows[at]);
}

export function drop(rows: { readonly id: string }[], id: string | undefined): MockAnswer {
  const at = rows.findIndex((row) => row.id === id);
  if (at >= 0) rows.splice(at, 1);
  return { status: 204 };
}

export function problem(status: number, code: string, detail: string, field?: string): MockAnswer {
  return {
    status,
    body: {
      type: `/errors/${code}`,
      title: code,
      status,
      code,
      detail,
      hint: 'This is the mock API; read web/mock/api.ts.',
      request_id: 'req-mock-1',
      ...(field === undefined ? {} : { field }),
    },
    headers: { 'content-type': 'application/problem+json' },
  };
}
