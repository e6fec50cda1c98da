// This file turns a certificate and its key into what STARTTLS needs, and notices when the files behind them were renewed.
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

/** Renewed certificates are taken up within this time; asking the disk at every handshake would be waste. */
const LOOK_AGAIN_MS = 60_000;

/**
 * Loads the pair at once and throws AppError CONFIG_INVALID when it does not work. Files that change later are loaded again; if the new
 * ones do not work, the old ones stay in use and the log says why.
 */
export function loadTls(source: TlsSource, deps: { readonly clock: Pick<Clock, 'monotonicMs'>; readonly log: Log }): SmtpTls {
  let context = load(source);
  let stamp = stampOf(source);
  let lookedMs = deps.clock.monotonicMs();
  return {
    context() {
      const now = deps.clock.monotonicMs();
      if (now - lookedMs < LOOK_AGAIN_MS) return context;
      lookedMs = now;
      try {
        const current = stampOf(source);
        if (current === stamp) return context;
        context = load(source);
        stamp = current;
        deps.log.info('smtp.tls_certificate_renewed');
      } catch (error) {
        deps.log.error({ err: error }, 'smtp.tls_certificate_unreadable');
      }
      return context;
    },
  };
}

function load(source: TlsSource): SecureContext {
  try {
    return createSecureContext({ cert: pemOf(source.certificate), key: pemOf(source.key), minVersion: 'TLSv1.2' });
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

/** Changes when one of the files does; the same for ever for PEM text. */
function stampOf(source: TlsSource): string {
  return [source.certificate, source.key].map((text) => (isPem(text) ? 'text' : `${statSync(text).mtimeMs}`)).join(' ');
}
