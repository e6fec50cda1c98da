// This file stands between a client and a server on loopback and breaks the way on request: refuse and cut, or let questions through and lose
// the answers.
import { connect, createServer, type Socket } from 'node:net';

export interface TcpRelay {
  readonly port: number;
  /** Lets everything through (the beginning). */
  open(): void;
  /** Cuts all lines and every new one. */
  refuse(): void;
  /** Everything stays open and nothing goes through, as behind a switch that lost its power; `open` brings new lines only. */
  hang(): void;
  /** Questions go through; at the first byte of an answer the line is cut, on every line, new ones too. */
  muteAndCutOnAnswer(): void;
  /** The next so many lines are cut once this many bytes of answers went through. */
  cutAfter(bytes: number, lines: number): void;
  /** The next question that holds these words does not go through, and its line is cut. */
  cutAtQuestion(words: string): void;
  /** Lines that were cut by either. */
  readonly cuts: number;
  close(): Promise<void>;
}

/** Relays 127.0.0.1:(any port) to 127.0.0.1:`target`. */
export async function tcpRelay(target: number): Promise<TcpRelay> {
  let mode: 'open' | 'refuse' | 'mute' | 'hang' = 'open';
  const sockets = new Set<Socket>();
  const limit = { bytes: 0, lines: 0, question: '', cuts: 0 };
  const server = createServer((client) => {
    if (mode === 'refuse') return void client.destroy();
    const upstream = connect(target, '127.0.0.1');
    const pair = [client, upstream];
    const cut = () => {
      for (const socket of pair) {
        socket.destroy();
        sockets.delete(socket);
      }
    };
    for (const socket of pair) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', cut);
      socket.on('close', cut);
    }
    let answered = 0;
    let lost = mode === 'hang';
    client.on('data', (chunk) => {
      lost ||= mode === 'hang';
      if (limit.question !== '' && chunk.includes(limit.question)) {
        limit.question = '';
        limit.cuts += 1;
        cut();
      } else if (!lost) upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      lost ||= mode === 'hang';
      answered += chunk.length;
      if (limit.lines > 0 && answered > limit.bytes) {
        limit.lines -= 1;
        limit.cuts += 1;
        cut();
      } else if (mode === 'mute') cut();
      else if (!lost) client.write(chunk);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const cutAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    open() {
      mode = 'open';
    },
    refuse() {
      mode = 'refuse';
      cutAll();
    },
    hang() {
      mode = 'hang';
    },
    muteAndCutOnAnswer() {
      mode = 'mute';
    },
    cutAfter(bytes, lines) {
      Object.assign(limit, { bytes, lines });
    },
    cutAtQuestion(words) {
      limit.question = words;
    },
    get cuts() {
      return limit.cuts;
    },
    close() {
      cutAll();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
