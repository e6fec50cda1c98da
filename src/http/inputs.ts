// This file checks what a request brings against the schemas of its route: what is wrong is said in words, and a query nobody reads is refused, so that
// a typo is never lost.
import type { FastifySchemaCompiler } from 'fastify';
import { z } from 'zod';
import { issueWords } from '../issue-words.ts';
import type { App } from './app.ts';
import type { ValidationIssue } from './problem.ts';

/** Compiles a zod schema into the framework's form of a check. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> =
  ({ schema, httpPart }) =>
  (data: unknown) => {
    // "null" is what a request without a body and one with the JSON null both come to.
    const given = httpPart === 'body' ? (data ?? undefined) : data;
    const { success, data: value, error } = schema.safeParse(given, { error: issueWords });
    return success ? { value } : { error: error.issues.map(asValidation) as unknown as Error };
  };

// The framework hangs what stands under `error` on its own error as `validation`, where problem.ts reads it; its types know only Ajv's form.
function asValidation({ path, code, message, ...params }: z.core.$ZodIssue): ValidationIssue {
  return { instancePath: `/${path.join('/')}`, keyword: code, message, params };
}

/** Gives every route of the API that reads no query a schema that takes none. */
export function refuseUnknownQuery(app: App): void {
  app.addHook('onRoute', (route) => {
    if (!route.url.startsWith('/v1/') || route.schema?.querystring !== undefined || route.schema?.hide === true) return;
    route.schema = { ...route.schema, querystring: z.strictObject({}) };
  });
}
