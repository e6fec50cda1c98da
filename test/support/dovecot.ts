// This file runs a private Dovecot for system tests: LMTP into maildirs, and passwords for a Postfix that asks (SASL). Its own folder, its own ports;
// the machine's Dovecot is neither used nor touched.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Certificate } from '../fakes/certificate.ts';
import type { Teardown } from './database.ts';
import { testFolder } from './desk.ts';
import { freePort } from './free-port.ts';
import { answersWith } from './greeting.ts';
import { until } from './until.ts';

export interface Dovecot {
  readonly lmtpPort: number;
  /** 0 without `imap`. */
  readonly imapPort: number;
  /** Socket at which a Postfix asks for passwords. */
  readonly authSocket: string;
  /** Mails in another folder of a mailbox. */
  folder(address: string, name: string): Buffer[];
  /** Ends it as an operator would not: at once. Start it again with `start`. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Mails in the inbox of `name@domain`, byte for byte as stored, oldest first. */
  inbox(address: string): Buffer[];
  /** The inbox once it holds so many. */
  arrived(address: string, count?: number): Promise<Buffer[]>;
  log(): string;
}

export interface DovecotOptions {
  /** Addresses with a mailbox; any other is unknown. */
  readonly mailboxes: readonly string[];
  readonly password?: string;
  /** People may read their mail by IMAP, in TLS from the first byte where a certificate is given. */
  readonly imap?: true | Certificate;
  /** Access tokens are taken in place of passwords (OAUTHBEARER, XOAUTH2); this address is asked whose they are. */
  readonly tokens?: { readonly introspectionUrl: string };
}

const PROGRAM = '/usr/sbin/dovecot';
const LMTP = '/usr/lib/dovecot/lmtp';
/** Any user that owns nothing else; Debian has it. */
const NOBODY = { uid: 65_534, gid: 65_534 };

/** Why it cannot run here, or false. */
export function dovecotMissing(): string | false {
  if (!existsSync(PROGRAM) || !existsSync(LMTP)) return 'Dovecot with LMTP is not installed (Debian packages dovecot-imapd, dovecot-lmtpd)';
  return process.getuid?.() === 0 ? false : 'Dovecot switches users, so this test runs as root only';
}

/** Starts it; it is stopped when the test ends. */
export async function startDovecot(t: Teardown, options: DovecotOptions): Promise<Dovecot> {
  const folder = testFolder(t);
  const lmtpPort = await freePort();
  const imapPort = options.imap ? await freePort() : 0;
  const mail = join(folder, 'mail');
  const authSocket = join(folder, 'auth');
  mkdirSync(mail);
  chownSync(mail, NOBODY.uid, NOBODY.gid);
  const { mailboxes, password = 'pw' } = options;
  writeFileSync(join(folder, 'users'), mailboxes.map((address) => `${address}:{PLAIN}${password}::::::\n`).join(''));
  chmodSync(join(folder, 'users'), 0o644);
  const config = join(folder, 'dovecot.conf');
  const imap = options.imap ? { port: imapPort, tls: options.imap === true ? null : keyFiles(folder, options.imap) } : null;
  const tokens = options.tokens ? tokenFile(folder, options.tokens.introspectionUrl) : null;
  writeFileSync(config, configuration({ folder, mail, lmtpPort, authSocket, imap, tokens }));
  const errors: Buffer[] = [];
  const log = () => `${existsSync(join(folder, 'log')) ? readFileSync(join(folder, 'log'), 'utf8') : ''}${Buffer.concat(errors)}`;
  let child: ChildProcess | null = null;
  const start = async () => {
    child = spawn(PROGRAM, ['-F', '-c', config], { stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk));
    await until(() => answersWith(lmtpPort, /^220 /), { what: 'Dovecot to answer' }).catch((cause: Error) => {
      throw new Error(`${cause.message}: ${log()}`, { cause });
    });
  };
  t.after(async () => {
    if (child) await stop(child, 'SIGTERM');
  });
  await start();
  const inbox = (address: string) => readInbox(mail, address);
  return {
    lmtpPort,
    imapPort,
    start,
    kill: async () => {
      // The master takes its children with it, who hold the lines; SIGKILL would leave them.
      if (child) await stop(child, 'SIGTERM');
    },
    folder: (address, name) => readFolder(mail, address, `.${name}`),
    authSocket,
    inbox,
    log,
    arrived: (address, count = 1) =>
      until(() => (inbox(address).length >= count ? inbox(address) : null), { what: `${count} mails for ${address}` }),
  };
}

function readInbox(mail: string, address: string): Buffer[] {
  return readFolder(mail, address, '.');
}

/** Whoever reads the mailbox moves and renames its files meanwhile: a look that was overtaken is taken anew. */
function readFolder(mail: string, address: string, name: string): Buffer[] {
  for (;;) {
    try {
      return filesIn(mail, address, name);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
}

function filesIn(mail: string, address: string, name: string): Buffer[] {
  const [local = '', domain = ''] = address.split('@');
  const folders = ['new', 'cur'].map((each) => join(mail, domain, local, name, each)).filter((each) => existsSync(each));
  // Maildir names begin with the second and go on with the microsecond.
  const order = (file: string) =>
    Number(
      /^(\d+)\.M(\d+)/
        .exec(file)
        ?.slice(1)
        .map((part) => part.padStart(6, '0'))
        .join('') ?? 0,
    );
  // From `new` to `cur`, as mails go; one that went in between is seen twice, under a name that differs in its flags only.
  const found = new Map(
    folders.flatMap((folder) => readdirSync(folder).map((file) => [file.split(':')[0] ?? '', { folder, file }] as const)),
  );
  return [...found.values()].sort((a, b) => order(a.file) - order(b.file)).map(({ folder, file }) => readFileSync(join(folder, file)));
}

/** How Dovecot finds out whose a token is: it shows it, and reads the address in the answer. */
function tokenFile(folder: string, introspectionUrl: string): string {
  const file = join(folder, 'oauth2.conf');
  writeFileSync(file, `introspection_mode = auth\nintrospection_url = ${introspectionUrl}\nusername_attribute = email\n`);
  return file;
}

/** Dovecot reads its key from files. */
function keyFiles(folder: string, pair: Certificate): { cert: string; key: string } {
  const files = { cert: join(folder, 'imap.pem'), key: join(folder, 'imap.key') };
  writeFileSync(files.cert, pair.cert);
  writeFileSync(files.key, pair.key, { mode: 0o600 });
  return files;
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

/** `mail_save_crlf`: what is stored are the bytes that came over the wire. */
function configuration(at: {
  folder: string;
  mail: string;
  lmtpPort: number;
  authSocket: string;
  imap: { port: number; tls: { cert: string; key: string } | null } | null;
  tokens: string | null;
}): string {
  const tls = at.imap?.tls ?? null;
  return `
protocols = lmtp${at.imap ? ' imap' : ''}
listen = 127.0.0.1
base_dir = ${at.folder}/run
state_dir = ${at.folder}/state
log_path = ${at.folder}/log
default_internal_user = dovecot
default_login_user = dovenull
ssl = ${tls ? 'yes' : 'no'}
${tls ? `ssl_cert = <${tls.cert}\nssl_key = <${tls.key}` : ''}
disable_plaintext_auth = no
auth_mechanisms = ${at.tokens ? 'oauthbearer xoauth2' : 'plain login'}
mail_location = maildir:${at.mail}/%d/%n
mail_save_crlf = yes
mail_uid = ${NOBODY.uid}
mail_gid = ${NOBODY.gid}
first_valid_uid = 1
first_valid_gid = 1
${at.tokens ? `passdb {\n  driver = oauth2\n  mechanisms = oauthbearer xoauth2\n  args = ${at.tokens}\n}` : ''}
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u ${at.folder}/users
}
userdb {
  driver = static
  args = uid=${NOBODY.uid} gid=${NOBODY.gid} home=${at.mail}/%d/%n/home
}
namespace inbox {
  inbox = yes
}
${at.imap ? imapService(at.imap.port, tls !== null) : ''}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = ${at.lmtpPort}
  }
}
service auth {
  unix_listener ${at.authSocket} {
    mode = 0666
  }
}
service stats {
  client_limit = 100
}
# Whoever fails is answered at once: tests fail on purpose, and often.
auth_failure_delay = 0
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
protocol lmtp {
  postmaster_address = postmaster@seed.test
}
`;
}

/** One listener: in the clear for most tests, in TLS where that is the question. */
function imapService(port: number, tls: boolean): string {
  const [clear, secure] = tls ? [0, port] : [port, 0];
  return `
service imap-login {
  inet_listener imap {
    port = ${clear}
  }
  inet_listener imaps {
    port = ${secure}
    ssl = yes
  }
}
`;
}
