// This file finds a Node that can run the desk: the running one when it is a 24, else one from the npm registry in .tools.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm, Obstacle } from './ground.mjs';

export const NODE_VERSION = '24.21.0';
/** crypto.argon2 came with 24.7. */
const MINOR_FLOOR = 7;

/** True for a Node on which the desk is developed and tested. */
export function fits(version) {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number);
  return major === 24 && minor >= MINOR_FLOOR;
}

/** Path of a fitting Node that is there already, or null. */
export function findNode(root) {
  if (fits(process.version)) return process.execPath;
  return readReady(root) === NODE_VERSION ? localNode(root) : null;
}

/** Brings Node into .tools. Throws an Obstacle. */
export async function fetchNode(root, say) {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  if (!runs(localNode(root))) {
    say(`Bringing Node ${NODE_VERSION} into .tools (this machine has ${process.versions.node}) …`);
    mkdirSync(join(root, '.tools'), { recursive: true });
    try {
      await npm(['install', '--prefix', join(root, '.tools'), '--no-save', '--no-package-lock', `${name}@${NODE_VERSION}`], {
        root,
        cwd: join(root, '.tools'),
        what: `Installing Node ${NODE_VERSION}`,
      });
    } catch (error) {
      if (!isNewer(process.version)) throw error;
      say(`That did not work; going on with Node ${process.versions.node}, on which the desk is not tested.`);
      return process.execPath;
    }
  }
  if (!runs(localNode(root))) {
    throw new Obstacle(
      `Node ${NODE_VERSION} was installed into .tools but does not run here (another C library than glibc?).`,
      'Install Node 24 yourself and run the same command with it.',
    );
  }
  writeFileSync(join(root, '.tools', 'node-ready'), NODE_VERSION);
  return localNode(root);
}

function localNode(root) {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  return join(root, '.tools', 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

/** Written after the first run: an install that was interrupted leaves folders, but not this. */
function readReady(root) {
  try {
    return readFileSync(join(root, '.tools', 'node-ready'), 'utf8').trim();
  } catch {
    return null;
  }
}

function runs(file) {
  return spawnSync(file, ['--version'], { encoding: 'utf8' }).stdout?.trim() === `v${NODE_VERSION}`;
}

function isNewer(version) {
  return Number(version.replace(/^v/, '').split('.')[0]) > 24;
}
