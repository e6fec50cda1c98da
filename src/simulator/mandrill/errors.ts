// This file is how Mandrill says no: {"status":"error","code","name","message"}; the HTTP status was 500 for everything over many years,
// so only the name can be relied on.
import type { Account } from '../accounts.ts';
import { json, type SimAnswer } from '../http/exchange.ts';

/** Name → its number and the HTTP status of newer answers. */
const NAMES = {
  Invalid_Key: { code: -1, status: 401 },
  ValidationError: { code: -2, status: 400 },
  GeneralError: { code: -99, status: 500 },
  ServiceUnavailable: { code: 8, status: 503 },
  Unknown_Message: { code: 4, status: 400 },
  Unknown_Subaccount: { code: 12, status: 400 },
  Unknown_Webhook: { code: 6, status: 400 },
  Unknown_Sender: { code: 7, status: 400 },
  Unknown_Reject: { code: 9, status: 400 },
} as const;

/** An answer that ends a request. */
export class Refusal extends Error {
  readonly errorName: keyof typeof NAMES;

  constructor(errorName: keyof typeof NAMES, message: string) {
    super(message);
    this.errorName = errorName;
  }
}

export function refused(refusal: Refusal, account: Account | null): SimAnswer {
  const { code, status } = NAMES[refusal.errorName];
  const body = { status: 'error', code, name: refusal.errorName, message: refusal.message };
  return json(account?.legacyErrors === true ? 500 : status, body);
}
