// This file checks how long the certificates of our doors are still good: the one of the settings (SMTP), and the one under our public https address.
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type SelfCheck, selfCheck } from './finding.ts';
import type { CertificateOf } from './probes.ts';

const DAY_MS = 86_400_000;
/** What renews by itself renews a month before the end; two weeks before it, something is wrong with that. */
const DAYS_WARN = 14;
const DAYS_PROBLEM = 3;

/** `path` is the PEM file of the settings; null: the desk made one itself. */
export function checkSmtpCertificate(path: string | null, hostname: string, nowMs: number): SelfCheck {
  if (path === null) return selfCheck('note', 'certificate-none', hostname);
  try {
    return judge(new X509Certificate(readFileSync(path)), hostname, nowMs);
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

function judge(certificate: X509Certificate, name: string, nowMs: number): SelfCheck {
  const days = Math.floor((certificate.validToDate.getTime() - nowMs) / DAY_MS);
  const detail = String(days);
  if (days < 0) return selfCheck('problem', 'certificate-ended', name);
  if (certificate.checkHost(name) === undefined) {
    return selfCheck('warning', 'certificate-name', name, { seen: certificate.subjectAltName ?? certificate.subject });
  }
  if (days < DAYS_WARN) return selfCheck(days < DAYS_PROBLEM ? 'problem' : 'warning', 'certificate-ends', name, { detail });
  return selfCheck('ok', 'certificate-ok', name, { detail });
}
