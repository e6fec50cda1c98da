// This file answers what never became a request: headers that are too large, a request that stopped half way, bytes that are no HTTP. Node hands over the
// bare connection then, so the answer is written by hand; it is the same problem (RFC 9457) as every other refusal.
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { AppError } from '../errors.ts';
import type { IdMint } from '../ids.ts';
import { REQUEST_TIMEOUT_MS } from './connection-times.ts';
import { problemOf } from './problem.ts';

/** Makes the listener for `clientError` of a server. */
export function makeBrokenRequestAnswer(ids: IdMint): (error: NodeJS.ErrnoException, socket: Socket) => void {
  return (error, socket) => {
    const refusal = refusalOf(error);
    // A line that is gone, or one on which TLS never began, takes no answer.
    if (refusal === null || !socket.writable) {
      socket.destroy();
      return;
    }
    const id = ids.next();
    const body = Buffer.from(JSON.stringify(problemOf(refusal, id)));
    const head = [
      `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? 'Refused'}`,
      `x-request-id: ${id}`,
      'content-type: application/problem+json',
      `content-length: ${body.length}`,
      'connection: close',
    ];
    socket.end(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]));
  };
}

/** What the parser of Node found; null for what is no matter of HTTP. */
function refusalOf(error: NodeJS.ErrnoException): AppError | null {
  if (error.code === 'HPE_HEADER_OVERFLOW')
    return new AppError('HEADERS_TOO_LARGE', 'The address and the headers of the request are longer than is read here (16 KiB).', {
      cause: error,
    });
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new AppError('REQUEST_TOO_SLOW', `The request was not here whole after ${REQUEST_TIMEOUT_MS / 1_000} seconds.`, {
      cause: error,
    });
  if (error.code?.startsWith('HPE_') !== true) return null;
  return new AppError('REQUEST_MALFORMED', 'This is not a request of HTTP/1.1.', {
    hint: 'Speak HTTP/1.1 here; mail programs hand in mail at the SMTP port.',
    cause: error,
  });
}
