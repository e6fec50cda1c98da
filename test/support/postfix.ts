// This file runs a private Postfix for system tests: an instance with its own configuration, queue and ports, started and stopped as a whole. The
// machine's Postfix is neither used nor touched.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Teardown } from './database.ts';
import { testFolder } from './desk.ts';
import { freePort } from './free-port.ts';
import { answersWith } from './greeting.ts';
import { until } from './until.ts';

export interface Postfix {
  readonly port: number;
  readonly folder: string;
  log(): string;
  /** Tries everything in the queue again. */
  flush(): Promise<void>;
  /** Message ids waiting in the queue. */
  queued(): Promise<string[]>;
}

export interface PostfixOptions {
  /** Lines of main.cf, over ours; `$folder` stands for the instance's folder. */
  readonly main?: Readonly<Record<string, string>>;
  /** Where domains go: `seed.test` → `lmtp:inet:127.0.0.1:2401`. Everything else is refused. */
  readonly transports: Readonly<Record<string, string>>;
  /** Further files of the instance, by name. */
  readonly files?: Readonly<Record<string, string>>;
}

const run = promisify(execFile);
const PROGRAM = '/usr/sbin/postfix';
const DAEMONS = '/usr/lib/postfix/sbin';

/** Why it cannot run here, or false. */
export function postfixMissing(): string | false {
  if (!existsSync(PROGRAM) || !existsSync(join(DAEMONS, 'master'))) return 'Postfix is not installed (Debian package postfix)';
  return process.getuid?.() === 0 ? false : 'Postfix starts as root, so this test runs as root only';
}

/** Starts it; it is stopped when the test ends. */
export async function startPostfix(t: Teardown, options: PostfixOptions): Promise<Postfix> {
  const folder = testFolder(t);
  const port = await freePort();
  const etc = join(folder, 'etc');
  for (const name of ['etc', 'queue', 'data', 'log']) mkdirSync(join(folder, name), { mode: 0o755 });
  const { uid, gid } = await owner();
  chownSync(join(folder, 'data'), uid, gid);
  for (const [name, content] of Object.entries({ ...options.files, transport: table(options.transports) })) {
    writeFileSync(join(folder, name), content);
    chmodSync(join(folder, name), 0o644);
  }
  writeFileSync(join(etc, 'main.cf'), mainCf(folder, options.main ?? {}));
  writeFileSync(join(etc, 'master.cf'), masterCf(port));
  const logFile = join(folder, 'log', 'mail.log');
  const log = () => (existsSync(logFile) ? readFileSync(logFile, 'utf8') : '');
  const child = spawn(PROGRAM, ['-c', etc, 'start-fg'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk));
  const gone = once(child, 'exit');
  t.after(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      await run(PROGRAM, ['-c', etc, 'stop']).catch(() => child.kill('SIGTERM'));
      await gone;
    }
  });
  await until(() => answersWith(port, /^220 /), { what: 'Postfix to answer' }).catch((cause: Error) => {
    throw new Error(`${cause.message}: ${Buffer.concat(said)} ${log()}`, { cause });
  });
  return {
    port,
    folder,
    log,
    async flush() {
      await run('/usr/sbin/postqueue', ['-c', etc, '-f']);
    },
    async queued() {
      const { stdout } = await run('/usr/sbin/postqueue', ['-c', etc, '-j']);
      return stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => String(JSON.parse(line).queue_id));
    },
  };
}

async function owner(): Promise<{ uid: number; gid: number }> {
  const ids = await Promise.all(['-u', '-g'].map(async (flag) => Number((await run('/usr/bin/id', [flag, 'postfix'])).stdout)));
  return { uid: ids[0] ?? 0, gid: ids[1] ?? 0 };
}

function table(entries: Readonly<Record<string, string>>): string {
  return Object.entries(entries)
    .map(([key, value]) => `${key} ${value}\n`)
    .join('');
}

function mainCf(folder: string, own: Readonly<Record<string, string>>): string {
  const settings: Record<string, string> = {
    compatibility_level: '3.6',
    queue_directory: `${folder}/queue`,
    data_directory: `${folder}/data`,
    command_directory: '/usr/sbin',
    daemon_directory: DAEMONS,
    mail_owner: 'postfix',
    setgid_group: 'postdrop',
    maillog_file: `${folder}/log/mail.log`,
    maillog_file_prefixes: folder,
    inet_interfaces: '127.0.0.1',
    inet_protocols: 'ipv4',
    myhostname: 'smarthost.test',
    mydestination: '',
    mynetworks: '127.0.0.0/8',
    smtpd_relay_restrictions: 'permit_mynetworks, permit_sasl_authenticated, reject',
    alias_maps: '',
    alias_database: '',
    local_recipient_maps: '',
    transport_maps: 'texthash:$folder/transport',
    default_transport: 'error:5.4.4 this host only knows its own test domains',
    // Nothing here may ask the world's DNS.
    smtp_host_lookup: 'native',
    smtp_dns_support_level: 'disabled',
    smtputf8_enable: 'yes',
    notify_classes: '',
    queue_run_delay: '1s',
    minimal_backoff_time: '1s',
    maximal_backoff_time: '2s',
    max_idle: '5s',
    ...own,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name} = ${value.replaceAll('$folder', folder)}\n`)
    .join('');
}

/** What Debian ships, without chroot, and with its own log. */
function masterCf(port: number): string {
  const services = [
    `127.0.0.1:${port} inet n - n - - smtpd`,
    'pickup unix n - n 60 1 pickup',
    'cleanup unix n - n - 0 cleanup',
    'qmgr unix n - n 300 1 qmgr',
    'tlsmgr unix - - n 1000? 1 tlsmgr',
    'rewrite unix - - n - - trivial-rewrite',
    'bounce unix - - n - 0 bounce',
    'defer unix - - n - 0 bounce',
    'trace unix - - n - 0 bounce',
    'verify unix - - n - 1 verify',
    'flush unix n - n 1000? 0 flush',
    'proxymap unix - - n - - proxymap',
    'proxywrite unix - - n - 1 proxymap',
    'smtp unix - - n - - smtp',
    'relay unix - - n - - smtp',
    'showq unix n - n - - showq',
    'error unix - - n - - error',
    'retry unix - - n - - error',
    'discard unix - - n - - discard',
    'lmtp unix - - n - - lmtp',
    'anvil unix - - n - 1 anvil',
    'scache unix - - n - 1 scache',
    'postlog unix-dgram n - n - 1 postlogd',
  ];
  return `${services.join('\n')}\n`;
}
