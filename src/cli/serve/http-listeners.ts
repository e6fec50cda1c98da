// This file opens the HTTP door to the world: plain HTTP, and beside it HTTPS where the settings say so.
import type { AddressInfo } from 'node:net';
import type { Config } from '../../config.ts';
import { AppError } from '../../errors.ts';
import type { App } from '../../http/app.ts';
import { makeHttpsDoor } from '../../http/https-door.ts';
import type { LoadedTls } from '../../smtp/tls.ts';

/** The ports that were opened; `https` is null where HTTPS is not spoken. */
export interface HttpPorts {
  readonly http: number;
  readonly https: number | null;
}

export interface HttpListeners {
  listen(): Promise<HttpPorts>;
  /** Takes no more connections and lets open requests end; what is left after `graceMs` is cut off. */
  close(graceMs: number): Promise<void>;
}

/** Nothing listens before `listen`, which rejects with AppError PORT_IN_USE when a port is taken. */
export function makeHttpListeners(app: App, config: Config, tls: LoadedTls | null): HttpListeners {
  const https = tls === null ? null : makeHttpsDoor(app, tls.pair);
  return {
    async listen() {
      const http = await listenPlain(app, config);
      return { http, https: https === null ? null : await https.listen(config.httpsPort ?? 0, config.httpsHost) };
    },
    async close(graceMs) {
      const cut = setTimeout(() => {
        app.server.closeAllConnections();
        https?.cut();
      }, graceMs);
      await Promise.all([app.close(), https?.close()]);
      clearTimeout(cut);
    },
  };
}

async function listenPlain(app: App, config: Config): Promise<number> {
  try {
    await app.listen({ port: config.httpPort, host: config.httpHost });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE') {
      throw new AppError('PORT_IN_USE', `Port ${config.httpPort} on ${config.httpHost} is taken by another program.`, { cause });
    }
    throw cause;
  }
  // A TCP server's address is an AddressInfo.
  return (app.server.address() as AddressInfo).port;
}
