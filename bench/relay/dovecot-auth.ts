// This file runs Dovecot's auth service, the usual way to give Postfix log-ins: one user in a file, asked over a port of its own.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answers, freePort } from '../kit/ports.ts';
import { until } from '../kit/wait.ts';
import type { Workshop } from '../kit/workshop.ts';

const PROGRAM = '/usr/sbin/dovecot';
const START_LIMIT_MS = 10_000;
const USERNAME = 'office';
const PASSWORD = 'bench-password';

/** Null where Dovecot is not installed. */
export async function startDovecotAuth(
  shop: Workshop,
): Promise<{ pid: number; port: number; login: { username: string; password: string } } | null> {
  if (!existsSync(PROGRAM)) return null;
  const folder = join(shop.folder, 'dovecot');
  mkdirSync(folder, { mode: 0o755 });
  const port = await freePort();
  writeFileSync(join(folder, 'users'), `${USERNAME}:{PLAIN}${PASSWORD}::::::\n`);
  const config = join(folder, 'dovecot.conf');
  writeFileSync(
    config,
    `protocols =
base_dir = ${join(folder, 'run')}
state_dir = ${join(folder, 'state')}
log_path = ${join(folder, 'dovecot.log')}
ssl = no
auth_mechanisms = plain login
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u ${join(folder, 'users')}
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=/nonexistent
}
service auth {
  inet_listener {
    address = 127.0.0.1
    port = ${port}
  }
}
`,
  );
  const child = shop.spawn(PROGRAM, ['-F', '-c', config], { stdio: 'ignore' });
  const { pid } = child;
  if (pid === undefined) throw new Error('dovecot does not start');
  await until('Dovecot to answer', () => answers(port), { limitMs: START_LIMIT_MS });
  return { pid, port, login: { username: USERNAME, password: PASSWORD } };
}
