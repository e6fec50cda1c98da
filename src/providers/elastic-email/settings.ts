// This file says what an Elastic Email account needs.
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { answerTimeout, apiSecret, baseUrl, domainName, parseAccountWith, parseHalf, providerName } from '../api-account.ts';

const PATH = '/v4';
/** Elastic Email's limit for a whole account is 20 concurrent connections; half of it leaves room for the console and the reports. */
const CONNECTIONS_MAX = 20;
const CONNECTIONS_DEFAULT = 10;

const settings = z.strictObject({
  base_url: baseUrl(PATH).default(`https://api.elasticemail.com${PATH}`),
  /** `Options.PoolName`. A subaccount is chosen by its own key, so there is no setting for it. */
  ip_pool: providerName.optional(),
  connections: z.int().min(1).max(CONNECTIONS_MAX).default(CONNECTIONS_DEFAULT),
  /** A bounce domain of the account; it becomes the domain of `EnvelopeFrom`. */
  return_path_domain: domainName.optional(),
  /** The TXT value of `api._domainkey`, the same for all domains: their API never tells it, their domain page shows it. */
  dkim_value: z
    .string()
    .trim()
    .max(1_000)
    .regex(/(^|;)\s*p\s*=\s*[A-Za-z0-9+/]/, 'must be the whole value with its p=')
    .optional(),
  answer_timeout_s: answerTimeout,
  /** Demands the signature of webhooks made with EnableSigning. Off until it has been seen on a real event: the layout is published nowhere. */
  webhook_signing: z.boolean().default(false),
});

export type ElasticEmailSettings = z.output<typeof settings>;

/** The settings of a stored account, with their types. */
export function readSettings(value: unknown): ElasticEmailSettings {
  return parseHalf(settings, 'settings', value);
}

/** Checks a new account; see the port. */
export function parseElasticEmailAccount(input: { settings: Record<string, unknown>; secret: Record<string, string> }) {
  const parsed = parseAccountWith({ settings, secret: apiSecret }, input);
  if (parsed.settings['webhook_signing'] === true && parsed.secret['webhook_key'] === undefined) {
    const field = 'secret.webhook_key';
    throw new AppError(
      'PROVIDER_SETTINGS_INVALID',
      `${field}: is needed to check signatures; it is the SigningSecret (whsec_…) of the webhook.`,
      { field },
    );
  }
  return parsed;
}
