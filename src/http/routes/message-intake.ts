// This file takes messages in: one, or up to a thousand with a verdict each. 202 means that the message is committed and ours to deliver.
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import type { Accepted } from '../../flows/submission.ts';
import { issueWords } from '../../issue-words.ts';
import { findTenant } from '../../store/tenants.ts';
import { type App, actingTenant, found, principalOf } from '../app.ts';
import type { HttpDeps } from '../deps.ts';
import { type RateLimiter, showAllowance } from '../gate/rate-limit.ts';
import { MessageInput } from '../intake/message-input.ts';
import { toSubmission } from '../intake/submission.ts';
import { fromIssue, problemOf, toAppError } from '../problem.ts';
import { Id, ObjectQuery, StateName, TenantId } from '../schemas.ts';

export const BATCH_MESSAGES_MAX = 1_000;
/** Messages of a batch that are on their way into the store at once: enough to fill its groups, few enough to leave room for others. */
const BATCH_CONCURRENCY = 64;
/** base64 makes 4 bytes of 3, and JSON adds names, quotes and escapes. */
const JSON_OVERHEAD = 1.5;
const JSON_BYTES_BESIDE = 1024 * 1024;

const Recipient = z.object({ id: Id, address: z.string(), state: StateName });
const AcceptedMessage = z.object({ id: Id, recipients: z.array(Recipient) }).meta({ id: 'AcceptedMessage' });
const Refusal = z.object({
  code: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string(),
  hint: z.string(),
  field: z.string().optional(),
});
const Verdict = z
  .object({
    index: z.number(),
    status: z.enum(['accepted', 'refused']),
    id: Id.optional(),
    recipients: z.array(Recipient).optional(),
    error: Refusal.optional(),
  })
  .meta({ id: 'BatchVerdict' });
const Headers = z.object({
  'idempotency-key': z.string().optional().meta({
    description:
      'Makes it safe to ask again: the same key with the same message gives the first answer, with another message 409. Keys are kept for 24 hours per organisation. In a batch, each message has this key with its index.',
  }),
});
/** Each message is checked by itself, so that one wrong message does not refuse the others; the description shows the real schema. */
const LooseMessage = z.unknown().meta({ $ref: '#/components/schemas/MessageInput' });
const Batch = z.strictObject({
  tenant_id: TenantId,
  messages: z
    .array(LooseMessage)
    .min(1)
    .max(BATCH_MESSAGES_MAX, { error: `LIMIT_EXCEEDED: A batch holds at most ${BATCH_MESSAGES_MAX} messages.` }),
});
const tags = ['Messages'];

export function messageIntakeRoutes(app: App, deps: HttpDeps, limiter: RateLimiter): void {
  const { messageBytesMax, batchBytesMax } = deps.config;

  app.route({
    method: 'POST',
    url: '/v1/messages',
    config: { access: 'messages:write', tooLarge: 'MAIL_TOO_LARGE' },
    bodyLimit: Math.ceil(messageBytesMax * JSON_OVERHEAD) + JSON_BYTES_BESIDE,
    schema: {
      tags,
      operationId: 'sendMessage',
      summary: 'Hand in a message',
      description:
        'The answer comes once the message is committed. Where each recipient stands can be asked with GET /v1/messages/{id}, or read from GET /v1/events.',
      headers: Headers,
      querystring: ObjectQuery,
      body: MessageInput,
      response: { 202: AcceptedMessage },
    },
    handler: async (request, reply) => {
      const tenantId = await senderTenant(deps, request, request.body.tenant_id ?? request.query.tenant_id);
      const accepted = await accept(deps, request, { input: request.body, tenantId, key: request.headers['idempotency-key'] ?? null });
      if (accepted.repeated) void reply.header('idempotency-replayed', 'true');
      return reply.code(202).send({ id: accepted.id, recipients: accepted.recipients.map((recipient) => ({ ...recipient })) });
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/messages/batch',
    config: { access: 'messages:write' },
    bodyLimit: batchBytesMax,
    schema: {
      tags,
      operationId: 'sendBatch',
      summary: `Hand in up to ${BATCH_MESSAGES_MAX} messages`,
      description: 'Always answered with 202 and one verdict per message, in their order: look at "status" of each.',
      headers: Headers,
      querystring: ObjectQuery,
      body: Batch,
      response: { 202: z.object({ accepted: z.number(), refused: z.number(), data: z.array(Verdict) }) },
    },
    handler: async (request, reply) => {
      const { messages } = request.body;
      const named = request.body.tenant_id ?? request.query.tenant_id;
      const allowance = limiter.take(principalOf(request), messages.length - 1);
      showAllowance(reply, allowance);
      const data = await inTurns(messages, (message, index) =>
        judge(deps, request, { message, index, named, late: index > allowance.granted, key: request.headers['idempotency-key'] }),
      );
      const accepted = data.filter((verdict) => verdict.status === 'accepted').length;
      return reply.code(202).send({ accepted, refused: data.length - accepted, data });
    },
  });
}

async function accept(
  deps: HttpDeps,
  request: FastifyRequest,
  message: { input: MessageInput; tenantId: string; key: string | null },
): Promise<Accepted> {
  const { credentialId, defaultStream } = principalOf(request);
  const submission = await toSubmission(message.input, {
    tenantId: message.tenantId,
    credentialId,
    defaultStream,
    idempotencyKey: message.key,
    recipientsMax: deps.config.recipientsMax,
    clock: deps.clock,
    ids: deps.ids,
  });
  return deps.accept(submission);
}

/** The verdict on one message of a batch; refusals are answers here, never exceptions. */
async function judge(
  deps: HttpDeps,
  request: FastifyRequest,
  item: { message: unknown; index: number; named: string | undefined; late: boolean; key: string | undefined },
): Promise<z.output<typeof Verdict>> {
  const { index } = item;
  try {
    if (item.late) throw new AppError('RATE_LIMITED', 'The messages before this one used up the rate of this key.');
    const parsed = MessageInput.safeParse(item.message, { error: issueWords });
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw fromIssue({ instancePath: `/${issue?.path.join('/') ?? ''}`, message: issue?.message, keyword: issue?.code, params: issue });
    }
    const input = parsed.data;
    const tenantId = await senderTenant(deps, request, input.tenant_id ?? item.named);
    const accepted = await accept(deps, request, { input, tenantId, key: item.key === undefined ? null : `${item.key}:${index}` });
    return { index, status: 'accepted', id: accepted.id, recipients: accepted.recipients.map((recipient) => ({ ...recipient })) };
  } catch (error) {
    const refusal = toAppError(error);
    if (refusal.code === 'INTERNAL') deps.log.error({ event: 'batch_item_failed', request_id: request.id, err: refusal.cause ?? error });
    const { type: _, request_id: __, ...body } = problemOf(refusal, request.id);
    return { index, status: 'refused', error: body };
  }
}

/** The tenant a message is for. An operator's word is checked, because it comes from outside; a key's own tenant is known to be there. */
async function senderTenant(deps: HttpDeps, request: FastifyRequest, named: string | undefined): Promise<string> {
  const tenantId = actingTenant(request, named);
  if (principalOf(request).kind === 'tenant') return tenantId;
  const tenant = found(await findTenant(deps.pool, null, tenantId));
  if (tenant.state === 'suspended') throw new AppError('TENANT_SUSPENDED', 'This organisation is paused.');
  return tenantId;
}

/** Works through a list with a bounded number at once, answers in its order. */
async function inTurns<T, R>(items: readonly T[], work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const turns = items.entries();
  const worker = async () => {
    for (const [index, item] of turns) results[index] = await work(item, index);
  };
  await Promise.all(Array.from({ length: Math.min(BATCH_CONCURRENCY, items.length) }, worker));
  return results;
}
