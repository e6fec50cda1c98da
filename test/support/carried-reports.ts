// This file holds the ways in which receivers pack and send a report, each with the report that has to come out.
import { gzipSync } from 'node:zlib';
import { b64, mail, plain, result, type StyledReport, TOP } from './report-text.ts';
import { zip } from './reports.ts';

export const CARRIED_REPORTS: readonly StyledReport[] = [
  {
    says: 'gzip that is called zip',
    bytes: mail(
      'Content-Type: application/zip; name="r.example!club.example!1!2.zip"\r\nContent-Transfer-Encoding: base64',
      b64(gzipSync(plain('gz'))),
    ),
    report: result('gz'),
  },
  {
    says: 'zip that is called gzip',
    bytes: mail(
      'Content-Type: application/gzip; name=r.xml.gz\r\nContent-Transfer-Encoding: base64',
      b64(zip([{ name: 'r.xml', content: plain('zg') }])),
    ),
    report: result('zg'),
  },
  {
    says: 'zip with folders and the marks of a Mac',
    bytes: zip([
      { name: 'reports/', content: '' },
      { name: '__MACOSX/reports/._r.xml', content: Buffer.from('0005160700020000', 'hex') },
      { name: 'reports/r.xml', content: plain('fold') },
    ]),
    report: result('fold'),
  },
  { says: 'double gzip', bytes: gzipSync(gzipSync(plain('dg'))), report: result('dg') },
  {
    says: 'base64 in lines of 61',
    bytes: mail('Content-Type: application/gzip\r\nContent-Transfer-Encoding: BASE64', b64(gzipSync(plain('b61')), 61)),
    report: result('b61'),
  },
  {
    says: 'base64 in one line',
    bytes: mail('Content-Type: application/gzip\r\nContent-Transfer-Encoding: base64', gzipSync(plain('b1')).toString('base64')),
    report: result('b1'),
  },
  {
    says: 'base64 without its padding and with blanks',
    bytes: mail(
      'Content-Type: application/gzip\r\nContent-Transfer-Encoding: base64',
      b64(gzipSync(plain('bp')))
        .replace(/=+/g, '')
        .replaceAll('\r\n', ' \r\n\r\n'),
    ),
    report: result('bp'),
  },
  {
    says: 'base64 that nobody announced',
    bytes: mail('Content-Type: application/octet-stream', b64(gzipSync(plain('bu')))),
    report: result('bu'),
  },
  {
    says: 'base64 of XML with a byte order mark that nobody announced',
    bytes: mail('Content-Type: application/octet-stream', b64(`\uFEFF${plain('bub')}`)),
    report: result('bub'),
  },
  {
    says: 'XML as quoted-printable text',
    bytes: mail(
      'Content-Type: text/xml; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable',
      plain('qp').replaceAll('=', '=3D').replace(/.{70}/g, '$&=\r\n'),
    ),
    report: result('qp'),
  },
  { says: 'XML in the text of the mail', bytes: mail('Content-Type: text/plain', plain('txt')), report: result('txt') },
  {
    says: 'XML in the text of the mail behind a greeting',
    bytes: mail(
      'Content-Type: text/plain; charset=utf-8',
      `Dear postmaster,\r\n\r\nthis is your report:\r\n\r\n${plain('gre')}\r\n-- \r\nThe team`,
    ),
    report: result('gre'),
  },
  {
    says: 'a mail attached to a mail, in base64',
    bytes: mail(
      'Content-Type: multipart/mixed; boundary="=_o"',
      `--=_o\r\nContent-Type: text/plain\r\n\r\nfwd\r\n--=_o\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n${b64(mail('Content-Type: application/gzip\r\nContent-Transfer-Encoding: base64', b64(gzipSync(plain('nest')))))}\r\n--=_o--`,
    ),
    report: result('nest'),
  },
  {
    says: 'an .eml attached as a file',
    bytes: mail(
      'Content-Type: multipart/mixed; boundary=o',
      `--o\r\nContent-Type: application/octet-stream; name=report.eml\r\nContent-Disposition: attachment; filename=report.eml\r\nContent-Transfer-Encoding: base64\r\n\r\n${b64(mail('Content-Type: application/zip\r\nContent-Transfer-Encoding: base64', b64(zip([{ name: 'a', content: plain('eml') }]))))}\r\n--o--`,
    ),
    report: result('eml'),
  },
  {
    says: 'a mail signed with S/MIME beside its content',
    bytes: mail(
      'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256; boundary=s',
      `--s\r\nContent-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\nContent-Type: application/gzip\r\nContent-Transfer-Encoding: base64\r\n\r\n${b64(gzipSync(plain('smime')))}\r\n--i--\r\n--s\r\nContent-Type: application/pkcs7-signature; name=smime.p7s\r\nContent-Transfer-Encoding: base64\r\n\r\nMIIC\r\n--s--`,
    ),
    report: result('smime'),
  },
  {
    says: 'a mail signed with PGP',
    bytes: mail(
      'Content-Type: multipart/signed; protocol="application/pgp-signature"; boundary=s',
      `--s\r\nContent-Type: application/zip; name=r.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n${b64(zip([{ name: 'r.xml', content: plain('pgp') }]))}\r\n--s\r\nContent-Type: application/pgp-signature\r\n\r\n-----BEGIN PGP SIGNATURE-----\r\n\r\niQ==\r\n-----END PGP SIGNATURE-----\r\n--s--`,
    ),
    report: result('pgp'),
  },
  {
    says: 'Mimecast: the whole mail is the archive, with a line end behind it',
    bytes: Buffer.concat([
      Buffer.from(`${TOP}Content-Type: application/gzip; name="r.xml.gz"\r\nContent-Transfer-Encoding: binary\r\n\r\n`),
      gzipSync(plain('mc')),
      Buffer.from('\r\n'),
    ]),
    report: result('mc'),
    warnings: ['bytes-behind-archive'],
  },
  {
    says: 'a file of a mailbox, lines that end in LF',
    bytes: `From noreply@r.example Thu Jan  1 00:00:00 2026\n${mail('Content-Type: application/gzip\r\nContent-Transfer-Encoding: base64', b64(gzipSync(plain('mbox')))).replaceAll('\r\n', '\n')}`,
    report: result('mbox'),
  },
];
