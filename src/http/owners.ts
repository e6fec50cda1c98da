// This file turns away people who are no owners of the platform from what decides who may come in: people, and keys of the platform, which manage people too.
import type { FastifyRequest } from 'fastify';
import { AppError } from '../errors.ts';
import { listOperators } from '../store/operators.ts';
import type { HttpDeps } from './deps.ts';

/** People of a platform; a desk with more has other ways to manage them. */
const OWNERS_LOOKED_AT = 10_000;

/** Operators run the desk; who else may, is for owners (and for keys of the platform, which an owner made). Throws SCOPE_MISSING. */
export async function ownersOnly(deps: Pick<HttpDeps, 'pool'>, request: FastifyRequest): Promise<void> {
  if (request.principal?.personId == null) return;
  const people = await listOperators(deps.pool, null, { after: null, limit: OWNERS_LOOKED_AT });
  const self = people.find((person) => person.id === request.principal?.personId);
  if (self?.role !== 'owner') throw new AppError('SCOPE_MISSING', 'Only an owner of the platform may do this.');
}
