// This file is the shape of a log-in by access token in place of a password (OAuth 2.0, RFC 6749): which endpoint issues tokens, to whom, and for what
// proof. Smarthost accounts and bounce mailboxes hold the same fields, so they are described once.
import { isIP } from 'node:net';
import { z } from 'zod';

export type GrantKind = 'refresh_token' | 'client_credentials';

/** What an access token is asked for with. */
export interface TokenGrant {
  readonly tokenUrl: string;
  readonly clientId: string;
  /** Null: whatever was agreed when the application was registered. */
  readonly scope: string | null;
  readonly kind: GrantKind;
  readonly clientSecret: string | null;
  /** As a person gave it; the endpoint may have replaced it since. Null for client credentials. */
  readonly refreshToken: string | null;
}

const URL_MAX_CHARS = 2_000;
/** Ids of applications are 36 to 100 characters. */
const CLIENT_ID_MAX_CHARS = 500;
/** A list of addresses; those of Microsoft and Google are 30 to 60 characters each. */
const SCOPE_MAX_CHARS = 2_000;
/** Refresh tokens of Microsoft are 1 to 2 KB; the line that carries an access token to a mail server ends at 12,288 octets (RFC 4954 §4). */
export const TOKEN_MAX_CHARS = 8_192;

/** Goes into a form body, and comes back in answers that are read by people: visible ASCII only (RFC 6749 appendix A). */
const visible = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[\x21-\x7e]+$/, 'holds blanks, line breaks or letters that no key has; copy it again');

/** Settings of a log-in by access token; none of them is set where a password is used. */
export const tokenSettings = {
  /** Where access tokens are issued: https, or http on this machine. */
  token_url: z
    .string()
    .max(URL_MAX_CHARS)
    .refine((text) => urlProblem(text) === null, { error: ({ input }) => urlProblem(String(input)) ?? 'is not an address' })
    .optional(),
  client_id: visible(CLIENT_ID_MAX_CHARS).optional(),
  /** Words with blanks between them (RFC 6749 §3.3). */
  scope: z
    .string()
    .min(1)
    .max(SCOPE_MAX_CHARS)
    .regex(/^[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/, 'is one or more words with single blanks between them')
    .optional(),
  grant: z.enum(['refresh_token', 'client_credentials']).optional(),
};

/** Secrets of a log-in by access token. */
export const tokenSecrets = { client_secret: visible(TOKEN_MAX_CHARS).optional(), refresh_token: visible(TOKEN_MAX_CHARS).optional() };

interface GrantSettings {
  readonly token_url?: string | undefined;
  readonly client_id?: string | undefined;
  readonly scope?: string | undefined;
  readonly grant?: GrantKind | undefined;
  readonly username?: string | undefined;
}
interface LogInSecret {
  readonly password?: string | undefined;
  readonly client_secret?: string | undefined;
  readonly refresh_token?: string | undefined;
}

export interface GrantFault {
  /** `settings.x` or `secret.x`. */
  readonly field: string;
  readonly why: string;
}

/**
 * Looks at what is set beside a user name: a log-in by token is whole, or nothing of it is there. Answers the fault, or the grant's kind (null: no token is
 * used) and the secrets that are of use with it; a password that was stored before goes when a token takes its place, and the other way round.
 */
export function checkedGrant(settings: GrantSettings, secret: LogInSecret): GrantFault | { grant: GrantKind | null; secret: LogInSecret } {
  if (settings.token_url === undefined) return withoutGrant(settings, secret);
  if (settings.client_id === undefined)
    return { field: 'settings.client_id', why: 'is missing: the token endpoint asks which application this is' };
  if (settings.username === undefined)
    return { field: 'settings.username', why: 'is missing: an access token is for the mailbox of somebody' };
  const { client_secret: clientSecret, refresh_token: refreshToken } = secret;
  const kept = clientSecret === undefined ? {} : { client_secret: clientSecret };
  const grant = settings.grant ?? 'refresh_token';
  if (grant === 'client_credentials') {
    if (clientSecret === undefined) return { field: 'secret.client_secret', why: 'is missing: it is the proof of client credentials' };
    return { grant, secret: kept };
  }
  if (refreshToken === undefined) {
    return {
      field: 'secret.refresh_token',
      why: 'is missing: access tokens are asked for with it, unless settings.grant is "client_credentials"',
    };
  }
  return { grant, secret: { ...kept, refresh_token: refreshToken } };
}

function withoutGrant(settings: GrantSettings, secret: LogInSecret): GrantFault | { grant: null; secret: LogInSecret } {
  const stray = (['client_id', 'scope', 'grant'] as const).find((name) => settings[name] !== undefined);
  if (stray !== undefined) return { field: 'settings.token_url', why: `is missing: ${stray} belongs to a log-in by access token` };
  if (secret.password !== undefined) return { grant: null, secret: { password: secret.password } };
  const meant = (['refresh_token', 'client_secret'] as const).find((name) => secret[name] !== undefined);
  if (meant !== undefined) return { field: 'settings.token_url', why: `is missing: ${meant} belongs to a log-in by access token` };
  return { grant: null, secret: {} };
}

/** The grant of checked settings and secrets; null: they log in with a password, or not at all. */
export function grantOf(settings: GrantSettings, secret: LogInSecret): TokenGrant | null {
  const { token_url: tokenUrl, client_id: clientId } = settings;
  if (tokenUrl === undefined || clientId === undefined) return null;
  return {
    tokenUrl,
    clientId,
    scope: settings.scope ?? null,
    kind: settings.grant ?? 'refresh_token',
    clientSecret: secret.client_secret ?? null,
    refreshToken: secret.refresh_token ?? null,
  };
}

/** What is wrong with the address of a token endpoint (RFC 6749 §3.2), or null. */
function urlProblem(text: string): string | null {
  const url = URL.parse(text);
  if (url === null) return 'is not an address; write it as https://login.example.org/token';
  if (url.username !== '' || url.password !== '') return 'must not hold a user or password; the client secret has its own field';
  if (url.hash !== '') return 'must not hold a fragment';
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isThisMachine(url.hostname))) return null;
  return 'must start with https:// (http:// is allowed for this machine only)';
}

function isThisMachine(host: string): boolean {
  const name = host.toLowerCase();
  return name === 'localhost' || name === '[::1]' || (isIP(name) === 4 && name.startsWith('127.'));
}
