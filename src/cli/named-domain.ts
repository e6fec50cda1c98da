// This file finds the sending domain that a person means: by its id, or by its name.
import { AppError } from '../errors.ts';
import type { VerbContext } from './verbs.ts';

const ID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/i;

/** A domain is called by its name; where several organisations have it, --tenant says whose, or the id does. */
export async function domainIdOf({ api, positionals: [named = ''], option }: VerbContext): Promise<string> {
  if (ID.test(named)) return named;
  const name = named.toLowerCase().replace(/\.$/, '');
  const query = { name, tenant_id: option('tenant'), limit: String(LOOKED_THROUGH) };
  // Lists of the API have this form.
  const { data } = (await api.ask('GET', '/v1/domains', { query })) as { data: { id: string; name: string }[] };
  const same = data.filter((domain) => domain.name === name);
  const [only] = same;
  if (only === undefined)
    throw new AppError('NOT_FOUND', `There is no domain ${name}.`, { hint: 'packetboat domains lists those there are.' });
  if (same.length > 1) throw new AppError('CLI_USAGE', `Several organisations have ${name}; add --tenant NAME|ID.`);
  return only.id;
}

/** Names that contain the one asked for. */
const LOOKED_THROUGH = 200;
