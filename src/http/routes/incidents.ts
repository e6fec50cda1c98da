// This file is the resource of incidents: what is wrong with an IP, an account, a domain or a mailing, in the receivers' own words. Organisations
// see those of their domains and mailings; the platform sees all, and looks after them.
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { tell } from '../../flows/watch-incidents.ts';
import type { Language } from '../../language.ts';
import { incidentNextStep, incidentTitle } from '../../reputation/incident-words.ts';
import { INCIDENT_KINDS } from '../../reputation/incidents.ts';
import { PLATFORM } from '../../store/actors.ts';
import { acknowledgeIncident, closeIncident, findIncident, type Incident, listIncidents, namesOf } from '../../store/incident-lists.ts';
import { pageOf } from '../../store/rows.ts';
import { inScope, type Scope } from '../../store/scope.ts';
import { type App, actorOf, found, listScope, objectScope } from '../app.ts';
import { change } from '../change.ts';
import { nextCursor, readIdCursor } from '../cursor.ts';
import type { HttpDeps } from '../deps.ts';
import { Lang, languageOf } from '../language.ts';
import { Id, IdParams, ListQuery, pageSchema, TimeOut } from '../schemas.ts';

const Kind = z.enum(INCIDENT_KINDS);
const State = z.enum(['open', 'closed']);
const IncidentView = z
  .object({
    id: Id,
    kind: Kind.meta({
      description:
        '"ip-blocked": a receiver refuses the IP of an account; "authentication": the records of a domain fail; "account": an account does not take our mail; "capacity": a receiver slows us down; "content": receivers refuse a mailing.',
    }),
    state: State,
    title: z.string(),
    subject: z.object({
      account: z.object({ id: Id, name: z.string() }).optional(),
      pool: z.object({ id: Id, name: z.string() }).optional(),
      mailbox_provider: z.string().optional(),
      domain: z.string().optional(),
      message: z.object({ id: Id, subject: z.string() }).optional(),
    }),
    tenant_id: Id.nullable().meta({ description: 'Whose domain or mailing it is; null: the business of the platform.' }),
    fault: z.string(),
    opened_at: TimeOut,
    last_seen_at: TimeOut,
    closed_at: TimeOut.nullable(),
    closed_by: z.string().nullable().meta({ description: 'Null: it was quiet for long enough.' }),
    closed_why: z.string().nullable(),
    acknowledged_at: TimeOut.nullable(),
    acknowledged_by: z.string().nullable(),
    reopened: z.number().meta({ description: 'How often it came back within a day.' }),
    messages: z.number().meta({ description: 'Recipients that met it.' }),
    rerouted: z.number().meta({ description: 'How often a recipient took another route because of it; one may do so more than once.' }),
    evidence: z.array(z.object({ at: TimeOut, reply: z.string().nullable(), class: z.string().nullable(), count: z.number() })).meta({
      description: "The receivers' own words, most frequent first; words that differ in addresses and numbers only are one line.",
    }),
    next_step: z.string(),
  })
  .meta({ id: 'Incident' });
type View = z.input<typeof IncidentView>;
const InLanguage = z.strictObject({ lang: Lang });
const tags = ['Incidents'];

export function incidentRoutes(app: App, deps: HttpDeps): void {
  app.route({
    method: 'GET',
    url: '/v1/incidents',
    config: { access: 'messages:read' },
    schema: {
      tags,
      operationId: 'listIncidents',
      summary: 'List incidents, newest first',
      querystring: ListQuery.extend({ state: State.optional(), kind: Kind.optional(), lang: Lang }),
      response: { 200: pageSchema(IncidentView) },
    },
    handler: async (request) => {
      const { limit, after, state, kind, lang } = request.query;
      const scope = listScope(request, request.query.tenant_id);
      if (scope === undefined) return { data: [], next: null };
      const asked = { before: readIdCursor('incidents', after), limit: limit + 1, state, kind };
      const { page, last } = pageOf(await inScope(deps.pool, scope, (db) => listIncidents(db, scope, asked)), limit);
      return { data: await viewsOf(deps, { scope, language: languageOf(request, lang) }, page), next: nextCursor('incidents', last) };
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/incidents/:id',
    config: { access: 'messages:read' },
    schema: {
      tags,
      operationId: 'getIncident',
      summary: 'Show an incident',
      params: IdParams,
      querystring: InLanguage,
      response: { 200: IncidentView },
    },
    handler: (request) => show(request, request.params.id, request.query.lang),
  });

  app.route({
    method: 'POST',
    url: '/v1/incidents/:id/acknowledge',
    config: { access: 'operator' },
    schema: {
      tags,
      operationId: 'acknowledgeIncident',
      summary: 'Say that somebody looks after it',
      description: 'Who said so first stays. It takes the incident off the list of what needs a person; it stays open until it is quiet.',
      params: IdParams,
      querystring: InLanguage,
      response: { 200: IncidentView },
    },
    handler: async (request) => {
      const scope = objectScope(request);
      const { id } = request.params;
      await change(deps, request, scope, {
        work: async (db) => found((await acknowledgeIncident(db, scope, id, actorOf(request))) || null),
        describe: () => ({ tenantId: null, action: 'incident.acknowledge', subject: id }),
      });
      return show(request, id, request.query.lang);
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/incidents/:id/close',
    config: { access: 'operator' },
    schema: {
      tags,
      operationId: 'closeIncident',
      summary: 'End an incident before it is quiet',
      description: 'Routes that were passed over because of it are used again at once. When the same thing is seen again, it opens again.',
      params: IdParams,
      querystring: InLanguage,
      body: z.strictObject({ why: z.string().min(1).max(500).optional() }).nullish(),
      response: { 200: IncidentView },
    },
    handler: async (request) => {
      const scope = objectScope(request);
      const { id } = request.params;
      const why = request.body?.why ?? null;
      await change(deps, request, scope, {
        work: async (db) => {
          const incident = found(await findIncident(db, scope, id));
          if (!(await closeIncident(db, scope, id, { who: actorOf(request), why }))) {
            throw new AppError('STATE_FORBIDS', 'This incident is closed already.', { hint: 'Nothing is left to do.' });
          }
          await tell(db, deps.ids, 'incident.closed', {
            id,
            kind: incident.kind,
            tenantId: incident.tenant_id,
            domain: incident.domain,
            recipientId: incident.seen_recipient_id,
            messageId: incident.seen_message_id,
          });
          return incident;
        },
        describe: (incident) => ({ tenantId: incident.tenant_id, action: 'incident.close', subject: id, detail: { why } }),
      });
      await deps.accountsChanged();
      return show(request, id, request.query.lang);
    },
  });

  async function show(request: FastifyRequest, id: string, lang: Language | undefined): Promise<View> {
    const scope = objectScope(request);
    const language = languageOf(request, lang);
    const incident = found(await inScope(deps.pool, scope, (db) => findIncident(db, scope, id)));
    return found((await viewsOf(deps, { scope, language }, [incident]))[0]);
  }
}

async function viewsOf(
  deps: HttpDeps,
  { scope, language }: { scope: Scope; language: Language },
  incidents: readonly Incident[],
): Promise<View[]> {
  const accounts = incidents.flatMap((each) => each.account_id ?? []);
  const pools = incidents.flatMap((each) => each.pool_id ?? []);
  // Accounts and pools are the platform's business; incidents of an organisation name none.
  const names = scope === null && accounts.length > 0 ? await namesOf(deps.pool, { accounts, pools }) : null;
  // Only people of the platform look after incidents; organisations need not know who.
  const seen = (who: string | null) => (scope === null || who === null ? who : PLATFORM);
  return incidents.map((each) => {
    const incident = { ...each, closed_by: seen(each.closed_by), acknowledged_by: seen(each.acknowledged_by) };
    return viewOf(incident, {
      language,
      account: names?.accounts.get(incident.account_id ?? ''),
      pool: names?.pools.get(incident.pool_id ?? ''),
    });
  });
}

function viewOf(
  incident: Incident,
  { language, account, pool }: { language: Language; account: string | undefined; pool: string | undefined },
): View {
  const { account_id, pool_id, mailbox_provider, domain, message_id, message_subject, evidence, seen_recipient_id: _, ...rest } = incident;
  const { seen_message_id: __, ...view } = rest;
  const names = {
    account: account ?? null,
    pool: pool ?? null,
    mailboxProvider: mailbox_provider,
    domain,
    messageSubject: message_subject,
  };
  return {
    ...view,
    title: incidentTitle(incident.kind, names, language),
    next_step: incidentNextStep(incident.kind, language),
    subject: {
      ...(account_id !== null && account !== undefined ? { account: { id: account_id, name: account } } : {}),
      // The default pool of an account has no name.
      ...(pool_id !== null && pool ? { pool: { id: pool_id, name: pool } } : {}),
      ...(mailbox_provider === null ? {} : { mailbox_provider }),
      ...(domain === null ? {} : { domain }),
      ...(message_id === null ? {} : { message: { id: message_id, subject: message_subject ?? '' } }),
    },
    evidence: evidence.map(({ atMs, reply, class: cls, count }) => ({ at: new Date(atMs).toISOString(), reply, class: cls, count })),
  };
}
