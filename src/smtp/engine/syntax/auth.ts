// This file is the AUTH exchange: PLAIN (RFC 4616) and LOGIN, with and without initial response, cancelled by "*" (RFC 4954 §4).
import { isUtf8 } from 'node:buffer';
import { Secret } from '../../../log.ts';
import type { SmtpReply } from '../contract.ts';

export type AuthStep =
  /** Ask the client for more: a 334 line. */
  | { readonly kind: 'challenge'; readonly line: string }
  | { readonly kind: 'login'; readonly username: string; readonly password: Secret }
  | { readonly kind: 'refused'; readonly reply: SmtpReply };

/** RFC 4616 §2 speaks of 255 bytes; generated user names and keys are far shorter. */
const USERNAME_BYTES_MAX = 255;
const PASSWORD_BYTES_MAX = 1_024;

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

// "Username:" and "Password:" in base64, which is what every LOGIN client expects.
const ASK_USERNAME: AuthStep = { kind: 'challenge', line: '334 VXNlcm5hbWU6\r\n' };
const ASK_PASSWORD: AuthStep = { kind: 'challenge', line: '334 UGFzc3dvcmQ6\r\n' };
const ASK_PLAIN: AuthStep = { kind: 'challenge', line: '334 \r\n' };

/** One AUTH command from its first line to credentials or a refusal. */
export class AuthExchange {
  #mechanism: 'PLAIN' | 'LOGIN' = 'PLAIN';
  #username: string | null = null;

  /** `argument` is what follows `AUTH `. */
  start(argument: string): AuthStep {
    const [name = '', initial, ...more] = argument.split(' ');
    const mechanism = name.toUpperCase();
    if (more.length > 0 || name === '') return refuse(501, '5.5.4', 'Write AUTH, a mechanism and at most one initial response.');
    if (mechanism !== 'PLAIN' && mechanism !== 'LOGIN') return refuse(504, '5.5.4', 'The mechanisms here are PLAIN and LOGIN.');
    this.#mechanism = mechanism;
    this.#username = null;
    if (initial === undefined) return mechanism === 'PLAIN' ? ASK_PLAIN : ASK_USERNAME;
    // RFC 4954 §4: "=" is an initial response of no bytes.
    return this.answer(initial === '=' ? '' : initial);
  }

  /** A line of the client after a challenge. */
  answer(line: string): AuthStep {
    if (line === '*') return refuse(501, '5.7.0', 'Login was cancelled.');
    const bytes = BASE64.test(line) ? Buffer.from(line, 'base64') : null;
    if (bytes === null || !isUtf8(bytes)) return refuse(501, '5.5.2', 'That is not base64 of UTF-8 text.');
    return this.#mechanism === 'PLAIN' ? plain(bytes.toString('utf8')) : this.#login(bytes.toString('utf8'));
  }

  #login(text: string): AuthStep {
    if (this.#username === null) {
      this.#username = text;
      return ASK_PASSWORD;
    }
    return credentials(this.#username, text);
  }
}

/** RFC 4616 §2: authorization id, NUL, user name, NUL, password. */
function plain(text: string): AuthStep {
  const [identity, username, password, ...more] = text.split('\0');
  if (identity === undefined || username === undefined || password === undefined || more.length > 0) {
    return refuse(501, '5.5.2', 'PLAIN is identity, NUL, user name, NUL, password.');
  }
  if (identity !== '' && identity !== username) return refuse(535, '5.7.8', 'Logging in for somebody else is not possible here.');
  return credentials(username, password);
}

function credentials(username: string, password: string): AuthStep {
  if (username === '' || password === '') return refuse(535, '5.7.8', 'User name and password must not be empty. (AUTH_INVALID)');
  if (Buffer.byteLength(username) > USERNAME_BYTES_MAX || Buffer.byteLength(password) > PASSWORD_BYTES_MAX) {
    return refuse(535, '5.7.8', 'User name or password is too long. (AUTH_INVALID)');
  }
  return { kind: 'login', username, password: new Secret(password) };
}

function refuse(code: number, enhanced: string, text: string): AuthStep {
  return { kind: 'refused', reply: { code, enhanced, text } };
}
