// This file sets the headers that browsers protect people by.
import type { FastifyReply } from 'fastify';
import type { App } from '../app.ts';

/**
 * For pages. Scripts come from us alone. Styles may stand inline: the preview of a message is shown in a sandboxed frame that inherits this
 * policy, and mail is styled by attributes. Pictures come from us or are part of the page, so opening a message tells its sender nothing.
 */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');
/** For everything that is no page. */
const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'";
const YEAR_S = 31_536_000;

/** Names and addresses of this machine alone: a browser told to stay with https there could reach no other program of it. */
const NO_HSTS = /^(localhost|.*\.localhost|[0-9.]+|\[.*\])(:\d+)?$/i;

export function securityHeaders(app: App): void {
  const common: Record<string, string> = {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  };
  app.addHook('onSend', (request, reply, _payload, done) => {
    void reply.headers(common);
    if (request.client?.secure && !NO_HSTS.test(request.headers.host ?? ''))
      void reply.header('strict-transport-security', `max-age=${YEAR_S}`);
    if (!reply.hasHeader('content-security-policy')) {
      const page = String(reply.getHeader('content-type') ?? '').startsWith('text/html');
      void reply.header('content-security-policy', page ? PAGE_POLICY : DATA_POLICY);
    }
    // Answers hold people's mail; only files of the console may be kept, and they say so themselves.
    if (!reply.hasHeader('cache-control')) noStore(reply);
    done();
  });
}

function noStore(reply: FastifyReply): void {
  void reply.header('cache-control', 'no-store');
}
