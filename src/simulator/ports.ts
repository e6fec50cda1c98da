// This file opens and closes listening sockets, and remembers in simulator.json where the simulator listens: the desk's database keeps
// these addresses as provider settings, so they have to survive a restart.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '../errors.ts';
import { isRecord, type JsonRecord } from './json.ts';

/** Every door of the simulator. */
export type PortName = 'http' | 'sparkpost' | 'elastic-email' | 'mandrill' | 'smtp';
export type Ports = Readonly<Record<PortName, number>>;

export interface PortWish {
  readonly host: string;
  /** 0: any. */
  readonly port: number;
  /** Try for a while: the port was ours a moment ago and somebody's outgoing connection may sit on it. */
  readonly patient?: boolean;
}

const PATIENCE_TRIES = 100;
const PATIENCE_MS = 100;

/** Listens and gives the port. Throws AppError PORT_IN_USE. */
export async function openPort(server: Server, wish: PortWish): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    const problem = await listen(server, wish);
    if (problem === null) return portOf(server) ?? 0;
    if (wish.patient !== true || tries === PATIENCE_TRIES) throw problem;
    await wait(PATIENCE_MS);
  }
}

function listen(server: Server, wish: PortWish): Promise<AppError | null> {
  return new Promise((resolve) => {
    const failed = (error: Error) =>
      resolve(new AppError('PORT_IN_USE', `The simulator cannot listen on ${wish.host}:${wish.port}: ${error.message}`, { cause: error }));
    server.once('error', failed);
    server.listen(wish.port, wish.host, () => {
      server.removeListener('error', failed);
      resolve(null);
    });
  });
}

/** Stops listening and cuts open connections, where the server knows them (HTTP). */
export function closePort(server: Server & { closeAllConnections?: () => void }): Promise<void> {
  return new Promise((resolve) => {
    // close() reports a server that was not open; for us that is closed too.
    server.close(() => resolve());
    server.closeAllConnections?.();
  });
}

/** The port a server listens on, or null when it does not. */
export function portOf(server: Server): number | null {
  // The cast: a server that listens on a host and port has an AddressInfo; only pipes have strings.
  return (server.address() as AddressInfo | null)?.port ?? null;
}

export interface SimulatorFile {
  readonly httpUrl: string;
  readonly smtpPort: number;
  readonly controlToken: string;
  readonly ports: Partial<Ports>;
}

const FILE_NAME = 'simulator.json';

/** Reads `simulator.json` of a data folder; null when there is none that can be used. */
export function readSimulatorFile(dataDir: string): SimulatorFile | null {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(join(dataDir, FILE_NAME), 'utf8'));
  } catch {
    // No file, or half of one: either way no simulator has written it.
    return null;
  }
  if (!isRecord(content)) return null;
  const { http_url: httpUrl, smtp_port: smtpPort, control_token: controlToken, ports } = content;
  if (typeof httpUrl !== 'string' || typeof smtpPort !== 'number' || typeof controlToken !== 'string') return null;
  return { httpUrl, smtpPort, controlToken, ports: isRecord(ports) ? knownPorts(ports) : {} };
}

/** Writes `simulator.json`, readable by its owner only: it holds the control token. */
export function writeSimulatorFile(dataDir: string, file: SimulatorFile): void {
  const path = join(dataDir, FILE_NAME);
  const content = { http_url: file.httpUrl, smtp_port: file.smtpPort, control_token: file.controlToken, ports: file.ports };
  writeFileSync(`${path}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

function knownPorts(ports: JsonRecord): Partial<Ports> {
  const names: PortName[] = ['http', 'sparkpost', 'elastic-email', 'mandrill', 'smtp'];
  return Object.fromEntries(names.flatMap((name) => (typeof ports[name] === 'number' ? [[name, ports[name]]] : [])));
}
