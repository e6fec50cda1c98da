// This file is the schema of a bounce mailbox: where it is, how it is entered, and what happens to mails that were read.
import { isIP } from 'node:net';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { issueWords } from '../../issue-words.ts';
import { checkedGrant, tokenSecrets, tokenSettings } from '../../token-grant.ts';

const HOST_CHARS_MAX = 255;
const WORD_CHARS_MAX = 1_000;
/** A chain of certificates of a private authority; nothing legitimate is longer. */
const CA_CHARS_MAX = 200_000;
/** Servers of large hosts refuse clients that log in more often; nobody waits longer than a day for a bounce. */
const INTERVAL_MIN_S = 15;
const INTERVAL_MAX_S = 86_400;

const word = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}]*$/u, 'holds a control character');

const settingsSchema = z.strictObject({
  host: word(HOST_CHARS_MAX).regex(/^[^\s/@]+$/, 'is a host name or an IP address, without a scheme'),
  port: z.number().int().min(1).max(65_535).default(993),
  tls: z.enum(['implicit', 'starttls', 'none']).default('implicit'),
  username: word(WORD_CHARS_MAX),
  ...tokenSettings,
  folder: word(WORD_CHARS_MAX).default('INBOX'),
  /** What happens to a mail once it is stored here: it stays as it is, is marked as seen, or goes to another folder. */
  after: z.enum(['leave', 'flag', 'move']).default('move'),
  move_to: word(WORD_CHARS_MAX).default('Processed'),
  /** `idle`: the server says when something comes; else it is asked again after `interval_s`. */
  wait: z.enum(['idle', 'interval']).default('idle'),
  interval_s: z.number().int().min(INTERVAL_MIN_S).max(INTERVAL_MAX_S).default(300),
  verify_certificate: z.boolean().default(true),
  /** PEM of the authorities to trust instead of the well-known ones. */
  ca: z.string().min(1).max(CA_CHARS_MAX).includes('-----BEGIN CERTIFICATE-----').optional(),
});
const secretSchema = z.strictObject({ password: word(WORD_CHARS_MAX).optional(), ...tokenSecrets });

export type MailboxSettings = z.infer<typeof settingsSchema>;
export interface MailboxInput {
  readonly settings: MailboxSettings;
  /** Password, or what access tokens are asked for with. */
  readonly secret: Readonly<Record<string, string>>;
}

/** Checks settings and secret and fills the defaults in. Throws MAILBOX_SETTINGS_INVALID; `field` is `settings.…` or `secret.…`. */
export function parseMailbox(input: { readonly settings: unknown; readonly secret: unknown }): MailboxInput {
  const given = parsed(settingsSchema, input.settings, 'settings');
  const checked = checkedGrant(given, parsed(secretSchema, input.secret, 'secret'));
  if ('field' in checked) throw invalid(checked.field, checked.why);
  const { grant, secret } = checked;
  if (grant === null && secret.password === undefined)
    throw invalid('secret.password', 'is missing: a mailbox is entered with a password or an access token');
  const settings = grant === null ? given : { ...given, grant };
  if (settings.tls === 'none' && !isThisMachine(settings.host)) {
    const proof = grant === null ? 'password' : 'access token';
    throw invalid('settings.tls', `is "none", so the ${proof} would cross the network in clear: use "implicit" or "starttls"`);
  }
  if (settings.after === 'move' && settings.move_to === settings.folder) throw invalid('settings.move_to', 'is the folder that is read');
  return { settings, secret: Object.fromEntries(Object.entries(secret).filter(([, value]) => value !== undefined)) };
}

function isThisMachine(host: string): boolean {
  const name = host.toLowerCase();
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}

function parsed<T>(schema: z.ZodType<T>, value: unknown, root: string): T {
  const result = schema.safeParse(value, { error: issueWords });
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const unknownKey = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const field = [root, ...(issue?.path ?? []), ...unknownKey].join('.');
  if (unknownKey.length > 0) throw invalid(field, 'is no setting of a mailbox');
  const reason = issue?.message ?? 'is not valid';
  throw invalid(field, /^(is|holds) /.test(reason) ? reason : `is not right: ${reason}`);
}

function invalid(field: string, why: string): AppError {
  return new AppError('MAILBOX_SETTINGS_INVALID', `${field} ${why}.`, { field });
}
