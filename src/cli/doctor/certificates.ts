// This file looks at the certificates of the doors: the files of the settings, and what a running desk shows at its HTTPS port.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Clock } from '../../clock.ts';
import type { Config } from '../../config.ts';
import { type CertificateFiles, isFor } from '../../flows/self-checks/check-certificates.ts';
import { certificateOf } from '../../flows/self-checks/probes.ts';
import { httpsFiles, smtpFiles } from '../serve/door-tls.ts';
import { httpsName } from '../serve/self-checks.ts';
import { type Finding, finder } from './finding.ts';

const DAY_MS = 86_400_000;
const CERTIFICATE_WARN_DAYS = 14;
const LOOPBACK = /^(127\.|::1$|localhost$)/;

/** The certificate of the SMTP doors. */
export function checkTls(config: Config, clock: Clock): Finding {
  const files = smtpFiles(config);
  if (files !== null) return checkFiles('TLS', files, clock);
  return finder('TLS').warn(
    'no certificate; SMTP offers STARTTLS with one made at the start',
    'Set PACKETBOAT_TLS_CERT and PACKETBOAT_TLS_KEY before others connect.',
  );
}

/** How API and console are reached: HTTPS of the desk with its certificate, a proxy, or plain HTTP. */
export async function checkHttps(config: Config, clock: Clock): Promise<Finding> {
  const { ok, warn } = finder('HTTPS');
  if (config.httpsPort === null) {
    const reach = `plain HTTP on ${config.httpHost}:${config.httpPort}`;
    if (LOOPBACK.test(config.httpHost)) return ok(`off; ${reach}, from this machine only`);
    if (config.trustedProxies.length > 0) return ok(`off; ${reach}, behind ${config.trustedProxies.join(', ')}`);
    return warn(
      `off; ${reach}: keys and passwords of other machines come in the clear`,
      'Set PACKETBOAT_HTTPS_PORT with a certificate, or listen on 127.0.0.1 behind a proxy and name it in PACKETBOAT_TRUSTED_PROXIES.',
    );
  }
  const files = httpsFiles(config);
  if (files === null)
    return warn(
      'on, with a certificate that the desk made itself; browsers and programs refuse it',
      'Set PACKETBOAT_HTTPS_CERT and PACKETBOAT_HTTPS_KEY. Until then, programs trust tls/self-signed.pem of the data folder (--ca FILE).',
    );
  const found = checkFiles('HTTPS', files, clock, httpsName(config));
  const shown =
    config.httpsPort === 0 ? null : await certificateOf(LOOPBACK.test(config.httpsHost) ? config.httpsHost : '127.0.0.1', config.httpsPort);
  if (!shown?.ok || found.state === 'fail') return withWhatIsShown(found, shown?.ok ? shown.certificate : null, clock);
  if (shown.certificate.fingerprint256 === new X509Certificate(readFileSync(files.certificate)).fingerprint256) return found;
  return warn(
    `the running desk shows another certificate (${remaining(shown.certificate, clock)}) than ${files.certificate} holds`,
    'It takes up a new pair at the next connection: run this again. If it stays so, its log says why (tls_certificate_unusable).',
  );
}

/** Files that do not work matter more while nothing else is shown: the next start fails with them. */
function withWhatIsShown(found: Finding, shown: X509Certificate | null, clock: Clock): Finding {
  if (found.state !== 'fail' || shown === null) return found;
  return { ...found, says: `${found.says}; the running desk goes on with the certificate it has (${remaining(shown, clock)})` };
}

function checkFiles(name: string, files: CertificateFiles, clock: Clock, host: string | null = null): Finding {
  const { ok, warn, fail } = finder(name);
  try {
    const certificate = new X509Certificate(readFileSync(files.certificate));
    if (!certificate.checkPrivateKey(createPrivateKey(readFileSync(files.key))))
      return fail('certificate and key do not belong together', 'Give the key that the certificate was made for.');
    const days = daysLeft(certificate, clock);
    if (days < 0) return fail(`the certificate ended ${-days} days ago`, 'Renew it; new files are taken up within seconds.');
    if (host !== null && !isFor(certificate, host))
      return warn(`the certificate is not for ${host} (${certificate.subjectAltName ?? certificate.subject})`, `Get one for ${host}.`);
    return days < CERTIFICATE_WARN_DAYS
      ? warn(`the certificate ends in ${days} days`, 'Renew it; new files are taken up within seconds.')
      : ok(`${certificate.subject.replaceAll('\n', ', ')}, ${days} days left`);
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error), 'Give PEM files that the desk may read.');
  }
}

function remaining(certificate: X509Certificate, clock: Clock): string {
  const days = daysLeft(certificate, clock);
  return days < 0 ? `ended ${-days} days ago` : `${days} days left`;
}

function daysLeft(certificate: X509Certificate, clock: Clock): number {
  return Math.floor((certificate.validToDate.getTime() - clock.nowMs()) / DAY_MS);
}
