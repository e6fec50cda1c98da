// This file opens all doors of the simulator at the ports that are wanted, remembered or free, and lets outages close and open them.
import type { ProviderKind } from '../delivery/provider.ts';
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';
import { type HttpSide, type HttpSideDeps, startHttpSide } from './http/server.ts';
import type { Ports } from './ports.ts';
import { type Smarthost, startSmarthost } from './smarthost/server.ts';
import type { SessionDeps } from './smarthost/session.ts';

export interface DoorsOptions {
  readonly host: string;
  readonly wanted: Partial<Ports>;
  /** Ports of the last run; others are taken when somebody else sits there now. */
  readonly remembered: Partial<Ports>;
  readonly log: Log;
  readonly http: Omit<HttpSideDeps, 'host' | 'log'>;
  readonly smtp: Omit<SessionDeps, 'charge'>;
}

export interface Doors {
  readonly ports: Ports;
  /** Brings a provider's door in line with its outage. */
  outageChanged(provider: ProviderKind): Promise<void>;
  /** Resolves when the last change of a provider's door is done. */
  settled(provider: ProviderKind): Promise<void>;
  close(): Promise<void>;
}

const ANY: Ports = { http: 0, sparkpost: 0, 'elastic-email': 0, mandrill: 0, smtp: 0 };

/** Opens every door. Throws AppError PORT_IN_USE when a wanted port is taken. */
export async function openDoors(options: DoorsOptions): Promise<Doors> {
  const { wanted, remembered, log } = options;
  let http: HttpSide;
  try {
    http = await startHttpSide({ ...ANY, ...remembered, ...wanted }, { ...options.http, host: options.host, log });
  } catch (error) {
    if (!forgettable(error, options)) throw error;
    log.warn({ event: 'simulator_ports_changed', remembered });
    http = await startHttpSide({ ...ANY, ...wanted }, { ...options.http, host: options.host, log });
  }
  const smarthost = await openSmarthost(options).catch(async (error: unknown) => {
    await http.close();
    throw error;
  });
  const changes = new Map<ProviderKind, Promise<void>>();
  const settled = (provider: ProviderKind) => changes.get(provider) ?? Promise.resolve();
  return {
    ports: { ...http.ports, smtp: smarthost.port },
    outageChanged(provider) {
      // One change after the other: an outage may begin while the door of the last one is still opening.
      const change = settled(provider)
        .then(() => (provider === 'smtp' ? smarthost.outageChanged() : http.outageChanged(provider)))
        .catch((error: unknown) => log.error({ event: 'simulator_door_stuck', provider, err: error }));
      changes.set(provider, change);
      return change;
    },
    settled,
    async close() {
      await Promise.all(changes.values());
      await Promise.all([http.close(), smarthost.close()]);
    },
  };
}

async function openSmarthost(options: DoorsOptions): Promise<Smarthost> {
  const port = options.wanted.smtp ?? options.remembered.smtp ?? 0;
  try {
    return await startSmarthost({ host: options.host, port }, options.smtp);
  } catch (error) {
    if (!forgettable(error, options)) throw error;
    return startSmarthost({ host: options.host, port: options.wanted.smtp ?? 0 }, options.smtp);
  }
}

function forgettable(error: unknown, options: DoorsOptions): boolean {
  return error instanceof AppError && error.code === 'PORT_IN_USE' && Object.keys(options.remembered).length > 0;
}
