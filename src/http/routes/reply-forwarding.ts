// This file is the setting of answers: whether what people answer to a return path is forwarded, and where to when the message itself does not say.
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { parseAddress } from '../../mail/address.ts';
import { readReplyForwarding, writeReplyForwarding } from '../../store/reply-forwarding.ts';
import { inScope } from '../../store/scope.ts';
import { type App, principalOf } from '../app.ts';
import { change } from '../change.ts';
import type { HttpDeps } from '../deps.ts';
import { pathTenant } from '../path-tenant.ts';
import { Id, IdParams } from '../schemas.ts';

const Address = z.string().max(320).nullable().meta({
  description:
    'Where answers go when Reply-To and From of the message cannot be used: they are not the organisation’s, or nobody reads them. Null: then they stay here.',
});
const View = z.object({ tenant_id: Id, enabled: z.boolean(), to: Address }).meta({ id: 'ReplyForwarding' });
const Body = z.strictObject({ enabled: z.boolean(), to: Address.optional() });
const tags = ['Tenants'];

export function replyForwardingRoutes(app: App, deps: HttpDeps): void {
  app.route({
    method: 'GET',
    url: '/v1/tenants/:id/reply-forwarding',
    config: { access: 'webhooks:read' },
    schema: {
      tags,
      operationId: 'getReplyForwarding',
      summary: 'Show where answers of people go',
      params: IdParams,
      response: { 200: View },
    },
    handler: async (request) => {
      const tenantId = await pathTenant(deps, request, request.params.id);
      const { enabled, address } = await inScope(deps.pool, tenantId, (db) => readReplyForwarding(db, tenantId));
      return { tenant_id: tenantId, enabled, to: address };
    },
  });

  app.route({
    method: 'PUT',
    url: '/v1/tenants/:id/reply-forwarding',
    config: { access: 'webhooks:manage' },
    schema: {
      tags,
      operationId: 'putReplyForwarding',
      summary: 'Forward answers of people, or keep them here',
      params: IdParams,
      body: Body,
      response: { 200: View },
    },
    handler: async (request) => {
      const tenantId = await pathTenant(deps, request, request.params.id);
      const { enabled, to = null } = request.body;
      const address = to === null ? null : await permitted(deps, tenantId, to, principalOf(request).kind === 'operator');
      const setting = await change(deps, request, tenantId, {
        work: (db) => writeReplyForwarding(db, tenantId, { enabled, address }),
        describe: () => ({ tenantId, action: 'reply-forwarding.set', subject: tenantId, detail: { enabled } }),
      });
      return { tenant_id: tenantId, enabled: setting.enabled, to: setting.address };
    },
  });
}

/** An organisation names an address of its own, so that nobody has mail sent to strangers; an operator any. */
async function permitted(deps: HttpDeps, tenantId: string, text: string, operator: boolean): Promise<string> {
  const parsed = parseAddress(text);
  if (!parsed.ok) throw new AppError(parsed.error.code, parsed.error.message, { field: 'to' });
  const { address } = parsed.value;
  if (operator) return address;
  const may = await deps.rights.check(tenantId, address);
  if (!may.allowed) throw new AppError('SENDER_NOT_ALLOWED', may.reason, { field: 'to' });
  return address;
}
