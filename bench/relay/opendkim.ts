// This file runs OpenDKIM as Postfix's milter on a port of its own: RSA-2048, signing only, Debian's defaults otherwise.
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answers, freePort } from '../kit/ports.ts';
import { until } from '../kit/wait.ts';
import type { Workshop } from '../kit/workshop.ts';

const PROGRAM = '/usr/sbin/opendkim';
const START_LIMIT_MS = 10_000;
const KEY_BITS = 2048;

const SELECTOR = 'bench';

export interface OpenDkim {
  readonly pid: number;
  readonly port: number;
  /** What belongs in DNS, and under which name. */
  readonly record: { readonly name: string; readonly value: string };
}

/** Null where it is not installed. */
export async function startOpenDkim(shop: Workshop, domain: string): Promise<OpenDkim | null> {
  if (!existsSync(PROGRAM)) return null;
  const folder = join(shop.folder, 'opendkim');
  mkdirSync(folder, { mode: 0o755 });
  const key = join(folder, 'bench.private');
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: KEY_BITS });
  writeFileSync(key, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  const port = await freePort();
  const config = join(folder, 'opendkim.conf');
  writeFileSync(
    config,
    // The key is thrown away with its folder, so that the folder's rights need no check.
    `Syslog yes
SyslogSuccess yes
Canonicalization relaxed/simple
OversignHeaders From
Mode s
Domain ${domain}
Selector ${SELECTOR}
KeyFile ${key}
RequireSafeKeys no
Socket inet:${port}@127.0.0.1
`,
  );
  const child = shop.spawn(PROGRAM, ['-f', '-x', config], { stdio: 'ignore' });
  const { pid } = child;
  if (pid === undefined) throw new Error('opendkim does not start');
  await until('OpenDKIM to answer', () => answers(port), { limitMs: START_LIMIT_MS });
  const value = `v=DKIM1; k=rsa; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`;
  return { pid, port, record: { name: `${SELECTOR}._domainkey.${domain}`, value } };
}
