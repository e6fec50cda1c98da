// This file serves the built console: hashed files for a year, and the page itself for every other address a browser asks for.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../errors.ts';
import type { App } from '../app.ts';

const YEAR_S = 31_536_000;
const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Packetboat</title>
<h1>The console is not built.</h1><p>Run <code>npm run build --workspace web</code> and start again. The API works: see <a href="/docs">/docs</a>.</p></html>`;
/** Addresses that belong to programs: a wrong one is answered with a problem, never with the console. */
const PROGRAM_PATH = /^\/(v1|hooks|health|metrics|openapi\.json|docs|errors|assets|confirm)(\/|\?|$)/;

/** Adds the console's files and what is answered to addresses that no route has. */
export async function serveConsole(app: App, root: string | null): Promise<void> {
  const index = root !== null && existsSync(join(root, 'index.html')) ? readFileSync(join(root, 'index.html'), 'utf8') : NOT_BUILT;
  const assets = root === null ? null : join(root, 'assets');
  if (root !== null && assets !== null && existsSync(assets)) {
    await app.register(fastifyStatic, {
      root: assets,
      prefix: '/assets/',
      schemaHide: true,
      index: false,
      cacheControl: false,
      setHeaders: (reply) => void reply.header('cache-control', `public, max-age=${YEAR_S}, immutable`),
    });
    await app.register(fastifyStatic, {
      root,
      prefix: '/',
      schemaHide: true,
      index: false,
      wildcard: false,
      decorateReply: false,
      cacheControl: false,
      // The page itself is answered below, where it also stands for every address of the console.
      globIgnore: ['assets/**', 'index.html'],
    });
  }
  const page = (reply: FastifyReply) => reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(index);
  app.setNotFoundHandler((request, reply) => {
    if (!wantsPage(request))
      throw new AppError('NOT_FOUND', 'There is nothing at this address.', { hint: 'The documentation at /docs lists every address.' });
    return page(reply);
  });
}

function wantsPage(request: FastifyRequest): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  if (request.url === '/') return true;
  return !PROGRAM_PATH.test(request.url) && (request.headers.accept ?? '').includes('text/html');
}
