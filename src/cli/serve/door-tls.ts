// This file finds the certificates of the doors: the configured ones, or one of our own making. Doors that show the same files share them.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Clock } from '../../clock.ts';
import type { Config } from '../../config.ts';
import type { Log } from '../../log.ts';
import { makeSelfSigned } from '../../smtp/self-signed.ts';
import { type LoadedTls, loadTls, type TlsSource } from '../../smtp/tls.ts';
import { CHECKOUT } from './database.ts';

/** Ten years: nobody verifies it, it only lets mail be encrypted until a real certificate is set. */
const SELF_SIGNED_DAYS = 3650;

export interface DoorTlsDeps {
  readonly config: Config;
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** What the doors show; null where no such door is open. */
export interface DoorTls {
  readonly smtp: LoadedTls | null;
  readonly https: LoadedTls | null;
}

/** Loads what the doors of this process need. Throws CONFIG_INVALID when a configured pair does not work. */
export function openTls(deps: DoorTlsDeps): DoorTls {
  const { config } = deps;
  const does = (role: Config['roles'][number]) => config.roles.includes(role);
  const loaded = new Map<string, LoadedTls>();
  const load = (source: TlsSource) => {
    const files = `${source.certificate}\n${source.key}`;
    const known = loaded.get(files) ?? loadTls(source, deps);
    loaded.set(files, known);
    return known;
  };
  return {
    smtp: does('submission') || does('inbound') ? load(smtpFiles(config) ?? selfSigned(deps)) : null,
    https: does('http') && config.httpsPort !== null ? load(httpsFiles(config) ?? selfSigned(deps)) : null,
  };
}

/** The configured files of the SMTP doors, whole paths; null: none. */
export function smtpFiles({ tlsCert, tlsKey }: Config): TlsSource | null {
  return tlsCert === null || tlsKey === null ? null : { certificate: resolve(CHECKOUT, tlsCert), key: resolve(CHECKOUT, tlsKey) };
}

/** The configured files of the HTTPS door, which are those of the SMTP doors unless it has its own; null: none. */
export function httpsFiles(config: Config): TlsSource | null {
  const { httpsCert, httpsKey } = config;
  return httpsCert === null || httpsKey === null
    ? smtpFiles(config)
    : { certificate: resolve(CHECKOUT, httpsCert), key: resolve(CHECKOUT, httpsKey) };
}

/** Made once and kept in the data folder. */
function selfSigned({ config, dataDir, clock }: DoorTlsDeps): TlsSource {
  const folder = join(dataDir, 'tls');
  const certificate = join(folder, 'self-signed.pem');
  const key = join(folder, 'self-signed.key');
  if (!existsSync(certificate) || !existsSync(key) || readFileSync(certificate, 'utf8') === '') {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const made = makeSelfSigned({ names: [config.hostname, 'localhost', '127.0.0.1'], nowMs: clock.nowMs(), days: SELF_SIGNED_DAYS });
    writeFileSync(key, made.key, { mode: 0o600 });
    writeFileSync(certificate, made.certificate);
  }
  return { certificate, key };
}
