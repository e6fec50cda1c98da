// This file guards the wire: where the desk speaks HTTPS, plain HTTP from other machines leads browsers there and refuses whatever carries a key or a
// password. From this machine and from trusted proxies it stays open, and so does what carries none (health, webhooks of providers, documentation).
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../errors.ts';
import type { App } from '../app.ts';
import type { HttpConfig } from '../deps.ts';
import { type Client, makeClientReader } from './client.ts';
import { sessionToken } from './cookies.ts';

declare module 'fastify' {
  interface FastifyRequest {
    client: Client | null;
  }
}

/**
 * Addresses that are never led elsewhere or refused here. Monitors take no redirects; a webhook that is refused may be lost, and its secret was on the wire
 * already when we hear of it.
 */
const OPEN_PATH = /^\/(hooks|health)(\/|\?|$)/;
const READS: ReadonlySet<string> = new Set(['GET', 'HEAD']);
/** RFC 9110 §4.2.2. */
const HTTPS_PORT = 443;

/** Hangs the look before every other gate: it says of each request who the client is. */
export function guardTransport(app: App, config: Pick<HttpConfig, 'trustedProxies' | 'proxyHeader' | 'https' | 'publicUrl'>): void {
  const read = makeClientReader(config.trustedProxies, config.proxyHeader);
  app.decorateRequest('client', null);
  app.addHook('onRequest', (request, reply, done) => {
    const { socket, headers } = request;
    const client = read({ peer: socket.remoteAddress ?? '', encrypted: request.protocol === 'https', headers });
    request.client = client;
    if (config.https === null || client.secure || client.by !== 'network' || OPEN_PATH.test(request.url)) return done();
    const origin = originFor(request, config.https.port(), config.publicUrl);
    if (isBehindAStranger(request)) {
      // Its client may well have come by https: led there again, it would come back here for ever.
      if (isForAPerson(request) || carriesASecret(request)) throw behindAStranger(client);
    } else if (isForAPerson(request)) {
      void redirect(reply, `${origin}${request.url}`);
      return;
    } else if (carriesASecret(request)) throw inTheClear(origin);
    done();
  });
}

/** Who asks, once the first gate has looked. */
export function clientOf(request: FastifyRequest): Client {
  return request.client ?? { address: request.ip, secure: false, by: 'network' };
}

function redirect(reply: FastifyReply, to: string): FastifyReply {
  // Never kept: where HTTPS moves or ends, the next visit finds out. What keeps browsers at https is HSTS.
  return reply.code(308).header('cache-control', 'no-store').header('location', to).send();
}

function isForAPerson({ method, headers, url }: FastifyRequest): boolean {
  return READS.has(method) && url.startsWith('/') && headers.authorization === undefined && (headers.accept ?? '').includes('text/html');
}

/** Passwords and keys come with a header or a cookie, or in the body of what changes something. */
function carriesASecret(request: FastifyRequest): boolean {
  const { method, headers, url } = request;
  return headers.authorization !== undefined || sessionToken(request) !== null || (!READS.has(method) && url.startsWith('/v1/'));
}

function inTheClear(origin: string): AppError {
  return new AppError(
    'TLS_REQUIRED',
    'This came without encryption, and this desk takes keys and passwords from other machines by https only.',
    {
      hint: `Ask ${origin} instead, and replace the key: whoever is on the way has read it.`,
    },
  );
}

/** A proxy stands before the client that the settings do not name. */
function isBehindAStranger({ headers }: FastifyRequest): boolean {
  return headers['x-forwarded-proto'] !== undefined || headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined;
}

function behindAStranger({ address }: Client): AppError {
  return new AppError('TLS_REQUIRED', `This came without encryption, through a proxy at ${address} that this desk was not told of.`, {
    hint: `If the proxy is yours, name it in PACKETBOAT_TRUSTED_PROXIES; else ask the desk by https.`,
  });
}

/** Our https origin as this client names us; the public one where there is one. */
function originFor({ headers }: FastifyRequest, port: number, publicUrl: string | null): string {
  if (publicUrl?.startsWith('https:')) return publicUrl;
  const host = /^([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/.exec(headers.host ?? '')?.[1] ?? 'localhost';
  return `https://${host}${port === HTTPS_PORT ? '' : `:${port}`}`;
}
