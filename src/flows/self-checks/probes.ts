// This file looks at our own doors from the outside, as others meet them: the first line of an SMTP server, and the certificate of an https address.
import type { X509Certificate } from 'node:crypto';
import { connect, isIP } from 'node:net';
import { connect as connectTls, TLSSocket } from 'node:tls';

export type GreetingOf = (host: string) => Promise<{ ok: true; line: string } | { ok: false; message: string }>;
export type CertificateOf = (
  host: string,
  port: number,
) => Promise<{ ok: true; certificate: X509Certificate } | { ok: false; message: string }>;

/** Our own doors answer at once; ten seconds are a firewall that drops. */
const TIMEOUT_MS = 10_000;
/** RFC 5321 §4.5.3.1.5: a reply line is at most 512 bytes. */
const LINE_MAX = 512;
const SMTP_PORT = 25;

/** Makes the look at an SMTP server; the port is 25 everywhere but in tests. */
export function makeGreetingOf(port: number = SMTP_PORT, timeoutMs: number = TIMEOUT_MS): GreetingOf {
  return (host) =>
    new Promise((resolve) => {
      let text = '';
      const socket = connect({ host, port, timeout: timeoutMs });
      const finish = (answer: Awaited<ReturnType<GreetingOf>>) => {
        resolve(answer);
        socket.destroy();
      };
      socket.setEncoding('latin1');
      socket.on('timeout', () => finish({ ok: false, message: 'no answer' }));
      socket.on('error', (error) => finish({ ok: false, message: error.message }));
      socket.on('close', () => finish({ ok: false, message: 'the connection was closed' }));
      socket.on('data', (chunk) => {
        text += String(chunk);
        if (text.includes('\n') || text.length > LINE_MAX) finish({ ok: true, line: (text.split(/\r?\n/)[0] ?? '').slice(0, LINE_MAX) });
      });
    });
}

/** The certificate itself, whoever vouches for it: that is judged apart. */
export const certificateOf: CertificateOf = (host, port) =>
  new Promise((resolve) => {
    // RFC 6066 §3: addresses are no server names.
    const name = isIP(host) === 0 ? { servername: host } : {};
    const socket = connectTls({ host, port, ...name, rejectUnauthorized: false, timeout: TIMEOUT_MS });
    const finish = (answer: Awaited<ReturnType<CertificateOf>>) => {
      resolve(answer);
      socket.destroy();
    };
    socket.on('timeout', () => finish({ ok: false, message: 'no answer' }));
    socket.on('error', (error) => finish({ ok: false, message: error.message }));
    socket.on('close', () => finish({ ok: false, message: 'the connection was closed' }));
    socket.on('secureConnect', () => {
      const certificate = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
      finish(certificate ? { ok: true, certificate } : { ok: false, message: 'no certificate was shown' });
    });
  });
