// This file finds out who is asking before anything of the request is read, and turns away who may not: keys by the Authorization header, people by
// their session cookie, which for anything but reading has to come with the CSRF token.
import { timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../errors.ts';
import { findSession } from '../../store/sessions.ts';
import { type Principal, requireScope, scopesOfRole } from '../../tenancy/principal.ts';
import type { App } from '../app.ts';
import type { HttpDeps } from '../deps.ts';
import { sessionToken } from './cookies.ts';
import { type RateLimiter, showAllowance } from './rate-limit.ts';

const BEARER = /^Bearer +(\S{1,200}) *$/i;
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Hangs the check before every route that is not public. */
export function authorize(app: App, deps: HttpDeps, limiter: RateLimiter): void {
  app.decorateRequest('principal', null);
  app.decorateRequest('personLogin', null);
  app.decorateRequest('csrfToken', null);
  app.addHook('onRequest', async (request, reply) => {
    const { access } = request.routeOptions.config;
    // Routes of plugins and the answer to unknown addresses name no access: they show nothing that is anybody's.
    if (access === undefined || access === 'public') return;
    const principal = await identify(request, deps);
    request.principal = principal;
    if (access !== 'signed-in') requireScope(principal, access);
    spend(limiter, principal, reply);
  });
}

async function identify(request: FastifyRequest, deps: HttpDeps): Promise<Principal> {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const key = BEARER.exec(authorization)?.[1];
    if (key === undefined) throw new AppError('AUTH_INVALID', 'The Authorization header does not have the form "Bearer …".');
    return deps.authenticator.bearer(key);
  }
  const token = sessionToken(request);
  if (token === null) throw new AppError('AUTH_MISSING', 'This needs a key or a session.');
  const session = await findSession(deps.pool, deps.keys.hash(token));
  if (!session) throw new AppError('AUTH_INVALID', 'This session has ended.', { hint: 'Log in again.' });
  if (session.tenant_state === 'suspended') throw new AppError('TENANT_SUSPENDED', 'This organisation is paused.');
  if (!SAFE_METHODS.has(request.method)) checkCsrf(request, session.csrf_token);
  request.personLogin = session.login;
  request.csrfToken = session.csrf_token;
  return {
    kind: session.tenant_id === null ? 'operator' : 'tenant',
    tenantId: session.tenant_id,
    credentialId: null,
    personId: session.operator_id,
    scopes: scopesOfRole(session.role, session.tenant_id),
    defaultStream: 'transactional',
    ratePerMinute: null,
  };
}

function checkCsrf(request: FastifyRequest, expected: string): void {
  const given = request.headers['x-csrf-token'];
  const [a, b] = [Buffer.from(typeof given === 'string' ? given : ''), Buffer.from(expected)];
  if (a.length !== b.length || !timingSafeEqual(a, b))
    throw new AppError('CSRF_INVALID', 'The x-csrf-token header is not the one of this session.');
}

/** One place per request; intake of many messages takes its further places itself. */
function spend(limiter: RateLimiter, principal: Principal, reply: FastifyReply): void {
  const allowance = limiter.take(principal, 1);
  showAllowance(reply, allowance);
  if (allowance.granted > 0) return;
  void reply.header('retry-after', String(allowance.resetS));
  throw new AppError(
    'RATE_LIMITED',
    `This key may ask ${allowance.limit} times a minute; the next place is free in ${allowance.resetS} s.`,
  );
}
