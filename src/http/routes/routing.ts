// This file is the resource of routing: which accounts mail goes to, in which order, and which way a message would go.
import { z } from 'zod';
import { decisionSaid } from '../../delivery/decision-words.ts';
import { AppError } from '../../errors.ts';
import { senderWords } from '../../flows/sender-words.ts';
import { deleteRouting, listRouting, putRouting } from '../../store/routing.ts';
import { findTenant } from '../../store/tenants.ts';
import { domainOf } from '../../tenancy/may-send.ts';
import { type App, found } from '../app.ts';
import { change } from '../change.ts';
import type { HttpDeps } from '../deps.ts';
import { Lang, languageOf } from '../language.ts';
import { Empty, Id, StreamName, TimeOut } from '../schemas.ts';

/** More ways out than this cannot be told apart by anybody. */
const ACCOUNTS_MAX = 50;
const Rule = z
  .object({
    id: Id,
    tenant_id: Id.nullable().meta({ description: 'Null: for every organisation.' }),
    stream: StreamName.nullable().meta({ description: 'Null: for both streams.' }),
    accounts: z.array(Id),
    updated_at: TimeOut,
  })
  .meta({ id: 'RoutingRule' });
const Target = z.strictObject({ tenant_id: Id.nullable().optional(), stream: StreamName.nullable().optional() });
const NewRule = Target.extend({
  accounts: z.array(Id).min(1).max(ACCOUNTS_MAX).meta({ description: 'Ids of provider accounts, the preferred one first.' }),
});
const Question = z.strictObject({
  tenant_id: Id,
  from: z.string().min(3).max(320),
  to: z.string().min(3).max(320),
  stream: StreamName.default('transactional'),
  size: z.number().int().min(1).max(1_000_000_000).default(4096).meta({ description: 'Bytes of the message.' }),
  lang: Lang,
});
const tags = ['Routing'];

export function routingRoutes(app: App, deps: HttpDeps): void {
  app.route({
    method: 'GET',
    url: '/v1/routing',
    config: { access: 'operator:read' },
    schema: {
      tags,
      operationId: 'listRouting',
      summary: 'Show where mail goes',
      description: 'The most specific rule counts: of an organisation and stream, of an organisation, of a stream, of the platform.',
      response: { 200: z.object({ data: z.array(Rule), next: z.null() }) },
    },
    handler: async () => ({ data: await listRouting(deps.pool), next: null }),
  });

  app.route({
    method: 'PUT',
    url: '/v1/routing',
    config: { access: 'operator' },
    schema: { tags, operationId: 'putRouting', summary: 'Set where mail goes', body: NewRule, response: { 200: Rule } },
    handler: async (request) => {
      const { tenant_id: tenantId = null, stream = null, accounts } = request.body;
      if (tenantId !== null) found(await findTenant(deps.pool, null, tenantId));
      const rule = await change(deps, request, null, {
        work: async (db) => {
          const put = await putRouting(db, tenantId, { id: deps.ids.next(), stream, accounts: [...new Set(accounts)] });
          if ('unknownAccount' in put)
            throw new AppError('REQUEST_INVALID', `There is no account ${put.unknownAccount}.`, { field: 'accounts' });
          return put;
        },
        describe: ({ id }) => ({ tenantId, action: 'routing.put', subject: id, detail: { stream, accounts } }),
      });
      await deps.accountsChanged();
      return rule;
    },
  });

  app.route({
    method: 'DELETE',
    url: '/v1/routing',
    config: { access: 'operator' },
    schema: {
      tags,
      operationId: 'deleteRouting',
      summary: 'Remove a rule, so that the next less specific one counts',
      querystring: Target,
      response: { 204: Empty },
    },
    handler: async (request, reply) => {
      const { tenant_id: tenantId = null, stream = null } = request.query;
      await change(deps, request, null, {
        work: async (db) => found(await deleteRouting(db, tenantId, stream)),
        describe: ({ id }) => ({ tenantId, action: 'routing.delete', subject: id, detail: { stream } }),
      });
      await deps.accountsChanged();
      return reply.code(204).send();
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/route/explain',
    config: { access: 'operator:read' },
    schema: {
      tags,
      operationId: 'explainRoute',
      summary: 'Ask which way a message would go, and why',
      body: Question,
      response: { 200: z.looseObject({}).meta({ description: 'The decision with its reasons, `says` in the language asked for.' }) },
    },
    handler: async (request) => {
      const { tenant_id: tenantId, from, to, stream, size: sizeBytes } = request.body;
      found(await findTenant(deps.pool, null, tenantId));
      const language = languageOf(request, request.body.lang);
      const answer = await deps.explainRoute({ tenantId, from, to, stream, sizeBytes });
      if (answer.allowed) return decisionSaid({ ...answer }, language);
      return { ...answer, says: senderWords(`not-${answer.code}`, { address: from, domain: domainOf(from) || from }, language) };
    },
  });
}
