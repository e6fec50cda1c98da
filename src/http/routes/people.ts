// This file is the resource of people: who may log in at the console, as what. Owners manage them.
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { createOperator, deleteOperator, hashPassword, listOperators, lockOwners, updateOperator } from '../../store/operators.ts';
import { pageOf } from '../../store/rows.ts';
import { findTenant } from '../../store/tenants.ts';
import { type App, found } from '../app.ts';
import { change } from '../change.ts';
import { nextCursor, readIdCursor } from '../cursor.ts';
import type { HttpDeps } from '../deps.ts';
import { ownersOnly } from '../owners.ts';
import { Empty, Id, IdParams, ListQuery, pageSchema, TimeOut } from '../schemas.ts';
import { PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN } from './session.ts';

const Role = z.enum(['owner', 'operator', 'viewer']);
const Password = z.string().min(PASSWORD_CHARS_MIN).max(PASSWORD_CHARS_MAX);
const Person = z
  .object({ id: Id, login: z.string(), role: Role, tenant_id: Id.nullable(), created_at: TimeOut, last_login_at: TimeOut.nullable() })
  .meta({ id: 'Person' });
const NewPerson = z.strictObject({
  login: z.string().trim().min(1).max(320).meta({ description: 'A name or an e-mail address.' }),
  password: Password,
  role: Role.default('operator'),
  tenant_id: Id.nullable().optional().meta({ description: 'Set for a person of an organisation, who then sees nothing else.' }),
});
const tags = ['People'];

export function peopleRoutes(app: App, deps: HttpDeps): void {
  app.route({
    method: 'GET',
    url: '/v1/people',
    config: { access: 'operator:read' },
    schema: { tags, operationId: 'listPeople', summary: 'List people', querystring: ListQuery, response: { 200: pageSchema(Person) } },
    handler: async (request) => {
      const { limit, after, tenant_id: tenantId = null } = request.query;
      const { page, last } = pageOf(
        await listOperators(deps.pool, tenantId, { after: readIdCursor('list', after), limit: limit + 1 }),
        limit,
      );
      return { data: page, next: nextCursor('list', last) };
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/people',
    config: { access: 'operator' },
    schema: { tags, operationId: 'createPerson', summary: 'Let a person log in', body: NewPerson, response: { 201: Person } },
    handler: async (request, reply) => {
      await ownersOnly(deps, request);
      const { login, password, role, tenant_id: tenantId = null } = request.body;
      if (tenantId !== null) found(await findTenant(deps.pool, null, tenantId));
      const input = { id: deps.ids.next(), login, role, tenantId, passwordHash: await hashPassword(password) };
      const person = await change(deps, request, null, {
        work: (db) => createOperator(db, input),
        describe: ({ id }) => ({ tenantId, action: 'person.create', subject: id, detail: { login, role } }),
      });
      return reply.code(201).send(person);
    },
  });

  app.route({
    method: 'PATCH',
    url: '/v1/people/:id',
    config: { access: 'operator' },
    schema: {
      tags,
      operationId: 'updatePerson',
      summary: 'Give a person another role or password; their sessions end',
      params: IdParams,
      body: z.strictObject({ role: Role.optional(), password: Password.optional() }),
      response: { 200: Person },
    },
    handler: async (request) => {
      await ownersOnly(deps, request);
      const { id } = request.params;
      const { role, password } = request.body;
      const passwordHash = password === undefined ? undefined : await hashPassword(password);
      return change(deps, request, null, {
        work: async (db) => {
          const others = role === undefined || role === 'owner' ? null : (await lockOwners(db)).filter((owner) => owner !== id);
          const updated = found(await updateOperator(db, { id, role, passwordHash }));
          if (others?.length === 0 && updated.tenant_id === null) throw lastOwner();
          return updated;
        },
        describe: (row) => ({
          tenantId: row.tenant_id,
          action: 'person.update',
          subject: id,
          detail: { role, password: password !== undefined },
        }),
      });
    },
  });

  app.route({
    method: 'DELETE',
    url: '/v1/people/:id',
    config: { access: 'operator' },
    schema: { tags, operationId: 'deletePerson', summary: 'Shut a person out', params: IdParams, response: { 204: Empty } },
    handler: async (request, reply) => {
      await ownersOnly(deps, request);
      const { id } = request.params;
      await change(deps, request, null, {
        work: async (db) => {
          await lockOwners(db);
          if (found(await deleteOperator(db, id)) === 'last-owner') throw lastOwner();
        },
        describe: () => ({ tenantId: null, action: 'person.delete', subject: id }),
      });
      return reply.code(204).send();
    },
  });
}

function lastOwner(): AppError {
  return new AppError('STATE_FORBIDS', 'This is the last owner; somebody has to be able to come in.', {
    hint: 'Make another owner first.',
  });
}
