// This file is the port through which a line to a mail server asks for an access token to log in with.
import type { TokenGrant } from '../token-grant.ts';

export interface TokenQuestion {
  /** Provider account or bounce mailbox. */
  readonly ownerId: string;
  readonly grant: TokenGrant;
  /** A token that the server did not take: another one is fetched. */
  readonly refused?: string;
}

export type TokenAnswer =
  | { readonly ok: true; readonly token: string }
  /** `misconfigured` needs a person; `unreachable` may pass by itself. The reason says what to do next. */
  | { readonly ok: false; readonly kind: 'misconfigured' | 'unreachable'; readonly reason: string; readonly retryAfterMs?: number };

export interface AccessTokens {
  /** A token that is good for a log-in now; many may ask at once. Never rejects. */
  get(question: TokenQuestion): Promise<TokenAnswer>;
}
