// This file looks whether the key file opens everything that is stored encrypted, and names what it does not open.
import { findUnreadable } from '../../flows/reencrypt-secrets.ts';
import { silentLog } from '../../log.ts';
import { openDb } from '../../store/db.ts';
import { readKeyFile } from '../../store/key-file.ts';
import { derivedFrom, idOfKey, makeKeyRing } from '../../store/keys.ts';
import { readSecretKeys, type SecretKeyRow } from '../../store/secret-keys.ts';
import type { StoredSecret } from '../../store/stored-secrets.ts';
import { type Finding, finder } from './finding.ts';

const NAME = 'stored secrets';
/** Named one by one; more have one cause. */
const NAMED_MAX = 5;

/** One line; none where the database does not answer or has no schema yet, which have lines of their own. */
export async function checkSecrets(url: string, path: string): Promise<Finding[]> {
  const { ok, warn, fail } = finder(NAME);
  let masters: readonly Buffer[];
  try {
    masters = readKeyFile(path) ?? [];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [fail(`the key file ${path} cannot be read: ${why}`, 'Put the key file back, or let the user of the desk read it.')];
  }
  const db = openDb(url, silentLog, { connections: 1 });
  try {
    const rows = await readSecretKeys(db.pool);
    const [first] = masters;
    if (!first)
      return [
        rows.length === 0 ? ok('there are none yet; the first start makes the key file') : fail(`there is no key file ${path}`, lost(rows)),
      ];
    const held = new Set(masters.map(idOfKey));
    const missing = rows.filter(({ id, state }) => (state === 'writing' || state === 'reading') && !held.has(id));
    // Without any hash or return path: only what opens matters here.
    const id = idOfKey(first);
    const original = rows.find((row) => row.original)?.id ?? id;
    const ring = makeKeyRing({ masters, writing: id, original, derived: derivedFrom(first) });
    const unreadable = await findUnreadable(db.pool, ring);
    if (missing.length > 0)
      return [fail(`the key file ${path} lacks ${missing.map((row) => `the key ${row.id}`).join(' and ')}`, lost(rows))];
    if (unreadable.length > 0)
      return [fail(said(unreadable), 'Put the key that encrypted them back into the key file, or give these secrets anew.')];
    const coming = rows.find(({ state }) => state === 'coming' || state === 'reading');
    if (coming) return [warn('the key is being replaced', '"packetboat secret-key" says how far it is, and for which process it waits.')];
    return [ok(`all can be read with the key file ${path}`)];
  } catch {
    return [];
  } finally {
    await db.close();
  }
}

function lost(rows: readonly SecretKeyRow[]): string {
  const id = rows.find(({ state }) => state === 'writing')?.id ?? '';
  return `Put back the key file with the key ${id}, from a backup or from another machine of the desk; without it the secrets have to be given anew.`;
}

function said(unreadable: readonly Omit<StoredSecret, 'sealed'>[]): string {
  const named = unreadable.slice(0, NAMED_MAX).map(({ kind, name }) => `${kind} of ${name}`);
  const more = unreadable.length > NAMED_MAX ? ` and ${unreadable.length - NAMED_MAX} more` : '';
  return `some cannot be read: ${named.join(', ')}${more}`;
}
