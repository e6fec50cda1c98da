// This file is what another node of a desk is started with: nodes on one database share the key that encrypts secrets, and an operator copies its file.
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Teardown } from './database.ts';
import { testFolder } from './desk.ts';

/** Settings of a node beside `first`: its key, and no simulator of its own. */
export function besideNode(t: Teardown, first: { readonly dataDir: string }): Readonly<Record<string, string>> {
  const key = join(testFolder(t), 'secret.key');
  copyFileSync(join(first.dataDir, 'secret.key'), key);
  return { PACKETBOAT_SECRET_KEY_FILE: key, PACKETBOAT_SIMULATOR: 'off' };
}
