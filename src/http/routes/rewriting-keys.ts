// This file is the resource of the rewriting domain's DKIM keys: how they stand, the next one, and the end of one that others may have.
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { REVOKED_WITHIN_S } from '../../flows/key-fence.ts';
import type { RewritingDomain } from '../../flows/rewriting-domain.ts';
import type { Language } from '../../language.ts';
import { KEY_STATES } from '../../tenancy/dkim-keys.ts';
import { keyRecord } from '../../tenancy/dkim-records.ts';
import { keyTroubleText } from '../../tenancy/dkim-trouble.ts';
import type { App } from '../app.ts';
import { change } from '../change.ts';
import type { HttpDeps } from '../deps.ts';
import { Lang, languageOf } from '../language.ts';
import { Id, TimeOut } from '../schemas.ts';

const Key = z
  .object({
    id: Id,
    selector: z.string(),
    state: z.enum(KEY_STATES),
    since: TimeOut.meta({ description: 'When it came into this state.' }),
    created_at: TimeOut,
    compromised: z.boolean().meta({ description: 'It was revoked because others may have its private half.' }),
    publish: z.object({ type: z.enum(['TXT', 'CNAME']), host: z.string(), value: z.string() }),
    checked_at: TimeOut.nullable(),
    trouble: z.string().nullable().meta({ description: 'What the last look found wrong.' }),
    next_at: TimeOut.nullable().meta({ description: 'When the desk looks again, switches to it, or ends it.' }),
  })
  .meta({ id: 'RewritingKey' });
const Keys = z.object({ domain: z.string(), data: z.array(Key) });
const RevokedKeys = Keys.extend({
  stops_within_s: z.number().int().meta({ description: 'From now on no node signs with the key for longer than this.' }),
});
const Told = z.strictObject({ lang: Lang });
const tags = ['Domains and senders'];

export function rewritingKeyRoutes(app: App, deps: HttpDeps): void {
  const there = (): Pick<RewritingDomain, 'domain' | 'keys'> => {
    if (deps.rewriting === null) throw new AppError('REWRITING_UNAVAILABLE', 'This desk has no rewriting domain.');
    return deps.rewriting;
  };
  const shown = async ({ domain, keys }: Pick<RewritingDomain, 'domain' | 'keys'>, language: Language): Promise<z.infer<typeof Keys>> => ({
    domain,
    data: (await keys.list()).map(({ state_since: since, public_key, trouble, ...key }) => ({
      ...key,
      since,
      trouble: trouble === null ? null : keyTroubleText(trouble, language),
      publish: keyRecord(domain, { ...key, public_key, algorithm: 'rsa-sha256', target: null }),
    })),
  });

  app.route({
    method: 'GET',
    url: '/v1/rewriting/keys',
    config: { access: 'operator:read' },
    schema: {
      tags,
      operationId: 'listRewritingKeys',
      summary: 'List the DKIM keys of the rewriting domain, newest first',
      querystring: Told,
      response: { 200: Keys },
    },
    handler: (request) => shown(there(), languageOf(request, request.query.lang)),
  });

  app.route({
    method: 'POST',
    url: '/v1/rewriting/keys/rotate',
    config: { access: 'operator' },
    schema: {
      tags,
      operationId: 'rotateRewritingKey',
      summary: 'Make the next DKIM key of the rewriting domain',
      description:
        'It signs once it is seen in DNS and caches had time to forget; until then the old one signs. 409 while one is on its way.',
      querystring: Told,
      response: { 201: Keys },
    },
    handler: async (request, reply) => {
      const rewriting = there();
      await change(deps, request, null, {
        work: (db) => rewriting.keys.rotate(db),
        describe: () => ({ tenantId: null, action: 'rewriting.rotate-key', subject: rewriting.domain }),
      });
      return reply.code(201).send(await shown(rewriting, languageOf(request, request.query.lang)));
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/rewriting/keys/check',
    config: { access: 'operator' },
    schema: {
      tags,
      operationId: 'checkRewritingKeys',
      summary: 'Look in DNS now for a key of the rewriting domain that is on its way',
      querystring: Told,
      response: { 200: Keys },
    },
    handler: async (request) => {
      const rewriting = there();
      await rewriting.keys.look();
      return shown(rewriting, languageOf(request, request.query.lang));
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/rewriting/keys/:key/revoke',
    config: { access: 'operator' },
    schema: {
      tags,
      operationId: 'revokeRewritingKey',
      summary: 'Revoke a DKIM key of the rewriting domain now, because others may have it',
      description:
        'It is erased at once, and its record has to be emptied. A key that is seen in DNS already takes over; otherwise the next one is made now, and mail with From written anew waits until it is seen. There is no way back. Doing it twice is one.',
      params: z.object({ key: Id }),
      querystring: Told,
      response: { 200: RevokedKeys },
    },
    handler: async (request) => {
      const rewriting = there();
      const { key } = request.params;
      const { selector, before } = await change(deps, request, null, {
        work: (db) => rewriting.keys.revoke(db, key),
        describe: (revoked) =>
          revoked.before
            ? null
            : { tenantId: null, action: 'rewriting.revoke-key', subject: rewriting.domain, detail: { key, selector: revoked.selector } },
      });
      if (!before) deps.log.warn({ event: 'rewriting_key_compromised', domain: rewriting.domain, selector });
      // The key is gone whatever happens here; the chore makes what this does not.
      await rewriting.keys.mint().catch((error: unknown) => {
        deps.log.warn({ event: 'rewriting_key_not_made', reason: error instanceof Error ? error.message : String(error) });
      });
      return { ...(await shown(rewriting, languageOf(request, request.query.lang))), stops_within_s: REVOKED_WITHIN_S };
    },
  });
}
