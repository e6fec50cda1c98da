// This file looks at the machine: Node, C library, users, folders, free space, ports, and the programs of system tests.
import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import type { Config } from '../../config.ts';
import { AppError } from '../../errors.ts';
import { foreseePlace } from '../../store/embedded/place.ts';
import { describeEmbedded } from '../../store/embedded/supervisor.ts';
import { type Finding, finder } from './finding.ts';

const MIB = 1_048_576;
/** The embedded database alone keeps up to 2 GB of write-ahead log. */
const FREE_WARN_MIB = 3_072;
const FREE_FAIL_MIB = 300;

/** Programs of the system tests, and the Debian packages that bring them. */
const PEERS: Readonly<Record<string, string>> = {
  postfix: 'postfix',
  swaks: 'swaks',
  opendkim: 'opendkim',
  dovecot: 'dovecot-imapd',
  knotd: 'knot',
  chromium: 'chromium',
  curl: 'curl',
  python3: 'python3',
};

export function checkNode(): Finding {
  const { ok, warn } = finder('Node');
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major === 24 && minor >= 7) return ok(process.versions.node);
  return warn(`${process.versions.node}; the desk is developed and tested on 24`, 'Start it with "npm start", which brings Node 24.');
}

/** Only asked where the database is the embedded one. */
export function checkPlace(dataDir: string): Finding {
  const { ok, warn, fail } = finder('embedded PostgreSQL');
  try {
    const { user, unreachable, binaries } = foreseePlace(dataDir);
    const as = user ? `runs as ${user.name}, since PostgreSQL does not run as root` : 'runs as you';
    const found = describeEmbedded(dataDir);
    const where = found ? `cluster in ${found.home}${found.pid ? `, process ${found.pid}` : ', not running'}` : 'made on the first start';
    const says = `${binaries.version}, ${as}; ${where}`;
    if (unreachable.length === 0 || found) return ok(says);
    return warn(
      `${says}; ${user?.name} cannot reach ${unreachable.join(' and ')}`,
      'Nothing to do: what it needs goes to /var/lib/packetboat. Or move the checkout.',
    );
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return fail(error.message, error.hint);
  }
}

export function checkDataFolder(dataDir: string): Finding {
  const { ok, warn, fail } = finder('data folder');
  let nearest = dataDir;
  while (!existsSync(nearest)) nearest = dirname(nearest);
  try {
    accessSync(nearest, constants.W_OK | constants.X_OK);
  } catch {
    return fail(
      `${nearest} cannot be written`,
      'Start the desk as the user who owns it, or set PACKETBOAT_DATA_DIR to a folder of your own.',
    );
  }
  const { bavail, bsize } = statfsSync(nearest);
  const freeMib = Math.floor((bavail * bsize) / MIB);
  const says = `${dataDir}${existsSync(dataDir) ? '' : ' (made on the first start)'}, ${freeMib} MiB free`;
  if (freeMib < FREE_FAIL_MIB) return fail(says, 'Free some space: a full disk stops the database.');
  if (freeMib < FREE_WARN_MIB) return warn(says, `Free some space: the database's log alone may take 2 GB.`);
  if (existsSync(dataDir) && (statSync(dataDir).mode & 0o007) !== 0)
    return warn(`${says}; others can look into it`, `Run "chmod o= ${dataDir}".`);
  return ok(says);
}

/** Tries each port. One that is taken while the desk runs is the desk's own. */
export async function checkPorts(config: Config, deskPid: number | null): Promise<Finding[]> {
  const ports = [
    ['HTTP', config.httpHost, config.httpPort],
    ...(config.httpsPort === null ? [] : [['HTTPS', config.httpsHost, config.httpsPort] as const]),
    ['submission SMTP', config.submissionHost, config.submissionPort],
    ['inbound SMTP', config.inboundHost, config.inboundPort],
  ] as const;
  return Promise.all(
    ports.map(async ([what, host, port]) => {
      const { ok, fail } = finder(`port for ${what}`);
      if (port === 0) return ok('any free one');
      const fault = await tryPort(host, port);
      if (fault === null) return ok(`${host}:${port} is free`);
      if (fault === 'EADDRINUSE' && deskPid !== null) return ok(`${host}:${port} is in use; the desk runs (process ${deskPid})`);
      if (fault === 'EACCES')
        return fail(`${host}:${port} needs more rights`, 'Take a port above 1023 and forward to it, or give Node the right to low ports.');
      return fail(
        `${host}:${port}: ${fault}`,
        'Stop the program that has it ("ss -ltnp" names it), or choose another port in the settings.',
      );
    }),
  );
}

export function checkPublicUrl(config: Config): Finding {
  const { ok, warn } = finder('public address');
  if (config.publicUrl === null) {
    return warn(
      'not set: webhooks of real providers find no way back',
      'Set PACKETBOAT_PUBLIC_URL to the https origin that recipients see.',
    );
  }
  return config.publicUrl.startsWith('https:')
    ? ok(config.publicUrl)
    : warn(
        `${config.publicUrl} is not https`,
        'Turn on HTTPS (PACKETBOAT_HTTPS_PORT), or put a proxy with a certificate before the desk, and use that https origin.',
      );
}

export function checkPeers(path: string): Finding {
  const { ok, warn } = finder('programs for system tests');
  const folders = [...path.split(':'), '/usr/sbin', '/sbin'];
  const absent = Object.keys(PEERS).filter((program) => !folders.some((folder) => existsSync(join(folder, program))));
  if (absent.length === 0) return ok(Object.keys(PEERS).join(', '));
  const packages = absent.map((program) => PEERS[program]).join(' ');
  return warn(
    `absent: ${absent.join(', ')}; only "npm test -- --system" and "--browser" want them`,
    `On Debian: apt-get install ${packages}`,
  );
}

function tryPort(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)));
  });
}
