// This file is the HTTPS side of the HTTP door: a second listener on the same routes, TLS 1.2 and newer, with a certificate that may be replaced while it
// serves. It speaks HTTP/1.1: Node's HTTP/2 server has none of the time limits for slow requests that protect the door.
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { AppError } from '../errors.ts';
import type { App } from './app.ts';
import { KEEP_ALIVE_MS, REQUEST_TIMEOUT_MS } from './connection-times.ts';

/** Certificate with its chain, and its key, PEM. */
export interface CertificatePair {
  readonly cert: string;
  readonly key: string;
}

export interface HttpsDoor {
  /** Resolves with the real port. Rejects with AppError PORT_IN_USE when it is taken. */
  listen(port: number, host: string): Promise<number>;
  /** Takes no more connections and lets open requests end. */
  close(): Promise<void>;
  /** Ends requests that are still open. */
  cut(): void;
}

/** RFC 9325 §3.1.1: older versions are not spoken. */
const TLS_VERSION_MIN = 'TLSv1.2';
/** A client that has not finished greeting by then is none. */
const HANDSHAKE_MS = 10_000;

/** Makes the listener for `app`, which is ready. `pair` is asked at every connection; another object than before is taken up at once. */
export function makeHttpsDoor(app: App, pair: () => CertificatePair): HttpsDoor {
  let used = pair();
  let closing = false;
  /** Connections that have asked nothing yet, by their other end. To Node they are busy until a minute has gone by. */
  const silent = new Map<string, Socket>();
  const server = createServer(
    {
      ...used,
      minVersion: TLS_VERSION_MIN,
      ALPNProtocols: ['http/1.1'],
      handshakeTimeout: HANDSHAKE_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
    (request, response) => {
      silent.delete(otherEnd(request.socket));
      response.once('close', () => {
        // A connection that was busy when the door closed would be kept open for its next request.
        if (closing) server.closeIdleConnections();
      });
      app.routing(request, response);
    },
  );
  // What is no request is answered as at the plain door.
  server.on('clientError', (error, socket) => app.server.emit('clientError', error, socket));
  // Before the server's own listener, which begins the handshake with the certificate of that moment.
  server.prependListener('connection', (socket: Socket) => {
    const end = otherEnd(socket);
    silent.set(end, socket);
    socket.once('close', () => {
      if (silent.get(end) === socket) silent.delete(end);
    });
    const current = pair();
    if (current === used) return;
    used = current;
    server.setSecureContext({ ...current, minVersion: TLS_VERSION_MIN });
  });
  return {
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        const failed = (cause: NodeJS.ErrnoException) =>
          reject(
            cause.code === 'EADDRINUSE'
              ? new AppError('PORT_IN_USE', `Port ${port} on ${host} is taken by another program.`, { cause })
              : cause,
          );
        server.once('error', failed);
        server.listen({ port, host }, () => {
          server.off('error', failed);
          // A TCP server's address is an AddressInfo.
          resolve((server.address() as AddressInfo).port);
        });
      }),
    close: () =>
      new Promise((resolve) => {
        closing = true;
        // Answers an error where it never listened, which is as closed as can be.
        server.close(() => resolve());
        for (const socket of silent.values()) socket.destroy();
      }),
    cut: () => server.closeAllConnections(),
  };
}

/** The same for a TLS connection and the TCP connection below it. */
function otherEnd({ remoteAddress, remotePort }: Pick<Socket, 'remoteAddress' | 'remotePort'>): string {
  return `${remoteAddress} ${remotePort}`;
}
