// This file keeps the port of a closed door: connections to it are refused, and yet the system gives it to nobody else until the door opens again.
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** Lets go of the port; may be called more than once. */
export type LetGo = () => void;

/**
 * Closes a server and keeps its port: a line of our own leaves from there, so the port counts as taken wherever the system chooses one, while whoever names it
 * (we ourselves, later) may still listen on it. Where a system does not allow such a line the port is free, as after any closing.
 */
export async function closeAndHold(server: Server, close: () => Promise<void>): Promise<LetGo> {
  const address = server.address();
  if (address === null || typeof address === 'string') {
    await close();
    return () => {};
  }
  const host = address.address === '0.0.0.0' || address.address === '::' ? '127.0.0.1' : address.address;
  const lines: Socket[] = [];
  const keep = (line: Socket) => lines.push(line.unref().on('error', () => {}));
  const anchor = createServer(keep).unref();
  const letGo = () => {
    anchor.close();
    for (const line of lines) line.resetAndDestroy();
  };
  // It listens before the port is free, or the system might give it that one.
  await once(anchor.listen(0, host), 'listening').catch(() => {});
  await close();
  const anchored = anchor.address();
  if (anchored === null || typeof anchored === 'string') return letGo;
  const line = connect({ host, port: anchored.port, localAddress: host, localPort: address.port });
  keep(line);
  // Either way the door is closed, which is what was asked for.
  await once(line, 'connect').catch(() => {});
  return letGo;
}
