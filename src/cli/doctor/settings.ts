// This file says which settings the doctor looks with, and whether the desk that runs was started with the same ones: in another shell they often are not.
import { readFileSync } from 'node:fs';
import { type Finding, finder } from './finding.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Read by the test runner and by Node, not by the desk. */
const NO_SETTING = /^PACKETBOAT_TEST_/;
const FILE = 'PACKETBOAT_CONFIG';

/** `desk` is the process that runs here, if one does. Names of variables are shown, of values only the path of the file. */
export function checkSettings(env: Environment, desk: number | null, environmentOf = readEnvironment): Finding {
  const { ok, warn } = finder('settings');
  const mine = settingsOf(env);
  const theirs = desk === null ? null : environmentOf(desk);
  const differing = theirs === null ? [] : differences(mine, settingsOf(theirs));
  if (differing.length === 0) return ok(described(mine));
  const file = theirs?.[FILE];
  const again =
    file !== undefined && file !== mine.get(FILE) ? `${FILE}=${file} packetboat doctor` : 'packetboat doctor with the same variables';
  return warn(
    `${described(mine)}; the desk that runs (process ${desk}) was started with other ones: ${differing.join(', ')}`,
    `Look with its own: ${again}`,
  );
}

function described(settings: ReadonlyMap<string, string>): string {
  const file = settings.get(FILE);
  const variables = [...settings.keys()].filter((name) => name !== FILE);
  const parts = [...(file === undefined ? [] : [`the file ${file}`]), ...variables];
  return parts.length === 0 ? `defaults (no ${FILE}, no PACKETBOAT_* variable)` : parts.join(', ');
}

function settingsOf(env: Environment): ReadonlyMap<string, string> {
  const own = Object.entries(env).filter(([name]) => (name.startsWith('PACKETBOAT_') && !NO_SETTING.test(name)) || name === 'DATABASE_URL');
  return new Map(own.flatMap(([name, value]) => (value ? [[name, value] as const] : [])));
}

function differences(mine: ReadonlyMap<string, string>, theirs: ReadonlyMap<string, string>): string[] {
  return [...new Set([...mine.keys(), ...theirs.keys()])].filter((name) => mine.get(name) !== theirs.get(name)).sort();
}

/** The variables a process was started with; null where this system does not tell, or not to us. */
function readEnvironment(pid: number): Environment | null {
  try {
    const pairs = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean);
    return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
  } catch {
    return null;
  }
}
