// This file is the resource of providers' own suppression lists, account by account: how they are read and kept in step, what they say about
// addresses of ours, and how an operator takes an entry off. For operators only: a list is shared by all organisations of an account.
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { LIST_VERDICTS } from '../../feedback/provider-list.ts';
import { addressKey, parseAddress } from '../../mail/address.ts';
import { countChanges, wishRemoval } from '../../store/list-changes.ts';
import { listListEntries } from '../../store/list-entries.ts';
import { ensureListSyncs, type ListSync, readListSync, requestListSync, updateListSync } from '../../store/list-syncs.ts';
import { findProviderAccount } from '../../store/provider-accounts.ts';
import { pageOf } from '../../store/rows.ts';
import type { Queryable } from '../../store/scope.ts';
import { type App, found } from '../app.ts';
import { change } from '../change.ts';
import { readCursor, writeCursor } from '../cursor.ts';
import type { HttpDeps } from '../deps.ts';
import { closedWord, Id, IdParams, ListQuery, pageSchema, TimeOut } from '../schemas.ts';

const EVERY_MIN_S = 60;
const EVERY_MAX_S = 2_592_000;
const Counts = z.record(z.string(), z.number()).meta({
  description:
    'Of the reading that runs or ran last: entries, strangers (addresses that none of our mail went to over this account), held, held_before, "left:…" (why nobody is on hold), vanished, released, unreadable, pages; truncated: 1 where the provider shows a part only.',
});
const SyncView = z
  .object({
    account_id: Id,
    state: z.enum(['waiting', 'running', 'failing']).meta({ description: '"failing": the last call did not work; it is tried again.' }),
    every_s: z.number().meta({ description: 'Seconds between two readings.' }),
    push_holds: z.enum(['never', 'own-list', 'always']),
    follow_removals: z.boolean(),
    own_list_by: z.string().nullable().meta({ description: 'How this provider gives an account a list of its own.' }),
    due_at: TimeOut,
    started_at: TimeOut.nullable(),
    ended_at: TimeOut.nullable().meta({ description: 'Null while a reading is under way.' }),
    whole: z
      .boolean()
      .nullable()
      .meta({ description: 'Whether that reading covers the whole list, or what changed since the one before.' }),
    whole_at: TimeOut.nullable().meta({ description: 'When the whole list was read last.' }),
    counts: Counts,
    changes: z
      .object({ waiting: z.number(), refused: z.number(), look_ups: z.number(), last_refusal: z.string().nullable() })
      .meta({ description: 'What has to change there because of releases and holds here, and what the provider would not change.' }),
    last_error: z.string().nullable(),
    last_error_at: TimeOut.nullable(),
    needs_person: z.boolean().meta({ description: 'Key, permission or settings: repeating it changes nothing.' }),
  })
  .meta({ id: 'ListSync' });
const SyncChange = z.strictObject({
  every_s: z.number().int().min(EVERY_MIN_S).max(EVERY_MAX_S).nullable().optional().meta({ description: 'Null: what suits the provider.' }),
  push_holds: z.enum(['never', 'own-list', 'always']).optional().meta({
    description:
      'Whether holds for complaints, unsubscriptions and by hand go on the provider’s list too. "own-list": only where the account has a list of its own; "always" stops mail of every organisation of the account.',
  }),
  follow_removals: z
    .boolean()
    .optional()
    .meta({ description: 'An address that left the provider’s list is released here, where that list alone held it.' }),
});
const Wish = z.strictObject({ whole: z.boolean().default(false) }).nullish();
const Address = z.string().min(3).max(320);
const Entry = z
  .object({
    address: z.string(),
    stream: z.enum(['transactional', 'bulk']).nullable().meta({ description: 'Mail that the entry stops; null: all.' }),
    why: z.enum(['bounce', 'complaint', 'unsubscribe', 'manual', 'provider']),
    label: z.string().meta({ description: 'The provider’s own label.' }),
    class: z.string().nullable(),
    diagnostic: z.string().nullable(),
    listed_at: TimeOut.nullable(),
    verdict: z.string().meta({
      description: '"hold", or why nobody is on hold: not-the-recipient, passing, provider-rule, ours, delivered-since, released-since.',
    }),
    seen_at: TimeOut,
  })
  .meta({ id: 'ListEntry' });
const tags = ['Provider accounts'];

export function accountListRoutes(app: App, deps: HttpDeps): void {
  app.route({
    method: 'GET',
    url: '/v1/provider-accounts/:id/suppressions/sync',
    config: { access: 'operator:read' },
    schema: {
      tags,
      operationId: 'getListSync',
      summary: 'Show how the provider’s suppression list is kept in step',
      params: IdParams,
      response: { 200: SyncView },
    },
    handler: async (request) => view(deps, found(await syncOf(deps, request.params.id))),
  });

  app.route({
    method: 'POST',
    url: '/v1/provider-accounts/:id/suppressions/sync',
    config: { access: 'operator' },
    schema: {
      tags,
      operationId: 'startListSync',
      summary: 'Read the provider’s suppression list now',
      description: 'Answers at once; a process with the role "jobs" reads within seconds. GET shows how far it is.',
      params: IdParams,
      body: Wish,
      response: { 202: SyncView },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      await syncOf(deps, id);
      const whole = request.body?.whole ?? false;
      const sync = await change(deps, request, null, {
        work: async (db) => found(await requestListSync(db, id, whole)),
        describe: () => ({ tenantId: null, action: 'provider-account.read-list', subject: id, detail: { whole } }),
      });
      return reply.code(202).send(await view(deps, sync));
    },
  });

  app.route({
    method: 'PATCH',
    url: '/v1/provider-accounts/:id/suppressions/sync',
    config: { access: 'operator' },
    schema: {
      tags,
      operationId: 'updateListSync',
      summary: 'Set how the provider’s suppression list is kept in step',
      params: IdParams,
      body: SyncChange,
      response: { 200: SyncView },
    },
    handler: async (request) => {
      const { id } = request.params;
      const { every_s: everyS, push_holds: pushHolds, follow_removals: followRemovals } = request.body;
      await syncOf(deps, id);
      const sync = await change(deps, request, null, {
        work: async (db) => found(await updateListSync(db, id, { everyS, pushHolds, followRemovals })),
        describe: () => ({
          tenantId: null,
          action: 'provider-account.list-settings',
          subject: id,
          detail: { everyS, pushHolds, followRemovals },
        }),
      });
      return view(deps, sync);
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/provider-accounts/:id/suppressions',
    config: { access: 'operator:read' },
    schema: {
      tags,
      operationId: 'listListEntries',
      summary: 'Show what the provider’s suppression list says about addresses of ours',
      params: IdParams,
      querystring: ListQuery.omit({ tenant_id: true }).extend({
        address: Address.optional(),
        verdict: closedWord('verdict', LIST_VERDICTS).optional(),
      }),
      response: { 200: pageSchema(Entry) },
    },
    handler: async (request) => {
      const { id } = request.params;
      const { limit, after, address, verdict } = request.query;
      await syncOf(deps, id);
      const [place, stream] = after === undefined ? [] : readCursor('entries', after);
      const page = {
        after: place === undefined ? null : { address: Buffer.from(place, 'base64url').toString('utf8'), stream: stream ?? '' },
        limit: limit + 1,
        address: address === undefined ? undefined : keyOf(address),
        verdict,
      };
      const { page: data, last } = pageOf(await listListEntries(deps.pool, id, page), limit);
      const next = last && writeCursor('entries', Buffer.from(last.address).toString('base64url'), last.stream ?? '');
      // The columns hold words of closed lists; the schema says which.
      return { data: data as z.infer<typeof Entry>[], next };
    },
  });

  app.route({
    method: 'DELETE',
    url: '/v1/provider-accounts/:id/suppressions',
    config: { access: 'operator' },
    schema: {
      tags,
      operationId: 'deleteListEntry',
      summary: 'Take an address off the provider’s suppression list',
      description: 'Answers at once; the provider is told within seconds, and again until it has answered. Holds here stay as they are.',
      params: IdParams,
      querystring: z.strictObject({ address: Address }),
      response: { 202: SyncView },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const address = keyOf(request.query.address);
      const sync = found(await syncOf(deps, id));
      await change(deps, request, null, {
        work: (db) => wishRemoval(db, id, address),
        describe: () => ({ tenantId: null, action: 'provider-account.unlist', subject: id, detail: { address } }),
      });
      return reply.code(202).send(await view(deps, sync));
    },
  });
}

/** The form under which addresses are kept. Throws MAIL_ADDRESS_INVALID. */
function keyOf(address: string): string {
  const parsed = parseAddress(address);
  if (!parsed.ok) throw parsed.error;
  return addressKey(parsed.value.address);
}

/** Throws NOT_FOUND, or PROVIDER_LIST_NONE where the provider keeps no list. */
async function syncOf(deps: HttpDeps, accountId: string, db: Queryable = deps.pool): Promise<ListSync | null> {
  const account = found(await findProviderAccount(db, accountId));
  const adapter = deps.registry.get(account.provider);
  if (!adapter?.capabilities.suppressions) {
    const reason = adapter?.capabilities.cannot.find(({ what }) => what.startsWith('a suppression list'))?.reason ?? '';
    throw new AppError(
      'PROVIDER_LIST_NONE',
      `${adapter?.title ?? account.provider} has no suppression list that could be read. ${reason}`.trim(),
    );
  }
  await ensureListSyncs(db, [account.provider]);
  return readListSync(db, accountId);
}

async function view(deps: HttpDeps, sync: ListSync): Promise<z.infer<typeof SyncView>> {
  const account = found(await findProviderAccount(deps.pool, sync.account_id));
  const can = deps.registry.get(account.provider)?.capabilities.suppressions ?? null;
  const { waiting, refused, looks, error } = await countChanges(deps.pool, sync.account_id);
  return {
    account_id: sync.account_id,
    state: sync.running ? 'running' : sync.last_error === null ? 'waiting' : 'failing',
    every_s: sync.every_s ?? can?.everyS ?? EVERY_MAX_S,
    push_holds: sync.push_holds,
    follow_removals: sync.follow_removals,
    own_list_by: can?.ownListBy ?? null,
    due_at: sync.due_at,
    started_at: sync.run_started_at,
    ended_at: sync.run_ended_at,
    whole: sync.run_started_at === null ? null : sync.run_since === null,
    whole_at: sync.full_at,
    counts: { ...sync.counts },
    changes: { waiting, refused, look_ups: looks, last_refusal: error },
    last_error: sync.last_error,
    last_error_at: sync.last_error_at,
    needs_person: sync.last_error_kind === 'account',
  };
}
