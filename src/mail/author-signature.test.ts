// This file checks which messages count as signed by their author, so that their From is never written anew.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../test/support/property.ts';
import { authorSignature } from './author-signature.ts';

const mail = (type: string, body: string, more = '') => `From: a@b.example\r\n${more}Content-Type: ${type}\r\n\r\n${body}`;
const base64 = Buffer.from('-----BEGIN PGP SIGNED MESSAGE-----\r\nhello').toString('base64');

const ROWS: readonly [why: string, raw: string, expected: 'S/MIME' | 'PGP' | null][] = [
  ['plain text', mail('text/plain', 'hello'), null],
  ['no type at all', 'From: a@b.example\r\n\r\nhello', null],
  ['text and html', mail('multipart/alternative; boundary=b', '--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--'), null],
  ['S/MIME beside the text', mail('multipart/signed; protocol="application/pkcs7-signature"; boundary=b', '--b--'), 'S/MIME'],
  ['the old name of S/MIME', mail('multipart/signed; protocol="application/x-pkcs7-signature"; boundary=b', '--b--'), 'S/MIME'],
  ['signed by who knows what', mail('multipart/signed; boundary=b', '--b--'), 'S/MIME'],
  ['S/MIME around the text', mail('application/pkcs7-mime; smime-type=signed-data', 'AA'), 'S/MIME'],
  ['S/MIME encrypted', mail('application/x-pkcs7-mime; smime-type=enveloped-data', 'AA'), 'S/MIME'],
  ['PGP/MIME', mail('multipart/signed; protocol="application/pgp-signature"; boundary=b', '--b--'), 'PGP'],
  ['PGP encrypted', mail('multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b', '--b--'), 'PGP'],
  ['inline PGP', mail('text/plain', '\r\n-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n\r\nx'), 'PGP'],
  ['inline PGP in base64', mail('text/plain', base64, 'Content-Transfer-Encoding: base64\r\n'), 'PGP'],
  [
    'a signed part below a list footer',
    mail(
      'multipart/mixed; boundary=m',
      '--m\r\nContent-Type: multipart/signed; protocol="application/pgp-signature"; boundary=b\r\n\r\n--b--\r\n--m--',
    ),
    'PGP',
  ],
  [
    'a signed mail that is attached',
    mail(
      'multipart/mixed; boundary=m',
      `--m\r\nContent-Type: message/rfc822\r\n\r\n${mail('multipart/signed; boundary=b', '--b--')}\r\n--m--`,
    ),
    null,
  ],
  [
    'a text file with a signature in it',
    mail(
      'multipart/mixed; boundary=m',
      '--m\r\nContent-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\n-----BEGIN PGP SIGNED MESSAGE-----\r\n--m--',
    ),
    null,
  ],
  ['an answer that goes on', mail('multipart/signed; boundary=b', '--b--', 'X-Desk-Forwarded: 1; returns.example.org\r\n'), null],
];

for (const [why, raw, expected] of ROWS) {
  test(`${why}: ${expected ?? 'not signed'}`, () => assert.equal(authorSignature(Buffer.from(raw)), expected));
}

test('it never throws', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => void authorSignature(Buffer.from(bytes))));
});
