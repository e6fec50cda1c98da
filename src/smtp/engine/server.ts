// This file is the SMTP server engine's front: it listens, counts connections, sweeps the idle ones away and closes gracefully.
// The library that others use waits 100 ms before each greeting and costs twice the CPU; this one is written for speed and serves both doors.
import { createServer, type Server, type Socket } from 'node:net';
import { AppError } from '../../errors.ts';
import { awaitProxyHeader } from './behind-proxy.ts';
import { Connection, SHUTTING_DOWN } from './connection.ts';
import type { SmtpServer, SmtpServerOptions } from './contract.ts';
import { addressGroup, plainAddress } from './peer.ts';
import { phrasesOf } from './phrases.ts';
import type { Switchboard } from './switchboard.ts';

/** One sweep visits every connection; with this many sweeps per idle limit, a silent one lives at most a quarter longer. */
const SWEEPS_PER_IDLE = 4;
const SWEEP_MS_MIN = 10;
const SWEEP_MS_MAX = 5_000;
/** Connections the kernel may hold for us while a garbage collection runs; the kernel has its own, usually larger, ceiling. */
const BACKLOG = 1_024;

const TOO_MANY = '421 4.7.0 Too many connections at this moment; try again in a minute\r\n';
const TOO_MANY_OF_YOURS = '421 4.7.0 Too many connections from your address; use fewer at a time, or keep them open\r\n';

/** Makes a server; `listen` starts it. The same engine serves submission (RFC 6409) and inbound mail (RFC 5321). */
export function createSmtpServer<State>(options: SmtpServerOptions<State>): SmtpServer {
  const { limits } = options;
  const connections = new Set<Connection<State>>();
  const perAddress = new Map<string, number>();
  /** From a proxy, which has not said yet for whom. */
  const headless = new Set<Socket>();
  let count = 0;
  let sweeper: NodeJS.Timeout | undefined;
  let whenEmpty: (() => void) | null = null;

  const board: Switchboard<State, Connection<State>> = {
    options,
    phrases: phrasesOf(options),
    account: { held: 0, max: limits.heldBytes },
    sweepMs: Math.min(SWEEP_MS_MAX, Math.max(SWEEP_MS_MIN, limits.idleMs / SWEEPS_PER_IDLE)),
    sweeps: 0,
    closing: false,
    gone(connection) {
      connections.delete(connection);
      const left = (perAddress.get(connection.addressKey) ?? 1) - 1;
      if (left > 0) perAddress.set(connection.addressKey, left);
      else perAddress.delete(connection.addressKey);
      if (connections.size === 0) whenEmpty?.();
    },
  };

  function accept(socket: Socket): void {
    const address = plainAddress(socket.remoteAddress ?? '');
    const peer = { address, port: socket.remotePort ?? 0 };
    if (options.proxies?.(address) !== true) {
      welcome(socket, peer);
      return;
    }
    if (board.closing || connections.size + headless.size >= limits.connections) {
      refuse(socket, TOO_MANY);
      return;
    }
    headless.add(socket);
    socket.once('close', () => headless.delete(socket));
    awaitProxyHeader(socket, (client) => {
      headless.delete(socket);
      if ('wrong' in client) {
        options.log.warn({ proxy: address, reason: client.wrong }, 'smtp.proxy_header_refused');
        // No words: what is wrong with the header is the operator's business, not the client's.
        socket.on('error', () => socket.destroy()).destroy();
        return;
      }
      welcome(socket, client.address === null ? peer : { address: client.address, port: client.port });
      // What came behind the header waits; a handshake takes it by itself.
      if (!options.tls?.implicit) socket.resume();
    });
  }

  function welcome(socket: Socket, { address, port }: { address: string; port: number }): void {
    const key = addressGroup(address);
    const ofThisPeer = perAddress.get(key) ?? 0;
    const full = connections.size >= limits.connections ? TOO_MANY : null;
    const refusal = board.closing ? SHUTTING_DOWN : (full ?? (ofThisPeer >= limits.connectionsPerAddress ? TOO_MANY_OF_YOURS : null));
    if (refusal !== null) {
      refuse(socket, refusal);
      return;
    }
    perAddress.set(key, ofThisPeer + 1);
    count += 1;
    const connection = new Connection(socket, { address, port, key, number: count }, board);
    connections.add(connection);
    connection.start();
  }

  function sweep(): void {
    board.sweeps += 1;
    for (const connection of connections) connection.sweep();
  }

  // Half-open: a client may close its side after the final dot and still wait for the answer.
  const server = createServer({ allowHalfOpen: true, noDelay: true }, accept);
  server.on('error', (error) => options.log.error({ err: error }, 'smtp.listener_failed'));

  return {
    async listen(port, host) {
      const real = await bind(server, port, host);
      sweeper = setInterval(sweep, board.sweepMs).unref();
      return { port: real };
    },
    async close({ graceMs }) {
      board.closing = true;
      const unbound = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of headless) socket.destroy();
      for (const connection of connections) connection.stop();
      if (connections.size > 0) {
        const empty = new Promise<void>((resolve) => {
          whenEmpty = resolve;
        });
        const cutOff = setTimeout(() => {
          for (const connection of connections) connection.destroy();
        }, graceMs);
        await empty;
        clearTimeout(cutOff);
      }
      await unbound;
      clearInterval(sweeper);
    },
    get connections() {
      return connections.size;
    },
  };
}

function bind(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new AppError('PORT_IN_USE', `Port ${port} on ${host} is taken by another program.`, { cause: error })
          : error,
      );
    server.once('error', failed);
    server.listen({ port, host, backlog: BACKLOG }, () => {
      server.off('error', failed);
      const bound = server.address();
      resolve(bound !== null && typeof bound === 'object' ? bound.port : port);
    });
  });
}

function refuse(socket: Socket, reply: string): void {
  socket.on('error', () => socket.destroy());
  // Nothing more is read or remembered of it; closing at once is all a flood is worth.
  socket.end(reply, 'latin1', () => socket.destroy());
}
