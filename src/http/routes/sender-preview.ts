// This file is the preview of senders: as whom a message would go out, before anybody hands it in.
import { z } from 'zod';
import { decisionSaid } from '../../delivery/decision-words.ts';
import { decisionForTenant } from '../../delivery/tenant-view.ts';
import { AppError } from '../../errors.ts';
import { type Mailbox, parseMailbox } from '../../mail/address-list.ts';
import { findTenant } from '../../store/tenants.ts';
import { type App, actingTenant, found, principalOf } from '../app.ts';
import type { HttpDeps } from '../deps.ts';
import { Lang, languageOf } from '../language.ts';
import { StreamName, TenantId } from '../schemas.ts';

const MAILBOX_CHARS_MAX = 500;
const Question = z.strictObject({
  tenant_id: TenantId,
  from: z.string().min(3).max(MAILBOX_CHARS_MAX).meta({ description: 'An address, or "Name <address>".' }),
  reply_to: z.string().min(3).max(MAILBOX_CHARS_MAX).optional().meta({ description: 'Where the message has one.' }),
  stream: StreamName.default('transactional'),
  lang: Lang,
});
const Preview = z
  .object({
    from: z.string().meta({ description: 'From as readers will see it.' }),
    reply_to: z.string().nullable(),
    treatment: z.enum(['as-is', 'rewrite', 'held']),
    route: z
      .looseObject({})
      .nullable()
      .meta({ description: 'The decision with its reasons; null: the address may not stand in From at all.' }),
    why: z.string(),
    better: z.string().nullable(),
  })
  .meta({ id: 'SenderPreview' });

export function senderPreviewRoutes(app: App, deps: HttpDeps): void {
  app.route({
    method: 'POST',
    url: '/v1/senders/preview',
    config: { access: 'domains:manage' },
    schema: {
      tags: ['Domains and senders'],
      operationId: 'previewSender',
      summary: 'Show as whom a message would go out',
      body: Question,
      response: { 200: Preview },
    },
    handler: async (request) => {
      const { from, reply_to: replyTo, stream } = request.body;
      const tenantId = actingTenant(request, request.body.tenant_id);
      found(await findTenant(deps.pool, tenantId, tenantId));
      const message = { from: mailbox('from', from), replyTo: replyTo === undefined ? null : mailbox('reply_to', replyTo), stream };
      const preview = await deps.senders.preview(tenantId, message, languageOf(request, request.body.lang));
      const decision = preview.decision && { ...preview.decision };
      const { treatment, why } = preview;
      const operator = principalOf(request).kind === 'operator';
      const seen = operator ? decision : decisionForTenant(decision);
      const route = seen && decisionSaid(seen, languageOf(request, request.body.lang));
      // Names of accounts are the platform's own business.
      const better = operator ? preview.better : preview.betterUnnamed;
      return { from: preview.from, reply_to: preview.replyTo, treatment, route, why, better };
    },
  });
}

function mailbox(field: string, text: string): Mailbox {
  const parsed = parseMailbox(text);
  if (!parsed.ok) throw new AppError(parsed.error.code, parsed.error.message, { field });
  return parsed.value;
}
