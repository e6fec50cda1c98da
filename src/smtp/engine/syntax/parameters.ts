// This file reads the ESMTP parameters of MAIL FROM and RCPT TO: SIZE (RFC 1870), BODY (6152), SMTPUTF8 (6531), AUTH (4954), DSN (3461).
import type { DsnNotify, MailParams, RcptParams, SmtpReply } from '../contract.ts';

export type ParsedParams<T> = { readonly ok: true; readonly params: T } | { readonly ok: false; readonly reply: SmtpReply };

/** What the server offered: a parameter of an extension that was not offered is refused. */
export interface Offered {
  readonly dsn: boolean;
  readonly auth: boolean;
}

const NO_MAIL_PARAMS: MailParams = { size: null, body: null, smtpUtf8: false, ret: null, envid: null };
const NO_RCPT_PARAMS: RcptParams = { notify: null, orcpt: null };

/** More than there are parameters: the reader need not look further. */
const PARAMS_MAX = 10;
/** RFC 1870 §3: up to 20 digits. */
const SIZE = /^\d{1,20}$/;
/** RFC 3461 §4: printable ASCII without "+" and "=", or "+" and two hex digits. */
const XTEXT = /^(?:[!-*,-<>-~]|\+[0-9A-F]{2})*$/;
/** RFC 3461 §4.4. */
const ENVID_MAX = 100;
/** RFC 3461 §4.2. */
const ORCPT_MAX = 500;
const ORCPT = /^[A-Za-z0-9-]+;/;

/** Reads what follows the reverse path. Unknown parameters are refused with 555, as RFC 5321 §4.1.1.11 asks. */
export function parseMailParams(text: string, offered: Offered): ParsedParams<MailParams> {
  if (text === '') return { ok: true, params: NO_MAIL_PARAMS };
  const pairs = split(text);
  if (!pairs.ok) return pairs;
  const params = { ...NO_MAIL_PARAMS };
  for (const [name, value] of pairs.params) {
    switch (name) {
      case 'SIZE':
        if (!SIZE.test(value ?? '')) return invalid('SIZE is a number of bytes.');
        params.size = Number(value);
        break;
      case 'BODY': {
        const body = value?.toUpperCase();
        if (body !== '7BIT' && body !== '8BITMIME') return invalid('BODY is 7BIT or 8BITMIME.');
        params.body = body;
        break;
      }
      case 'SMTPUTF8':
        if (value !== null) return invalid('SMTPUTF8 stands without a value.');
        params.smtpUtf8 = true;
        break;
      case 'AUTH':
        // RFC 4954 §5: whoever offers AUTH has to take the parameter; nobody here relies on it.
        if (!offered.auth) return unknown(name);
        if (value === null || (value !== '<>' && !XTEXT.test(value))) return invalid('AUTH is <> or an address in xtext.');
        break;
      case 'RET': {
        if (!offered.dsn) return unknown(name);
        const ret = value?.toUpperCase();
        if (ret !== 'FULL' && ret !== 'HDRS') return invalid('RET is FULL or HDRS.');
        params.ret = ret;
        break;
      }
      case 'ENVID':
        if (!offered.dsn) return unknown(name);
        if (!value || value.length > ENVID_MAX || !XTEXT.test(value)) return invalid('ENVID is up to 100 characters of xtext.');
        params.envid = value;
        break;
      default:
        return unknown(name);
    }
  }
  return { ok: true, params };
}

/** Reads what follows a forward path. */
export function parseRcptParams(text: string, offered: Offered): ParsedParams<RcptParams> {
  if (text === '') return { ok: true, params: NO_RCPT_PARAMS };
  const pairs = split(text);
  if (!pairs.ok) return pairs;
  const params = { ...NO_RCPT_PARAMS };
  for (const [name, value] of pairs.params) {
    if (!offered.dsn || (name !== 'NOTIFY' && name !== 'ORCPT')) return unknown(name);
    if (name === 'NOTIFY') {
      const notify = parseNotify(value);
      if (notify === null) return invalid('NOTIFY is NEVER, or a list of SUCCESS, FAILURE and DELAY.');
      params.notify = notify;
    } else {
      if (!value || value.length > ORCPT_MAX || !ORCPT.test(value) || !XTEXT.test(value.slice(value.indexOf(';') + 1))) {
        return invalid('ORCPT is a type, a semicolon and an address in xtext.');
      }
      params.orcpt = value;
    }
  }
  return { ok: true, params };
}

function parseNotify(value: string | null): DsnNotify[] | null {
  const words = new Set((value ?? '').toUpperCase().split(','));
  const known = [...words].filter((word): word is DsnNotify => ['NEVER', 'SUCCESS', 'FAILURE', 'DELAY'].includes(word));
  return known.length === words.size && (!words.has('NEVER') || words.size === 1) ? known : null;
}

/** `NAME=value NAME` → pairs with upper-case names. A name given twice is an error: nobody could say which one counts. */
function split(text: string): ParsedParams<Map<string, string | null>> {
  const pairs = new Map<string, string | null>();
  for (const word of text.split(' ')) {
    if (word === '') continue;
    const equals = word.indexOf('=');
    const name = (equals < 0 ? word : word.slice(0, equals)).toUpperCase();
    if (!/^[A-Z0-9][A-Z0-9-]*$/.test(name)) return invalid('Parameters are NAME or NAME=value.');
    if (pairs.has(name)) return invalid(`${name} is given twice.`);
    if (pairs.size >= PARAMS_MAX) return invalid('There are too many parameters.');
    pairs.set(name, equals < 0 ? null : word.slice(equals + 1));
  }
  return { ok: true, params: pairs };
}

function invalid(text: string): { readonly ok: false; readonly reply: SmtpReply } {
  return { ok: false, reply: { code: 501, enhanced: '5.5.4', text } };
}

function unknown(name: string): { readonly ok: false; readonly reply: SmtpReply } {
  return { ok: false, reply: { code: 555, enhanced: '5.5.4', text: `${name.slice(0, 40)} is not offered by this server; leave it out.` } };
}
