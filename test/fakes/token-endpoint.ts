// This file is a token endpoint for tests (RFC 6749): it issues access tokens for refresh tokens and client credentials over real HTTP, remembers every
// question, and misbehaves on request. A refresh token is good for one use unless told otherwise, as the strictest endpoints have it.
import { createServer, type ServerResponse } from 'node:http';
import { closeAndHold, type LetGo } from '../../src/simulator/held-port.ts';

export interface TokenRequest {
  readonly grant: string;
  readonly clientId: string;
  readonly clientSecret: string | null;
  readonly refreshToken: string | null;
  readonly scope: string | null;
}

export interface EndpointAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface FakeTokenEndpoint {
  readonly url: string;
  /** Where a mail server asks whose a token is (`Authorization: Bearer …`): it answers with `user`, for tokens that are good. */
  readonly introspectionUrl: string;
  user: string;
  /** Access tokens that were taken back. */
  readonly revoked: Set<string>;
  readonly asked: TokenRequest[];
  /** Access tokens that were issued, in their order. */
  readonly issued: string[];
  /** Refresh tokens that are good now. */
  readonly refreshTokens: Set<string>;
  /** Client secrets that are good for client credentials. */
  readonly clientSecrets: Set<string>;
  /** Seconds that a token is said to be good; null: nothing is said. */
  expiresIn: number | null;
  /** A new refresh token with each access token, the old one dies. */
  rotates: boolean;
  /** Answers this instead; null: honestly. */
  answer: EndpointAnswer | null;
  /** Holds answers back until it resolves. */
  hold: Promise<unknown> | null;
  /** Goes for good; connections to its port are refused from then on. Ends with `close`. */
  leave(): Promise<void>;
  close(): Promise<void>;
}

/** Starts on 127.0.0.1, any port, knowing these refresh tokens. */
export async function startTokenEndpoint(refreshTokens: readonly string[] = ['first-refresh']): Promise<FakeTokenEndpoint> {
  const server = createServer((request, response) => {
    if (request.url === '/whose') return whose(endpoint, request.headers.authorization, response);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const form = new URLSearchParams(Buffer.concat(chunks).toString());
      const asked = {
        grant: form.get('grant_type') ?? '',
        clientId: form.get('client_id') ?? '',
        clientSecret: form.get('client_secret'),
        refreshToken: form.get('refresh_token'),
        scope: form.get('scope'),
      };
      endpoint.asked.push(asked);
      void Promise.resolve(endpoint.hold).then(() => reply(response, endpoint.answer ?? honest(endpoint, asked)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  let letGo: LetGo = () => {};
  const shut = (): Promise<void> => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const endpoint: FakeTokenEndpoint = {
    url: `http://127.0.0.1:${port}/token`,
    introspectionUrl: `http://127.0.0.1:${port}/whose`,
    user: '',
    revoked: new Set(),
    asked: [],
    issued: [],
    refreshTokens: new Set(refreshTokens),
    clientSecrets: new Set(['client-secret']),
    expiresIn: 3_600,
    rotates: false,
    answer: null,
    hold: null,
    async leave() {
      letGo = await closeAndHold(server, shut);
    },
    async close() {
      await shut();
      letGo();
    },
  };
  return endpoint;
}

function honest(endpoint: FakeTokenEndpoint, { grant, clientSecret, refreshToken }: TokenRequest): EndpointAnswer {
  const good =
    grant === 'refresh_token'
      ? refreshToken !== null && endpoint.refreshTokens.has(refreshToken)
      : grant === 'client_credentials' && clientSecret !== null && endpoint.clientSecrets.has(clientSecret);
  if (!good) {
    const [error, words] =
      grant === 'refresh_token'
        ? ['invalid_grant', `AADSTS70008: ${refreshToken} has expired.`]
        : ['invalid_client', 'AADSTS7000215: Invalid client secret.'];
    return { status: grant === 'refresh_token' ? 400 : 401, body: JSON.stringify({ error, error_description: words }) };
  }
  const accessToken = `access-${endpoint.issued.length + 1}`;
  endpoint.issued.push(accessToken);
  const next = `refresh-${endpoint.issued.length}`;
  if (endpoint.rotates && refreshToken !== null) {
    endpoint.refreshTokens.delete(refreshToken);
    endpoint.refreshTokens.add(next);
  }
  const body = {
    token_type: 'Bearer',
    access_token: accessToken,
    ...(endpoint.expiresIn === null ? {} : { expires_in: endpoint.expiresIn }),
    ...(endpoint.rotates ? { refresh_token: next } : {}),
  };
  return { status: 200, body: JSON.stringify(body) };
}

function whose(endpoint: FakeTokenEndpoint, authorization: string | undefined, response: ServerResponse): void {
  const token = /^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? '';
  const good = endpoint.issued.includes(token) && !endpoint.revoked.has(token);
  reply(
    response,
    good ? { status: 200, body: JSON.stringify({ email: endpoint.user }) } : { status: 401, body: '{"error":"invalid_token"}' },
  );
}

function reply(response: ServerResponse, { status, body, headers }: EndpointAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
}
