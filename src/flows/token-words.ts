// This file says in words why no access token was issued, and what to do next. Pure.
import type { TokenGrant } from '../token-grant.ts';
import type { TokenExchange } from './token-endpoint.ts';

type Refusal = Extract<TokenExchange, { kind: 'refused' }>;

/** What to do next, by the endpoint's code (RFC 6749 §5.2, OpenID Connect Core §3.1.2.6). */
const NEXT: Readonly<Record<string, string>> = {
  invalid_client:
    'The client id or the client secret is wrong, or the secret has run out: make a new client secret where the application is registered, and set it here.',
  unauthorized_client:
    'The application may not ask in this way: allow the grant where the application is registered, and let an administrator consent to it.',
  unsupported_grant_type: 'This endpoint does not know the grant: check "token_url" and "grant".',
  invalid_scope: 'The endpoint does not know the scope: check "scope" against what the provider writes for IMAP and SMTP.',
  invalid_request: 'The endpoint misses something in the question: check "token_url", "client_id" and "scope".',
  access_denied: 'An administrator has to allow the application first.',
  consent_required: 'Nobody has allowed the application to use this mailbox yet: sign in once more, or let an administrator consent to it.',
  interaction_required: 'The provider wants a person to sign in again: do so, and set the new refresh token here.',
  no_token: 'Check that "token_url" is the token endpoint, not the page where people sign in.',
  token_type: 'Check that "token_url" is the token endpoint of the mail provider.',
};
const GRANT_GONE =
  'The refresh token is no longer good: it has run out, was taken back, or the password was changed. Sign in again, and set the new refresh token here.';
const NOT_FOUND = 'Check "token_url": nothing that issues tokens answers there.';

/** One sentence of the endpoint, one of ours. */
export function wordsOfRefusal(grant: TokenGrant, { error, description }: Refusal): string {
  const said = `The token endpoint ${hostOf(grant)} refused (${error}${description === '' ? '' : `: ${withoutStop(description)}`}).`;
  return `${said} ${nextStep(grant, error)}`;
}

/** The endpoint did not answer, or has trouble of its own. */
export function wordsOfOutage(grant: TokenGrant, reason: string): string {
  return `The token endpoint ${hostOf(grant)} gives no access token now: ${withoutStop(reason)}. It is asked again by itself.`;
}

function nextStep(grant: TokenGrant, error: string): string {
  if (error === 'invalid_grant')
    return grant.kind === 'refresh_token'
      ? GRANT_GONE
      : 'The endpoint does not accept the proof: check client id, client secret and scope.';
  return NEXT[error] ?? NOT_FOUND;
}

function hostOf(grant: TokenGrant): string {
  return new URL(grant.tokenUrl).host;
}

function withoutStop(text: string): string {
  return text.replace(/[.\s]+$/, '');
}
