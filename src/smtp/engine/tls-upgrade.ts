// This file changes a plain connection to TLS (RFC 3207 §4): the listeners of the plain socket go, the handshake starts.
import type { Socket } from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';

/** Wraps `raw`. `ready` is called after the handshake and before any byte is read; a handshake that fails closes both sockets. */
export function upgradeToTls(raw: Socket, secureContext: SecureContext, ready: () => void): Socket {
  raw.removeAllListeners('data');
  raw.removeAllListeners('end');
  raw.removeAllListeners('drain');
  const secure = new TLSSocket(raw, { isServer: true, secureContext });
  secure.on('error', () => secure.destroy());
  // Node tells errors of wrapped server sockets under this name only.
  secure.on('_tlsError', () => secure.destroy());
  secure.on('close', () => raw.destroy());
  secure.once('secure', ready);
  return secure;
}
