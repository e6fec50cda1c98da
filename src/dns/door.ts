// This file is the DNS door: UDP and TCP on one port, every size, count and time bounded, answers by answer.ts. What comes in is from strangers, and
// most of it may be forged: nothing here waits for anybody, and nothing a stranger does is worth a line in the log.
import { createSocket, type RemoteInfo, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';
import { answerDns, type DkimZone, truncatedAnswer } from './answer.ts';
import { makeShares, type ShareLimits } from './share.ts';

export interface DnsDoor {
  readonly port: number;
  close(): Promise<void>;
}

export interface DnsDoorOptions {
  readonly zone: DkimZone;
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly log: Log;
  readonly shares?: Partial<ShareLimits>;
}

/** A question with EDNS and options fits well; longer ones are nobody's. */
const QUERY_MAX = 1_232;
const TCP_CONNECTIONS_MAX = 200;
const TCP_IDLE_MS = 5_000;
/** Questions on one connection, and those of it that are being answered at once. */
const TCP_QUESTIONS_MAX = 100;
/** UDP answers being made at once; further questions are dropped, and clients ask again. */
const UDP_AT_ONCE_MAX = 1_000;
/** Tries for a port that is free for TCP and for UDP. */
const PORT_TRIES = 10;

/** Opens it. Throws PORT_IN_USE. */
export async function openDnsDoor(options: DnsDoorOptions): Promise<DnsDoor> {
  const { tcp, udp } = await listen(options);
  const shares = makeShares(options.shares);
  const open = new Set<Socket>();
  let answering = 0;
  udp.on('message', (message, remote) => {
    if (answering >= UDP_AT_ONCE_MAX) return;
    answering += 1;
    void answerUdp(message, remote).finally(() => {
      answering -= 1;
    });
  });
  // A port of the other side that is closed (ICMP) is reported here by some systems; it is their business.
  udp.on('error', (error) => options.log.debug({ event: 'dns_socket', reason: error.message }));
  tcp.on('connection', (socket) => {
    if (open.size >= TCP_CONNECTIONS_MAX) return void socket.destroy();
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    converse(socket, options.zone);
  });

  async function answerUdp(message: Buffer, remote: RemoteInfo): Promise<void> {
    // Port 0 and the ports of echo services are where loops begin.
    if (message.length > QUERY_MAX || remote.port < ANSWERED_PORT_MIN) return;
    const share = shares(remote.address, options.clock.monotonicMs());
    if (share === 'drop') return;
    const answer = share === 'truncate' ? truncatedAnswer(message) : await answerDns(message, 'udp', options.zone);
    if (answer !== null && !closed) udp.send(answer, remote.port, remote.address, () => undefined);
  }

  let closed = false;
  return {
    // A TCP server's address is an AddressInfo.
    port: (tcp.address() as AddressInfo).port,
    async close() {
      closed = true;
      for (const socket of open) socket.destroy();
      await Promise.all([new Promise((done) => tcp.close(done)), new Promise<void>((done) => udp.close(done))]);
    },
  };
}

/** Below it no client of DNS asks but a server from its own port 53. */
const ANSWERED_PORT_MIN = 53;

/** RFC 7766: messages with their length in front, several on one connection, answered in their order. */
function converse(socket: Socket, zone: DkimZone): void {
  let unread: Buffer = Buffer.alloc(0);
  let asked = 0;
  let answers = Promise.resolve();
  socket.setTimeout(TCP_IDLE_MS, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.on('end', () => void answers.then(() => socket.end()));
  socket.on('data', (chunk: Buffer) => {
    unread = unread.length === 0 ? chunk : Buffer.concat([unread, chunk]);
    while (unread.length >= 2) {
      const length = unread.readUInt16BE(0);
      if (length > QUERY_MAX || asked >= TCP_QUESTIONS_MAX) return void socket.destroy();
      if (unread.length < 2 + length) return;
      const message = unread.subarray(2, 2 + length);
      unread = unread.subarray(2 + length);
      asked += 1;
      answers = answers.then(async () => {
        const answer = await answerDns(message, 'tcp', zone);
        if (answer === null) return void socket.destroy();
        const size = Buffer.alloc(2);
        size.writeUInt16BE(answer.length);
        if (socket.writable) socket.write(Buffer.concat([size, answer]));
      });
    }
  });
}

async function listen({ host, port }: DnsDoorOptions): Promise<{ tcp: Server; udp: UdpSocket }> {
  for (let tries = 1; ; tries += 1) {
    const tcp = createServer({ allowHalfOpen: true });
    const udp = createSocket({ type: host.includes(':') ? 'udp6' : 'udp4' });
    try {
      tcp.listen(port, host);
      await once(tcp, 'listening');
      // A TCP server's address is an AddressInfo.
      udp.bind((tcp.address() as AddressInfo).port, host);
      await once(udp, 'listening');
      return { tcp, udp };
    } catch (cause) {
      tcp.close();
      udp.close();
      const taken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
      // Only a port that was picked can be picked again.
      if (taken && port === 0 && tries < PORT_TRIES) continue;
      if (taken) throw new AppError('PORT_IN_USE', `Port ${port} on ${host} is taken by another program.`, { cause });
      throw cause;
    }
  }
}
