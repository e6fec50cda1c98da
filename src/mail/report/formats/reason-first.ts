// This file reads notices that give one reason and then list the addresses: Post.Office and Netscape ("undeliverable due to the following reason:"), and the carriers that
// come from them: au and EZweb (KDDI). There the SMTP reply quoted below says "user unknown" for every reason alike; their own sentence tells the truth.
import type { NoticeEntry } from '../notice-entry.ts';
import { cleanAddress } from '../report-address.ts';
import type { ReportMail } from '../report-mail.ts';

const CARRIER = /@(?:[\w-]{1,40}\.){0,3}(?:ezweb\.ne\.jp|au\.com|auone-net\.jp|dion\.ne\.jp|kddi\.com)\b/i;
const CARRIER_SENTENCE =
  /^[ \t]*((?:the user\(s\) account|as their mail ?box|your message was not delivered within|following user\(s\)|each of the following recipients) [^\n]{0,200})$/im;
const REASON = /^[ \t]*this message was undeliverable due to the following reason:?[ \t]*\n\s{0,80}(\S[^\n]{0,400})$/im;
const ADDRESS = /<([^<>\s]{1,128}@[^<>\s]{1,255})>(?::[ \t]*([^\n]{0,300}))?/g;
const ADDRESSES_MAX = 500;

/** Reads such a notice; empty when it is from somebody else or gives no reason of its own. */
export function readReasonFirst(mail: ReportMail): readonly NoticeEntry[] {
  const sentence = REASON.exec(mail.notice)?.[1] ?? (CARRIER.test(mail.from) ? CARRIER_SENTENCE.exec(mail.notice)?.[1] : undefined);
  if (sentence === undefined) return [];
  const entries: NoticeEntry[] = [];
  for (const [, text = '', reply = ''] of mail.notice.matchAll(ADDRESS)) {
    const address = cleanAddress(text);
    if (address !== null && entries.length < ADDRESSES_MAX) entries.push({ address, reason: `${sentence} ${reply}`.trim() });
  }
  return entries;
}
