// This file checks the first three laws: imports go down or stay in their room, the core does no I/O, providers do not know each other.
import { posix } from 'node:path';
import { CORE, CORE_BUILTINS, CORE_PACKAGES, FLOORS, isTest, LOOSE, roomOf } from './house.ts';
import { type Fault, lineAt, readSources, type Source } from './source.ts';

export interface Import {
  readonly specifier: string;
  readonly line: number;
}

/** Checks every file below src/ but tests. */
export function checkImports(root: string): Fault[] {
  return readSources(root, ['src/**/*.ts'])
    .filter(({ file }) => !isTest(file))
    .flatMap((source) => [...checkPlace(source), ...importsOf(source).flatMap((found) => checkImport(source.file, found))]);
}

/** All specifiers a file imports, re-exports or imports dynamically; types too, for they tie rooms together just as well. */
export function importsOf(source: Source): Import[] {
  const byOffset = new Map(source.strings.map(({ at, content }) => [at, content]));
  const found: Import[] = [];
  for (const match of source.code.matchAll(/\bfrom\s*(?=['"])|\bimport\s*\(?\s*(?=['"])|\brequire\s*\(\s*(?=['"])/g)) {
    const quote = match.index + match[0].length;
    const specifier = byOffset.get(quote + 1);
    if (specifier !== undefined) found.push({ specifier, line: lineAt(source.text, quote) });
  }
  return found;
}

function checkPlace({ file }: Source): Fault[] {
  const inSrc = file.slice('src/'.length);
  const room = roomOf(inSrc);
  if (room === null) {
    return LOOSE.includes(inSrc.replace(/\.ts$/, '')) ? [] : [{ file, line: 0, message: `only ${LOOSE.join(', ')} may lie loose in src/` }];
  }
  return Object.hasOwn(FLOORS, room)
    ? []
    : [{ file, line: 0, message: `there is no room "${room}" in the house; ARCHITECTURE §3 names them` }];
}

function checkImport(file: string, { specifier, line }: Import): Fault[] {
  const fault = (message: string): Fault[] => [{ file, line, message }];
  const from = file.slice('src/'.length);
  const room = roomOf(from);
  if (!specifier.startsWith('.')) return checkPackage(room, specifier).flatMap(fault);
  const target = posix.normalize(posix.join(posix.dirname(file), specifier));
  if (!target.startsWith('src/')) return fault(`src/ imports nothing from outside: ${specifier}`);
  const to = target.slice('src/'.length);
  const toRoom = roomOf(to);
  if (toRoom !== room) {
    const own = room === null ? 1 : (FLOORS[room] ?? 0);
    const its = toRoom === null ? 1 : (FLOORS[toRoom] ?? 0);
    if (its > own) return fault(`an import only goes down: ${room ?? 'floor 1'} (${own}) may not know ${toRoom} (${its})`);
    if (its === own) return fault(`an import goes sideways only inside its own room: ${room} may not know ${toRoom}`);
  }
  return checkProviders(from, to).flatMap(fault);
}

function checkPackage(room: string | null, specifier: string): string[] {
  if (room === null || !CORE.includes(room)) return [];
  if (specifier.startsWith('node:')) {
    return CORE_BUILTINS.includes(specifier) ? [] : [`the core does no I/O: ${specifier} is not among ${CORE_BUILTINS.join(', ')}`];
  }
  return Object.hasOwn(CORE_PACKAGES, specifier)
    ? []
    : [`${specifier} is not on the list of pure packages for the core (scripts/checks/house.ts)`];
}

/** Law 3. The registry is seen by the composition root and the commands beside it, which have to name every provider too. */
function checkProviders(from: string, to: string): string[] {
  if (to === 'providers/registry.ts' && roomOf(from) !== 'cli') return ['only cli/ sees the registry'];
  const provider = (path: string) => /^providers\/([^/]+)\//.exec(path)?.[1];
  const own = provider(from);
  const other = provider(to);
  if (other === undefined || from === 'providers/registry.ts' || own === other) return [];
  if (own !== undefined) return [`a provider does not know another: ${own} may not know ${other}`];
  return [`only providers/registry.ts knows single providers: take ${other} through the port`];
}
