// This file says what a Mandrill account needs.
import { z } from 'zod';
import { answerTimeout, apiSecret, baseUrl, domainName, parseAccountWith, parseHalf, providerName } from '../api-account.ts';

/** The SDKs use 1.0; the specification also names 1.3. */
const PATH = '/api/1.0';
/** Mandrill names no limit; ten lines carry hundreds of messages a second. */
const CONNECTIONS_MAX = 50;
const CONNECTIONS_DEFAULT = 10;

const settings = z.strictObject({
  base_url: baseUrl(PATH).default(`https://mandrillapp.com${PATH}`),
  /** An unknown pool falls back to the default one without a word. */
  ip_pool: providerName.optional(),
  /** Goes into a header of the message, hence ASCII. */
  subaccount: z
    .string()
    .max(255)
    .regex(/^[\x21-\x7e]+$/, 'must be visible ASCII without blanks')
    .optional(),
  connections: z.int().min(1).max(CONNECTIONS_MAX).default(CONNECTIONS_DEFAULT),
  /** A return-path domain with Mandrill's CNAME. */
  return_path_domain: domainName.optional(),
  answer_timeout_s: answerTimeout,
});

export type MandrillSettings = z.output<typeof settings>;

/** The settings of a stored account, with their types. */
export function readSettings(value: unknown): MandrillSettings {
  return parseHalf(settings, 'settings', value);
}

/** Checks a new account; see the port. */
export function parseMandrillAccount(input: { settings: Record<string, unknown>; secret: Record<string, string> }) {
  return parseAccountWith({ settings, secret: apiSecret }, input);
}
