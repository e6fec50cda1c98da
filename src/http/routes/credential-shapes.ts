// This file holds the shapes of credentials at the HTTP door, and what of them a schema cannot check.
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import type { CredentialKind, NewCredential, ShownSecret } from '../../store/credentials.ts';
import { parsePrivateNetwork } from '../../tenancy/networks.ts';
import { mayGrant, OPERATOR_SCOPES, type Principal, type PrincipalScope, requireScope, TENANT_SCOPES } from '../../tenancy/principal.ts';
import { Id, StreamName, TimeOut } from '../schemas.ts';

export const Kind = z.enum(['api_key', 'smtp', 'network']);
export const State = z.enum(['active', 'suspended', 'revoked']);
const Rate = z
  .number()
  .int()
  .min(1)
  .max(10_000_000)
  .nullable()
  .meta({ description: 'Messages and requests a minute; null: the house rule.' });
const TenantScopeName = z.enum(TENANT_SCOPES);
export const Credential = z
  .object({
    id: Id,
    tenant_id: Id.nullable().meta({ description: 'Null: a key of the operator.' }),
    kind: Kind,
    name: z.string(),
    handle: z.string().nullable().meta({ description: 'The public half: part of the API key, or the SMTP user name.' }),
    scopes: z.array(z.string()),
    default_stream: StreamName,
    networks: z.array(z.string()),
    rate_per_minute: Rate,
    state: State,
    created_at: TimeOut,
    last_used_at: TimeOut.nullable(),
    previous_valid_until: TimeOut.nullable().meta({ description: 'Until when the secret before the last rotation still works.' }),
  })
  .meta({ id: 'Credential' });
export const ShownCredential = Credential.extend({
  api_key: z.string().optional().meta({ description: 'Shown once.' }),
  smtp_username: z.string().optional(),
  smtp_password: z.string().optional().meta({ description: 'Shown once.' }),
}).meta({ id: 'NewCredential' });
export const NewTenantCredential = z.strictObject({
  kind: Kind,
  name: z.string().max(200).optional(),
  scopes: z
    .array(TenantScopeName)
    .max(TENANT_SCOPES.length)
    .optional()
    .meta({ description: 'What an API key may do; everything, when left out.' }),
  default_stream: StreamName.optional(),
  cidr: z
    .array(z.string().max(50))
    .min(1)
    .max(50)
    .optional()
    .meta({ description: 'For kind "network": private ranges such as 10.1.0.0/16.' }),
  rate_per_minute: Rate.optional(),
});
export const NewOperatorKey = z.strictObject({
  kind: z.literal('api_key').optional(),
  name: z.string().max(200).optional(),
  scopes: z.array(z.enum(OPERATOR_SCOPES)).min(1).max(OPERATOR_SCOPES.length).optional(),
  rate_per_minute: Rate.optional(),
});
export const CredentialChange = z.strictObject({
  name: z.string().max(200).optional(),
  state: z.enum(['active', 'suspended']).optional(),
  rate_per_minute: Rate.optional(),
  default_stream: StreamName.optional(),
});
/** A day is enough to roll a key out, a week for a slow house. */
const GRACE_SECONDS_MAX = 7 * 86_400;
export const Rotation = z
  .strictObject({
    grace_seconds: z.number().int().min(0).max(GRACE_SECONDS_MAX).default(0).meta({ description: 'How long the old secret works on.' }),
  })
  .nullish();
/** Checks what the schema cannot: who may make which kind, and that nobody hands on more rights than they have. */
export function newCredential(id: string, body: z.output<typeof NewTenantCredential>, principal: Principal): NewCredential {
  const { kind, name, default_stream: defaultStream, rate_per_minute: ratePerMinute } = body;
  // A network without a log-in speaks for one tenant and could be claimed by another; rates protect the others.
  if (kind === 'network' || ratePerMinute !== undefined) requireScope(principal, 'operator');
  if (kind === 'network' && body.cidr === undefined)
    throw new AppError('REQUEST_INVALID', 'A network credential needs "cidr".', { field: 'cidr' });
  if (kind !== 'network' && body.cidr !== undefined)
    throw new AppError('REQUEST_INVALID', 'Only a network credential has "cidr".', { field: 'cidr' });
  const scopes: readonly PrincipalScope[] =
    kind === 'api_key' ? (body.scopes ?? TENANT_SCOPES.filter((scope) => mayGrant(principal, [scope]))) : [];
  requireRightsOf({ kind, scopes }, principal);
  return {
    id,
    kind,
    name,
    defaultStream,
    ratePerMinute,
    scopes,
    networks: body.cidr?.map((text, index) => parsePrivateNetwork(text, `cidr[${index}]`)),
  };
}

/** Whoever learns a secret has the rights that go with it, so nobody gets one of more rights than they have. Throws SCOPE_MISSING. */
export function requireRightsOf(
  credential: { readonly kind: CredentialKind; readonly scopes: readonly string[] },
  principal: Principal,
): void {
  // The column holds what was checked against the lists of scopes when the credential was made.
  const scopes = credential.kind === 'api_key' ? (credential.scopes as readonly PrincipalScope[]) : (['messages:write'] as const);
  if (mayGrant(principal, scopes)) return;
  throw new AppError('SCOPE_MISSING', 'A credential can only be given rights that you have yourself.', { field: 'scopes' });
}

export function secretFields(shown: ShownSecret): { api_key?: string; smtp_username?: string; smtp_password?: string } {
  if (shown.kind === 'api_key') return { api_key: shown.apiKey };
  return shown.kind === 'smtp' ? { smtp_username: shown.username, smtp_password: shown.password } : {};
}
