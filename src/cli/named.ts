// This file finds organisations, provider accounts and bounce mailboxes that a person calls by name: ids are for programs.
import { AppError } from '../errors.ts';
import type { Api } from './client.ts';

export type NamedKind = 'tenant' | 'account' | 'mailbox';

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Rows looked through: an organisation is asked for by its name, and nobody has more accounts than one page holds. */
const LOOKED_THROUGH = '200';

const KINDS: Readonly<Record<NamedKind, { path: string; word: string; narrowed: boolean; list: string }>> = {
  tenant: { path: '/v1/tenants', word: 'organisation', narrowed: true, list: '"packetboat tenants" lists those there are.' },
  mailbox: { path: '/v1/mailboxes', word: 'mailbox', narrowed: false, list: '"packetboat mailboxes" lists those there are.' },
  account: { path: '/v1/provider-accounts', word: 'account', narrowed: false, list: '"packetboat accounts" lists those there are.' },
};

/** Names of the organisations that rows speak of; beyond one page of organisations only ids are known. */
export async function tenantNames(api: Api, rows: readonly Readonly<Record<string, unknown>>[]): Promise<ReadonlyMap<string, string>> {
  if (!rows.some((row) => typeof row['tenant_id'] === 'string')) return new Map();
  // Lists of the API have this form.
  const { data } = (await api.ask('GET', KINDS.tenant.path, { query: { limit: LOOKED_THROUGH } })) as {
    data: { id: string; name: string }[];
  };
  return new Map(data.map(({ id, name }) => [id, name]));
}

/** The id of what is called by name (whatever its case) or by id; ids are not looked up. Throws NOT_FOUND, or CLI_USAGE where several have the name. */
export async function idOfNamed(api: Pick<Api, 'ask'>, kind: NamedKind, named: string): Promise<string> {
  if (ID.test(named)) return named;
  const { path, word, narrowed, list } = KINDS[kind];
  const query = { limit: LOOKED_THROUGH, ...(narrowed && named !== '' ? { name: named } : {}) };
  // Lists of the API have this form.
  const { data } = (await api.ask('GET', path, { query })) as { data: { id: string; name: string }[] };
  const same = data.filter(({ name }) => name.toLowerCase() === named.toLowerCase());
  const [only] = same;
  if (only === undefined) throw new AppError('NOT_FOUND', `There is no ${word} "${named}".`, { hint: list });
  if (same.length > 1) throw new AppError('CLI_USAGE', `${same.length} are called "${named}".`, { hint: `Give the id: ${list}` });
  return only.id;
}
