// This file writes the plain mails that tell an organisation about its domain: ready, about to break, broken, repaired. Sentences for somebody who
// never saw a DNS record; the records themselves below, for whoever mends them.
import type { Language } from '../../language.ts';

export type ContactMailKind = 'verified' | 'warning' | 'broken' | 'repaired';

export interface ContactMailFacts {
  readonly domain: string;
  /** When the grace ends, milliseconds since 1970; null: no grace runs. */
  readonly breaksAtMs: number | null;
  readonly records: readonly {
    readonly type: string;
    readonly host: string;
    readonly value: string;
    /** What is wrong, and what to do, in the reader's language. */
    readonly mistake: { readonly message: string; readonly next: string } | null;
  }[];
}

interface Words {
  readonly subject: Readonly<Record<ContactMailKind, (domain: string) => string>>;
  readonly opening: Readonly<Record<ContactMailKind, (domain: string, until: string) => string>>;
  readonly record: string;
  readonly closing: Readonly<Record<ContactMailKind, string>>;
}

const ENGLISH: Words = {
  subject: {
    verified: (domain) => `${domain} is ready`,
    warning: (domain) => `${domain}: a DNS record has to be mended`,
    broken: (domain) => `${domain}: receivers can no longer prove your mail`,
    repaired: (domain) => `${domain} is right again`,
  },
  opening: {
    verified: (domain) => `the DNS records of ${domain} are right. Mail from this domain can go out now.`,
    warning: (domain, until) =>
      `a DNS record by which receivers prove mail from ${domain} is not right any more. Your mail goes on as before until ${until}. Whoever runs your website or your domain can mend it; forwarding them this mail is enough.`,
    broken: (domain) =>
      `a DNS record by which receivers prove mail from ${domain} has been wrong for three days. Your mail now takes ways that ask for no proof, where there are any; more of it may end as spam. Whoever runs your website or your domain can mend it; forwarding them this mail is enough.`,
    repaired: (domain) => `the DNS records of ${domain} are right again. Mail goes out as before.`,
  },
  record: 'should be',
  closing: {
    verified: 'There is nothing to do.',
    warning: 'Once it is mended we notice by ourselves and tell you.',
    broken: 'Once it is mended we notice by ourselves and tell you.',
    repaired: 'There is nothing to do.',
  },
};

const GERMAN: Words = {
  subject: {
    verified: (domain) => `${domain} ist bereit`,
    warning: (domain) => `${domain}: Ein DNS-Eintrag muss berichtigt werden`,
    broken: (domain) => `${domain}: Empfänger können Ihre Post nicht mehr prüfen`,
    repaired: (domain) => `${domain} stimmt wieder`,
  },
  opening: {
    verified: (domain) => `die DNS-Einträge von ${domain} stimmen. Post von dieser Domain kann jetzt hinausgehen.`,
    warning: (domain, until) =>
      `ein DNS-Eintrag, an dem Empfänger Post von ${domain} prüfen, stimmt nicht mehr. Bis ${until} geht Ihre Post weiter wie bisher. Wer Ihre Website oder Ihre Domain betreut, kann ihn berichtigen; es genügt, diese Mail weiterzuleiten.`,
    broken: (domain) =>
      `ein DNS-Eintrag, an dem Empfänger Post von ${domain} prüfen, stimmt seit drei Tagen nicht. Ihre Post nimmt jetzt Wege, die keinen Nachweis verlangen, wo es welche gibt; mehr davon kann als Spam enden. Wer Ihre Website oder Ihre Domain betreut, kann ihn berichtigen; es genügt, diese Mail weiterzuleiten.`,
    repaired: (domain) => `die DNS-Einträge von ${domain} stimmen wieder. Die Post geht hinaus wie zuvor.`,
  },
  record: 'soll sein',
  closing: {
    verified: 'Es ist nichts zu tun.',
    warning: 'Ist er berichtigt, merken wir es von selbst und sagen Bescheid.',
    broken: 'Ist er berichtigt, merken wir es von selbst und sagen Bescheid.',
    repaired: 'Es ist nichts zu tun.',
  },
};

const WORDS: Readonly<Record<Language, Words>> = { en: ENGLISH, de: GERMAN };
const GREETING: Readonly<Record<Language, string>> = { en: 'Hello,', de: 'Guten Tag,' };

/** Subject and plain text. */
export function contactMail(kind: ContactMailKind, facts: ContactMailFacts, language: Language): { subject: string; text: string } {
  const words = WORDS[language];
  const { domain } = facts;
  const until = facts.breaksAtMs === null ? '' : minuteOf(facts.breaksAtMs);
  const records = facts.records.map(({ type, host, value, mistake }) =>
    [`${type} ${host}`, `${words.record}: ${value}`, ...(mistake === null ? [] : [`${mistake.message} ${mistake.next}`])].join('\n'),
  );
  const parts = [GREETING[language], words.opening[kind](domain, until), ...records, words.closing[kind]];
  return { subject: words.subject[kind](domain), text: `${parts.join('\n\n')}\n` };
}

/** `2027-03-04 09:00 UTC`. */
function minuteOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
