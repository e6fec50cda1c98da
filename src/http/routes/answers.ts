// This file lists what receivers and people answered: bounces and refusals with their reasons, and complaints with the mail they are about.
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { faultOfClass } from '../../delivery/counting.ts';
import { ANSWER_TYPES, type Answer, type AnswerSearch, type AnswerType, countAnswers, listAnswers } from '../../store/answers-read.ts';
import { inScope, type Scope } from '../../store/scope.ts';
import { namesOf } from '../../store/statistics.ts';
import { type App, listScope, principalOf } from '../app.ts';
import { type CursorKind, readIdCursor, writeCursor } from '../cursor.ts';
import type { HttpDeps } from '../deps.ts';
import { ClassFilter, FaultFilter, Id, ListQuery, MailboxProviderFilter, SearchTime, StateName, StreamName, TimeOut } from '../schemas.ts';
import { countedPageSchema, totalWanted, WantsTotal } from '../total.ts';

const Text = z.string().min(1).max(320);
const Shared = {
  id: Id,
  at: TimeOut,
  tenant_id: Id,
  tenant_name: z.string().nullable(),
  message_id: Id,
  recipient_id: Id,
  address: z.string(),
  subject: z.string(),
  stream: StreamName,
  mailbox_provider: z.string(),
  domain: z.string().meta({ description: 'Sending domain.' }),
  account: z.string().nullable().meta({ description: 'Name of the account it was handed over by. Null for organisations.' }),
  account_id: Id.nullable(),
  state: StateName.meta({ description: 'Where the recipient stands now.' }),
  held: z.boolean().meta({ description: 'The address is on hold for this stream now.' }),
};
const BOUNCE_TYPES = ANSWER_TYPES.filter((type) => type !== 'complained');
const Bounce = z
  .object({
    ...Shared,
    type: z.enum(ANSWER_TYPES),
    class: z.string().nullable(),
    fault: z.string().nullable(),
    hard: z.boolean().meta({ description: 'The address itself is wrong for good.' }),
    diagnostic: z.string().nullable().meta({ description: "The receiver's own words." }),
    provider_label: z.string().nullable().meta({ description: "The provider's own label." }),
    rule: z.string().nullable().meta({ description: 'The rule that decided the class.' }),
  })
  .meta({ id: 'Bounce' });
const Complaint = z
  .object({
    ...Shared,
    tags: z.array(z.string()).meta({ description: 'Of the message: the mailing it came from.' }),
    type: z.string().meta({ description: 'As the report says: "abuse" when it says nothing else.' }),
  })
  .meta({ id: 'Complaint' });
const AnswerQuery = ListQuery.extend({
  mailbox_provider: MailboxProviderFilter.optional(),
  domain: Text.optional().meta({ description: 'Sending domain.' }),
  account: Id.optional(),
  stream: StreamName.optional(),
  address: Text.optional(),
  from: SearchTime.optional().meta({ description: 'Heard of from then on.' }),
  to: SearchTime.optional(),
  total: WantsTotal,
});
const Flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const scanned = 'A page can be short, even empty, and still have a "next": it ended because enough was looked at.';
const tags = ['Feedback'];

export function answerRoutes(app: App, deps: HttpDeps): void {
  const totalOfAll = (scope: Scope, asked: 'true' | 'false', search: Parameters<typeof countAnswers>[2]) =>
    totalWanted(asked, () => inScope(deps.pool, scope, (db) => countAnswers(db, scope, search)));

  /** A page and its cursor. Which account carried it is the operators' affair. */
  async function page(
    request: FastifyRequest,
    scope: Scope,
    kind: CursorKind,
    search: Omit<AnswerSearch, 'before'> & { after: string | undefined },
  ) {
    const { after, ...rest } = search;
    const asked = { ...rest, before: readIdCursor(kind, after), limit: rest.limit + 1 };
    const { rows, scannedTo } = await inScope(deps.pool, scope, (db) => listAnswers(db, scope, asked));
    const last = rows.length > rest.limit ? rows[rest.limit - 1]?.id : scannedTo;
    const shown = rows.slice(0, rest.limit);
    const next = last ? writeCursor(kind, last) : null;
    if (principalOf(request).kind !== 'operator') return { rows: shown.map((row) => ({ ...row, account: null, account_id: null })), next };
    const accounts = [...new Set(shown.flatMap((row) => (row.account_id === null ? [] : [row.account_id])))];
    const names = accounts.length === 0 ? new Map<string, string>() : await namesOf(deps.pool, 'account', accounts);
    const named = shown.map((row) => ({ ...row, account: row.account_id === null ? null : (names.get(row.account_id) ?? null) }));
    return { rows: named, next };
  }

  app.route({
    method: 'GET',
    url: '/v1/bounces',
    config: { access: 'events:read' },
    schema: {
      tags,
      operationId: 'listBounces',
      summary: 'List bounces, refusals and expiries, newest first',
      description: scanned,
      querystring: AnswerQuery.extend({
        class: ClassFilter.optional(),
        fault: FaultFilter.optional(),
        hard: Flag.optional(),
        type: z.enum(ANSWER_TYPES).exclude(['complained']).optional(),
      }),
      response: { 200: countedPageSchema(Bounce) },
    },
    handler: async (request) => {
      const { class: cls, fault, hard, type } = request.query;
      const scope = listScope(request, request.query.tenant_id);
      const { total: wanted } = request.query;
      if (scope === undefined) return { data: [], next: null, ...(await totalWanted(wanted, null)) };
      const types: readonly AnswerType[] = type === undefined ? BOUNCE_TYPES : [type];
      const search = { ...searchOf(request.query), types, class: cls, fault, hard };
      const { rows, next } = await page(request, scope, 'bounces', search);
      return { data: rows.map(bounceOf), next, ...(await totalOfAll(scope, wanted, search)) };
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/complaints',
    config: { access: 'events:read' },
    schema: {
      tags,
      operationId: 'listComplaints',
      summary: 'List complaints, newest first',
      description: `${scanned} People often press the wrong button: a complaint is a wish to get no more of this, not an accusation.`,
      querystring: AnswerQuery,
      response: { 200: countedPageSchema(Complaint) },
    },
    handler: async (request) => {
      const scope = listScope(request, request.query.tenant_id);
      const { total: wanted } = request.query;
      if (scope === undefined) return { data: [], next: null, ...(await totalWanted(wanted, null)) };
      const search = { ...searchOf(request.query), types: ['complained'] as const };
      const { rows, next } = await page(request, scope, 'complaints', search);
      return { data: rows.map(complaintOf), next, ...(await totalOfAll(scope, wanted, search)) };
    },
  });
}

type Named = Answer & { readonly account: string | null };

function searchOf(query: z.output<typeof AnswerQuery>) {
  const { after, limit, mailbox_provider: mailboxProvider, domain, account: accountId, stream, address, from, to } = query;
  return {
    ...{ after, limit, mailboxProvider, domain, accountId, stream },
    address: address?.toLowerCase(),
    fromMs: from === undefined ? undefined : Date.parse(from),
    toMs: to === undefined ? undefined : Date.parse(to),
  };
}

function bounceOf({ tags: _, complaint: __, ...row }: Named) {
  return { ...row, fault: row.fault ?? (row.class === null ? null : faultOfClass(row.class)) };
}

function complaintOf({ class: _, fault: __, hard: ___, diagnostic, provider_label: ____, rule, complaint, ...row }: Named) {
  return { ...row, type: complaint ?? 'abuse' };
}
