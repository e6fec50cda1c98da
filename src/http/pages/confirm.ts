// This file is the page behind the link of a confirmation mail. Looking at it changes nothing, because mail filters open every link; only its button acts. It runs no
// script, and its policy puts it into an origin of its own (sandbox), so it shares nothing with the console whatever the host.
import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { confirmSender, readConfirmation } from '../../flows/confirm-sender.ts';
import { type Language, languageAccepted } from '../../language.ts';
import { type ConfirmationState, confirmationPage } from '../../tenancy/confirmation-words.ts';
import type { App } from '../app.ts';
import type { HttpDeps } from '../deps.ts';
import { readBody } from '../intake/json-body.ts';
import { escapeHtml } from './html.ts';

/** The button sends nothing; some browsers add a field. Bytes. */
const FORM_BYTES_MAX = 1024;
const TOKEN_CHARS_MAX = 200;
const POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  'sandbox allow-forms',
].join('; ');
const STYLE = `body{font:18px/1.6 system-ui,sans-serif;margin:0 auto;max-width:34rem;padding:2rem 1.25rem;color-scheme:light dark}
h1{font-size:1.5rem;line-height:1.3}button{font:inherit;padding:.75rem 1.25rem;border-radius:8px;border:2px solid;cursor:pointer;max-width:100%;overflow-wrap:anywhere}`;

export async function confirmPages(app: App, deps: HttpDeps): Promise<void> {
  const params = z.object({ token: z.string().max(TOKEN_CHARS_MAX) });
  await app.register(async (scoped: App) => {
    scoped.removeAllContentTypeParsers();
    scoped.addContentTypeParser('*', (request: FastifyRequest, payload: IncomingMessage) => readBody(request, payload));
    scoped.route({
      method: 'GET',
      url: '/confirm/:token',
      config: { access: 'public' },
      schema: { hide: true, params },
      handler: async (request, reply) => {
        const asked = await readConfirmation(deps, request.params.token);
        return show(request, reply, { state: asked?.state ?? 'unknown', asked });
      },
    });
    scoped.route({
      method: 'POST',
      url: '/confirm/:token',
      config: { access: 'public' },
      bodyLimit: FORM_BYTES_MAX,
      schema: { hide: true, params },
      handler: async (request, reply) => {
        const { token } = request.params;
        const confirmed = await confirmSender(deps, token);
        const asked = await readConfirmation(deps, token);
        return show(request, reply, { state: confirmed ? 'done' : (asked?.state ?? 'unknown'), asked });
      },
    });
  });
}

const STATUS: Readonly<Record<ConfirmationState, number>> = { open: 200, done: 200, used: 410, confirmed: 200, over: 410, unknown: 404 };

function show(
  request: FastifyRequest,
  reply: FastifyReply,
  found: { state: ConfirmationState; asked: { organisation: string; address: string; language: Language } | null },
): FastifyReply {
  const { state, asked } = found;
  const language = asked?.language ?? languageAccepted(request.headers['accept-language']);
  const { title, paragraphs, button } = confirmationPage(state, asked ?? { organisation: '', address: '' }, language);
  const form = button === null ? '' : `<form method="post"><button type="submit">${escapeHtml(button)}</button></form>`;
  return reply
    .code(STATUS[state])
    .type('text/html; charset=utf-8')
    .header('content-security-policy', POLICY)
    .send(`<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body><main><h1>${escapeHtml(title)}</h1>${paragraphs.map((text) => `<p>${escapeHtml(text)}</p>`).join('')}${form}</main></body></html>\n`);
}
