// This file runs a private Postfix for tests: own configuration, queue and data in a temp folder, a port of its own, Debian's defaults otherwise.
// The machine's own Postfix is never touched.
import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Teardown } from './database.ts';

const PROGRAM = '/usr/sbin/postfix';

/** Why it cannot run here; false when it can, ready for `skip`. */
export const postfixMissing: string | false = !existsSync(PROGRAM)
  ? 'Postfix is not installed (Debian package postfix)'
  : process.getuid?.() === 0
    ? false
    : 'Postfix starts as root only';

export interface PrivatePostfix {
  readonly port: number;
  /** Its log so far. */
  log(): string;
  /** Tries everything in its queue now. */
  flush(): void;
}

export interface PostfixOptions {
  /** Where mail for a domain goes, in the words of transport(5). Everything else is refused. */
  readonly transport: Readonly<Record<string, string>>;
  /** Further lines of main.cf. */
  readonly settings?: readonly string[];
}

const SERVICES = `pickup unix n - n 1 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`;

/** Starts it; it is stopped and gone when `t` ends. */
export async function startPrivatePostfix(t: Teardown, options: PostfixOptions): Promise<PrivatePostfix> {
  const folder = mkdtempSync(join(tmpdir(), 'packetboat-postfix-'));
  execFileSync('chmod', ['755', folder]);
  const [config, queue, data] = ['etc', 'spool', 'data'].map((name) => join(folder, name)) as [string, string, string];
  for (const path of [config, queue, data]) mkdirSync(path, { mode: 0o755 });
  const owner = (flag: string) => Number(execFileSync('id', [flag, 'postfix'], { encoding: 'utf8' }));
  chownSync(data, owner('-u'), owner('-g'));
  const port = await freePort();
  const log = join(folder, 'mail.log');
  const transport = Object.entries(options.transport).map(([domain, way]) => `{ ${domain} = ${way} }`);
  writeFileSync(
    join(config, 'main.cf'),
    `${[
      'compatibility_level = 3.6',
      'myhostname = relay.seed.test',
      'mydestination =',
      'alias_maps =',
      'alias_database =',
      'mynetworks = 127.0.0.0/8',
      'inet_interfaces = 127.0.0.1',
      'inet_protocols = ipv4',
      `relay_domains = ${Object.keys(options.transport).join(' ')}`,
      `transport_maps = inline:{ ${transport.join(', ')} }`,
      'smtpd_relay_restrictions = permit_mynetworks reject_unauth_destination',
      'smtp_host_lookup = native',
      'minimal_backoff_time = 2s',
      'maximal_backoff_time = 4s',
      'queue_run_delay = 2s',
      `maillog_file = ${log}`,
      `maillog_file_prefixes = ${tmpdir()}`,
      `queue_directory = ${queue}`,
      `data_directory = ${data}`,
      ...(options.settings ?? []),
    ].join('\n')}\n`,
  );
  writeFileSync(join(config, 'master.cf'), `127.0.0.1:${port} inet n - n - - smtpd\n${SERVICES}`);
  const run = (...args: string[]) => execFileSync(PROGRAM, ['-c', config, ...args], { stdio: 'pipe' });
  t.after(async () => {
    try {
      run('stop');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
  run('start');
  return {
    port,
    log: () => (existsSync(log) ? readFileSync(log, 'utf8') : ''),
    flush: () => void execFileSync('/usr/sbin/postqueue', ['-c', config, '-f'], { stdio: 'pipe' }),
  };
}

/** A port nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return address.port;
}
