// This file is the schema of an SMTP smarthost account: what may be set, the defaults, and the limits with their reasons.
import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { issueWords } from '../../issue-words.ts';
import { checkedGrant, tokenSecrets, tokenSettings } from '../../token-grant.ts';

/** Connections at once by default: enough to hide the round trips of a distant host, few enough that hosts with per-client caps agree. */
const CONNECTIONS_DEFAULT = 10;
/** More connections than this to one host look like an attack to it. */
const CONNECTIONS_MAX = 100;
/** Many hosts cut a session at 100 to 1,000 messages by themselves; a fresh one now and then also follows DNS changes. */
const MESSAGES_PER_CONNECTION_DEFAULT = 1000;
const MESSAGES_PER_CONNECTION_MAX = 1_000_000;
/** A chain of certificates of a private authority; nothing legitimate is longer. */
const CA_MAX_CHARS = 200_000;
/** RFC 1035 §2.3.4. */
const NAME_MAX_CHARS = 255;
/** Longest credential we carry; with base64 it still fits the command line limit of RFC 4954 §4 (12,288 octets). */
const CREDENTIAL_MAX_CHARS = 4096;
/** Nothing waits longer than an hour, nothing times out faster than a loopback answers. */
const TIMEOUT_MIN_MS = 20;
const TIMEOUT_MAX_MS = 3_600_000;

const timeout = (ms: number) => z.number().int().min(TIMEOUT_MIN_MS).max(TIMEOUT_MAX_MS).default(ms);

/** RFC 5321 §4.5.3.2, except the greeting: five minutes there would hide a dead host, and the hand-over is still ours. */
const timeoutsSchema = z.strictObject({
  /** TCP connection. */
  connect_ms: timeout(30_000),
  /** Greeting, TLS handshake, EHLO, STARTTLS and AUTH, each. */
  greeting_ms: timeout(60_000),
  /** MAIL and RCPT, each. */
  mail_ms: timeout(300_000),
  data_ms: timeout(120_000),
  /** Without any progress while the body is written. */
  block_ms: timeout(180_000),
  /** From the final dot to its reply; cut short it makes duplicates, so leave it long. */
  dot_ms: timeout(600_000),
  /** An idle connection is closed after this. */
  idle_ms: timeout(60_000),
});

const noControls = /^[^\p{Cc}]*$/u;
const word = (max: number) => z.string().min(1).max(max).regex(noControls, 'holds a control character');

const settingsSchema = z.strictObject({
  host: word(NAME_MAX_CHARS).regex(/^[^\s/@]+$/, 'is a host name or an IP address, without a scheme'),
  port: z.number().int().min(1).max(65_535),
  tls: z.enum(['none', 'starttls', 'implicit']),
  username: word(CREDENTIAL_MAX_CHARS).optional(),
  ...tokenSettings,
  connections: z.number().int().min(1).max(CONNECTIONS_MAX).default(CONNECTIONS_DEFAULT),
  /** 0: as many as the host takes. */
  messages_per_connection: z.number().int().min(0).max(MESSAGES_PER_CONNECTION_MAX).default(MESSAGES_PER_CONNECTION_DEFAULT),
  verify_certificate: z.boolean().default(true),
  /** PEM of the authorities to trust instead of the well-known ones. */
  ca: z.string().min(1).max(CA_MAX_CHARS).includes('-----BEGIN CERTIFICATE-----').optional(),
  /** Our name in EHLO; by default this machine's. */
  helo: word(NAME_MAX_CHARS).regex(/^\S+$/, 'is one word').optional(),
  /** Log in without TLS to a host that is not this machine. */
  allow_plaintext_auth: z.boolean().default(false),
  timeouts: timeoutsSchema.prefault({}),
});

const secretSchema = z.strictObject({ password: word(CREDENTIAL_MAX_CHARS).optional(), ...tokenSecrets });

export type SmtpSettings = z.infer<typeof settingsSchema>;
export type SmtpTimeouts = SmtpSettings['timeouts'];
export interface SmtpAccountInput {
  readonly settings: SmtpSettings;
  readonly secret: Record<string, string>;
}

/**
 * Checks the settings and secret of a smarthost account and fills the defaults in.
 * Throws PROVIDER_SETTINGS_INVALID; `field` is `settings.…` or `secret.…`.
 */
export function parseSmtpAccount(input: { readonly settings: unknown; readonly secret: unknown }): SmtpAccountInput {
  const given = parsed(settingsSchema, input.settings, 'settings');
  const checked = checkedGrant(given, parsed(secretSchema, input.secret, 'secret'));
  if ('field' in checked) throw invalid(checked.field, checked.why);
  const { grant, secret } = checked;
  const settings = grant === null ? given : { ...given, grant };
  const { password } = secret;
  if (settings.username !== undefined && password === undefined && grant === null)
    throw invalid('secret.password', 'is missing: a username needs a password');
  if (settings.username === undefined && password !== undefined)
    throw invalid('settings.username', 'is missing: a password needs a username');
  if (settings.username !== undefined && settings.tls === 'none' && !settings.allow_plaintext_auth && !isLoopback(settings.host)) {
    throw invalid(
      'settings.tls',
      `is "none", so the ${grant === null ? 'password' : 'access token'} would cross the network in clear: use "starttls" or "implicit", or set allow_plaintext_auth`,
    );
  }
  if (settings.ca !== undefined && !isAuthority(settings.ca)) throw invalid('settings.ca', 'holds no certificate that can be read');
  return { settings, secret: Object.fromEntries(Object.entries(secret).filter(([, value]) => value !== undefined)) };
}

/** True for names and addresses that never leave this machine. */
function isLoopback(host: string): boolean {
  const name = host.toLowerCase();
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}

/** Every certificate in it can be read; TLS itself would skip the others without a word. */
function isAuthority(pem: string): boolean {
  try {
    for (const block of pem.split(/(?=-----BEGIN CERTIFICATE-----)/).filter((part) => part.trim() !== '')) new X509Certificate(block);
    return true;
  } catch {
    return false;
  }
}

function parsed<T>(schema: z.ZodType<T>, value: unknown, root: string): T {
  const result = schema.safeParse(value, { error: issueWords });
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const unknownKey = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const field = [root, ...(issue?.path ?? []), ...unknownKey].join('.');
  throw invalid(
    field,
    unknownKey.length > 0 ? 'is not a setting of an SMTP smarthost' : reason(issue?.message ?? 'is not valid'),
    result.error,
  );
}

function reason(message: string): string {
  return /^(is|holds) /.test(message) ? message : `is not right: ${message}`;
}

function invalid(field: string, why: string, cause?: unknown): AppError {
  return new AppError('PROVIDER_SETTINGS_INVALID', `${field} ${why}.`, { field, cause });
}
