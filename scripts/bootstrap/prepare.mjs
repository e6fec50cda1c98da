// This file gets a checkout ready to run: Node 24, packages, and the console where it is wanted. Everything that is there already is only
// looked at, so a second start needs no network and no right to write.
import { join } from 'node:path';
import { buildConsole, staleConsole } from './console.mjs';
import { alone } from './ground.mjs';
import { fetchNode, findNode } from './node.mjs';
import { installPackages, linkDatabaseLibraries, packagesFresh } from './packages.mjs';

/** Answers the path of the Node to run with. Throws an Obstacle. */
export async function prepare(root, { withConsole = false, say }) {
  // Half of a command's time is compiling; Node keeps the result here for what it starts. A folder it cannot write is no trouble to it.
  process.env.NODE_COMPILE_CACHE ??= join(root, '.tools', 'compile-cache');
  let node = findNode(root);
  if (node === null || !packagesFresh(root)) {
    node = await alone(root, async () => {
      const found = findNode(root) ?? (await fetchNode(root, say));
      if (!packagesFresh(root)) await installPackages(root, say);
      return found;
    });
  }
  linkDatabaseLibraries(root);
  if (withConsole && staleConsole(root) !== null) {
    await alone(root, async () => {
      const mark = staleConsole(root);
      if (mark !== null) buildConsole(root, { node, mark, say });
    });
  }
  return node;
}

/** Where this checkout lies. */
export const ROOT = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..', '..');
