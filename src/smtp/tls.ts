// This file turns a certificate and its key into what TLS doors need (SMTP and HTTPS), and notices when the files behind them were renewed.
import { readFileSync, statSync } from 'node:fs';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { SmtpTls } from './engine/contract.ts';

export interface TlsSource {
  /** PEM text, or the path of a PEM file; the chain follows the certificate. */
  readonly certificate: string;
  /** PEM text, or the path of a PEM file. */
  readonly key: string;
}

/** A certificate with its chain and the key that belongs to it, PEM. The same object as long as nothing was renewed. */
export interface TlsPair {
  readonly cert: string;
  readonly key: string;
}

export interface LoadedTls extends SmtpTls {
  /** The pair in use, asked at every connection. */
  pair(): TlsPair;
}

interface Loaded {
  readonly pair: TlsPair;
  readonly context: SecureContext;
}

/** RFC 9325 §3.1.1: older versions are not spoken. */
export const TLS_VERSION_MIN = 'TLSv1.2';
/** Two looks at the disk a second cost nothing; one at every handshake would be waste. */
const LOOK_AGAIN_MS = 1_000;

/**
 * Loads the pair at once and throws AppError CONFIG_INVALID when it does not work. Files that change later are loaded again; if the new
 * ones do not work (half written, a key of another certificate), the old ones stay in use until the files change once more, and the log says
 * why, once.
 */
export function loadTls(source: TlsSource, deps: { readonly clock: Pick<Clock, 'monotonicMs'>; readonly log: Log }): LoadedTls {
  const { clock, log } = deps;
  let stamp = stampOf(source);
  let loaded = load(source);
  let lookedMs = clock.monotonicMs();
  const certificate = isPem(source.certificate) ? null : source.certificate;
  const current = (): Loaded => {
    const now = clock.monotonicMs();
    if (now - lookedMs < LOOK_AGAIN_MS) return loaded;
    lookedMs = now;
    // Taken before the files are read: what is written meanwhile changes it again, and is read at the next look.
    const seen = stampOf(source);
    if (seen === stamp) return loaded;
    stamp = seen;
    try {
      loaded = load(source);
      log.info({ event: 'tls_certificate_renewed', certificate });
    } catch (error) {
      log.error({ event: 'tls_certificate_unusable', certificate, err: error }, 'the pair from before stays in use');
    }
    return loaded;
  };
  return { context: () => current().context, pair: () => current().pair };
}

function load(source: TlsSource): Loaded {
  try {
    const pair = { cert: pemOf(source.certificate), key: pemOf(source.key) };
    return { pair, context: createSecureContext({ ...pair, minVersion: TLS_VERSION_MIN }) };
  } catch (error) {
    throw new AppError(
      'CONFIG_INVALID',
      `The TLS certificate and key do not work: ${error instanceof Error ? error.message : String(error)}.`,
      {
        hint: 'Name a PEM certificate (with its chain) and the PEM key that belongs to it, both readable by this process.',
        cause: error,
      },
    );
  }
}

function isPem(text: string): boolean {
  return text.includes('-----BEGIN ');
}

function pemOf(text: string): string {
  return isPem(text) ? text : readFileSync(text, 'utf8');
}

/**
 * Changes when one of the files does: written, replaced by another one (ACME clients swap symbolic links), made readable, or gone. The same for ever
 * for PEM text.
 */
function stampOf(source: TlsSource): string {
  return [source.certificate, source.key].map((text) => (isPem(text) ? 'text' : fileStamp(text))).join(' ');
}

function fileStamp(path: string): string {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? 'gone' : `${stat.ino}:${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}`;
}
