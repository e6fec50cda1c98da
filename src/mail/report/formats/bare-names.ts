// This file reads notices of AOL that name mailboxes without their domain, which is the domain of the notice's sender.
import type { NoticeEntry } from '../notice-entry.ts';
import { firstAddress } from '../report-address.ts';
import type { ReportMail } from '../report-mail.ts';

const INTRODUCTION =
  /^your mail to the following recipients could not be delivered([^\n]{0,200}):[ \t]*\n((?:[ \t]{1,8}[\w.-]{3,64}[ \t]*(?:\n|$)){1,500})/im;

/** Reads such a notice; empty when it has another form. */
export function readBareNames(mail: ReportMail): readonly NoticeEntry[] {
  const match = INTRODUCTION.exec(mail.notice);
  const domain = firstAddress(mail.from)?.split('@')[1];
  if (match === null || domain === undefined) return [];
  const names = (match[2] ?? '').split('\n').map((line) => line.trim());
  return names.filter((name) => name !== '').map((name) => ({ address: `${name}@${domain}`, reason: `could not be delivered${match[1]}` }));
}
