// This file is the resource of secret keys: which keys encrypt what is stored here, and their replacement. The keys themselves never come out.
import { z } from 'zod';
import { findUnreadable, readSecretKeyStatus } from '../../flows/reencrypt-secrets.ts';
import type { App } from '../app.ts';
import { change } from '../change.ts';
import type { HttpDeps } from '../deps.ts';
import { ownersOnly } from '../owners.ts';
import { Id, TimeOut } from '../schemas.ts';

const KeyId = z.string().regex(/^[0-9a-f]{16}$/);
const Status = z
  .object({
    keys: z.array(
      z.object({
        id: KeyId.meta({ description: 'Tells keys apart; the key cannot be found from it.' }),
        state: z.enum(['coming', 'writing', 'reading', 'retired', 'forgotten']).meta({
          description:
            'coming: in some key file, not written with yet · writing: encrypts what is stored from now on · reading: older secrets still need it · retired: nothing here needs it, older backups do · forgotten: taken out of the key files, too',
        }),
        since: TimeOut,
        secrets: z.number().meta({ description: 'How many secrets are encrypted with it.' }),
      }),
    ),
    replacement: z
      .object({
        step: z.enum(['waiting', 'encrypting', 'retiring']).meta({
          description:
            'waiting: not every process has the new key · encrypting: older secrets are encrypted anew · retiring: the old key ends within seconds',
        }),
        left: z.number().meta({ description: 'Secrets that are not encrypted with the new key yet.' }),
        total: z.number(),
        waits_for: z.array(
          z.object({
            process: z.string().meta({ description: 'Machine and data folder.' }),
            pid: z.number(),
            lacks: z.enum(['key', 'version', 'switch']).meta({
              description:
                'key: its key file lacks the new key, copy it there · version: it is of an older version, or began this second · switch: it still writes with the old key, for seconds',
            }),
          }),
        ),
      })
      .nullable()
      .meta({ description: 'Null: no replacement is under way.' }),
    still_in_files: z
      .array(z.object({ process: z.string(), pid: z.number(), key: KeyId }))
      .meta({ description: 'Forgotten keys that the desk may not take out of a key file: a person does.' }),
    unreadable: z
      .array(z.object({ kind: z.string(), id: Id, tenant_id: Id.nullable(), name: z.string() }))
      .nullable()
      .meta({ description: 'Secrets that do not open with the keys at hand, the first 50; null where it was not asked for.' }),
  })
  .meta({ id: 'SecretKeys' });
const tags = ['Desk'];

export function secretKeyRoutes(app: App, deps: HttpDeps): void {
  app.route({
    method: 'GET',
    url: '/v1/secret-keys',
    config: { access: 'operator:read' },
    schema: {
      tags,
      operationId: 'getSecretKeys',
      summary: 'Show which keys encrypt stored secrets',
      querystring: z.strictObject({
        check: z
          .enum(['true', 'false'])
          .optional()
          .meta({ description: '"true": try to open every stored secret, and name those that do not.' }),
      }),
      response: { 200: Status },
    },
    handler: async (request) => status(request.query.check === 'true'),
  });

  app.route({
    method: 'POST',
    url: '/v1/secret-keys/rotate',
    config: { access: 'operator' },
    schema: {
      tags,
      operationId: 'rotateSecretKey',
      summary: 'Replace the key that encrypts stored secrets',
      description:
        'Takes a key from the key file that was never used, or makes one there. Once every process of the desk has it, it writes, everything stored is encrypted anew, and the old key is retired. Credentials, sessions, return paths and links stay valid.',
      response: { 202: Status },
    },
    handler: async (request, reply) => {
      await ownersOnly(deps, request);
      await change(deps, request, null, {
        work: (db) => deps.secretKeys.rotate(db),
        describe: (id) => ({ tenantId: null, action: 'secret-key.rotate', subject: id }),
      });
      return reply.code(202).send(await status(false));
    },
  });

  app.route({
    method: 'DELETE',
    url: '/v1/secret-keys/:id',
    config: { access: 'operator' },
    schema: {
      tags,
      operationId: 'forgetSecretKey',
      summary: 'Take a retired key out of the key files',
      description:
        'A backup of the database from before it was retired cannot be read without it: keep a copy of the key file with such backups.',
      params: z.object({ id: KeyId }),
      response: { 200: Status },
    },
    handler: async (request) => {
      await ownersOnly(deps, request);
      const { id } = request.params;
      await change(deps, request, null, {
        work: (db) => deps.secretKeys.forget(db, id),
        describe: () => ({ tenantId: null, action: 'secret-key.forget', subject: id }),
      });
      await deps.secretKeys.learn();
      return status(false);
    },
  });

  async function status(check: boolean): Promise<z.output<typeof Status>> {
    const { keys, replacement, still_in_files } = await readSecretKeyStatus(deps.pool);
    const found = check ? await findUnreadable(deps.pool, deps.keys) : null;
    return {
      keys: [...keys],
      replacement: replacement && { ...replacement, waits_for: [...replacement.waits_for] },
      still_in_files: [...still_in_files],
      unreadable: found?.map(({ kind, id, tenantId, name }) => ({ kind, id, tenant_id: tenantId, name })) ?? null,
    };
  }
}
