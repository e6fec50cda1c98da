// This file is the door for providers' webhooks: any method, any type, raw bytes, handed to the flow that verifies and stores them before 200.
// Addresses hold a secret, so they are never logged.
import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { AppError } from '../../errors.ts';
import type { App } from '../app.ts';
import type { HttpDeps } from '../deps.ts';
import { readBody } from './json-body.ts';

/** SparkPost sends up to 10,000 events at once, some kilobytes each at worst; the others less. */
const WEBHOOK_BYTES_MAX = 16 * 1024 * 1024;
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
/** 192 bits as base64url, and room for tokens of another length later. */
const TOKEN = /^\/hooks\/([A-Za-z0-9_-]{16,200})(?:[/?]|$)/;

export async function providerWebhookRoutes(app: App, deps: HttpDeps): Promise<void> {
  await app.register(async (scoped: App) => {
    scoped.removeAllContentTypeParsers();
    scoped.addContentTypeParser('*', (request: FastifyRequest, payload: IncomingMessage) => readBody(request, payload));
    scoped.route({
      method: METHODS,
      url: '/hooks/*',
      config: { access: 'public' },
      bodyLimit: WEBHOOK_BYTES_MAX,
      schema: { hide: true },
      // Whoever guesses addresses gets nothing read, and nothing kept.
      onRequest: async (request) => {
        const token = TOKEN.exec(request.url)?.[1];
        if (token === undefined || !(await deps.webhookKnown(token))) throw unknown();
      },
      handler: async (request, reply) => {
        const token = TOKEN.exec(request.url)?.[1];
        const { status } = token === undefined ? { status: 404 } : await deps.webhookIn(token, webhookRequest(request));
        if (status === 404) throw unknown();
        if (status === 401) {
          void reply.header('www-authenticate', 'Basic');
          throw new AppError('WEBHOOK_SIGNATURE_INVALID', 'This request does not prove that it comes from the provider.');
        }
        return reply.code(status).send();
      },
    });
  });
}

function unknown(): AppError {
  return new AppError('WEBHOOK_UNKNOWN', 'No provider account has this webhook address.');
}

function webhookRequest(request: FastifyRequest) {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return { method: request.method, url: request.url, headers, body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0) };
}
