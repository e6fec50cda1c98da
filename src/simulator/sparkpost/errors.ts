// This file is how SparkPost says no: {"errors":[{"message","description"?,"code"}]}, codes as strings; and the first noes, about the body.
import { json, type SimAnswer, type SimRequest } from '../http/exchange.ts';
import { type JsonRecord, parseRecord } from '../json.ts';

/** An answer that ends a request; the dialect turns it into the provider's words. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly description: string | undefined;

  constructor(status: number, code: string, message: string, description?: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.description = description;
  }
}

export function failure(code: string, message: string, description?: string) {
  return { message, ...(description === undefined ? {} : { description }), code };
}

export function refused(refusal: Refusal): SimAnswer {
  return json(refusal.status, { errors: [failure(refusal.code, refusal.message, refusal.description)] });
}

/** The request's JSON object. Throws Refusal. */
export function bodyOf(request: SimRequest): JsonRecord {
  if (!(request.headers['content-type'] ?? '').includes('json')) throw new Refusal(415, '1700', 'Unsupported Media Type');
  const body = parseRecord(request.body);
  if (body === null) throw new Refusal(422, '1300', 'invalid data format/type', 'Problems parsing request as JSON');
  return body;
}
