// This file reads notices in paragraphs that start with the address: qmail and its family ("Hi. This is the qmail-send program"), Yahoo, GMX and 1&1,
// Courier, OpenSMTPD, Postfix without a machine-readable part.
import type { NoticeEntry } from '../notice-entry.ts';
import { cleanAddress } from '../report-address.ts';
import type { ReportMail } from '../report-mail.ts';

/** `<user@example.com>:` or `"user@example.com":` or `user@example.com: reason`. */
const HEAD =
  /^([ \t]{0,4})(?:<([^<>\s]{3,320})>|"([^"\s@]{1,128}@[^"\s]{1,255})"|([^\s<>"':]{1,128}@[^\s<>"':]{1,255})):(?:[ \t]+(\S.*))?$/;

/** Reads such a notice; empty when it has another form. */
export function readParagraphs(mail: ReportMail): readonly NoticeEntry[] {
  const entries: { address: string; reason: string }[] = [];
  let current: { address: string; reason: string } | null = null;
  let blankLines = 0;
  let headIndent = 0;
  for (const line of mail.notice.split('\n')) {
    const head = HEAD.exec(line);
    const indent = head?.[1]?.length ?? 0;
    // Postfix folds its paragraphs: an indented address inside of one belongs to the quoted reply.
    const inside: boolean = current !== null && blankLines === 0 && indent > headIndent;
    const address: string | null = head === null || inside ? null : cleanAddress(head[2] ?? head[3] ?? head[4] ?? '');
    if (address !== null) {
      headIndent = indent;
      current = { address, reason: head?.[5] ?? '' };
      entries.push(current);
      blankLines = 0;
    } else if (line.trim() === '') {
      blankLines += 1;
      // One empty line may stand between the address and its reason, none inside the reason.
      if (current !== null && (current.reason !== '' || blankLines > 1)) current = null;
    } else if (current !== null) current.reason += ` ${line.trim()}`;
  }
  return entries;
}
