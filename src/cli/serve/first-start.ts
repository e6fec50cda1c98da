// This file makes a new desk usable at once: an operator's key and login, a demo organisation, and the simulator's accounts. What it made
// stands in data/bootstrap.json (mode 0600); a lost file is written again with new secrets, nothing is ever made twice.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type pg from 'pg';
import type { ProviderAdapter, ProviderKind } from '../../delivery/provider.ts';
import type { IdMint } from '../../ids.ts';
import type { Log } from '../../log.ts';
import { createCredential } from '../../store/credentials.ts';
import { createDomain, makeDkimKey } from '../../store/domains.ts';
import type { Keys } from '../../store/keys.ts';
import { createOperator, hashPassword, updateOperator } from '../../store/operators.ts';
import { alone, readSetting, writeSetting } from '../../store/settings.ts';
import { createTenant, findTenant } from '../../store/tenants.ts';
import { TENANT_SCOPES } from '../../tenancy/principal.ts';

/** The file newcomers and tests read (docs/ARCHITECTURE.md §7). */
export interface Bootstrap {
  readonly http_url: string;
  readonly smtp_host: string;
  readonly smtp_port: number;
  readonly inbound_port: number;
  readonly operator_key: string;
  readonly console_login: string;
  /** Empty on a node that joined a desk: the password is the one that its first node showed. */
  readonly console_password: string;
  readonly demo_tenant: {
    readonly id: string;
    readonly from: string;
    readonly api_key: string;
    readonly smtp_username: string;
    readonly smtp_password: string;
  };
}

export type Addresses = Pick<Bootstrap, 'http_url' | 'smtp_host' | 'smtp_port' | 'inbound_port'>;

export interface FirstStartDeps {
  readonly pool: pg.Pool;
  readonly keys: Keys;
  readonly ids: IdMint;
  readonly log: Log;
  readonly registry: ReadonlyMap<ProviderKind, ProviderAdapter>;
  readonly file: string;
  /** Host and data folder, to tell the machine of the first start from one that joined later. */
  readonly place: string;
}

const DEMO_DOMAIN = 'rowing-club.test';
const DEMO_FROM = `office@${DEMO_DOMAIN}`;
const LOGIN = 'operator';
/** What the desk remembers of its first start, so that a second one makes nothing again. */
const MARK = 'first_start';

interface Mark {
  readonly demoTenantId: string;
  readonly operatorId: string;
  readonly place?: string;
}

/**
 * Makes what is missing and writes the file. Answers its content, and whether this was the first start. Processes that start together wait for
 * each other, so that one of them makes it and the others find it made.
 */
export function firstStart(deps: FirstStartDeps, addresses: Addresses): Promise<{ bootstrap: Bootstrap; first: boolean }> {
  return alone(deps.pool, MARK, () => makeOrKeep(deps, addresses));
}

async function makeOrKeep(deps: FirstStartDeps, addresses: Addresses): Promise<{ bootstrap: Bootstrap; first: boolean }> {
  const mark = await readSetting<Mark>(deps.pool, MARK);
  const kept = mark ? readFile(deps.file) : null;
  if (mark && kept?.demo_tenant.id === mark.demoTenantId) {
    const bootstrap = { ...kept, ...addresses };
    writeFile(deps.file, bootstrap);
    return { bootstrap, first: false };
  }
  const made = mark ?? (await makeFirst(deps));
  // A node that joins gets keys of its own; a new password would lock out the people of the node that is there.
  const joins = mark?.place !== undefined && mark.place !== deps.place;
  const bootstrap = { ...addresses, ...(await makeSecrets(deps, made, joins ? 'join' : 'own')) };
  writeFile(deps.file, bootstrap);
  return { bootstrap, first: mark === null };
}

async function makeFirst(deps: FirstStartDeps): Promise<Mark> {
  const { pool, ids, keys } = deps;
  const tenant = await createTenant(pool, { id: ids.next(), name: 'Rowing Club (demo)' });
  await createDomain(pool, tenant.id, keys, {
    id: ids.next(),
    keyId: ids.next(),
    name: DEMO_DOMAIN,
    authenticated: true,
    state: 'verified',
    key: await makeDkimKey(),
  });
  const person = await createOperator(pool, {
    id: ids.next(),
    login: LOGIN,
    passwordHash: await hashPassword(randomBytes(32).toString('base64url')),
    role: 'owner',
    tenantId: null,
  });
  const mark = { demoTenantId: tenant.id, operatorId: person.id, place: deps.place };
  await writeSetting(pool, MARK, mark);
  return mark;
}

/** Secrets are shown once and kept as hashes, so a new file means new ones. The old keys go on working until somebody revokes them. */
async function makeSecrets(deps: FirstStartDeps, mark: Mark, node: 'own' | 'join'): Promise<Omit<Bootstrap, keyof Addresses>> {
  const { pool, ids, keys } = deps;
  const password = node === 'join' ? '' : randomBytes(12).toString('base64url');
  if (password !== '') await updateOperator(pool, { id: mark.operatorId, passwordHash: await hashPassword(password) });
  const operator = await createCredential(pool, null, keys, { id: ids.next(), kind: 'api_key', name: 'first start', scopes: ['operator'] });
  // Somebody may have removed the demo organisation; it is not made again behind their back.
  const tenant = await findTenant(pool, null, mark.demoTenantId);
  const demo = { id: mark.demoTenantId, from: DEMO_FROM, api_key: '', smtp_username: '', smtp_password: '' };
  if (tenant) {
    const api = await createCredential(pool, tenant.id, keys, { id: ids.next(), kind: 'api_key', name: 'demo', scopes: TENANT_SCOPES });
    const smtp = await createCredential(pool, tenant.id, keys, { id: ids.next(), kind: 'smtp', name: 'demo', scopes: ['messages:write'] });
    if (api.shown.kind === 'api_key') demo.api_key = api.shown.apiKey;
    if (smtp.shown.kind === 'smtp') {
      demo.smtp_username = smtp.shown.username;
      demo.smtp_password = smtp.shown.password;
    }
  }
  return {
    operator_key: operator.shown.kind === 'api_key' ? operator.shown.apiKey : '',
    console_login: LOGIN,
    console_password: password,
    demo_tenant: demo,
  };
}

function readFile(path: string): Bootstrap | null {
  if (!existsSync(path)) return null;
  try {
    // Written by this file; anything else fails the look at demo_tenant below.
    const content = JSON.parse(readFileSync(path, 'utf8')) as Bootstrap;
    return typeof content.demo_tenant?.id === 'string' && typeof content.operator_key === 'string' ? content : null;
  } catch {
    // Cut off by a crash while it was written: it is made again.
    return null;
  }
}

function writeFile(path: string, content: Bootstrap): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.new`;
  writeFileSync(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, path);
}
