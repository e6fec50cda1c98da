// This file runs a private Dovecot for tests: LMTP into maildirs below a temp folder, for the users it is given; others do not exist.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Teardown } from './database.ts';
import { freePort } from './private-postfix.ts';
import { until } from './until.ts';

const PROGRAM = '/usr/sbin/dovecot';

/** Why it cannot run here; false when it can, ready for `skip`. */
export const dovecotMissing: string | false = !existsSync('/usr/lib/dovecot/lmtp')
  ? 'Dovecot is not installed (Debian package dovecot-lmtpd)'
  : process.getuid?.() === 0
    ? false
    : 'Dovecot starts as root only';

export interface PrivateDovecot {
  readonly lmtpPort: number;
  /** Mails in a user's inbox as they lie in the maildir, oldest first. */
  inbox(address: string): Buffer[];
  /** The mail in a user's inbox whose headers hold `subject`, once it is there. */
  arrived(address: string, subject: string): Promise<Buffer>;
}

/** Starts it; it is stopped and gone when `t` ends. */
export async function startPrivateDovecot(t: Teardown, users: readonly string[]): Promise<PrivateDovecot> {
  const folder = mkdtempSync(join(tmpdir(), 'packetboat-dovecot-'));
  execFileSync('chmod', ['755', folder]);
  const lmtpPort = await freePort();
  for (const name of ['run', 'lib', 'mail']) mkdirSync(join(folder, name), { mode: 0o755 });
  execFileSync('chown', ['nobody:nogroup', join(folder, 'mail')]);
  writeFileSync(join(folder, 'users'), users.map((user) => `${user}:{PLAIN}pw::::::\n`).join(''));
  writeFileSync(
    join(folder, 'dovecot.conf'),
    `protocols = lmtp
listen = 127.0.0.1
base_dir = ${folder}/run
state_dir = ${folder}/lib
log_path = ${folder}/dovecot.log
default_internal_user = dovecot
default_login_user = dovenull
ssl = no
mail_location = maildir:${folder}/mail/%n
mail_uid = nobody
mail_gid = nogroup
first_valid_uid = 1
first_valid_gid = 1
passdb {
  driver = passwd-file
  args = username_format=%u ${folder}/users
}
userdb {
  driver = passwd-file
  args = username_format=%u ${folder}/users
  default_fields = uid=nobody gid=nogroup home=${folder}/mail/%n
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = ${lmtpPort}
  }
}
protocol lmtp {
  postmaster_address = postmaster@seed.test
}
`,
  );
  const child = spawn(PROGRAM, ['-F', '-c', join(folder, 'dovecot.conf')], { stdio: 'ignore' });
  t.after(async () => {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    if (child.exitCode === null && child.kill('SIGTERM')) await gone;
    rmSync(folder, { recursive: true, force: true });
  });
  await until(() => answers(lmtpPort), { what: 'Dovecot to answer on its LMTP port' });

  function inbox(address: string): Buffer[] {
    const place = join(folder, 'mail', address.split('@')[0] ?? '', 'new');
    if (!existsSync(place)) return [];
    return readdirSync(place)
      .toSorted()
      .map((name) => readFileSync(join(place, name)));
  }

  return {
    lmtpPort,
    inbox,
    arrived: (address, subject) =>
      until(() => inbox(address).find((mail) => mail.subarray(0, 8_192).includes(subject)), {
        what: `"${subject}" in the inbox of ${address}`,
        withinMs: 30_000,
      }),
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', () => resolve(socket.destroy() !== null));
    socket.once('error', () => resolve(false));
  });
}
