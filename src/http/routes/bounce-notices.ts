// This file is the setting of bounce notices: whether an organisation's application hears by mail, at the envelope sender it gave, that a recipient failed.
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { NOTICE_CLASSES } from '../../feedback/notice-words.ts';
import { dropUnwanted, isSmtpAccount, readNoticeSettings, readNotices, writeNoticeSettings } from '../../store/bounce-notices.ts';
import { inScope } from '../../store/scope.ts';
import { type App, principalOf } from '../app.ts';
import { change } from '../change.ts';
import type { HttpDeps } from '../deps.ts';
import { pathTenant } from '../path-tenant.ts';
import { Id, IdParams, TimeOut } from '../schemas.ts';

const To = z
  .literal('envelope-sender')
  .meta({ description: 'Notices go to the envelope sender of the message, unchanged: an address per recipient (VERP) works.' });
const Classes = z
  .array(z.enum(NOTICE_CLASSES))
  .max(NOTICE_CLASSES.length)
  .nullable()
  .meta({ description: 'Classes to tell of; null: every class that is not our operator’s to mend.' });
const Notice = z.object({
  id: Id,
  recipient_id: Id,
  message_id: Id,
  kind: z.enum(['failed', 'complaint']),
  to: z.string(),
  address: z.string(),
  class: z.string().nullable(),
  at: TimeOut,
  state: z.enum(['due', 'handed_over', 'dropped', 'dead']),
  tries: z.number(),
  reply: z.string().nullable().meta({ description: 'The other server’s words, or why nothing was handed over.' }),
  ended_at: TimeOut.nullable(),
});
const View = z
  .object({
    tenant_id: Id,
    enabled: z.boolean(),
    to: To,
    classes: Classes,
    complaints: z.boolean(),
    account_id: Id.nullable().meta({
      description: 'For operators: the SMTP account that carries notices; null: the organisation’s own route.',
    }),
    last_day: z.partialRecord(z.enum(['due', 'handed_over', 'dropped', 'dead']), z.number()),
    last: z.array(Notice).meta({ description: 'The newest ones.' }),
  })
  .meta({ id: 'BounceNotices' });
const Body = z.strictObject({
  enabled: z.boolean(),
  to: To.default('envelope-sender'),
  classes: Classes.optional(),
  complaints: z.boolean().default(false).meta({ description: 'Tell of complaints as well.' }),
  account_id: Id.nullable().optional(),
});
const LAST_SHOWN = 20;
const tags = ['Tenants'];

export function bounceNoticeRoutes(app: App, deps: HttpDeps): void {
  const viewOf = async (tenantId: string, operator: boolean): Promise<z.output<typeof View>> => {
    const [settings, notices] = await inScope(deps.pool, tenantId, async (db) => [
      await readNoticeSettings(db, tenantId),
      await readNotices(db, tenantId, LAST_SHOWN),
    ]);
    return {
      tenant_id: tenantId,
      to: 'envelope-sender',
      ...settings,
      // The column holds only these: it is written below.
      classes: settings.classes as z.output<typeof Classes>,
      account_id: operator ? settings.account_id : null,
      last_day: notices.counts,
      // As above.
      last: notices.last as z.output<typeof Notice>[],
    };
  };

  app.route({
    method: 'GET',
    url: '/v1/tenants/:id/bounce-notices',
    config: { access: 'webhooks:read' },
    schema: {
      tags,
      operationId: 'getBounceNotices',
      summary: 'Show whether failures are told by mail',
      params: IdParams,
      response: { 200: View },
    },
    handler: async (request) => {
      const tenantId = await pathTenant(deps, request, request.params.id);
      return viewOf(tenantId, principalOf(request).kind === 'operator');
    },
  });

  app.route({
    method: 'PUT',
    url: '/v1/tenants/:id/bounce-notices',
    config: { access: 'webhooks:manage' },
    schema: {
      tags,
      operationId: 'putBounceNotices',
      summary: 'Tell failures by mail, or stop',
      description:
        'For applications that only know mail: a delivery status notification (RFC 3464) from the null sender goes to the envelope sender of the message, where its domain is a verified domain of the organisation. Notices that wait and are wanted no longer end as "dropped", with the reason.',
      params: IdParams,
      body: Body,
      response: { 200: View },
    },
    handler: async (request) => {
      const tenantId = await pathTenant(deps, request, request.params.id);
      const operator = principalOf(request).kind === 'operator';
      const { enabled, classes = null, complaints, account_id: accountId } = request.body;
      if (accountId && !operator)
        throw new AppError('SCOPE_MISSING', 'Only an operator names the account for notices.', { field: 'account_id' });
      if (accountId && !(await isSmtpAccount(deps.pool, accountId))) {
        throw new AppError('REQUEST_INVALID', 'account_id: This is no SMTP account.', { field: 'account_id' });
      }
      const settings = await change(deps, request, operator ? null : tenantId, {
        work: async (db) => {
          const before = await readNoticeSettings(db, tenantId);
          // What is left out stays as an operator set it.
          const account_id = accountId === undefined ? before.account_id : accountId;
          return writeNoticeSettings(db, tenantId, { enabled, classes, complaints, account_id });
        },
        describe: () => ({ tenantId, action: 'bounce-notices.set', subject: tenantId, detail: { enabled, classes, complaints } }),
      });
      // Organisations may not write notices themselves; were this missed, whoever hands them over looks again.
      await dropUnwanted(deps.pool, tenantId, settings);
      return viewOf(tenantId, operator);
    },
  });
}
