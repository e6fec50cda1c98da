// This file listens for the simulated smarthost and cuts it off when its outage says so.
import { createServer, type Socket } from 'node:net';
import { charge } from '../accounts.ts';
import { closeAndHold, type LetGo } from '../held-port.ts';
import { closePort, openPort, portOf } from '../ports.ts';
import { Session, type SessionDeps } from './session.ts';

export interface Smarthost {
  readonly port: number;
  /** Closes or opens the port when an outage began or ended. */
  outageChanged(): Promise<void>;
  close(): Promise<void>;
}

/** Clients that rehearse keep a handful of connections; a load test some hundred. */
const CONNECTIONS_MAX = 1_000;

/** Starts the smarthost; a wanted port of 0 takes any. Throws AppError PORT_IN_USE. */
export async function startSmarthost(wanted: { host: string; port: number }, deps: Omit<SessionDeps, 'charge'>): Promise<Smarthost> {
  const sockets = new Set<Socket>();
  const session: SessionDeps = { ...deps, charge: (account) => charge(account, 1, deps.world.clock.nowMs()) === null };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    new Session(socket, session);
  });
  server.maxConnections = CONNECTIONS_MAX;
  const cut = async () => {
    const closed = closePort(server);
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  const port = await openPort(server, wanted);
  let letGo: LetGo = () => {};
  return {
    port,
    async outageChanged() {
      const [down, closed] = [deps.outage()?.kind === 'down', portOf(server) === null];
      if (down && !closed) letGo = await closeAndHold(server, cut);
      if (down || !closed) return;
      await openPort(server, { host: wanted.host, port, patient: true });
      letGo();
    },
    async close() {
      await cut();
      letGo();
    },
  };
}
