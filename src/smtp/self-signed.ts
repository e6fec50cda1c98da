// This file builds a self-signed X.509 certificate (RFC 5280, ECDSA P-256 by RFC 5758), so that STARTTLS works on a fresh start. Node signs
// but makes no certificates; the few DER structures needed are written here by hand.
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

export interface SelfSigned {
  /** PEM. */
  readonly certificate: string;
  /** PEM, PKCS #8, not encrypted. */
  readonly key: string;
}

const DAY_MS = 86_400_000;
/** Clocks of clients run behind a little. */
const BACKDATED_MS = DAY_MS;
/** RFC 5280 §4.1.2.2: at most 20 octets; 16 random ones never repeat. */
const SERIAL_BYTES = 16;
/** RFC 5280 appendix A.1: ub-common-name. */
const COMMON_NAME_MAX = 64;

const OID_ECDSA_SHA256 = '1.2.840.10045.4.3.2';
const OID_COMMON_NAME = '2.5.4.3';
const OID_SUBJECT_ALT_NAME = '2.5.29.17';
const OID_BASIC_CONSTRAINTS = '2.5.29.19';
const OID_KEY_USAGE = '2.5.29.15';
const OID_EXT_KEY_USAGE = '2.5.29.37';
const OID_SERVER_AUTH = '1.3.6.1.5.5.7.3.1';

/** A certificate for `names` (host names and IP addresses, the first is its common name), valid from a day before `nowMs` for `days` days. */
export function makeSelfSigned(options: { readonly names: readonly string[]; readonly nowMs: number; readonly days: number }): SelfSigned {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(
    set(sequence(oid(OID_COMMON_NAME), der(0x0c, Buffer.from((options.names[0] ?? 'localhost').slice(0, COMMON_NAME_MAX))))),
  );
  const algorithm = sequence(oid(OID_ECDSA_SHA256));
  const certified = sequence(
    der(0xa0, integer(Buffer.of(2))),
    integer(randomBytes(SERIAL_BYTES)),
    algorithm,
    name,
    sequence(time(options.nowMs - BACKDATED_MS), time(options.nowMs + options.days * DAY_MS)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, extensions(options.names)),
  );
  const signature = sign('sha256', certified, privateKey);
  const certificate = sequence(certified, algorithm, bitString(signature));
  return { certificate: pem(certificate), key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

function extensions(names: readonly string[]): Buffer {
  const altNames = names.map((name) =>
    isIP(name) ? der(0x87, Buffer.from(ipaddr.parse(name).toByteArray())) : der(0x82, Buffer.from(name, 'ascii')),
  );
  return sequence(
    extension(OID_BASIC_CONSTRAINTS, sequence(), true),
    // digitalSignature: bit 0 of one octet, seven bits unused.
    extension(OID_KEY_USAGE, der(0x03, Buffer.of(7, 0x80)), true),
    extension(OID_EXT_KEY_USAGE, sequence(oid(OID_SERVER_AUTH)), false),
    extension(OID_SUBJECT_ALT_NAME, sequence(...altNames), false),
  );
}

function extension(id: string, value: Buffer, critical: boolean): Buffer {
  const flag = critical ? [der(0x01, Buffer.of(0xff))] : [];
  return sequence(oid(id), ...flag, der(0x04, value));
}

/** Tag, length (X.690 §8.1.3), content. */
function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const head = length < 0x80 ? [tag, length] : length < 0x100 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), content]);
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function set(...parts: Buffer[]): Buffer {
  return der(0x31, Buffer.concat(parts));
}

function bitString(bytes: Buffer): Buffer {
  return der(0x03, Buffer.concat([Buffer.of(0), bytes]));
}

/** A positive INTEGER, shortest form: no leading zeros, one when the top bit would mean minus. */
function integer(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const body = first < 0 ? Buffer.of(0) : bytes.subarray(first);
  return der(0x02, (body[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), body]) : body);
}

/** X.690 §8.19: the first two numbers share an octet, the others go seven bits at a time. */
function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  const octets = rest.flatMap((number) => {
    const groups = [number & 0x7f];
    for (let left = number >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80);
    return groups;
  });
  return der(0x06, Buffer.from([first * 40 + second, ...octets]));
}

/** RFC 5280 §4.1.2.5: UTCTime through 2049, GeneralizedTime after. */
function time(ms: number): Buffer {
  const digits = `${new Date(ms).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;
  return Number(digits.slice(0, 4)) < 2050 ? der(0x17, Buffer.from(digits.slice(2))) : der(0x18, Buffer.from(digits));
}

function pem(certificate: Buffer): string {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
