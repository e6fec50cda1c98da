// This file waits for the PROXY header of a connection that comes from a proxy the operator named. Whoever is named has to send one: where it may be missing,
// a client could write it in the proxy's stead (HAProxy's proxy-protocol.txt §2).
import { isIP, type Socket } from 'node:net';
import { inNetwork, readNetwork, readPeer } from '../../tenancy/networks.ts';
import { HEADER_BYTES_MAX, readProxyHeader } from './proxy-header.ts';

export interface ProxiedClient {
  /** Null: the proxy speaks for itself. */
  readonly address: string | null;
  readonly port: number;
}

/** A proxy writes it with its first packet; §2 asks for three seconds at least, for a packet that was lost. */
const WAIT_MS = 10_000;

/**
 * Calls `done` with the client, or with a reason why there is none; once, and never after the connection ended. What follows the header is left in the
 * socket, which is paused until somebody listens.
 */
export function awaitProxyHeader(
  socket: Socket,
  done: (client: ProxiedClient | { readonly wrong: string }) => void,
  waitMs = WAIT_MS,
): void {
  let heard: Buffer = Buffer.alloc(0);
  const timer = setTimeout(() => finish({ wrong: 'no header came in time' }), waitMs);
  const listening = {
    data: take,
    end: () => finish({ wrong: 'the connection ended before its header' }),
    close: stop,
    error: () => socket.destroy(),
  };
  function stop() {
    clearTimeout(timer);
    for (const [name, listener] of Object.entries(listening)) socket.off(name, listener);
  }
  function finish(client: ProxiedClient | { readonly wrong: string }) {
    stop();
    if (!socket.destroyed) done(client);
  }
  function take(chunk: Buffer) {
    heard = heard.length === 0 ? chunk : Buffer.concat([heard, chunk]);
    const header = readProxyHeader(heard);
    if (header.kind === 'more') {
      if (heard.length > HEADER_BYTES_MAX) finish({ wrong: 'it is too long' });
      return;
    }
    if (header.kind === 'wrong') return finish({ wrong: header.reason });
    socket.pause();
    const rest = heard.subarray(header.length);
    if (rest.length > 0) socket.unshift(rest);
    finish({ address: header.address, port: header.port });
  }
  for (const [name, listener] of Object.entries(listening)) socket.on(name, listener);
}

/** Whether an address is one of the proxies; null: there are none. `networks` as "10.0.0.0/8" or single addresses. */
export function proxyTest(networks: readonly string[]): ((address: string) => boolean) | null {
  if (networks.length === 0) return null;
  const known = networks.flatMap((text) => {
    const network = readNetwork(text.includes('/') ? text : `${text}/${isIP(text) === 6 ? 128 : 32}`);
    return network === null ? [] : [network];
  });
  return (address) => {
    const peer = readPeer(address);
    return peer !== null && known.some((network) => inNetwork(peer, network));
  };
}
