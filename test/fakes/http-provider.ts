// This file is a scripted HTTP server on loopback for provider tests: it records every request and answers exactly what a test tells it,
// including what no sane server does: garbage, silence, a line cut before or after the body.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { closeAndHold, type LetGo } from '../../src/simulator/held-port.ts';

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The body as JSON; undefined when it is none. */
  readonly json: unknown;
}

export type Reply =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string | object }
  /** Cuts the line after the whole request was read. */
  | 'cut'
  /** Cuts the line in the middle of an answer that promised more. */
  | { readonly cutAfterHead: number; readonly body: string }
  /** Writes these bytes instead of an HTTP answer. */
  | { readonly raw: string }
  /** Never answers. */
  | 'silence'
  /** Answers once the promise is done. */
  | { readonly after: Promise<unknown>; readonly reply: Reply };

export interface HttpProvider {
  readonly url: string;
  readonly seen: SeenRequest[];
  /** What every request gets from now on. */
  answer: (request: SeenRequest) => Reply;
  /** Cuts every line as soon as the head of a request is there, before its body is read. */
  cutAtHead: boolean;
  /** Resolves when a request has been read whole. */
  nextRequest(): Promise<SeenRequest>;
  /** Stops listening, so that new connections are refused; the port stays ours until `start` or `close`. */
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Starts the server on a free port of 127.0.0.1. */
export async function httpProvider(answer: (request: SeenRequest) => Reply): Promise<HttpProvider> {
  const sockets = new Set<Socket>();
  const waiters: ((request: SeenRequest) => void)[] = [];
  let server: Server | null = null;
  let port = 0;
  const listen = async () => {
    server = createServer((request, response) => void serve(request, response));
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => server?.listen(port, '127.0.0.1', resolve));
    // A TCP server's address is never a string.
    port = (server.address() as AddressInfo).port;
  };
  let letGo: LetGo = () => {};
  const shut = async (closing: Server) => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => closing.close(() => resolve()));
  };
  const stop = async () => {
    const closing = server;
    server = null;
    if (closing !== null) letGo = await closeAndHold(closing, () => shut(closing));
  };
  const close = async () => {
    const closing = server;
    server = null;
    if (closing !== null) await shut(closing);
    letGo();
  };
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    if (provider.cutAtHead) return void request.socket.resetAndDestroy();
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      return;
    }
    const seen = record(request, Buffer.concat(chunks));
    provider.seen.push(seen);
    for (const waiter of waiters.splice(0)) waiter(seen);
    await play(provider.answer(seen), request, response);
  };
  await listen();
  const provider: HttpProvider = {
    url: `http://127.0.0.1:${port}`,
    seen: [],
    answer,
    cutAtHead: false,
    nextRequest: () => new Promise((resolve) => waiters.push(resolve)),
    stop,
    async start() {
      await listen();
      letGo();
    },
    close,
  };
  return provider;
}

function record(request: IncomingMessage, body: Buffer): SeenRequest {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) if (typeof value === 'string') headers[name] = value;
  let json: unknown;
  try {
    json = JSON.parse(body.toString('utf8'));
  } catch {
    json = undefined;
  }
  return { method: request.method ?? '', url: request.url ?? '', headers, body, json };
}

async function play(reply: Reply, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (reply === 'silence') return;
  if (reply === 'cut') return void request.socket.destroy();
  if ('raw' in reply) return void request.socket.end(reply.raw);
  if ('cutAfterHead' in reply) {
    response.writeHead(reply.cutAfterHead, { 'content-type': 'application/json', 'content-length': String(reply.body.length + 100) });
    response.write(reply.body, () => request.socket.destroy());
    return;
  }
  if ('after' in reply) {
    await reply.after;
    return play(reply.reply, request, response);
  }
  const body = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? {});
  response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
  response.end(body);
}
