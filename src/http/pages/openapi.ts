// This file describes the API from the routes' own schemas (OpenAPI 3.1) and serves the description.
import fastifySwagger from '@fastify/swagger';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
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
    // The framework adds HEAD beside every GET, with the same schema.
    if (!schema || schema.hide || access === undefined || route.method === 'HEAD') return;
    // Said by every route in the same way, so it is written here once.
    Object.assign(schema, { 'x-access': access, response: { ...responses(schema.response), default: problemResponse } });
    if (schema.body instanceof z.ZodOptional) Object.assign(schema, { 'x-body-optional': true });
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
    transformObject: (document) => described(withoutUnused(jsonSchemaTransformObject(document))),
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

/** Every schema comes in two forms, as it is handed in and as it is answered; the ones nobody refers to are left out. */
function withoutUnused(document: ReturnType<typeof jsonSchemaTransformObject>): ReturnType<typeof jsonSchemaTransformObject> {
  // The answer is a union over versions of OpenAPI; in all of them components look the same.
  const { components = {} } = document as { components?: { schemas?: Record<string, unknown> } };
  const schemas = components.schemas ?? {};
  const used = new Set<string>();
  const follow = (text: string) => {
    for (const [, name = ''] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (used.has(name)) continue;
      used.add(name);
      follow(JSON.stringify(schemas[name] ?? null));
    }
  };
  follow(JSON.stringify({ ...document, components: {} }));
  const kept = Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name)));
  return { ...document, components: { ...components, schemas: kept } } as typeof document;
}

const ANSWERS: Readonly<Record<string, string>> = {
  200: 'Here it is.',
  201: 'Made.',
  202: 'Taken in.',
  204: 'Done; there is nothing to say.',
};

interface DescribedOperation {
  'x-body-optional'?: boolean;
  requestBody?: { required?: boolean };
  responses?: Record<string, { description?: string }>;
}

/** Puts words where the generator has none, and says which bodies may be left out. */
function described<T>(document: T): T {
  const { paths = {} } = document as { paths?: Record<string, Record<string, DescribedOperation>> };
  for (const operation of Object.values(paths).flatMap((path) => Object.values(path))) {
    if (operation['x-body-optional'] && operation.requestBody) operation.requestBody.required = false;
    delete operation['x-body-optional'];
    for (const [status, answer] of Object.entries(operation.responses ?? {})) {
      if (answer.description === 'Default Response') answer.description = ANSWERS[status] ?? 'An answer.';
    }
  }
  return document;
}

function needs(access: Access): string {
  return access === 'signed-in' ? 'Any key or session.' : `Needs the scope \`${access}\`.`;
}

function responses(response: unknown): object {
  return typeof response === 'object' && response !== null ? response : {};
}
