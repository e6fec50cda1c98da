// This file is the resource of bounce mailboxes: for operators only. Secrets go in and never come out again.
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { sqlState } from '../../store/db.ts';
import {
  createMailbox,
  findMailbox,
  listMailboxes,
  type Mailbox,
  readMailboxSecret,
  removeMailbox,
  updateMailbox,
} from '../../store/mailboxes.ts';
import { pageOf } from '../../store/rows.ts';
import { wantSecretAgain } from '../../tenancy/secret-target.ts';
import { isPrivateHost } from '../../tenancy/webhook-target.ts';
import { type MailboxInput, parseMailbox } from '../../watch/mailbox/settings.ts';
import { type App, found } from '../app.ts';
import { change } from '../change.ts';
import { nextCursor, readIdCursor } from '../cursor.ts';
import type { HttpDeps } from '../deps.ts';
import { Empty, Id, IdParams, ListQuery, pageSchema, TimeOut } from '../schemas.ts';

const Settings = z.record(z.string().max(64), z.unknown()).meta({
  description:
    'host, port (993), tls ("implicit", "starttls", "none"), username, folder ("INBOX"), after ("move", "flag", "leave"), move_to ("Processed"), wait ("idle", "interval"), interval_s (300), verify_certificate (true), ca (PEM); for a log-in by access token (OAuth 2.0) token_url, client_id, scope and grant ("refresh_token", "client_credentials").',
});
const Secret = z
  .record(z.string().max(64), z.string().max(10_000))
  .meta({ description: 'password, or refresh_token and client_secret; stored encrypted and never shown.' });
const Name = z.string().trim().min(1).max(120);
const View = z
  .object({
    id: Id,
    name: z.string(),
    settings: Settings,
    state: z.enum(['active', 'paused']),
    status: z.enum(['reading', 'waiting', 'failing', 'paused']),
    mails_read: z.number(),
    last_read_at: TimeOut.nullable(),
    last_error: z
      .string()
      .nullable()
      .meta({ description: 'The server’s words, or why it could not be reached; null once it was read again.' }),
    last_error_at: TimeOut.nullable(),
    failing_since: TimeOut.nullable().meta({ description: 'Null: it can be read.' }),
    failures: z.number().meta({ description: 'In a row.' }),
    next_look_at: TimeOut,
    created_at: TimeOut,
  })
  .meta({ id: 'Mailbox' });
const NewMailbox = z.strictObject({ name: Name, settings: Settings, secret: Secret });
const MailboxChange = z.strictObject({
  name: Name.optional(),
  state: z.enum(['active', 'paused']).optional(),
  settings: Settings.optional().meta({ description: 'Given settings replace those of the same name; null removes one.' }),
  secret: Secret.optional().meta({
    description: 'Wanted again when settings would bring the stored one to another server, or over an open line.',
  }),
});
const tags = ['Inbound mails'];
const UNIQUE_VIOLATION = '23505';

export function mailboxRoutes(app: App, deps: HttpDeps): void {
  app.route({
    method: 'GET',
    url: '/v1/mailboxes',
    config: { access: 'operator:read' },
    schema: {
      tags,
      operationId: 'listMailboxes',
      summary: 'List bounce mailboxes',
      querystring: ListQuery.omit({ tenant_id: true }),
      response: { 200: pageSchema(View) },
    },
    handler: async (request) => {
      const { limit, after } = request.query;
      const { page, last } = pageOf(await listMailboxes(deps.pool, { after: readIdCursor('list', after), limit: limit + 1 }), limit);
      return { data: page.map(viewOf), next: nextCursor('list', last) };
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/mailboxes',
    config: { access: 'operator' },
    schema: {
      tags,
      operationId: 'createMailbox',
      summary: 'Read a bounce mailbox by IMAP',
      description:
        'Reports that come to a mailbox instead of our inbound door are read from it: for providers that set a return path of their own.',
      body: NewMailbox,
      response: { 201: View },
    },
    handler: async (request, reply) => {
      const { name } = request.body;
      const { settings, secret } = checked(deps, parseMailbox(request.body));
      const made = await change(deps, request, null, {
        work: (db) => createMailbox(db, deps.keys, { id: deps.ids.next(), name, settings, secret }).catch(named(name)),
        describe: (mailbox) => auditLine('mailbox.create', mailbox),
      });
      return reply.code(201).send(viewOf(made));
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/mailboxes/:id',
    config: { access: 'operator:read' },
    schema: { tags, operationId: 'getMailbox', summary: 'Show a bounce mailbox', params: IdParams, response: { 200: View } },
    handler: async (request) => viewOf(found(await findMailbox(deps.pool, request.params.id))),
  });

  app.route({
    method: 'PATCH',
    url: '/v1/mailboxes/:id',
    config: { access: 'operator' },
    schema: {
      tags,
      operationId: 'updateMailbox',
      summary: 'Change, pause or resume a bounce mailbox',
      params: IdParams,
      body: MailboxChange,
      response: { 200: View },
    },
    handler: async (request) => {
      const { name, state, settings, secret } = request.body;
      const { id } = request.params;
      const merged = settings || secret ? await merge(deps, id, { settings, secret }) : {};
      const changed = await change(deps, request, null, {
        work: async (db) => found(await updateMailbox(db, deps.keys, { id, name, state, ...merged }).catch(named(name ?? ''))),
        describe: (mailbox) => auditLine('mailbox.update', mailbox),
      });
      return viewOf(changed);
    },
  });

  app.route({
    method: 'DELETE',
    url: '/v1/mailboxes/:id',
    config: { access: 'operator' },
    schema: { tags, operationId: 'deleteMailbox', summary: 'Stop reading a bounce mailbox', params: IdParams, response: { 204: Empty } },
    handler: async (request, reply) => {
      const mailbox = found(await findMailbox(deps.pool, request.params.id));
      await change(deps, request, null, {
        work: (db) => removeMailbox(db, mailbox.id),
        describe: () => auditLine('mailbox.delete', mailbox),
      });
      return reply.code(204).send();
    },
  });
}

/** What is stored with what is given put over it, checked. */
async function merge(
  deps: HttpDeps,
  id: string,
  given: { settings: Record<string, unknown> | undefined; secret: Record<string, string> | undefined },
): Promise<MailboxInput> {
  const before = found(await findMailbox(deps.pool, id));
  const stored = found(await readMailboxSecret(deps.pool, deps.keys, id));
  const kept = Object.entries({ ...before.settings, ...given.settings }).filter(([, value]) => value !== null);
  const merged = checked(deps, parseMailbox({ settings: Object.fromEntries(kept), secret: { ...stored, ...given.secret } }));
  wantSecretAgain({ before: before.settings, after: merged.settings, secret: merged.secret, given: given.secret });
  return merged;
}

/** What the name leads to is looked at again at every connection. */
function checked(deps: HttpDeps, input: MailboxInput): MailboxInput {
  const { settings } = input;
  if (!deps.config.allowPrivateWebhooks && isPrivateHost(settings.host)) {
    throw new AppError('MAILBOX_SETTINGS_INVALID', `settings.host is ${settings.host}, which is not a public host.`, {
      field: 'settings.host',
      hint: 'Name a public host, or allow private ones with PACKETBOAT_ALLOW_PRIVATE_WEBHOOKS.',
    });
  }
  return input;
}

function named(name: string): (error: unknown) => never {
  return (error) => {
    if (sqlState(error) === UNIQUE_VIOLATION) throw new AppError('CONFLICT', `There is a mailbox "${name}" already.`, { field: 'name' });
    throw error;
  };
}

function viewOf(mailbox: Mailbox): z.output<typeof View> {
  const { reading, due_at: dueAt, state, ...rest } = mailbox;
  const status = state === 'paused' ? 'paused' : mailbox.failures > 0 ? 'failing' : reading ? 'reading' : 'waiting';
  return { ...rest, state: state === 'paused' ? 'paused' : 'active', status, next_look_at: dueAt };
}

function auditLine(action: string, { id, name, settings }: Mailbox) {
  return { tenantId: null, action, subject: id, detail: { name, host: settings['host'] } };
}
