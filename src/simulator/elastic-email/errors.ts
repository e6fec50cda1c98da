// This file is how Elastic Email v4 says no: an HTTP status and {"Error":"text"}; there are no codes, so the text has to do.
import { json, type SimAnswer, type SimRequest } from '../http/exchange.ts';
import { type JsonRecord, parseRecord } from '../json.ts';

/** An answer that ends a request. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export function refused(refusal: Refusal): SimAnswer {
  return json(refusal.status, { Error: refusal.message });
}

/** The request's JSON object. Throws Refusal. */
export function bodyOf(request: SimRequest): JsonRecord {
  const body = parseRecord(request.body);
  if (body === null) throw new Refusal(400, 'The request body is not a valid JSON object.');
  return body;
}
