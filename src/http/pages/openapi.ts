// This file describes the API from the routes' own schemas (OpenAPI 3.1) and serves the description.
import fastifySwagger from '@fastify/swagger';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { Access, App } from '../app.ts';
import { Problem } from '../schemas.ts';

const DESCRIPTION = `Packetboat takes mail in, routes it, hands it over to providers, and answers for every recipient.

Keys go into \`Authorization: Bearer …\`. A key of an organisation acts for it; a key of the platform names the organisation with \`tenant_id\`.
Refusals are problems (RFC 9457) with a stable \`code\` and a \`hint\`. Lists have \`data\` and \`next\`; give \`next\` as \`after\` for the page behind it.
\`ratelimit-limit\`, \`ratelimit-remaining\` and \`ratelimit-reset\` tell how many requests and messages a key has left.`;

/** Has to be called before the routes are added: it listens to them. */
export async function describeApi(app: App, version: string): Promise<void> {
  app.addHook('onRoute', (route) => {
    const { schema, config } = route;
    const access = config?.access;
    if (!schema || schema.hide || access === undefined) return;
    // Said by every route in the same way, so it is written here once.
    Object.assign(schema, { 'x-access': access, response: { ...responses(schema.response), default: problemResponse } });
    if (access !== 'public') Object.assign(schema, { description: [schema.description, needs(access)].filter(Boolean).join('\n\n') });
  });
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Packetboat', version, description: DESCRIPTION, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer', description: 'API key of an organisation or of the platform' },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: 'packetboat_session',
            description: 'Session of the console; with x-csrf-token for changes',
          },
        },
      },
      security: [{ key: [] }, { session: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
}

const problemResponse = { description: 'A refusal.', content: { 'application/problem+json': { schema: Problem } } };

/** Serves the description under /openapi.json; it is made once. */
export function serveDescription(app: App): void {
  let text: string | undefined;
  app.route({
    method: 'GET',
    url: '/openapi.json',
    config: { access: 'public' },
    schema: { hide: true },
    handler: async (_request, reply) => {
      text ??= JSON.stringify(app.swagger());
      return reply.type('application/json; charset=utf-8').header('cache-control', 'no-cache').send(text);
    },
  });
}

function needs(access: Access): string {
  return access === 'signed-in' ? 'Any key or session.' : `Needs the scope \`${access}\`.`;
}

function responses(response: unknown): object {
  return typeof response === 'object' && response !== null ? response : {};
}
