// This file finds the certificate of the SMTP doors: the configured one, or one of our own making.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Clock } from '../../clock.ts';
import type { Config } from '../../config.ts';
import type { Log } from '../../log.ts';
import type { SmtpTls } from '../../smtp/engine/contract.ts';
import { makeSelfSigned } from '../../smtp/self-signed.ts';
import { loadTls } from '../../smtp/tls.ts';
import { CHECKOUT } from './database.ts';

/** Ten years: nobody verifies it, it only lets mail be encrypted until a real certificate is set. */
const SELF_SIGNED_DAYS = 3650;

/** The configured certificate, or one of our own making that is kept in the data folder. */
export function openTls(deps: { readonly config: Config; readonly dataDir: string; readonly clock: Clock; readonly log: Log }): SmtpTls {
  const { config, clock, log, dataDir } = deps;
  if (config.tlsCert !== null && config.tlsKey !== null) {
    return loadTls({ certificate: resolve(CHECKOUT, config.tlsCert), key: resolve(CHECKOUT, config.tlsKey) }, { clock, log });
  }
  const folder = join(dataDir, 'tls');
  const certificate = join(folder, 'self-signed.pem');
  const key = join(folder, 'self-signed.key');
  if (!existsSync(certificate) || !existsSync(key) || readFileSync(certificate, 'utf8') === '') {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const made = makeSelfSigned({ names: [config.hostname, 'localhost', '127.0.0.1'], nowMs: clock.nowMs(), days: SELF_SIGNED_DAYS });
    writeFileSync(key, made.key, { mode: 0o600 });
    writeFileSync(certificate, made.certificate);
  }
  return loadTls({ certificate, key }, { clock, log });
}
