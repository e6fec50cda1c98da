// This file checks how long the certificates of our doors are still good: those of the settings (SMTP, HTTPS), and the one under our public https address.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { type SelfCheck, selfCheck } from './finding.ts';
import type { CertificateOf } from './probes.ts';

const DAY_MS = 86_400_000;
/** What renews by itself renews a month before the end; two weeks before it, something is wrong with that. */
const DAYS_WARN = 14;
const DAYS_PROBLEM = 3;

/** PEM files of the settings. */
export interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
}

/** What the HTTPS door shows, and under which name people and programs ask for it. */
export interface HttpsDoorNames {
  /** Null: the desk made its certificate itself. */
  readonly files: CertificateFiles | null;
  readonly name: string;
}

/** `files` are those of the settings; null: the desk made a certificate itself. */
export function checkSmtpCertificate(files: CertificateFiles | null, hostname: string, nowMs: number): SelfCheck {
  return files === null ? selfCheck('note', 'certificate-none', hostname) : judgeFiles(files, hostname, nowMs);
}

/** The files of the HTTPS door; nothing where HTTPS is not spoken. */
export function checkHttpsDoor(door: HttpsDoorNames | null, nowMs: number): SelfCheck[] {
  if (door === null) return [];
  return [door.files === null ? selfCheck('warning', 'https-certificate-none', door.name) : judgeFiles(door.files, door.name, nowMs)];
}

function judgeFiles({ certificate: path, key }: CertificateFiles, name: string, nowMs: number): SelfCheck {
  try {
    const certificate = new X509Certificate(readFileSync(path));
    if (!certificate.checkPrivateKey(createPrivateKey(readFileSync(key))))
      return selfCheck('problem', 'certificate-mismatch', path, { seen: key });
    return judge(certificate, name, nowMs);
  } catch (error) {
    return selfCheck('problem', 'certificate-unreadable', path, { detail: error instanceof Error ? error.message : String(error) });
  }
}

/** Nothing where there is no public address, or none with https. */
export async function checkHttpsCertificate(publicUrl: string | null, certificateOf: CertificateOf, nowMs: number): Promise<SelfCheck[]> {
  if (publicUrl === null || !publicUrl.startsWith('https:')) return [];
  const { hostname, port } = new URL(publicUrl);
  const got = await certificateOf(hostname, port === '' ? 443 : Number(port));
  if (!got.ok) return [selfCheck('unknown', 'certificate-unreadable', publicUrl, { detail: got.message })];
  return [judge(got.certificate, hostname, nowMs)];
}

/** Whether a certificate is for this host name or address. */
export function isFor(certificate: X509Certificate, name: string): boolean {
  return (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined;
}

function judge(certificate: X509Certificate, name: string, nowMs: number): SelfCheck {
  const days = Math.floor((certificate.validToDate.getTime() - nowMs) / DAY_MS);
  const detail = String(days);
  if (days < 0) return selfCheck('problem', 'certificate-ended', name);
  if (!isFor(certificate, name)) {
    return selfCheck('warning', 'certificate-name', name, { seen: certificate.subjectAltName ?? certificate.subject });
  }
  if (days < DAYS_WARN) return selfCheck(days < DAYS_PROBLEM ? 'problem' : 'warning', 'certificate-ends', name, { detail });
  return selfCheck('ok', 'certificate-ok', name, { detail });
}
