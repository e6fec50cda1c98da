// This file asks a server on loopback whether it is there: by its greeting, as a client would.
import { connect } from 'node:net';

const ANSWER_MS = 1_000;

/** True when the first line the server says matches. */
export function answersWith(port: number, greeting: RegExp): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(ANSWER_MS, () => end(false));
    socket.once('error', () => end(false));
    socket.once('close', () => resolve(false));
    socket.once('data', (chunk: Buffer) => end(greeting.test(chunk.toString('latin1'))));
  });
}
