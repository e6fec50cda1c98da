// This file checks what accounts at API providers have in common: the base address, the key, bounded numbers; and says which field is wrong.
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import { issueWords } from '../issue-words.ts';

/** Provider keys are 20 to 100 characters; anything far above is a pasted file. */
const KEY_MAX_CHARS = 500;
/** A provider's own hard limit is 600 s (Elastic Email); a longer wait holds a slot for nothing. */
const ANSWER_TIMEOUT_MAX_S = 600;
/** SparkPost advises 300 s; a request without an answer becomes an uncertain message, so waiting is cheap. */
const ANSWER_TIMEOUT_DEFAULT_S = 300;

/** Goes into an HTTP header: visible ASCII only. */
const visible = z
  .string()
  .min(1)
  .max(KEY_MAX_CHARS)
  .regex(/^[\x21-\x7e]+$/, 'holds blanks, line breaks or letters that no key has; copy it again');

/** The secret of every API account. */
export const apiSecret = z.strictObject({ api_key: visible, webhook_key: visible.optional() });

export const answerTimeout = z.int().min(1).max(ANSWER_TIMEOUT_MAX_S).default(ANSWER_TIMEOUT_DEFAULT_S);

/** A name the provider knows (pool, channel, subaccount): printable, one line. */
export const providerName = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}]+$/u, 'holds a line break or another control character');

export const domainName = z
  .string()
  .max(253)
  .regex(/^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$/i, 'is not a domain name');

/**
 * The address of the API: https, or http on loopback for the simulator; without user, query or fragment. An address without a path gets
 * `path`, so that `http://127.0.0.1:9000` and `https://api.example/v4` both work. Comes out without a slash at the end.
 */
export function baseUrl(path: string) {
  return z
    .string()
    .max(2000)
    .transform((text, context) => {
      const url = URL.parse(text);
      const problem = url === null ? 'is not an address' : baseUrlProblem(url);
      if (url === null || problem !== null) {
        context.issues.push({ code: 'custom', message: problem ?? 'is not an address', input: text });
        return z.NEVER;
      }
      return url.pathname === '/' ? url.origin + path : url.origin + url.pathname.replace(/\/+$/, '');
    });
}

function baseUrlProblem(url: URL): string | null {
  if (url.username !== '' || url.password !== '') return 'must not hold a user or password; the key has its own field';
  if (url.search !== '' || url.hash !== '') return 'must not hold a query or fragment';
  if (url.protocol === 'https:') return null;
  if (url.protocol === 'http:' && isLoopback(url.hostname)) return null;
  return 'must start with https:// (http:// is allowed for 127.0.0.1 only)';
}

function isLoopback(host: string): boolean {
  if (host === 'localhost') return true;
  const bare = host.replace(/^\[|\]$/g, '');
  return ipaddr.isValid(bare) && ipaddr.process(bare).range() === 'loopback';
}

/** Parses one half of an account. Throws AppError PROVIDER_SETTINGS_INVALID whose `field` is `settings.x` or `secret.x`. */
export function parseHalf<T>(schema: z.ZodType<T>, half: 'settings' | 'secret', value: unknown): T {
  const parsed = schema.safeParse(value, { error: issueWords });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const name = issue?.code === 'unrecognized_keys' ? issue.keys[0] : issue?.path.join('.');
  const field = name === undefined || name === '' ? half : `${half}.${name}`;
  const what = issue?.code === 'unrecognized_keys' ? 'is not a setting of this provider' : (issue?.message ?? 'is wrong');
  throw new AppError('PROVIDER_SETTINGS_INVALID', `${field}: ${what}.`, { field });
}

/** Both halves, without keys that are undefined, as they go into the database. */
export function parseAccountWith<S extends object, K extends object>(
  schemas: { settings: z.ZodType<S>; secret: z.ZodType<K> },
  input: { settings: Record<string, unknown>; secret: Record<string, string> },
): { settings: Record<string, unknown>; secret: Record<string, string> } {
  const settings = parseHalf(schemas.settings, 'settings', input.settings);
  const secret: Record<string, string> = {};
  for (const [name, value] of Object.entries(parseHalf(schemas.secret, 'secret', input.secret))) {
    if (typeof value === 'string') secret[name] = value;
  }
  return { settings: Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)), secret };
}
