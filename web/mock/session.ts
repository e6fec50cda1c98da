// This file logs people in to the mock: the name says who they are.
import type { Session } from '../src/api/schema.gen.ts';
import { type MockAnswer, problem } from './answers.ts';
import { TENANT } from './clockwork.ts';

export function logIn(login: string): MockAnswer {
  if (login === 'wrong') return problem(401, 'AUTH_INVALID', 'Login or password are wrong.');
  if (login === 'throttled') return problem(429, 'AUTH_THROTTLED', 'Too many failed log-ins from this address.');
  const session = sessionOf(`mock_session=${encodeURIComponent(login)}`);
  return {
    status: 200,
    body: session,
    headers: { 'set-cookie': `mock_session=${encodeURIComponent(login)}; Path=/; HttpOnly; SameSite=Strict` },
  };
}

export function sessionOf(cookie: string): Session | null {
  const login = /(?:^|;\s*)mock_session=([^;]+)/.exec(cookie)?.[1];
  if (login === undefined || login === '') return null;
  const name = decodeURIComponent(login);
  const club = name === 'club';
  return { login: name, role: name === 'viewer' ? 'viewer' : 'owner', tenant_id: club ? TENANT : null, scopes: [], csrf_token: 'mock' };
}
