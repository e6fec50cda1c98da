// This file reads what list servers answer when they do not distribute a mail: fml, Mailman, ezmlm, Majordomo, Sympa. They write as the list's administrator, and the address that
// refused is the list's own.
import { headerText } from '../../headers.ts';
import type { NoticeEntry } from '../notice-entry.ts';
import { cleanAddress, firstAddress } from '../report-address.ts';
import type { ReportMail } from '../report-mail.ts';

/** Headers of list servers. Distributed mail carries them too: sender and words have to agree. */
const SERVER_HEADERS = ['x-mlserver', 'x-ml-info', 'x-mailman-version', 'x-ezmlm-reject', 'x-sympa-notification'] as const;
const ADMINISTRATOR = /^(.{1,64})-(?:admin|owner|request|ctl|bounces|help|editor)@(.{3,255})$/i;
/** What a list server says of a mail that it keeps from its list. */
const REFUSED =
  /not (?:an? )?(?:registered )?(?:member|subscriber|subscribed|allowed to post)|non-?members?\b|members? only|only (?:members|subscribers)|post(?:ing)? (?:was |is |by non-members )?(?:rejected|denied|refused|not allowed)|(?:message|mail|article) (?:was |has been |is )?(?:rejected|refused|not (?:accepted|distributed))|reject(?:ed)? (?:mail|article|post)|too (?:big|large)|exceeds? .{0,30}(?:size|limit)|loop(?:ed|ing|s| back)/i;
const LIST_IN_TEXT = /(?:mailing list|\bML|list)[ \t]{1,4}<?([^\s<>()",;:]{1,64}@[^\s<>()",;:]{3,255})/i;

/** A moderator will decide: nothing was refused yet. */
const HELD = /held (?:until|for|pending)|await(?:s|ing) (?:moderat|approval)|(?:pending|waiting for) (?:moderat|approval)/i;

/** Reads such an answer; empty when the mail is something else, distributed mail above all. */
export function readListServer(mail: ReportMail): readonly NoticeEntry[] {
  if (!isListRefusal(mail)) return [];
  const from = firstAddress(mail.from) ?? '';
  const administrator = ADMINISTRATOR.exec(from);
  const named = cleanAddress(LIST_IN_TEXT.exec(mail.notice)?.[1] ?? '');
  const own = administrator === null ? null : `${administrator[1]}@${administrator[2]}`;
  const address = own ?? (named === null || ADMINISTRATOR.test(named) ? null : named);
  return address === null ? [] : [{ address, reason: `${mail.subject}: ${mail.notice}` }];
}

/** True when a list server says that it did not distribute a mail. */
export function isListRefusal(mail: ReportMail): boolean {
  if (SERVER_HEADERS.every((name) => headerText(mail.headers, name) === null)) return false;
  const from = firstAddress(mail.from) ?? '';
  return (
    (ADMINISTRATOR.test(from) || /^(?:fmlserv|mailman|majordomo|sympa|listserv)@/i.test(from)) &&
    REFUSED.test(`${mail.subject}\n${mail.notice.slice(0, 4_000)}`) &&
    !HELD.test(`${mail.subject}\n${mail.notice.slice(0, 4_000)}`)
  );
}
