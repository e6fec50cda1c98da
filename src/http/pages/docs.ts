// This file renders the description of the API as one page to read: no script, no download, works offline and prints.
import type { App } from '../app.ts';
import { escapeHtml, pageOfHtml } from './html.ts';

/** What this page reads of the description; everything else is left out. */
interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly { name: string; in: string; required?: boolean; schema?: Schema; description?: string }[];
  readonly requestBody?: { content?: Record<string, { schema?: Schema }> };
  readonly responses?: Record<string, { content?: Record<string, { schema?: Schema }> }>;
}

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly description?: string;
  readonly properties?: Record<string, Schema>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly additionalProperties?: Schema | boolean;
}

interface Description {
  readonly info?: { description?: string; version?: string };
  readonly paths?: Record<string, Record<string, Operation>>;
  readonly components?: { schemas?: Record<string, Schema> };
}

/** Serves the page under /docs; it is rendered once. */
export function serveDocs(app: App): void {
  let page: string | undefined;
  app.route({
    method: 'GET',
    url: '/docs',
    config: { access: 'public' },
    schema: { hide: true },
    handler: async (_request, reply) => {
      // The plugin's type is a union of two versions of the same document; this page reads the parts that both have.
      page ??= render(app.swagger() as unknown as Description);
      return reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(page);
    },
  });
}

function render(api: Description): string {
  const groups = Map.groupBy(operationsOf(api), ({ operation }) => operation.tags?.[0] ?? 'Other');
  const nav = [...groups.keys()].map((tag) => `<a href="#${anchor(tag)}">${escapeHtml(tag)}</a>`).join(' ');
  const sections = [...groups].map(
    ([tag, entries]) => `<h2 id="${anchor(tag)}">${escapeHtml(tag)}</h2>${entries.map(operationHtml).join('')}`,
  );
  const shapes = Object.entries(api.components?.schemas ?? {}).map(
    ([name, schema]) => `<h3 id="shape-${escapeHtml(name)}">${escapeHtml(name)}</h3>${prose(schema.description)}${shapeHtml(schema)}`,
  );
  const intro = `<h1>The API of Packetboat</h1>${prose(api.info?.description)}
<p class="note">Version ${escapeHtml(api.info?.version ?? '')}. For programs: <a href="/openapi.json">/openapi.json</a> (OpenAPI 3.1).</p><nav>${nav} <a href="#shapes">Shapes</a></nav>`;
  return pageOfHtml('API', `${intro}${sections.join('')}<h2 id="shapes">Shapes</h2>${shapes.join('')}`);
}

interface Entry {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

function operationsOf(api: Description): Entry[] {
  return Object.entries(api.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => method !== 'head')
      .map(([method, operation]) => ({ path, method, operation })),
  );
}

function operationHtml({ path, method, operation }: Entry): string {
  const parameters = (operation.parameters ?? []).map(
    (
      parameter,
    ) => `<tr><td><code>${escapeHtml(parameter.name)}</code></td><td>${escapeHtml(parameter.in)}${parameter.required ? ', required' : ''}</td>
<td>${typeHtml(parameter.schema)} ${escapeHtml(parameter.description ?? parameter.schema?.description ?? '')}</td></tr>`,
  );
  const body = firstSchema(operation.requestBody?.content);
  const answers = Object.entries(operation.responses ?? {})
    .filter(([status]) => status !== 'default')
    .map(([status, response]) => `<p>Answers <code>${escapeHtml(status)}</code></p>${shapeHtml(firstSchema(response.content))}`);
  return `<h3 id="${escapeHtml(operation.operationId ?? '')}">${escapeHtml(operation.summary ?? '')}</h3>
<p><span class="method">${method.toUpperCase()}</span> <code>${escapeHtml(path)}</code></p>${prose(operation.description)}
${parameters.length > 0 ? `<table>${parameters.join('')}</table>` : ''}${body ? `<p>Body</p>${shapeHtml(body)}` : ''}${answers.join('')}`;
}

/** The fields of an object as a table, or the name of its shape. */
function shapeHtml(schema: Schema | undefined): string {
  if (!schema) return '';
  if (!schema.properties) return `<p>${typeHtml(schema)}</p>`;
  const rows = Object.entries(schema.properties).map(
    ([
      name,
      field,
    ]) => `<tr><td><code>${escapeHtml(name)}</code></td><td>${typeHtml(field)}${schema.required?.includes(name) ? '' : ', optional'}</td>
<td>${escapeHtml(field.description ?? '')}</td></tr>`,
  );
  return `<table>${rows.join('')}</table>`;
}

function typeHtml(schema: Schema | undefined): string {
  if (!schema) return '';
  if (schema.$ref) {
    const name = schema.$ref.split('/').at(-1) ?? '';
    return `<a href="#shape-${escapeHtml(name)}">${escapeHtml(name)}</a>`;
  }
  const union = schema.anyOf ?? schema.oneOf;
  if (union) return union.map(typeHtml).join(' or ');
  if (schema.enum) return schema.enum.map((word) => `<code>${escapeHtml(String(word))}</code>`).join(' ');
  if (schema.const !== undefined) return `<code>${escapeHtml(String(schema.const))}</code>`;
  if (schema.type === 'array') return `list of ${typeHtml(schema.items) || 'anything'}`;
  if (schema.type === 'object' && typeof schema.additionalProperties === 'object')
    return `object of ${typeHtml(schema.additionalProperties) || 'anything'}`;
  return escapeHtml(schema.format ?? [schema.type].flat().join(' or ') ?? '');
}

function firstSchema(content: Record<string, { schema?: Schema }> | undefined): Schema | undefined {
  return Object.values(content ?? {})[0]?.schema;
}

/** Paragraphs with `code` in them. */
function prose(text: string | undefined): string {
  if (!text) return '';
  return text
    .split('\n\n')
    .map((paragraph) => `<p>${escapeHtml(paragraph).replace(/&#96;|`([^`]*)`/g, '<code>$1</code>')}</p>`)
    .join('');
}

function anchor(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}
