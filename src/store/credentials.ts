// This file stores credentials: API keys, SMTP log-ins and trusted networks. Secrets are 256 bits of chance, shown once, kept as HMAC-SHA-256.
import { randomBytes } from 'node:crypto';
import { makeFilters } from './filters.ts';
import type { Keys } from './keys.ts';
import { firstRow, type Plain, plainRow } from './rows.ts';
import type { Queryable, Scope } from './scope.ts';

export type CredentialKind = 'api_key' | 'smtp' | 'network';
export type CredentialState = 'active' | 'suspended' | 'revoked';

export interface CredentialRow {
  readonly id: string;
  readonly tenant_id: string | null;
  readonly kind: CredentialKind;
  readonly name: string;
  readonly handle: string | null;
  readonly scopes: string[];
  readonly default_stream: 'transactional' | 'bulk';
  readonly networks: string[];
  readonly rate_per_minute: number | null;
  readonly state: CredentialState;
  readonly created_at: Date;
  readonly last_used_at: Date | null;
  readonly previous_valid_until: Date | null;
}

export type Credential = Plain<CredentialRow>;

export interface NewCredential {
  readonly id: string;
  readonly kind: CredentialKind;
  readonly name?: string | undefined;
  readonly scopes?: readonly string[] | undefined;
  readonly defaultStream?: 'transactional' | 'bulk' | undefined;
  /** CIDR ranges, for `network` only. */
  readonly networks?: readonly string[] | undefined;
  readonly ratePerMinute?: number | null | undefined;
}

/** What is shown once. */
export type ShownSecret =
  | { readonly kind: 'api_key'; readonly apiKey: string }
  | { readonly kind: 'smtp'; readonly username: string; readonly password: string }
  | { readonly kind: 'network' };

const COLUMNS = `id, tenant_id, kind, name, handle, scopes, default_stream, networks::text[] as networks, rate_per_minute, state, created_at, last_used_at,
  case when previous_valid_until > now() then previous_valid_until end as previous_valid_until`;
/** 62^43 > 2^256. */
const SECRET_LENGTH = 43;
/** 62^12: enough that handles never collide by chance (unique in the table all the same). */
const HANDLE_LENGTH = 12;
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const API_KEY = new RegExp(`^pb_([0-9A-Za-z]{${HANDLE_LENGTH}})_([0-9A-Za-z]{${SECRET_LENGTH}})$`);

/** Makes a credential; its secret is in the answer and nowhere else. `tenantId` null makes a key of the operator. */
export async function createCredential(
  db: Queryable,
  tenantId: string | null,
  keys: Keys,
  input: NewCredential,
): Promise<{ credential: Credential; shown: ShownSecret }> {
  const handle = input.kind === 'network' ? null : `${input.kind === 'smtp' ? 'pb-' : ''}${chance(HANDLE_LENGTH)}`;
  const secret = input.kind === 'network' ? null : chance(SECRET_LENGTH);
  const { rows } = await db.query<CredentialRow>(
    `insert into credentials (id, tenant_id, kind, name, handle, secret_hash, scopes, default_stream, networks, rate_per_minute)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9::cidr[], $10) returning ${COLUMNS}`,
    [
      input.id,
      tenantId,
      input.kind,
      input.name ?? '',
      handle,
      secret === null ? null : keys.hash(secret),
      input.scopes ?? [],
      input.defaultStream ?? 'transactional',
      input.networks ?? [],
      input.ratePerMinute ?? null,
    ],
  );
  const [row] = rows;
  if (!row) throw new Error('an insert answered no row');
  return { credential: plainRow(row), shown: shownSecret(input.kind, handle, secret) };
}

/** Gives a new secret; the old one works on for `graceSeconds`. Null when there is no such credential, or it has no secret. */
export async function rotateCredential(
  db: Queryable,
  tenantId: Scope,
  keys: Keys,
  rotation: { id: string; graceSeconds: number },
): Promise<{ credential: Credential; shown: ShownSecret } | null> {
  const secret = chance(SECRET_LENGTH);
  const filters = makeFilters();
  const hash = filters.param(keys.hash(secret));
  const grace = filters.param(rotation.graceSeconds);
  filters.add('tenant_id = ?', tenantId).add('id = ?', rotation.id).add('state <> ?', 'revoked').add('kind <> ?', 'network');
  const { rows } = await db.query<CredentialRow>(
    `update credentials set secret_hash = ${hash},
       previous_secret_hash = case when ${grace}::integer > 0 then secret_hash end,
       previous_valid_until = case when ${grace}::integer > 0 then now() + make_interval(secs => ${grace}::integer) end
     ${filters.where} returning ${COLUMNS}`,
    filters.values,
  );
  const credential = firstRow(rows);
  return credential && { credential, shown: shownSecret(credential.kind, credential.handle, secret) };
}

export async function findCredential(db: Queryable, tenantId: Scope, id: string): Promise<Credential | null> {
  const filters = makeFilters().add('tenant_id = ?', tenantId).add('id = ?', id);
  const { rows } = await db.query<CredentialRow>(`select ${COLUMNS} from credentials ${filters.where}`, filters.values);
  return firstRow(rows);
}

/** In the order they were made, revoked ones left out unless asked for by state. */
export async function listCredentials(
  db: Queryable,
  tenantId: Scope,
  page: { after: string | null; limit: number; state?: CredentialState | undefined; kind?: CredentialKind | undefined },
): Promise<Credential[]> {
  const filters = makeFilters().add('tenant_id = ?', tenantId).add('id > ?', page.after).add('kind = ?', page.kind);
  if (page.state) filters.add('state = ?', page.state);
  else filters.add('state <> ?', 'revoked');
  const { rows } = await db.query<CredentialRow>(
    `select ${COLUMNS} from credentials ${filters.where} order by id limit ${filters.param(page.limit)}`,
    filters.values,
  );
  return rows.map(plainRow);
}

/** Changes what is given. A revoked credential stays revoked: its row is the memory that it existed. */
export async function updateCredential(
  db: Queryable,
  tenantId: Scope,
  change: {
    id: string;
    name?: string | undefined;
    state?: CredentialState | undefined;
    ratePerMinute?: number | null | undefined;
    defaultStream?: 'transactional' | 'bulk' | undefined;
  },
): Promise<Credential | null> {
  const filters = makeFilters();
  const [name, state, stream] = [
    filters.param(change.name ?? null),
    filters.param(change.state ?? null),
    filters.param(change.defaultStream ?? null),
  ];
  const [rateGiven, rate] = [filters.param(change.ratePerMinute !== undefined), filters.param(change.ratePerMinute ?? null)];
  filters.add('tenant_id = ?', tenantId).add('id = ?', change.id).add('state <> ?', 'revoked');
  const { rows } = await db.query<CredentialRow>(
    `update credentials set name = coalesce(${name}, name), state = coalesce(${state}, state), default_stream = coalesce(${stream}, default_stream),
       rate_per_minute = case when ${rateGiven} then ${rate}::integer else rate_per_minute end
     ${filters.where} returning ${COLUMNS}`,
    filters.values,
  );
  return firstRow(rows);
}

/** Reads the two halves of an API key, or null when the text is not one. */
export function parseApiKey(text: string): { handle: string; secret: string } | null {
  const parts = API_KEY.exec(text);
  return parts?.[1] && parts[2] ? { handle: parts[1], secret: parts[2] } : null;
}

function shownSecret(kind: CredentialKind, handle: string | null, secret: string | null): ShownSecret {
  if (kind === 'network' || handle === null || secret === null) return { kind: 'network' };
  return kind === 'api_key' ? { kind, apiKey: `pb_${handle}_${secret}` } : { kind: 'smtp', username: handle, password: secret };
}

/** Letters and digits by fair chance: bytes that would favour the first letters are thrown away. */
function chance(length: number): string {
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < 248 && text.length < length) text += ALPHABET[byte % 62];
    }
  }
  return text;
}
