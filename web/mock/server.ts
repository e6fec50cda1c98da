// This file serves the mock API and, where it is built, the console on one port of 127.0.0.1, for looking at pages without a desk:
// `node web/mock/server.ts` prints its address. PORT=0 (the default) takes any free port.
import { createReadStream, existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MockAnswer } from './answers.ts';
import { makeMockApi } from './api.ts';

const DIST = join(fileURLToPath(new URL('.', import.meta.url)), '..', 'dist');
/** As the desk sends it for pages. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/** A form of the console is a few kilobytes. */
const BODY_MAX = 1_000_000;
const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.html': 'text/html; charset=utf-8',
};

/** Answers a request of the API; false when it is for a file. */
export function mockHandler(now: () => number = Date.now): (request: IncomingMessage, response: ServerResponse) => Promise<boolean> {
  const api = makeMockApi(now);
  return async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (!url.pathname.startsWith('/v1/')) return false;
    const text = await readBody(request);
    // A file that is imported is not JSON; the mock does not read it.
    const body: unknown = text === '' || !/^\s*[{[]/.test(text) ? {} : JSON.parse(text);
    const answer = api({ method: request.method ?? 'GET', url, cookie: request.headers.cookie ?? '', body: isRecord(body) ? body : {} });
    if (answer.delayMs !== undefined) await new Promise((done) => setTimeout(done, answer.delayMs));
    send(response, answer);
    return true;
  };
}

export function startMock(port: number): Promise<{ url: string; server: Server }> {
  const handle = mockHandler();
  const server = createServer((request, response) => {
    handle(request, response)
      .then((done) => (done ? undefined : serveFile(request.url ?? '/', response)))
      .catch((error: unknown) => {
        response.writeHead(500).end(String(error));
      });
  });
  return new Promise((done) => {
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      done({ url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : port}`, server });
    });
  });
}

function send(response: ServerResponse, answer: MockAnswer): void {
  const type = answer.text === undefined ? 'application/json' : 'text/plain; charset=utf-8';
  response.writeHead(answer.status, { 'content-type': type, 'cache-control': 'no-store', ...answer.headers });
  response.end(answer.status === 204 ? undefined : (answer.text ?? JSON.stringify(answer.body)));
}

function serveFile(url: string, response: ServerResponse): void {
  const path = normalize(decodeURIComponent(url.split('?')[0] ?? '/')).replace(/^(\.\.[/\\])+/, '');
  const file = join(DIST, path);
  const real = extname(path) !== '' && existsSync(file) ? file : join(DIST, 'index.html');
  const type = TYPES[extname(real)] ?? 'application/octet-stream';
  response.writeHead(200, { 'content-type': type, ...(type.startsWith('text/html') ? { 'content-security-policy': POLICY } : {}) });
  createReadStream(real).pipe(response);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > BODY_MAX) throw new Error('The body is too large for the mock.');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

if (import.meta.main) {
  const { url } = await startMock(Number(process.env['PORT'] ?? 0));
  console.log(url);
}
