// This file is the resource of DKIM keys: which keys a domain has, where their records stand, and how it gets new ones. For operators also the
// records of the delegated zone, where another server answers for it.
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import type { DomainView } from '../../flows/domain-view.ts';
import { REVOKED_WITHIN_S } from '../../flows/key-fence.ts';
import { mintMissingKeys, revokeKeyNow } from '../../flows/revoke-dkim-key.ts';
import { makeKeys, rotateDkimKey, rotated } from '../../flows/rotate-dkim-key.ts';
import type { Language } from '../../language.ts';
import { listDkimKeys, lockKeyedDomain, type StoredDkimKey } from '../../store/dkim-keys.ts';
import { listZoneKeys } from '../../store/dkim-zone.ts';
import { findDomain } from '../../store/domains.ts';
import { pageOf } from '../../store/rows.ts';
import { inScope } from '../../store/scope.ts';
import { KEY_ALGORITHMS, KEY_STATES } from '../../tenancy/dkim-keys.ts';
import { keyRecord, ZONE_TTL_S, zoneRecords } from '../../tenancy/dkim-records.ts';
import { keyTroubleText } from '../../tenancy/dkim-trouble.ts';
import { type App, found, objectScope } from '../app.ts';
import { change } from '../change.ts';
import { nextCursor, readIdCursor } from '../cursor.ts';
import type { HttpDeps } from '../deps.ts';
import { Lang, languageOf } from '../language.ts';
import { Id, IdParams, ListQuery, pageSchema, TimeOut } from '../schemas.ts';

const Algorithm = z.enum(KEY_ALGORITHMS);
const Key = z
  .object({
    id: Id,
    selector: z.string(),
    algorithm: Algorithm,
    state: z.enum(KEY_STATES).meta({
      description:
        'new: not seen in DNS yet · published: seen at every name server, waits until caches have forgotten the time before · active: signs · retiring: signs no more, its record stays for mail on its way · revoked: over',
    }),
    since: TimeOut.meta({ description: 'When it came into this state.' }),
    compromised: z.boolean().meta({ description: 'It was revoked because others may have its private half.' }),
    publish: z.object({ type: z.enum(['TXT', 'CNAME']), host: z.string(), value: z.string() }).meta({
      description: 'The record the owner of the domain publishes. A CNAME is published once; the key behind it changes by itself.',
    }),
    checked_at: TimeOut.nullable().meta({ description: 'When the desk looked for it in DNS last.' }),
    trouble: z.string().nullable().meta({ description: 'What that look found wrong.' }),
    next_at: TimeOut.nullable().meta({ description: 'When the desk looks again, switches to it, or ends it.' }),
  })
  .meta({ id: 'DkimKey' });
const Keys = z.object({ data: z.array(Key) });
const RevokedKeys = Keys.extend({
  signs: z.string().nullable().meta({
    description:
      'The selector that signs now. Null: none does until the next key is seen in DNS; mail goes meanwhile as that of a domain without a key.',
  }),
  stops_within_s: z.number().int().meta({ description: 'From now on no node signs with the key for longer than this.' }),
});
const KeyParams = IdParams.extend({ key: Id });
const ZonePage = pageSchema(z.object({ name: z.string(), type: z.literal('TXT'), ttl: z.number(), value: z.string() })).extend({
  zone: z.string(),
  name_servers: z.array(z.string()),
});
const Rotation = z.strictObject({
  algorithm: Algorithm.optional().meta({ description: 'Left out: every algorithm the domain signs with.' }),
});
const InLanguage = z.strictObject({ lang: Lang });
const tags = ['Domains and senders'];

export function dkimKeyRoutes(app: App, deps: HttpDeps): void {
  const keysOf = async (scope: string | null, id: string, language: Language) => {
    const { name, keys } = await inScope(deps.pool, scope, async (db) => {
      const domain = found(await findDomain(db, scope, id));
      return { name: domain.name, keys: await listDkimKeys(db, scope, id) };
    });
    return { data: keys.map((key) => shown(name, key, language)) };
  };

  app.route({
    method: 'GET',
    url: '/v1/domains/:id/keys',
    config: { access: 'domains:read' },
    schema: {
      tags,
      operationId: 'listDkimKeys',
      summary: 'List the DKIM keys of a domain, newest first',
      params: IdParams,
      querystring: InLanguage,
      response: { 200: Keys },
    },
    handler: (request) => keysOf(objectScope(request), request.params.id, languageOf(request, request.query.lang)),
  });

  app.route({
    method: 'POST',
    url: '/v1/domains/:id/keys/rotate',
    config: { access: 'domains:manage' },
    schema: {
      tags,
      operationId: 'rotateDkimKeys',
      summary: 'Make the next DKIM key',
      description:
        'The new key signs once it is seen in DNS and caches had time to forget; until then the old one signs, and its record stays for another week. 409 while a key is on its way already.',
      params: IdParams,
      querystring: InLanguage,
      body: Rotation.default({}),
      response: { 201: Keys },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const scope = objectScope(request);
      const language = languageOf(request, request.query.lang);
      await keysOf(scope, id, language);
      // Keys are made before the domain is held, for an algorithm that it may turn out not to sign with.
      const made = await makeKeys(request.body.algorithm === undefined ? KEY_ALGORITHMS : [request.body.algorithm]);
      await change(deps, request, scope, {
        work: async (db) => {
          const domain = found(await lockKeyedDomain(db, scope, id));
          const wanted = rotated(domain, request.body.algorithm);
          if (wanted.includes('ed25519-sha256') && !domain.ed25519) throw notSigned();
          const keys = made.filter(({ algorithm }) => wanted.includes(algorithm));
          return found(await rotateDkimKey(db, { ...deps, dkimZone: deps.config.dkimZone }, { scope, domainId: id, made: keys }));
        },
        describe: ({ tenantId }) => ({ tenantId, action: 'domain.rotate-keys', subject: id, detail: { ...request.body } }),
      });
      return reply.code(201).send(await keysOf(scope, id, language));
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/domains/:id/keys/check',
    config: { access: 'domains:manage' },
    schema: {
      tags,
      operationId: 'checkDkimKeys',
      summary: 'Look in DNS now for keys that are on their way',
      params: IdParams,
      querystring: InLanguage,
      response: { 200: Keys },
    },
    handler: async (request) => {
      const { id } = request.params;
      const scope = objectScope(request);
      const domain = found(await inScope(deps.pool, scope, (db) => findDomain(db, scope, id)));
      await deps.lookAtKeys(id);
      const keys = await keysOf(scope, id, languageOf(request, request.query.lang));
      // The key's record stands in the domain's table too: what is seen here is not called missing there.
      if (lags(keys.data, deps.domains.view(domain).records)) await deps.domains.renew({ id, tenantId: domain.tenant_id });
      return keys;
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/domains/:id/keys/:key/revoke',
    config: { access: 'domains:manage' },
    schema: {
      tags,
      operationId: 'revokeDkimKey',
      summary: 'Revoke a DKIM key now, because others may have it',
      description:
        'Its private half is erased at once and its record becomes empty: by itself where it is delegated, by the owner of the domain else (the record to publish is in the answer). A key that is seen in DNS already takes over; otherwise the next one is made now. There is no way back. Doing it twice is one.',
      params: KeyParams,
      querystring: InLanguage,
      response: { 200: RevokedKeys },
    },
    handler: async (request) => {
      const { id, key } = request.params;
      const scope = objectScope(request);
      const revoked = await change(deps, request, scope, {
        work: async (db) => found(await revokeKeyNow(db, deps, { scope, domainId: id, keyId: key })),
        describe: ({ tenantId, selector, algorithm, was, before }) =>
          before ? null : { tenantId, action: 'domain.revoke-key', subject: id, detail: { key, selector, algorithm, was } },
      });
      const { domain, selector, algorithm } = revoked;
      deps.rights.forget(revoked.tenantId);
      if (!revoked.before) deps.log.warn({ event: 'dkim_key_compromised', domain_id: id, domain, selector, algorithm });
      // The key is gone whatever happens here; the chore makes what this does not.
      await mintMissingKeys({ ...deps, dkimZone: deps.config.dkimZone }, id).catch((error: unknown) => {
        deps.log.warn({ event: 'dkim_key_not_made', domain_id: id, reason: error instanceof Error ? error.message : String(error) });
      });
      return {
        ...(await keysOf(scope, id, languageOf(request, request.query.lang))),
        signs: revoked.signs,
        stops_within_s: REVOKED_WITHIN_S,
      };
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/dkim-zone',
    config: { access: 'operator' },
    schema: {
      tags,
      operationId: 'listDkimZone',
      summary: 'List the records of the delegated DKIM zone',
      description: 'For platforms that let another server answer for the zone; the desk answers for it by itself in the role "dns".',
      querystring: ListQuery.omit({ tenant_id: true }),
      response: { 200: ZonePage },
    },
    handler: async (request) => {
      const { dkimZone: zone, dkimNameServers } = deps.config;
      if (zone === null) throw new AppError('NOT_FOUND', 'No DKIM zone is set.', { hint: 'Set PACKETBOAT_DKIM_ZONE first.' });
      const { limit, after } = request.query;
      const rows = await listZoneKeys(deps.pool, { after: readIdCursor('list', after), limit: limit + 1 });
      const { page, last } = pageOf(rows, limit);
      const data = page
        .flatMap((domain) => zoneRecords(domain, zone))
        .map((record) => ({ ...record, type: 'TXT' as const, ttl: ZONE_TTL_S }));
      return { zone, name_servers: [...dkimNameServers], data, next: nextCursor('list', last) };
    },
  });
}

function notSigned(): AppError {
  return new AppError('REQUEST_INVALID', 'This domain does not sign with Ed25519.', {
    field: 'algorithm',
    hint: 'Turn it on first: PATCH the domain with {"ed25519": true}.',
  });
}

function shown(domain: string, key: StoredDkimKey, language: Language): z.infer<typeof Key> {
  const { id, selector, algorithm, state, state_since: since, compromised, checked_at, next_at } = key;
  const trouble = key.trouble === null ? null : keyTroubleText(key.trouble, language);
  return { id, selector, algorithm, state, since, compromised, publish: keyRecord(domain, key), checked_at, trouble, next_at };
}

/** Whether a key was seen whose record the last look at the domain did not find. */
function lags(keys: readonly z.infer<typeof Key>[], records: DomainView['records']): boolean {
  const seen = new Set(keys.filter(({ state }) => state === 'published' || state === 'active').map(({ selector }) => `dkim:${selector}`));
  return records.some(
    ({ id, state, mistake }) => seen.has(id) && (state === 'missing' || state === 'unchecked' || mistake?.code === 'key-not-there'),
  );
}
