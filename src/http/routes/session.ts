// This file is the resource of the console's session: log in, who am I, log out, and a new password for oneself.
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { type FailureGate, makeFailureGate } from '../../flows/failure-gate.ts';
import { recordAudit } from '../../store/audit.ts';
import { findOperatorByLogin, hashPassword, updateOperator, verifyPassword } from '../../store/operators.ts';
import { createSession, deleteSession, findSession } from '../../store/sessions.ts';
import { sourceOf } from '../../tenancy/networks.ts';
import { scopesOfRole } from '../../tenancy/principal.ts';
import { makeTurnstile } from '../../watch/dns/turnstile.ts';
import { type App, actorOf, found, principalOf } from '../app.ts';
import type { HttpDeps } from '../deps.ts';
import { clearSessionCookie, sessionToken, setSessionCookie } from '../gate/cookies.ts';
import { clientOf } from '../gate/transport.ts';
import { Empty, Id } from '../schemas.ts';

/** Wrong passwords a minute for one login from one address, and from one address at all: enough for a person, far too few for a dictionary. */
const FAILURES_PER_LOGIN = 5;
const FAILURES_PER_ADDRESS = 20;
/**
 * Passwords looked at at once: half of the threads that node has for slow work, because mail is signed on the others. Strangers from many networks could else
 * keep all of them busy.
 */
const LOOKED_AT_ONCE = 2;
/** Log-ins that wait for a place: a few seconds' worth. Whoever comes on top tries again. */
const WAITING_MAX = 20;
export const PASSWORD_CHARS_MIN = 12;
/** argon2id hashes any length; this only bounds the work of reading it. */
export const PASSWORD_CHARS_MAX = 256;

const Session = z
  .object({
    login: z.string().nullable().meta({ description: 'Null when a key was used.' }),
    role: z.enum(['owner', 'operator', 'viewer']).nullable(),
    tenant_id: Id.nullable().meta({ description: 'Set for people of an organisation.' }),
    scopes: z.array(z.string()),
    csrf_token: z.string().nullable().meta({ description: 'Goes into the x-csrf-token header of everything that changes something.' }),
  })
  .meta({ id: 'Session' });
const LogIn = z.strictObject({ login: z.string().min(1).max(320), password: z.string().min(1).max(PASSWORD_CHARS_MAX) });
const tags = ['Session'];

export function sessionRoutes(app: App, deps: HttpDeps): void {
  const byLogin = makeFailureGate(deps.clock, { failuresMax: FAILURES_PER_LOGIN });
  const byAddress = makeFailureGate(deps.clock, { failuresMax: FAILURES_PER_ADDRESS });
  const door: LogInDoor = { gates: [byLogin, byAddress], turnstile: makeTurnstile(LOOKED_AT_ONCE, WAITING_MAX) };

  app.route({
    method: 'POST',
    url: '/v1/session',
    config: { access: 'public' },
    schema: { tags, operationId: 'logIn', summary: 'Log in', security: [], body: LogIn, response: { 200: Session } },
    handler: async (request, reply) => {
      const { login, password } = request.body;
      const person = await prove(deps, { login, password, address: clientOf(request).address }, door);
      const { token } = await createSession(deps.pool, deps.keys, person.id);
      await recordAudit(deps.pool, deps.ids, {
        actor: `person:${person.login}`,
        tenantId: null,
        action: 'session.create',
        subject: person.id,
      });
      setSessionCookie(reply, { token, secure: isSecure(deps, request) });
      return answer(deps, token);
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/session',
    config: { access: 'signed-in' },
    schema: { tags, operationId: 'getSession', summary: 'Who am I?', response: { 200: Session } },
    handler: async (request) => {
      const principal = principalOf(request);
      const token = sessionToken(request);
      if (principal.personId !== null && token !== null) return answer(deps, token);
      return { login: null, role: null, tenant_id: principal.tenantId, scopes: [...principal.scopes], csrf_token: null };
    },
  });

  app.route({
    method: 'DELETE',
    url: '/v1/session',
    config: { access: 'signed-in' },
    schema: { tags, operationId: 'logOut', summary: 'Log out', response: { 204: Empty } },
    handler: async (request, reply) => {
      const token = sessionToken(request);
      if (token !== null) await deleteSession(deps.pool, deps.keys.hash(token));
      clearSessionCookie(reply, { secure: isSecure(deps, request) });
      return reply.code(204).send();
    },
  });

  app.route({
    method: 'PUT',
    url: '/v1/session/password',
    config: { access: 'signed-in' },
    schema: {
      tags,
      operationId: 'changeOwnPassword',
      summary: 'Change your own password',
      description: 'Your other sessions end.',
      body: z.strictObject({
        password: z.string().max(PASSWORD_CHARS_MAX),
        new_password: z.string().min(PASSWORD_CHARS_MIN).max(PASSWORD_CHARS_MAX),
      }),
      response: { 204: Empty },
    },
    handler: async (request, reply) => {
      const token = sessionToken(request);
      if (request.personLogin === null || token === null) throw new AppError('AUTH_MISSING', 'A key has no password; log in as a person.');
      const { password, new_password: newPassword } = request.body;
      const { id } = await prove(deps, { login: request.personLogin, password, address: clientOf(request).address }, door);
      await updateOperator(deps.pool, { id, passwordHash: await hashPassword(newPassword), keepSession: deps.keys.hash(token) });
      await recordAudit(deps.pool, deps.ids, { actor: actorOf(request), tenantId: null, action: 'person.password', subject: id });
      return reply.code(204).send();
    },
  });
}

/** Whether the cookie may go by https only. */
function isSecure(deps: HttpDeps, request: FastifyRequest): boolean {
  return deps.config.secure || clientOf(request).secure;
}

interface LogInDoor {
  readonly gates: readonly [FailureGate, FailureGate];
  readonly turnstile: ReturnType<typeof makeTurnstile>;
}

/** The person with this login and password. Throws AUTH_INVALID, AUTH_THROTTLED, TENANT_SUSPENDED. */
async function prove(
  deps: HttpDeps,
  attempt: { login: string; password: string; address: string },
  { gates, turnstile }: LogInDoor,
): Promise<{ id: string; login: string }> {
  // Together with the address, so that a stranger cannot lock a person out.
  const source = sourceOf(attempt.address);
  const names = [`${attempt.login.toLowerCase()} ${source}`, source] as const;
  // Counted before the slow check, so that many tries at once count as well.
  gates.forEach((gate, index) => {
    gate.check(names[index] ?? '');
    gate.failed(names[index] ?? '');
  });
  const looked = await turnstile(() => personOf(deps, attempt));
  if (looked === null) {
    // Nobody looked at it, so it was no failure.
    gates.forEach((gate, index) => {
      gate.forgive(names[index] ?? '');
    });
    throw new AppError('AUTH_THROTTLED', 'Many people log in at this moment.', { hint: 'Try again in a few seconds.' });
  }
  const { person } = looked;
  if (person === null) {
    throw new AppError('AUTH_INVALID', 'Login or password are wrong.', {
      hint: 'Check both; an owner of the desk can set a new password.',
    });
  }
  gates[0].succeeded(names[0]);
  gates[1].forgive(names[1]);
  if (person.tenant_state === 'suspended') throw new AppError('TENANT_SUSPENDED', 'This organisation is paused.');
  return person;
}

/** Takes the same time whether nobody has the login or the password is wrong. */
async function personOf(deps: Pick<HttpDeps, 'pool'>, { login, password }: { login: string; password: string }) {
  const person = await findOperatorByLogin(deps.pool, login);
  return { person: (await verifyPassword(password, person?.password_hash ?? null)) ? person : null };
}

async function answer(deps: HttpDeps, token: string): Promise<z.output<typeof Session>> {
  const session = found(await findSession(deps.pool, deps.keys.hash(token)));
  return {
    login: session.login,
    role: session.role,
    tenant_id: session.tenant_id,
    scopes: [...scopesOfRole(session.role, session.tenant_id)],
    csrf_token: session.csrf_token,
  };
}
