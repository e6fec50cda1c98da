// This file asks a desk over the wire for every command that does, by http or https, and says in plain words why it cannot be reached: nobody answers, or
// its certificate is not to be trusted.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { AppError } from '../errors.ts';
import type { CommandIo } from './command.ts';

/** Codes of Node and OpenSSL: nobody we trust vouches for the certificate. */
const UNKNOWN_ISSUER: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_UNTRUSTED',
  'CERT_SIGNATURE_FAILURE',
  'INVALID_CA',
]);
/** What other faults of a certificate mean, and what to do next. */
const FAULTS: Readonly<Record<string, readonly [says: string, hint: string]>> = {
  CERT_HAS_EXPIRED: [
    'has ended',
    'Have it renewed on the desk ("packetboat doctor" there says which files; new ones are taken up by themselves), and check the clock of this machine.',
  ],
  CERT_NOT_YET_VALID: ['is not valid yet', 'Check the clock of this machine, and of the one the certificate was made on.'],
  CERT_REVOKED: ['was revoked', 'Ask the operator of the desk for a new one first.'],
  ERR_TLS_CERT_ALTNAME_INVALID: ['is for another name', 'Name the desk as its certificate does: --url https://NAME.'],
};
/** OpenSSL's words for an answer that is no TLS at all. */
const NO_TLS = /ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST)|EPROTO/;
/** How deep the reason is looked for below what fetch throws. */
const CAUSES_MAX = 5;

/**
 * fetch, with one more authority trusted where `ca` names a PEM file (of an authority, or the self-made certificate of a desk). Throws
 * CERTIFICATE_NOT_TRUSTED, SERVER_UNREACHABLE, or CLI_USAGE for a file that is none.
 */
export async function reach(url: URL, init: RequestInit, ca: string | null): Promise<Response> {
  const ask = ca === null || url.protocol !== 'https:' ? fetch : await fetchTrusting(readAuthority(ca));
  try {
    return await ask(url, init);
  } catch (cause) {
    throw refusalOf(url, cause, ca);
  }
}

/** The file that --ca names, else PB_CA, as a whole path, so that what is remembered holds in every folder; null: none. */
export function authorityOf(given: { readonly ca?: string | undefined }, io: Pick<CommandIo, 'env' | 'cwd'>): string | null {
  const { PB_CA: fromEnv } = io.env;
  const named = given.ca ?? fromEnv ?? '';
  return named === '' ? null : resolve(io.cwd, named);
}

function readAuthority(path: string): string {
  try {
    const pem = readFileSync(path, 'utf8');
    if (pem.includes('-----BEGIN CERTIFICATE-----')) return pem;
  } catch (cause) {
    throw new AppError('CLI_USAGE', `${path} cannot be read.`, { hint: '--ca (or PB_CA) names a PEM file with a certificate.', cause });
  }
  throw new AppError('CLI_USAGE', `${path} holds no certificate.`, { hint: '--ca (or PB_CA) names a PEM file with a certificate.' });
}

/** Loaded only here: most commands ask by plain HTTP on this machine, or trust what everybody does. */
async function fetchTrusting(pem: string): Promise<typeof fetch> {
  const [{ Agent, fetch: ask }, { getCACertificates }] = await Promise.all([import('undici'), import('node:tls')]);
  const dispatcher = new Agent({ connect: { ca: [...getCACertificates('default'), pem] } });
  // The library's types are those of the global fetch, which is the same library inside of Node, declared a second time.
  return ((url: URL, init: object) => ask(url, { ...init, dispatcher })) as unknown as typeof fetch;
}

function refusalOf(url: URL, cause: unknown, ca: string | null): AppError {
  const codes = codesOf(cause);
  const fault = codes.map((code) => FAULTS[code]).find((each) => each !== undefined);
  if (fault) return new AppError('CERTIFICATE_NOT_TRUSTED', `The certificate of ${url.origin} ${fault[0]}.`, { hint: fault[1], cause });
  if (codes.some((code) => UNKNOWN_ISSUER.has(code))) {
    const by = ca === null ? 'nobody this machine trusts vouches for it' : `neither this machine's authorities nor ${ca} vouch for it`;
    return new AppError('CERTIFICATE_NOT_TRUSTED', `The certificate of ${url.origin} is not trusted: ${by}.`, { cause });
  }
  if (url.protocol === 'https:' && codes.some((code) => NO_TLS.test(code))) {
    const hint = `On the machine of the desk itself: --url ${url.origin.replace(/^https/, 'http')}; elsewhere name its https port.`;
    return new AppError('SERVER_UNREACHABLE', `${url.origin} does not speak https.`, { hint, cause });
  }
  return new AppError('SERVER_UNREACHABLE', `${url.origin} does not answer.`, { cause });
}

function codesOf(error: unknown): string[] {
  const codes: string[] = [];
  let current = error;
  for (let depth = 0; depth < CAUSES_MAX && current instanceof Error; depth += 1) {
    if ('code' in current) codes.push(String(current.code));
    current = current.cause;
  }
  return codes;
}
