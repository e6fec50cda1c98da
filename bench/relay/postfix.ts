// This file runs a private Postfix as a relay: own configuration, queue and data folder, high ports, Debian's defaults otherwise (every message
// fsynced in its queue), relayhost = the sink. The machine's own Postfix is never touched. A second port signs with OpenDKIM, a third asks for
// STARTTLS and AUTH (by Dovecot), each where the program is installed.
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sink } from '../kit/load-shapes.ts';
import { freePort } from '../kit/ports.ts';
import { isAlive, stopPid, type Workshop } from '../kit/workshop.ts';
import { startDovecotAuth } from './dovecot-auth.ts';
import { type OpenDkim, startOpenDkim } from './opendkim.ts';
import type { RelaySystem } from './system.ts';

export interface Postfix {
  readonly version: string;
  /** Without a signature. */
  readonly plain: RelaySystem;
  /** Signed by OpenDKIM; null where that is not installed. */
  readonly signed: (RelaySystem & Pick<OpenDkim, 'record'>) | null;
  /** STARTTLS and AUTH; null where Dovecot's auth service is not installed. */
  readonly secured: (RelaySystem & { readonly login: { readonly username: string; readonly password: string } }) | null;
}

export interface PostfixOptions {
  readonly sink: () => Sink;
  /** Certificate and key (PEM files) for STARTTLS: the desk's own, so that handshakes cost the same. */
  readonly tls: { readonly certificate: string; readonly key: string };
  readonly domain: string;
}

const PROGRAM = '/usr/sbin/postfix';
/** What a message lies in before it is delivered, and where it goes when delivery fails. */
const QUEUES = ['maildrop', 'incoming', 'active', 'deferred', 'hold', 'corrupt'] as const;
const SERVICES = `pickup unix n - n 60 1 pickup
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
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
`;

/** Why Postfix cannot be measured here; null when it can. */
export function postfixMissing(): string | null {
  if (!existsSync(PROGRAM)) return 'Postfix is not installed';
  return process.getuid?.() === 0 ? null : 'Postfix starts as root only';
}

export async function startPostfix(shop: Workshop, options: PostfixOptions): Promise<Postfix> {
  const folder = join(shop.folder, 'postfix');
  const config = join(folder, 'etc');
  const queue = join(folder, 'spool');
  for (const path of [folder, config, queue]) mkdirSync(path, { mode: 0o755 });
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  const { uid, gid } = await userOf(shop, 'postfix');
  chownSync(data, uid, gid);
  const ports = { plain: await freePort(), signed: await freePort(), secured: await freePort() };
  const dkim = await startOpenDkim(shop, options.domain);
  const auth = await startDovecotAuth(shop);
  writeFileSync(join(config, 'main.cf'), mainConfig(options, { queue, data }));
  writeFileSync(
    join(config, 'master.cf'),
    [
      `127.0.0.1:${ports.plain} inet n - n - - smtpd`,
      ...(dkim ? [`127.0.0.1:${ports.signed} inet n - n - - smtpd`, `  -o smtpd_milters=inet:127.0.0.1:${dkim.port}`] : []),
      ...(auth
        ? [
            `127.0.0.1:${ports.secured} inet n - n - - smtpd`,
            '  -o smtpd_tls_security_level=encrypt',
            '  -o smtpd_sasl_auth_enable=yes',
            '  -o smtpd_sasl_type=dovecot',
            `  -o smtpd_sasl_path=inet:127.0.0.1:${auth.port}`,
            '  -o mynetworks=',
          ]
        : []),
      SERVICES,
    ].join('\n'),
  );
  await shop.run(PROGRAM, ['-c', config, 'start']);
  const master = Number(readFileSync(join(queue, 'pid', 'master.pid'), 'utf8').trim());
  shop.defer(async () => {
    await shop.run(PROGRAM, ['-c', config, 'stop']).catch(() => undefined);
    if (isAlive(master)) await stopPid(master);
  });

  const system = (name: string, port: number, roots: readonly number[]): RelaySystem => ({
    name,
    port,
    from: `office@${options.domain}`,
    sink: options.sink,
    roots: () => [master, ...roots],
    mark: async () => 0,
    settled: async () => queueEmpty(queue),
  });
  return {
    version: (await shop.run('/usr/sbin/postconf', ['-h', 'mail_version'])).trim(),
    plain: system('Postfix', ports.plain, []),
    signed: dkim && { ...system('Postfix + OpenDKIM', ports.signed, [dkim.pid]), record: dkim.record },
    secured: auth && { ...system('Postfix', ports.secured, [auth.pid]), login: auth.login },
  };
}

/** Debian's main.cf for a machine that relays everything to one host; nothing about speed or durability is changed. */
function mainConfig({ sink, tls }: PostfixOptions, { queue, data }: { queue: string; data: string }): string {
  return `compatibility_level = 3.6
smtpd_banner = $myhostname ESMTP $mail_name (Debian/GNU)
biff = no
append_dot_mydomain = no
readme_directory = no
smtpd_relay_restrictions = permit_mynetworks permit_sasl_authenticated defer_unauth_destination
myhostname = relay.bench.test
alias_maps =
alias_database =
mydestination =
relayhost = [127.0.0.1]:${sink().port}
mynetworks = 127.0.0.0/8 [::ffff:127.0.0.0]/104 [::1]/128
mailbox_size_limit = 0
recipient_delimiter = +
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
queue_directory = ${queue}
data_directory = ${data}
smtpd_tls_cert_file = ${tls.certificate}
smtpd_tls_key_file = ${tls.key}
`;
}

/** True when no message lies in any queue; deferred ones are an error, because a sink refuses nothing. */
function queueEmpty(queue: string): boolean {
  return QUEUES.every((name) => {
    const files = filesBelow(join(queue, name));
    if (files > 0 && name !== 'incoming' && name !== 'active' && name !== 'maildrop')
      throw new Error(`Postfix has ${files} messages in ${name}`);
    return files === 0;
  });
}

function filesBelow(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;
}

async function userOf(shop: Workshop, name: string): Promise<{ uid: number; gid: number }> {
  const [uid, gid] = await Promise.all([shop.run('id', ['-u', name]), shop.run('id', ['-g', name])]);
  return { uid: Number(uid), gid: Number(gid) };
}
