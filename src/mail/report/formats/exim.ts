// This file reads Exim's notices: addresses indented by two blanks, reasons by four, and the header X-Failed-Recipients.
import { headerText } from '../../headers.ts';
import type { NoticeEntry } from '../notice-entry.ts';
import { cleanAddress, firstAddress } from '../report-address.ts';
import type { ReportMail } from '../report-mail.ts';

const INTRODUCTION =
  /^(?:this message was created automatically by (?:the )?mail|a message that you (?:have )?sent (?:could not|has not|contained)|the (?:following )?address(?:\(?es\)?)?|a message (?:you sent )?(?:with the|that))/im;

/** Reads such a notice; empty when it has another form. */
export function readExim(mail: ReportMail): readonly NoticeEntry[] {
  const failed = headerText(mail.headers, 'x-failed-recipients');
  if (failed === null && !INTRODUCTION.test(mail.notice)) return [];
  const entries = indentedEntries(mail.notice);
  const header = (failed ?? '')
    .split(',')
    .map((text) => firstAddress(text))
    .filter((address) => address !== null);
  if (header.length === 0) return entries;
  // The header names exactly the failed ones; lines of the notice may quote others.
  return header.map(
    (address) =>
      entries.find((entry) => entry.address.toLowerCase() === address.toLowerCase()) ?? {
        address,
        reason: entries.length > 0 ? '' : mail.notice,
      },
  );
}

/** `  user@example.com` and, one level deeper, why. */
function indentedEntries(notice: string): NoticeEntry[] {
  const entries: { address: string; reason: string }[] = [];
  let current: { address: string; reason: string } | null = null;
  for (const line of notice.split('\n')) {
    const head = /^ {1,3}\t?<?([^\s<>"]{1,128}@[^\s<>",;]{1,255}?)>?:?[ \t]*$/.exec(line);
    const generated = /^\s*\((?:ultimately )?(?:generated|expanded) from ([^\s()]{3,320})\)/.exec(line)?.[1];
    const address = head === null ? null : cleanAddress(head[1] ?? '');
    const hidden: string | null = current === null && generated !== undefined ? cleanAddress(generated) : null;
    if (address !== null || hidden !== null) {
      current = { address: address ?? hidden ?? '', reason: '' };
      entries.push(current);
    } else if (line.trim() === '') current = null;
    // "(generated from alias@…)" names the address that was written to, no reason.
    else if (current !== null && /^\s/.test(line) && generated === undefined) current.reason += ` ${line.trim()}`;
  }
  return entries;
}
