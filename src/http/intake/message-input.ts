// This file is the schema of a message handed in by HTTP: in parts, from which we compose the mail, or whole ("raw").
import { z } from 'zod';
import { MAIL_LIMITS } from '../../mail/limits.ts';
import { StreamName, TenantId } from '../schemas.ts';

const ADDRESS_HELP = 'MAIL_ADDRESS_INVALID: An address is a text such as "name@example.org", or {"email": …, "name": …}.';
const METADATA_HELP = 'METADATA_INVALID: metadata is a flat object of short texts.';
const AddressInput = z
  .union([z.string().max(1_000), z.strictObject({ email: z.string().max(320), name: z.string().max(500).optional() })], {
    error: ADDRESS_HELP,
  })
  .meta({ id: 'Address' });
/** How many there may be is checked with the others, so that the refusal names the right code. */
const AddressList = z.union([AddressInput, z.array(AddressInput)], { error: ADDRESS_HELP });
const AttachmentInput = z
  .strictObject({
    filename: z.string(),
    content_type: z.string(),
    content: z.string().meta({ description: 'base64' }),
    content_id: z.string().optional().meta({ description: 'For cid: links of the html.' }),
  })
  .meta({ id: 'Attachment' });

export const MessageInput = z
  .strictObject({
    tenant_id: TenantId,
    from: AddressInput.optional().meta({ description: 'An address of a domain or sender registered for the organisation.' }),
    to: AddressList.optional(),
    cc: AddressList.optional(),
    bcc: AddressList.optional(),
    reply_to: AddressList.optional(),
    subject: z.string().optional(),
    text: z.string().optional(),
    html: z.string().optional(),
    headers: z.record(z.string(), z.string()).optional().meta({ description: 'Further headers.' }),
    attachments: z.array(AttachmentInput).max(MAIL_LIMITS.attachmentsMax).optional(),
    raw: z.string().optional().meta({ description: 'Instead of the parts: a whole message (RFC 5322) as base64, with "recipients".' }),
    recipients: z.array(AddressInput).optional().meta({ description: 'For "raw": who gets it. Headers are not looked at.' }),
    mail_from: z.string().max(320).optional().meta({ description: 'For "raw": envelope sender.' }),
    stream: StreamName.optional().meta({ description: 'When left out: the default stream of the key.' }),
    tags: z.array(z.string(), { error: 'METADATA_INVALID: tags is a list of short words.' }).optional(),
    metadata: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean()], { error: METADATA_HELP }), {
        error: 'METADATA_INVALID: metadata is a flat object of short texts.',
      })
      .optional(),
    send_at: z
      .string({ error: 'SEND_AT_INVALID: send_at is a text such as "2026-05-01T08:00:00Z".' })
      .optional()
      .meta({ description: 'ISO 8601 time with a zone, at most 30 days ahead.' }),
    idempotency_key: z
      .string()
      .optional()
      .meta({ description: 'The same as the Idempotency-Key header; in a batch, of this message alone.' }),
  })
  .meta({ id: 'Message' });

export type MessageInput = z.output<typeof MessageInput>;
export type AddressInput = z.output<typeof AddressInput>;
