// This file reads notices of a form that nobody has described yet, where one single address stands in the words that is neither the sender's nor somebody to ask. It comes last.
import { headerText } from '../../headers.ts';
import { autoReplyIn } from '../auto-reply.ts';
import type { NoticeEntry } from '../notice-entry.ts';
import { cleanAddress } from '../report-address.ts';
import type { ReportMail } from '../report-mail.ts';
import { NOTICE_SENTENCE, NOTICE_SUBJECT } from '../report-phrases.ts';

const ADDRESS = /[^\s<>"',;:()[\]\uff1a\uff0c\u3001]{1,128}@[^\s<>"',;:()[\]\uff0c\u3002\u3001]{1,255}/g;
/** More addresses are looked at by nobody: one is wanted. */
const ADDRESSES_MAX = 50;
/** Whom a notice names for those who have questions, and mail systems themselves. */
const SOMEBODY_TO_ASK =
  /^(?:post-?master|mailer-?daemon|abuse|support|help(?:desk)?|hotline|service|admin\w{0,10}|hostmaster|webmaster|noc|root|no-?reply|do-?not-?reply|security|unblock|removal|delist\w{0,5}|whitelist|contact|kontakt|info)(?:[+.-].{0,60})?@/i;

/** Who wrote the message, in front of the address. */
const WRITER =
  /(?:\bfrom|\bvon|\bde|\bda|\bvan|\bod|\bot|\bfr[åa]n|\bfra|от|sender|absender|exp[ée]diteur|remitente|mittente)[ \t]{0,3}[:<"'(]{0,3}[ \t]{0,3}$/iu;
/** Gateways tell their own users of mail that was kept from them. */
const TO_YOU =
  /\b(?:e-?mail|message|mail|attachment)s?\b[^.\n]{0,120}\b(?:to|for) you\b|\b(?:to|in) your (?:mailbox|inbox)\b|\ban sie\b[^.\n]{0,40}(?:gerichtet|adressiert)/i;

/**
 * Postmasters and hosts write about one address in many matters: only what a machine has marked, or what is a report
 * by its subject and its words alike, is read by a single address.
 */
function isMarked(mail: ReportMail): boolean {
  if (/mailer-?daemon/i.test(mail.from)) return true;
  const byMachine =
    mail.root.type === 'multipart/report' ||
    mail.returned !== null ||
    headerText(mail.headers, 'auto-submitted') !== null ||
    headerText(mail.headers, 'return-path') === '<>';
  return NOTICE_SUBJECT.test(mail.subject) && (byMachine || NOTICE_SENTENCE.test(mail.notice));
}

/** Reads such a notice; empty where it names no address, or several. */
export function readOnlyAddress(mail: ReportMail): readonly NoticeEntry[] {
  if (autoReplyIn(mail) || TO_YOU.test(mail.notice) || !isMarked(mail)) return [];
  const own = ['to', 'from', 'reply-to', 'delivered-to', 'sender']
    .map((name) => (headerText(mail.headers, name) ?? '').toLowerCase())
    .join('\n');
  const found = new Map<string, string>();
  for (const match of [...mail.notice.matchAll(ADDRESS)].slice(0, ADDRESSES_MAX)) {
    const [text] = match;
    if (WRITER.test(mail.notice.slice(Math.max(0, match.index - 24), match.index))) continue;
    const address = cleanAddress(text.replace(/^(?:mailto|smtp|rfc822)[:;]/i, ''));
    const key = address?.toLowerCase() ?? '';
    // What looks like an address and has no domain of a mailbox is an id of a message or a queue.
    if (address !== null && /\.[\p{L}\d-]{2,63}$/u.test(key) && !own.includes(key) && !SOMEBODY_TO_ASK.test(key)) found.set(key, address);
  }
  const [only, ...more] = [...found.values()];
  return only === undefined || more.length > 0 ? [] : [{ address: only, reason: mail.notice }];
}
