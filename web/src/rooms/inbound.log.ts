// This file writes the log lines of Inbound: of the list, and of one mail.
import type { Page } from '../api/model.ts';
import type { InboundMail, Mailbox } from '../api/schema.gen.ts';
import type { Format } from '../format.ts';
import { type InboundFilters, paths } from '../paths.ts';
import { inboundWords, kindPhrases } from '../words/inbound.words.ts';
import { capital, numberWord, pick, plain } from '../words/words.ts';

export interface InboundData {
  readonly page: Page<InboundMail>;
  readonly filters: InboundFilters;
  /** Mailboxes that cannot be read; none for people of a tenant. */
  readonly ill: readonly Pick<Mailbox, 'id' | 'name'>[];
}

/** What came back, and does any of it need a person? Worst first. */
export function logLine({ page, filters, ill }: InboundData, format: Pick<Format, 'lang'>): string {
  const say = pick(inboundWords, format.lang);
  const [first] = ill;
  const before = first === undefined ? '' : `${say.mailboxIll(plain(first.name), paths.mailbox(first.id))} `;
  return before + ofMails(page.data, filters, format);
}

function ofMails(mails: readonly InboundMail[], filters: InboundFilters, format: Pick<Format, 'lang'>): string {
  const say = pick(inboundWords, format.lang);
  if (mails.length === 0) return Object.keys(filters).length === 0 ? say.nothing : say.noMatch;
  const count = (outcome: InboundMail['outcome']) => mails.filter((mail) => mail.outcome === outcome).length;
  const unreadable = count('unreadable');
  if (unreadable > 0) return say.unreadable(unreadable, capital(numberWord(unreadable, format.lang)));
  const unmatched = count('unmatched');
  return unmatched === 0 ? say.allRead : say.unmatched(unmatched, numberWord(unmatched, format.lang));
}

/** What was this mail, and what followed? */
export function mailLine(mail: Pick<InboundMail, 'kind' | 'outcome'>, format: Pick<Format, 'lang'>): string {
  const say = pick(inboundWords, format.lang);
  const names: Readonly<Record<string, string>> = pick(kindPhrases, format.lang);
  // A kind that this console does not know yet is a mail all the same.
  const kind = names[mail.kind ?? ''] ?? say.aMail;
  switch (mail.outcome) {
    case 'waiting':
      return say.lineWaiting;
    case 'recorded':
      return say.lineRecorded(kind);
    case 'unmatched':
      return say.lineUnmatched(kind);
    case 'forwarded':
      return say.lineForwarded;
    case 'unreadable':
      return say.lineUnreadable;
    default:
      return say.lineKept(kind);
  }
}
