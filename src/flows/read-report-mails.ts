// This file reads the report mails that wait: who brought each is proven first (anybody can write a report), then its reports are stored and the mail leaves the queue in the
// same transaction. A mail whose sender cannot be looked up yet waits; what cannot be read is parked for a person.
import { readReportAddress } from '../delivery/report-address.ts';
import type { Log } from '../log.ts';
import type { DomainReport } from '../mail/domain-reports/model.ts';
import { readDomain } from '../mail/domain-reports/values.ts';
import { headerText, readHeaders } from '../mail/headers.ts';
import { tenantOfReportAddress } from '../store/domain-reports.ts';
import { finishReportMail, postponeReportMail, type TakenReportMail, takeReportMail } from '../store/report-queue.ts';
import {
  type AuthenticateMailInput,
  authenticateMail,
  type MailProof,
  sameOrganisation,
} from '../watch/mail-authentication/authenticate-mail.ts';
import type { Chore } from './housekeeping.ts';
import { type ReportProof, type ReportsTaken, type StoreReportsDeps, storeReports } from './store-reports.ts';

export interface ReadReportMailsDeps extends StoreReportsDeps {
  readonly log: Log;
  readonly reportAddresses: { readonly secretKeys: readonly Buffer[]; readonly host: string };
  readonly hostname: string;
  readonly resolve: AuthenticateMailInput['resolve'];
  /** The desk winds up. */
  readonly signal: AbortSignal;
}

const LOOK_EVERY_MS = 1_000;
const TRIES_MAX = 5;
/** DNS servers of reporters are back within hours. */
const RETRY_S = 120;

export function readReportMailsChore(deps: ReadReportMailsDeps): Chore {
  return {
    name: 'read-report-mails',
    everyMs: LOOK_EVERY_MS,
    async run() {
      while (!deps.signal.aborted) {
        const mail = await takeReportMail(deps.pool);
        if (mail === null) return;
        await readOne(deps, mail);
      }
    },
  };
}

async function readOne(deps: ReadReportMailsDeps, mail: TakenReportMail): Promise<void> {
  const inSeconds = RETRY_S * 4 ** (mail.tries - 1);
  try {
    const proof = await authenticateMail({ ...mail, hostname: deps.hostname, resolve: deps.resolve });
    // After the last try it is stored as what it is: not proven.
    if (proof.result === 'unreachable' && mail.tries < TRIES_MAX) {
      return await postponeReportMail(deps.pool, mail.id, { inSeconds, error: 'The sender could not be looked up in DNS.' });
    }
    const token = readReportAddress(mail.rcptTo, deps.reportAddresses);
    const tenantId = token === null ? null : await tenantOfReportAddress(deps.pool, token);
    const submitter = submitterOf(mail.raw);
    const origin = {
      source: mail.mailboxId === null ? ('mail' as const) : ('mailbox' as const),
      tenantId,
      inboundMailId: mail.id,
      authenticate: (report: DomainReport) => judgeReport(report, proof, submitter),
    };
    await storeReports(deps, mail.raw, origin, (client, taken) => finishReportMail(client, mail.id, readingOf(mail, taken)));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    deps.log.error({ event: 'report_mail_unreadable', mail: mail.id, tries: mail.tries, reason });
    await postponeReportMail(deps.pool, mail.id, { inSeconds: mail.tries >= TRIES_MAX ? null : inSeconds, error: reason });
  }
}

/** `Submitter:` of the subject (RFC 9990 §5.2, RFC 8460 §5.3), or the header of TLS reports. */
function submitterOf(raw: Buffer): string | null {
  const headers = readHeaders(raw);
  const text =
    headerText(headers, 'tls-report-submitter') ??
    /\bSubmitter:\s*<?([^\s<>]{1,255})/i.exec(headerText(headers, 'subject') ?? '')?.[1] ??
    null;
  return text === null ? null : (readDomain(text)?.domain ?? null);
}

/** A report is proven when its mail proves its From and the report claims to come from there: by its contact address, its name, or the Submitter. */
export function judgeReport(report: DomainReport, proof: MailProof, submitter: string | null): ReportProof {
  const { result, domain } = proof;
  if (result !== 'pass' || domain === null) return { proven: false, authentication: result, submitter: domain };
  const claims = claimsOf(report, submitter);
  const fits = claims.length === 0 || claims.some((claim) => sameOrganisation(claim, domain));
  return { proven: fits, authentication: fits ? 'pass' : 'mismatch', submitter: domain };
}

/** Domains a report says it comes from; empty: it does not say. */
function claimsOf(report: DomainReport, submitter: string | null): string[] {
  const named = report.kind === 'failure' ? [] : [report.orgName, report.kind === 'aggregate' ? report.email : report.contactInfo];
  const domains = named.flatMap((text) => {
    const last = (text ?? '')
      .trim()
      .split(/[\s<>,;:]+/)
      .filter((word) => word.includes('.'))
      .at(-1);
    return last === undefined ? [] : (readDomain(last)?.domain ?? []);
  });
  return submitter === null ? domains : [...domains, submitter];
}

function readingOf(mail: TakenReportMail, taken: ReportsTaken): Parameters<typeof finishReportMail>[2] {
  const tenants = new Set(taken.stored.map((each) => each.tenantId));
  return {
    // A report for several organisations is the mail of none of them.
    tenantId: tenants.size === 1 ? ([...tenants][0] ?? null) : null,
    reports: [...new Set(taken.stored.map(({ id }) => id))],
    note: taken.refused.map(({ code, message }) => `${message} (${code})`).join(' · ') || null,
    raw: taken.failureReports > 0 ? headersOnly(mail.raw) : null,
  };
}

/** A failure report holds one person's mail: what was read of it is kept, the mail is not. */
function headersOnly(raw: Buffer): Buffer {
  const end = raw.indexOf('\r\n\r\n');
  const head = end < 0 ? raw.subarray(0, 0) : raw.subarray(0, end + 4);
  return Buffer.concat([head, Buffer.from('The failure report was read; its contents are personal and were not kept.\r\n')]);
}
