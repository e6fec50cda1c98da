// This file says what a SparkPost account needs, and which messages SparkPost can carry without changing them.
import { z } from 'zod';
import { readHeaders } from '../../mail/headers.ts';
import { answerTimeout, apiSecret, baseUrl, domainName, parseAccountWith, parseHalf, providerName } from '../api-account.ts';
import { notText } from '../raw-mime.ts';

const PATH = '/api/v1';
const REGIONS = { us: `https://api.sparkpost.com${PATH}`, eu: `https://api.eu.sparkpost.com${PATH}` } as const;
/** SparkPost asks for at most ten concurrent connections. */
const CONNECTIONS_MAX = 10;
const CONNECTIONS_DEFAULT = 8;

const settings = z
  .strictObject({
    base_url: baseUrl(PATH).optional(),
    /** Accounts and keys belong to one region. */
    region: z.enum(['us', 'eu']).default('us'),
    ip_pool: providerName.optional(),
    /** Number of the subaccount; 0 is the primary account only. JSON numbers are 32 bits there. */
    subaccount: z.int().min(0).max(2_147_483_647).optional(),
    connections: z.int().min(1).max(CONNECTIONS_MAX).default(CONNECTIONS_DEFAULT),
    /** A bounce domain verified by CNAME at SparkPost; without it the account's default bounce domain is used. */
    return_path_domain: domainName.optional(),
    answer_timeout_s: answerTimeout,
  })
  .transform((given) => ({ ...given, base_url: given.base_url ?? REGIONS[given.region] }));

export type SparkpostSettings = z.output<typeof settings>;

/** The settings of a stored account, with their types. */
export function readSettings(value: unknown): SparkpostSettings {
  return parseHalf(settings, 'settings', value);
}

/** Checks a new account; see the port. */
export function parseSparkpostAccount(input: { settings: Record<string, unknown>; secret: Record<string, string> }) {
  return parseAccountWith({ settings, secret: apiSecret }, input);
}

/** Why SparkPost would change or could not take this message, or null. */
export function carries(mime: Buffer): string | null {
  const problem = notText(mime);
  if (problem !== null) return problem;
  // Substitution in headers cannot be switched off; in the body it is (perform_substitutions: false).
  const block = readHeaders(mime);
  const field = block.fields.find(({ start, end }) => block.text.slice(start, end).includes('{{'));
  return field === undefined ? null : `The header ${field.name} holds "{{", which SparkPost would replace.`;
}
