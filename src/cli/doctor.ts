// This file is `packetboat doctor`: it looks at everything a desk needs and says for each what to do next. It changes nothing.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../clock.ts';
import { type Config, loadConfig } from '../config.ts';
import { AppError } from '../errors.ts';
import { lockHolder } from '../store/embedded/folder-lock.ts';
import { describeEmbedded } from '../store/embedded/supervisor.ts';
import type { Command, CommandIo } from './command.ts';
import { checkHttps, checkTls } from './doctor/certificates.ts';
import { checkDatabase } from './doctor/database.ts';
import { type Finding, finder } from './doctor/finding.ts';
import { checkLastLook } from './doctor/last-look.ts';
import { checkDataFolder, checkNode, checkPeers, checkPlace, checkPorts, checkPublicUrl } from './doctor/machine.ts';
import { checkOutside } from './doctor/outside.ts';
import { checkSecrets } from './doctor/secrets.ts';
import { checkSettings } from './doctor/settings.ts';
import { checkWays } from './doctor/ways.ts';

const USAGE = `packetboat doctor [--json]

Looks at Node, folders, ports, database, certificates, settings, and at the desk from outside: reverse DNS, return paths, zones; and at
accounts and mailboxes that wait for a person. Each line is ok, warn or fail, with what to do next.
Exit status: 0 nothing fails, 1 something does.
`;

const CHECKOUT = resolve(import.meta.dirname, '../..');
const MARKS = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const;

export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'Say what is missing on this machine and how to get it.',
  usage: USAGE,
  async run(args, io) {
    const { values } = parseArgs({ args, options: { json: { type: 'boolean', default: false } } });
    const findings = await examine(io);
    const ok = findings.every(({ state }) => state !== 'fail');
    io.stdout.write(values.json ? `${JSON.stringify({ ok, checks: findings })}\n` : render(findings));
    return ok ? 0 : 1;
  },
};

/** Every finding, in the order in which a person would mend them. */
async function examine(io: CommandIo): Promise<Finding[]> {
  const findings = [checkNode()];
  const config = readConfig(io);
  if ('finding' in config) return [...findings, config.finding];
  const dataDir = resolve(CHECKOUT, config.settings.dataDir);
  const embedded = config.settings.databaseUrl === null;
  const running = embedded ? describeEmbedded(dataDir) : null;
  const deskPid = running ? lockHolder(join(running.home, 'postgres.lock')) : null;
  findings.push(checkSettings(io.env, deskPid), checkDataFolder(dataDir));
  if (embedded) findings.push(checkPlace(dataDir));
  const url = config.settings.databaseUrl ?? running?.url ?? null;
  findings.push(
    ...(await checkDatabase(url, {
      directory: join(CHECKOUT, 'migrations'),
      clock: systemClock,
    })),
  );
  const keyFile = config.settings.secretKeyFile === null ? join(dataDir, 'secret.key') : resolve(CHECKOUT, config.settings.secretKeyFile);
  if (url !== null) findings.push(...(await checkSecrets(url, keyFile)));
  findings.push(...(await checkPorts(config.settings, deskPid)), checkPublicUrl(config.settings), checkTls(config.settings, systemClock));
  findings.push(await checkHttps(config.settings, systemClock));
  findings.push(...(await checkOutside(config.settings, systemClock)));
  if (url !== null) findings.push(...(await checkLastLook(url)), ...(await checkWays(url)));
  findings.push(checkPeers(io.env['PATH'] ?? ''));
  return findings;
}

function readConfig(io: CommandIo): { settings: Config } | { finding: Finding } {
  try {
    return { settings: loadConfig(io.env, (path) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined)) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { finding: finder('settings').fail(error.message, error.hint) };
  }
}

function render(findings: readonly Finding[]): string {
  const lines = findings.map(
    ({ name, state, says, next }) => `${MARKS[state]}  ${name}: ${says}\n${next === undefined ? '' : `      → ${next}\n`}`,
  );
  const counts = (['fail', 'warn'] as const).map((state) => findings.filter((finding) => finding.state === state).length);
  return `${lines.join('')}${counts[0] === 0 ? 'Nothing stands in the way' : `${counts[0]} to mend`}${counts[1] === 0 ? '.' : `, ${counts[1]} worth a look.`}\n`;
}
