// This file reads JSON bodies. A body above the limit is not kept but read to its end (within reason) before the refusal is written: a client
// that is still sending would otherwise see a broken connection instead of the answer that says what to do.
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { AppError } from '../../errors.ts';
import type { App } from '../app.ts';

/** Read and thrown away beyond the limit; whoever sends more loses the connection. */
const DRAIN_BYTES_MAX = 256 * 1024 * 1024;

export function readJsonBodies(app: App): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser(['application/json', 'text/plain']);
  app.addContentTypeParser('application/json', (request, payload, done) => {
    readBody(request, payload).then(
      (body) => {
        // Some clients name a type on requests that have no body, such as a bare POST.
        if (body.length === 0) done(null, undefined);
        // Read all the same, every broken letter would reach the reader of the mail as a question mark.
        else if (!isUtf8(body))
          done(new AppError('REQUEST_MALFORMED', 'The body is not UTF-8.', { hint: 'Write the body as JSON in UTF-8.' }));
        else void parse(request, body.toString('utf8'), done);
      },
      (error: Error) => done(error),
    );
  });
}

/** The bytes of a body; rejects with a refusal once one that is too long was read to its end. */
export function readBody(request: FastifyRequest, payload: IncomingMessage): Promise<Buffer> {
  const { bodyLimit, config } = request.routeOptions;
  const limit = bodyLimit ?? Number.POSITIVE_INFINITY;
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let bytes = 0;
    payload.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= limit) chunks.push(chunk);
      else chunks = [];
      if (bytes > limit + DRAIN_BYTES_MAX) payload.destroy();
    });
    payload.on('end', () => {
      if (bytes <= limit) resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
      else reject(new AppError(config.tooLarge ?? 'PAYLOAD_TOO_LARGE', `The request has ${bytes} bytes; ${limit} are allowed here.`));
    });
    payload.on('error', (cause) => reject(new AppError('REQUEST_MALFORMED', 'The body broke off.', { cause })));
    payload.on('close', () => {
      if (!payload.readableEnded) reject(new AppError('REQUEST_MALFORMED', 'The body broke off.'));
    });
  });
}
