// This file reads JSON bodies. A body above the limit is not kept but read to its end (within reason) before the refusal is written: a client
// that is still sending would otherwise see a broken connection instead of the answer that says what to do.
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { AppError } from '../../errors.ts';
import type { App } from '../app.ts';
import { type BodyRoom, makeBodyRoom } from './body-room.ts';

declare module 'fastify' {
  interface FastifyInstance {
    bodyRoom: BodyRoom;
  }
}

/** Read and thrown away beyond the limit; whoever sends more loses the connection. */
const DRAIN_BYTES_MAX = 256 * 1024 * 1024;
/** Bodies of all requests together, as much as the submission door holds: eight of the largest batches, or hundreds of ordinary messages. */
const HELD_BYTES_MAX = 512 * 1024 * 1024;
/** Longest name of an encoding that is repeated in an answer. */
const ENCODING_CHARS_MAX = 40;
const COME_AGAIN = 'Try again in a few seconds; nothing of this request was kept.';

/** Entries of one list or object. Everything that is taken has less; more recipients than this are several messages. */
const ENTRIES_MAX = 20_000;

export function readJsonBodies(app: App, room: BodyRoom = makeBodyRoom(HELD_BYTES_MAX)): void {
  app.decorate('bodyRoom', room);
  app.addHook('onRequest', (request, reply, done) => {
    room.enter(request.raw, reply.raw);
    done();
  });
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser(['application/json', 'text/plain']);
  app.addContentTypeParser('application/json', (request, payload, done) => {
    readBody(request, payload).then(
      (body) => {
        // Some clients name a type on requests that have no body, such as a bare POST.
        if (body.length === 0) done(null, undefined);
        // Packed bytes are read as text otherwise, and whoever sent them is told of broken letters.
        else if (encodingOf(request) !== 'identity')
          done(
            new AppError('MEDIA_TYPE_UNSUPPORTED', `Bodies with Content-Encoding "${encodingOf(request)}" are not read here.`, {
              hint: 'Send the body as it is, without Content-Encoding.',
            }),
          );
        // Read all the same, every broken letter would reach the reader of the mail as a question mark.
        else if (!isUtf8(body))
          done(new AppError('REQUEST_MALFORMED', 'The body is not UTF-8.', { hint: 'Write the body as JSON in UTF-8.' }));
        else void parse(request, body.toString('utf8'), (error, value) => done(error ?? tooMany(value), value));
      },
      (error: Error) => done(error),
    );
  });
}

function encodingOf(request: FastifyRequest): string {
  return (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase().slice(0, ENCODING_CHARS_MAX);
}

/** Refuses a body with an endless list or object before a schema looks at its entries: each that is wrong would make an issue, and all of them fill memory. */
function tooMany(body: unknown): AppError | null {
  const rest: unknown[] = [body];
  for (let value = rest.pop(); value !== undefined; value = rest.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    const entries: unknown[] = Array.isArray(value) ? value : Object.values(value);
    if (entries.length > ENTRIES_MAX)
      return new AppError('LIMIT_EXCEEDED', `A list or object in the body has ${entries.length} entries; ${ENTRIES_MAX} are the most.`);
    for (const entry of entries) if (typeof entry === 'object' && entry !== null) rest.push(entry);
  }
  return null;
}

/** The bytes of a body; rejects with a refusal once one that is too long, or comes when there is no room, was read to its end. */
export function readBody(request: FastifyRequest, payload: IncomingMessage): Promise<Buffer> {
  const { bodyLimit, config } = request.routeOptions;
  const limit = bodyLimit ?? Number.POSITIVE_INFINITY;
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let bytes = 0;
    let crowded = false;
    payload.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      crowded ||= bytes <= limit && !request.server.bodyRoom.hold(request.raw, chunk.length);
      if (bytes <= limit && !crowded) chunks.push(chunk);
      else chunks = [];
      if (bytes > limit + DRAIN_BYTES_MAX) payload.destroy();
    });
    payload.on('end', () => {
      if (crowded && bytes <= limit) reject(new AppError('NOT_READY', 'Too many large requests are on their way.', { hint: COME_AGAIN }));
      else if (bytes <= limit) resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
      else reject(new AppError(config.tooLarge ?? 'PAYLOAD_TOO_LARGE', `The request has ${bytes} bytes; ${limit} are allowed here.`));
    });
    payload.on('error', (cause) => reject(new AppError('REQUEST_MALFORMED', 'The body broke off.', { cause })));
    payload.on('close', () => {
      if (!payload.readableEnded) reject(new AppError('REQUEST_MALFORMED', 'The body broke off.'));
    });
  });
}
