// This file answers about the desk itself: is it ready, what do its counters say, and what a code means.
import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppError, ERROR_CATALOGUE, type ErrorCode } from '../../errors.ts';
import { type App, notFound } from '../app.ts';
import type { HttpDeps } from '../deps.ts';
import { clientOf } from '../gate/transport.ts';
import { escapeHtml, pageOfHtml } from '../pages/html.ts';
import { titleOf } from '../problem.ts';

const Health = z.object({ status: z.enum(['ready']), version: z.string() }).meta({ id: 'Health' });
const Alive = z.object({ status: z.enum(['alive']), version: z.string() }).meta({ id: 'Alive' });

export function deskRoutes(app: App, deps: HttpDeps): void {
  app.route({
    method: 'GET',
    url: '/health',
    config: { access: 'public' },
    schema: {
      tags: ['Desk'],
      operationId: 'getHealth',
      summary: 'Is every role ready, and the database there?',
      security: [],
      response: { 200: Health },
    },
    handler: async () => {
      if (!deps.ready()) throw new AppError('NOT_READY', 'Packetboat is starting or stopping.');
      if (!(await deps.reachable.ask())) throw databaseAway();
      return { status: 'ready' as const, version: deps.config.version };
    },
  });

  app.route({
    method: 'GET',
    url: '/health/live',
    config: { access: 'public' },
    schema: {
      tags: ['Desk'],
      operationId: 'getLiveness',
      summary: 'Does the process run? (Starting it again helps only when it does not.)',
      security: [],
      response: { 200: Alive },
    },
    handler: async () => ({ status: 'alive' as const, version: deps.config.version }),
  });

  app.route({
    method: 'GET',
    url: '/metrics',
    config: { access: 'public' },
    schema: { hide: true },
    handler: async (request, reply) => {
      if (!mayReadMetrics(request, deps.config.metricsToken)) throw notFound();
      return reply.type('text/plain; version=0.0.4; charset=utf-8').send(await deps.metrics());
    },
  });

  app.route({
    method: 'GET',
    url: '/errors/:code',
    config: { access: 'public' },
    schema: { hide: true, params: z.object({ code: z.string().max(100) }) },
    handler: async (request, reply) => {
      const { code } = request.params;
      if (!Object.hasOwn(ERROR_CATALOGUE, code)) throw notFound();
      // The line above looked the code up.
      const known = code as ErrorCode;
      const { status, hint } = ERROR_CATALOGUE[known];
      const body = `<h1>${escapeHtml(titleOf(known))}</h1><p><code>${known}</code>, HTTP ${status}</p><p>${escapeHtml(hint)}</p>`;
      return reply.type('text/html; charset=utf-8').send(pageOfHtml(titleOf(known), body));
    },
  });
}

function databaseAway(): AppError {
  return new AppError('STORE_UNAVAILABLE', 'The database does not answer, or takes no writes.', {
    hint: 'Nothing is accepted until it does; "packetboat doctor" looks at the database. What was accepted before waits there.',
  });
}

/** Counters are for this machine's collector, and for whoever has the token. A request that came through a proxy is not from this machine. */
function mayReadMetrics(request: FastifyRequest, token: string | null): boolean {
  const [expected, given] = [Buffer.from(`Bearer ${token}`), Buffer.from(request.headers.authorization ?? '')];
  if (token !== null && expected.length === given.length && timingSafeEqual(expected, given)) return true;
  const proxied = request.headers['x-forwarded-for'] !== undefined || request.headers.forwarded !== undefined;
  return !proxied && clientOf(request).by === 'loopback';
}
