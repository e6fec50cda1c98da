// This file puts a whole postal world together for system tests: a desk, a real Postfix as its smarthost (STARTTLS with a verified certificate, AUTH),
// and a real Dovecot with the mailboxes under seed.test. Bounces come back to the desk's inbound door.
import assert from 'node:assert/strict';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { makeSelfSigned } from '../../src/smtp/self-signed.ts';
import type { Teardown } from './database.ts';
import { type DeskHere, inReverse, openDesk } from './desk.ts';
import { type Dovecot, dovecotMissing, startDovecot } from './dovecot.ts';
import { type Postfix, postfixMissing, startPostfix } from './postfix.ts';

export interface PostalWorld {
  readonly desk: DeskHere;
  readonly postfix: Postfix;
  readonly dovecot: Dovecot;
  readonly account: string;
  /** An organisation whose domain is authenticated, with the DNS record that proves our signatures. */
  readonly club: { readonly id: string; readonly key: string; readonly domain: string; readonly record: { host: string; value: string } };
}

export const RETURN_PATH_HOST = 'returns.seed-desk.test';
const LOGIN = { username: 'desk@seed.test', password: 'pässword of the desk' };

/** Why it cannot be built here, or false. */
export function postalWorldMissing(): string | false {
  return postfixMissing() || dovecotMissing();
}

export interface WorldOptions {
  readonly mailboxes: readonly string[];
  /** Settings of the Postfix, over ours. */
  readonly main?: Readonly<Record<string, string>>;
  readonly transports?: Readonly<Record<string, string>>;
  /** Settings of the desk, over ours. */
  readonly env?: Readonly<Record<string, string>>;
  /** Further domains whose mailboxes are Dovecot's, and those whose mail comes to the desk's inbound door (`.club-mail.test`: all names below). */
  readonly domains?: { readonly dovecot?: readonly string[]; readonly inbound?: readonly string[] };
}

export async function postalWorld(t: Teardown, options: WorldOptions): Promise<PostalWorld> {
  const end = inReverse(t);
  const desk = await openDesk(end, { env: { PACKETBOAT_RETURN_PATH_HOST: RETURN_PATH_HOST, ...options.env } });
  const dovecot = await startDovecot(end, { mailboxes: [...options.mailboxes, LOGIN.username], password: LOGIN.password });
  const pair = makeSelfSigned({ names: ['127.0.0.1', 'smarthost.test'], nowMs: Date.now(), days: 1 });
  const postfix = await startPostfix(end, {
    files: { 'cert.pem': pair.certificate, 'key.pem': pair.key },
    main: {
      mynetworks: '',
      smtpd_tls_cert_file: '$folder/cert.pem',
      smtpd_tls_key_file: '$folder/key.pem',
      smtpd_tls_security_level: 'encrypt',
      smtpd_sasl_auth_enable: 'yes',
      smtpd_sasl_type: 'dovecot',
      smtpd_sasl_path: dovecot.authSocket,
      ...options.main,
    },
    transports: {
      ...towards(['seed.test', ...(options.domains?.dovecot ?? [])], `lmtp:inet:127.0.0.1:${dovecot.lmtpPort}`),
      ...towards([RETURN_PATH_HOST, ...(options.domains?.inbound ?? [])], `smtp:[127.0.0.1]:${desk.bootstrap.inbound_port}`),
      ...options.transports,
    },
  });
  const { body: made } = await desk.api('POST', '/v1/provider-accounts', {
    name: 'Postfix',
    provider: 'smtp',
    settings: { host: '127.0.0.1', port: postfix.port, tls: 'starttls', username: LOGIN.username, ca: pair.certificate },
    secret: { password: LOGIN.password },
  });
  assert.ok(made.id, JSON.stringify(made));
  const domain = 'rowing-club-seed.test';
  const { id, key } = await desk.tenant('Rowing Club', { name: domain });
  const { body: domains } = await desk.api('GET', `/v1/tenants/${id}/domains`);
  const record = domains.data[0].records.find((each: { host: string }) => each.host.includes('._domainkey.'));
  assert.ok(record, JSON.stringify(domains));
  return { desk, postfix, dovecot, account: made.id, club: { id, key, domain, record } };
}

function towards(domains: readonly string[], transport: string): Record<string, string> {
  return Object.fromEntries(domains.map((domain) => [domain, transport]));
}

/** What an independent verifier (mailauth) says about the signature of our domain on a mail as it lies in a mailbox. */
export async function dkimVerdict(mail: Buffer, record: { host: string; value: string }): Promise<string> {
  const resolver = async (name: string) => {
    if (name !== record.host) throw Object.assign(new Error('no record'), { code: 'ENOTFOUND' });
    return [[record.value]];
  };
  const { results } = await dkimVerify(mail, { resolver });
  return results.map((result) => `${result.signingDomain} ${result.status.result}`).join(', ');
}

/** The header fields of a mail by lower-case name, unfolded, in order. */
export function fieldsOf(mail: Buffer): Map<string, string[]> {
  const text = mail.toString('utf8');
  const head = text.slice(0, text.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ');
  const fields = new Map<string, string[]>();
  for (const line of head.split('\r\n')) {
    const name = line.slice(0, line.indexOf(':')).toLowerCase();
    fields.set(name, [...(fields.get(name) ?? []), line.slice(line.indexOf(':') + 1).trim()]);
  }
  return fields;
}
