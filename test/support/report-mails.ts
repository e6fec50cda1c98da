// This file writes report mails as receivers do, signed with DKIM, and is the DNS that proves them.
import { generateKeyPairSync } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { makeDkimSigner } from '../../src/mail/dkim.ts';
import { type FakeDns, fakeDns } from '../fakes/dns-server.ts';

export const REPORTER = 'receiver.example';
const SELECTOR = 'r1';

export interface ReporterWorld {
  readonly dns: FakeDns;
  /** A mail with a report packed inside; `signed` false: anybody's. */
  mail(xml: string, options?: { signed?: boolean; from?: string; subject?: string }): Promise<Buffer>;
  /** Signs any mail as the reporter. */
  sign(raw: string): Promise<Buffer>;
}

export async function reporterWorld(t: { after(fn: () => Promise<void>): void }): Promise<ReporterWorld> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const zone: Readonly<Record<string, string>> = {
    [`${SELECTOR}._domainkey.${REPORTER}`]: `v=DKIM1; k=rsa; p=${key}`,
    [`_dmarc.${REPORTER}`]: 'v=DMARC1; p=reject',
  };
  const dns = await fakeDns((name, type) => {
    const value = type === 'TXT' ? zone[name] : undefined;
    return value === undefined ? { rcode: 3 } : { answers: [{ type: 'TXT', value }] };
  });
  t.after(() => dns.close());
  const signer = makeDkimSigner({ domain: REPORTER, selector: SELECTOR, privateKey });
  const sign = (raw: string) => signer.sign(Buffer.from(raw.replace(/\r?\n/g, '\r\n')), Date.now());
  let number = 0;
  return {
    dns,
    sign,
    async mail(
      xml,
      { signed = true, from = `dmarc@${REPORTER}`, subject = `Report Domain: x Submitter: ${REPORTER} Report-ID: <1>` } = {},
    ) {
      number += 1;
      const body = gzipSync(xml).toString('base64').replace(/.{76}/g, '$&\n');
      const raw =
        `From: ${from}\nTo: reports@desk.example\nSubject: ${subject}\nDate: ${new Date().toUTCString()}\nMessage-ID: <m${number}@${REPORTER}>\nMIME-Version: 1.0\n` +
        `Content-Type: application/gzip; name="r.xml.gz"\nContent-Transfer-Encoding: base64\n\n${body}\n`;
      return signed ? sign(raw) : Buffer.from(raw.replaceAll('\n', '\r\n'));
    },
  };
}
