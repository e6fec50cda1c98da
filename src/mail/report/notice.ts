// This file reads reports that are only words (`is-notice.ts` says whether a mail is one). It asks one reader after the other, the most exact form first. A new
// form is a new file in formats/ and a line here.

import type { ReportAction, ReportedRecipient } from './delivery-status.ts';
import { readBareNames } from './formats/bare-names.ts';
import { readExim } from './formats/exim.ts';
import { readListServer } from './formats/list-server.ts';
import { readListed } from './formats/listed.ts';
import { readOnlyAddress } from './formats/only-address.ts';
import { readParagraphs } from './formats/paragraphs.ts';
import { readReasonFirst } from './formats/reason-first.ts';
import { isNotice } from './is-notice.ts';
import type { NoticeEntry } from './notice-entry.ts';
import { firstAddress } from './report-address.ts';
import { type ReportMail, returnedHeader } from './report-mail.ts';
import { DELAY_ELSEWHERE, FINAL_ELSEWHERE } from './report-phrases.ts';

/** Reads a notice in one form; empty when the mail has another form. */
export type NoticeReader = (mail: ReportMail) => readonly NoticeEntry[];

const READERS: readonly NoticeReader[] = [
  readListServer,
  readReasonFirst,
  readExim,
  readParagraphs,
  readListed,
  readBareNames,
  readOnlyAddress,
];

/** More recipients than this in one notice are not about our mail. */
const RECIPIENTS_MAX = 500;
const REASON_CHARS_MAX = 2000;

/** Recipients named by a notice in words; empty when the mail is no report. Never throws. */
export function noticeRecipients(mail: ReportMail): readonly ReportedRecipient[] {
  if (!isNotice(mail)) return [];
  const action = actionOf(mail);
  for (const read of READERS) {
    const entries = onePerAddress(read(mail).slice(0, RECIPIENTS_MAX));
    if (entries.length > 0) return entries.map((entry) => recipientOf(entry, action));
  }
  return [];
}

/** Notices name an address twice where they explain themselves ("Recipient: …, Reason: …"): the first reason that says something stays. */
function onePerAddress(entries: readonly NoticeEntry[]): readonly NoticeEntry[] {
  const byAddress = new Map<string, NoticeEntry>();
  for (const entry of entries) {
    const key = entry.address.toLowerCase();
    const known = byAddress.get(key);
    if (known === undefined || known.reason.trim() === '') byAddress.set(key, entry);
  }
  return [...byAddress.values()];
}

/** A report that names nobody ("Delivery report unavailable") returns the message: to one address, it is about that one. Never throws. */
export function returnedRecipients(mail: ReportMail): readonly ReportedRecipient[] {
  const to = isNotice(mail) ? (returnedHeader(mail, 'to') ?? '') : '';
  const address = to.split('@').length === 2 ? firstAddress(to) : null;
  if (address === null || mail.returned === null) return [];
  // The header of list mail names the list: without a machine-readable part, the envelope of the last hop has to agree ("Received: … for <address>").
  const envelope = /\sfor\s{1,8}<([^<>\s]{3,320})>/.exec(mail.returned.text)?.[1] ?? '';
  const agreed = mail.statusParts.length > 0 || envelope.toLowerCase() === address.toLowerCase() || namesMailbox(mail.notice, address);
  return agreed ? [recipientOf({ address, reason: mail.notice }, actionOf(mail))] : [];
}

/** The first sentence of Exchange, before and since it wrote machine-readable parts. */
const ABOUT_SOMEBODY =
  /^[ \t]{0,8}(?:your message did not reach (?:some or all of )?(?:the|its) intended recipients?|the following recipient\(s\) could not be reached|delivery has failed to these recipients or)\b/im;

/** A report of Exchange that names its recipient in no form we can write to (X.400): whom it is about, only the return path knows. Never throws. */
export function namelessRecipient(mail: ReportMail): readonly ReportedRecipient[] {
  if (!isNotice(mail) || !ABOUT_SOMEBODY.test(mail.notice)) return [];
  return [recipientOf({ address: '', reason: mail.notice }, actionOf(mail))];
}

/** GroupWise names the mailbox without its domain: "undeliverable to the following: mkay (mailbox is full)". */
function namesMailbox(notice: string, address: string): boolean {
  const name = address.slice(0, address.lastIndexOf('@')).toLowerCase();
  return new Set(notice.toLowerCase().split(/[\s<>()"',;:]+/)).has(name);
}

/**
 * What the notice in words says about each address (lower case), for machine-readable reports that name recipients without a word why. Addresses of which it says
 * nothing on their own are missing. Never throws.
 */
export function noticeReasons(mail: ReportMail): ReadonlyMap<string, string> {
  const reasons = new Map<string, string>();
  for (const read of READERS) {
    for (const { address, reason } of read(mail).slice(0, RECIPIENTS_MAX)) {
      const words = reason.replace(/\s+/g, ' ').trim().slice(0, REASON_CHARS_MAX);
      if (words !== '' && reason !== mail.notice && !reasons.has(address.toLowerCase())) reasons.set(address.toLowerCase(), words);
    }
    if (reasons.size > 0) break;
  }
  return reasons;
}

function recipientOf(entry: NoticeEntry, action: ReportAction): ReportedRecipient {
  const diagnostic = entry.reason.replace(/\s+/g, ' ').trim().slice(0, REASON_CHARS_MAX);
  return { address: entry.address, originalAddress: null, action, status: '', diagnostic, diagnosticType: null, remoteMta: null };
}

/** Words of a server that goes on trying; they outweigh that it "could not deliver" so far. */
const STILL_TRYING =
  /warning (?:message )?only|delivery attempts will continue|(?:will|server will) (?:continue|keep) (?:to )?tr|(?:will|to) be (?:re)?tried (?:for|until|again)|still (?:being )?(?:tr|queued)|still in the queue|do not need to resend|no action is required|not yet been delivered|have not yet received|only a temporary failure|is kept in the queue|notification about a delay/i;
const DELAYED = /(?:has|have) been delayed|delivery (?:is|was) delayed|(?:will|be) (?:retried|retrying|trying to)/i;
const GIVEN_UP =
  /i'?ve given up|i'm not going to try|giving up|failed permanently|permanent (?:error|fatal|fail)|(?:has been|was|is being) returned to (?:the )?sender/i;
const FINAL = /has failed|could not be delivered|returned to sender|final/i;

const DELAYED_SUBJECT =
  /\(delay(?:ed)?\)|warning: message .{0,60}delayed|warning[:-]{1,3} ?could not send|delivery (?:status notification \()?delay|delayed mail|still being retried/i;

/** Reports of success, for senders that asked: nothing failed. */
const DELIVERED =
  /success(?:fully|ful)? (?:delivered|relayed|mail delivery|delivery)|delivery (?:was |has been )?successful|(?:has been|was) (?:successfully )?(?:delivered to|relayed to)|\((?:success|relay(?:ed)?)\)|erfolgreich zugestellt|remis avec succ[èe]s|entregado correctamente/i;
const ANYTHING_BAD =
  /fail|could ?n.t|could not|can ?not|not (?:be |been )?(?:yet )?(?:delivered|relayed)|undeliver|error|reject|refus|denied|unknown|full\b|delayed|unable|returned|[45]\d\d[ -][45]\.\d/i;

/** A warning keeps the message alive. A notice that says both is about the end. */
function actionOf(mail: ReportMail): ReportAction {
  const text = `${mail.subject}\n${mail.notice}`;
  if (DELIVERED.test(text) && !ANYTHING_BAD.test(text)) return 'delivered';
  if (DELAYED_SUBJECT.test(mail.subject) || DELAY_ELSEWHERE.test(mail.subject)) return 'delayed';
  if (GIVEN_UP.test(text)) return 'failed';
  if (STILL_TRYING.test(text) || (DELAYED.test(text) && !FINAL.test(text))) return 'delayed';
  return DELAY_ELSEWHERE.test(mail.notice) && !FINAL_ELSEWHERE.test(text) ? 'delayed' : 'failed';
}
