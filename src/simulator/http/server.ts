// This file is the simulator's HTTP side: one listener for everything, and one of its own for each provider, so that an outage can refuse
// connections the way a dead host does. Outages that break the line are played here; those that have words belong to the dialects.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { ProviderKind } from '../../delivery/provider.ts';
import type { Log } from '../../log.ts';
import { closeAndHold, type LetGo } from '../held-port.ts';
import type { Outage } from '../outages.ts';
import { closePort, openPort, portOf } from '../ports.ts';
import type { SimAnswer, SimRequest } from './exchange.ts';

export type HttpProvider = Exclude<ProviderKind, 'smtp'>;

/** Where each API lives below an origin, as at the real provider's host. */
export const PREFIXES: Record<HttpProvider, string> = {
  sparkpost: '/sparkpost/api/v1',
  'elastic-email': '/elasticemail/v4',
  mandrill: '/mandrill/api/1.0',
};
const CONTROL_PREFIX = '/simulator';

export interface HttpSideDeps {
  readonly host: string;
  readonly log: Log;
  readonly outage: (provider: ProviderKind) => Outage | null;
  readonly handle: (provider: HttpProvider, request: SimRequest) => SimAnswer | Promise<SimAnswer>;
  readonly sends: (provider: HttpProvider, request: SimRequest) => boolean;
  readonly control: (request: SimRequest, remoteAddress: string) => SimAnswer | Promise<SimAnswer>;
}

export interface HttpSide {
  readonly ports: Readonly<Record<HttpProvider | 'http', number>>;
  /** Closes or opens a provider's own listener when its outage began or ended. */
  outageChanged(provider: HttpProvider): Promise<void>;
  close(): Promise<void>;
}

/** SparkPost advises 50 MB of JSON at most; more than this is refused unread. */
const BODY_MAX_BYTES = 64 * 1024 * 1024;
/** Open connections per listener; a client that keeps more has lost count. */
const CONNECTIONS_MAX = 500;
/** What a lying provider says instead of its JSON. */
const GARBAGE = '<html><body><h1>It works!</h1></body></html>';

/** Starts the listeners; a wanted port of 0 takes any. Throws AppError PORT_IN_USE. */
export async function startHttpSide(wanted: Readonly<Record<HttpProvider | 'http', number>>, deps: HttpSideDeps): Promise<HttpSide> {
  const listener = (own: HttpProvider | null) => {
    const server = createServer((request, response) => {
      serve(request, response, own, deps).catch((error: unknown) => {
        deps.log.error({ event: 'simulator_request_failed', err: error });
        request.socket.destroy();
      });
    });
    server.maxConnections = CONNECTIONS_MAX;
    server.keepAliveTimeout = 60_000;
    return server;
  };
  const servers = new Map<HttpProvider | 'http', Server>([['http', listener(null)]]);
  for (const provider of ['sparkpost', 'elastic-email', 'mandrill'] as const) servers.set(provider, listener(provider));
  const ports = { http: 0, sparkpost: 0, 'elastic-email': 0, mandrill: 0 };
  /** Ports of providers that are down. */
  const held = new Map<HttpProvider, LetGo>();
  const close = async () => {
    await Promise.all([...servers.values()].map((server) => closePort(server)));
    for (const letGo of held.values()) letGo();
  };
  try {
    for (const [name, server] of servers) ports[name] = await openPort(server, { host: deps.host, port: wanted[name] });
  } catch (error) {
    await close();
    throw error;
  }
  return {
    ports,
    async outageChanged(provider) {
      const server = servers.get(provider);
      if (server === undefined) return;
      const down = deps.outage(provider)?.kind === 'down';
      const closed = portOf(server) === null;
      if (down && !closed) held.set(provider, await closeAndHold(server, () => closePort(server)));
      if (down || !closed) return;
      await openPort(server, { host: deps.host, port: ports[provider], patient: true });
      held.get(provider)?.();
      held.delete(provider);
    },
    close,
  };
}

async function serve(incoming: IncomingMessage, response: ServerResponse, own: HttpProvider | null, deps: HttpSideDeps): Promise<void> {
  const url = new URL(incoming.url ?? '/', 'http://simulator.invalid');
  const provider = providerOf(url.pathname, own);
  const outage = provider === null ? null : deps.outage(provider);
  if (outage?.kind === 'down') return void incoming.socket.destroy();
  const body = await readBody(incoming);
  if (body === null) {
    await answerWith(response, {
      kind: 'answer',
      status: 413,
      body: '{}',
      headers: { 'content-type': 'application/json', connection: 'close' },
    });
    return void incoming.destroy();
  }
  const prefix = provider === null ? CONTROL_PREFIX : PREFIXES[provider];
  const request: SimRequest = {
    method: incoming.method ?? 'GET',
    path: url.pathname.slice(prefix.length),
    query: url.searchParams,
    headers: incoming.headers,
    body,
  };
  if (provider === null) {
    const known = own === null && url.pathname.startsWith(`${CONTROL_PREFIX}/`);
    const unknown: SimAnswer = { kind: 'answer', status: 404, body: '{}', headers: { 'content-type': 'application/json' } };
    return answerWith(response, known ? await deps.control(request, incoming.socket.remoteAddress ?? '') : unknown);
  }
  const answer = await deps.handle(provider, request);
  if (outage?.kind === 'slow') await wait(outage.delayMs, undefined, { ref: false });
  const lies = outage?.kind === 'lying' && deps.sends(provider, request);
  await answerWith(response, lies ? lie(body.length) : answer);
}

function providerOf(path: string, own: HttpProvider | null): HttpProvider | null {
  for (const provider of ['sparkpost', 'elastic-email', 'mandrill'] as const) {
    if ((own === null || own === provider) && path.startsWith(`${PREFIXES[provider]}/`)) return provider;
  }
  return null;
}

/** Garbage or a broken line, by the message's length: both come up, and the same request always meets the same lie. */
function lie(bytes: number): SimAnswer {
  return bytes % 2 === 0 ? { kind: 'drop' } : { kind: 'answer', status: 200, body: GARBAGE, headers: { 'content-type': 'text/html' } };
}

/** The whole body, or null when it is larger than anybody may send. */
async function readBody(incoming: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    if (bytes > BODY_MAX_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function answerWith(response: ServerResponse, answer: SimAnswer): Promise<void> {
  if (answer.kind === 'hang') await wait(answer.forMs, undefined, { ref: false });
  if (answer.kind !== 'answer') return void response.socket?.destroy();
  const body = Buffer.from(answer.body);
  response.writeHead(answer.status, { ...answer.headers, 'content-length': body.length });
  response.end(body);
}
