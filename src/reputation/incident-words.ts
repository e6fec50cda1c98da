// This file says an incident in a sentence, and what to do next, in every language.
import type { Language } from '../language.ts';
import type { IncidentKind } from './incidents.ts';

export interface IncidentNames {
  readonly account: string | null;
  readonly pool: string | null;
  readonly mailboxProvider: string | null;
  readonly domain: string | null;
  /** Of the mailing. */
  readonly messageSubject: string | null;
}

/** Who takes part, with words where there is no name. */
interface Cast {
  readonly receiver: string;
  /** "GMX and WEB.DE refuse". */
  readonly many: boolean;
  readonly account: string;
  /** " (pool news)", or nothing. */
  readonly pool: string;
  readonly domain: string;
  readonly messageSubject: string | null;
}

interface IncidentWords {
  readonly aReceiver: string;
  readonly anAccount: string;
  readonly thisDomain: string;
  readonly pool: string;
  readonly title: Readonly<Record<IncidentKind, (cast: Cast) => string>>;
  readonly next: Readonly<Record<IncidentKind, string>>;
}

/** What people call the mailbox providers of delivery/mailbox-provider.ts. */
const RECEIVERS: Readonly<Record<string, string>> = {
  google: 'Gmail',
  microsoft: 'Outlook',
  yahoo: 'Yahoo',
  apple: 'iCloud',
  gmx: 'GMX and WEB.DE',
  't-online': 'T-Online',
  orange: 'Orange',
  comcast: 'Comcast',
  mimecast: 'Mimecast',
  proofpoint: 'Proofpoint',
  other: 'Other receivers',
};
const GERMAN_RECEIVERS: Readonly<Record<string, string>> = { ...RECEIVERS, gmx: 'GMX und WEB.DE', other: 'Andere Empfänger' };
/** Names that are several. */
const MANY: ReadonlySet<string> = new Set(['gmx', 'other']);

const WORDS: Readonly<Record<Language, IncidentWords>> = {
  en: {
    aReceiver: 'A receiver',
    anAccount: 'an account',
    thisDomain: 'this domain',
    pool: 'pool',
    title: {
      'ip-blocked': ({ receiver, many, account, pool }) => `${receiver} ${many ? 'refuse' : 'refuses'} the IP of ${account}${pool}.`,
      authentication: ({ domain }) => `Receivers cannot verify that mail comes from ${domain}.`,
      account: ({ account }) => `${account} does not take our mail.`,
      capacity: ({ receiver, many, account }) => `${receiver} ${many ? 'slow' : 'slows'} down the mail of ${account}.`,
      content: ({ messageSubject }) =>
        messageSubject ? `Receivers refuse the content of “${messageSubject}”.` : 'Receivers refuse the content of a mailing.',
    },
    next: {
      'ip-blocked':
        'Mail for this receiver takes other accounts meanwhile where there are any, and a single message tries from time to time whether it is over. Look up the IP on the list that the words name, find who sent what it was listed for, and ask the provider or the list to remove it.',
      authentication:
        'Compare the DNS records of the domain with those on its page, correct them, and let them be checked again. Addresses are not put on hold because of this.',
      account: 'Log in at the provider and read what it says about the account; the mail waits or takes other accounts until then.',
      capacity:
        'The pace is lowered by itself. When it happens every day, set a limit for this mailbox provider, or spread the mailing over more hours.',
      content:
        'Read the words of the receivers, change wording, links or attachments, and send the mailing again to those who did not get it.',
    },
  },
  de: {
    aReceiver: 'Ein Empfänger',
    anAccount: 'ein Konto',
    thisDomain: 'dieser Domain',
    pool: 'Pool',
    title: {
      'ip-blocked': ({ receiver, account, pool }) => `${receiver}: Die IP-Adresse wird abgewiesen, Konto ${account}${pool}.`,
      authentication: ({ domain }) => `Empfänger können nicht prüfen, ob Post von ${domain} kommt.`,
      account: ({ account }) => `${account} nimmt unsere Post nicht an.`,
      capacity: ({ receiver, account }) => `${receiver}: Die Post wird gebremst, Konto ${account}.`,
      content: ({ messageSubject }) =>
        messageSubject ? `Empfänger lehnen den Inhalt von „${messageSubject}“ ab.` : 'Empfänger lehnen den Inhalt einer Aussendung ab.',
    },
    next: {
      'ip-blocked':
        'Die Post nimmt inzwischen andere Konten, wo es welche gibt, und ab und zu prüft eine einzelne Nachricht, ob es vorbei ist. Suchen Sie die IP-Adresse auf der Liste, die in den Worten steht, finden Sie heraus, wer den Anlass gab, und lassen Sie sie von Anbieter oder Liste streichen.',
      authentication:
        'Vergleichen Sie die DNS-Einträge der Domain mit denen auf ihrer Seite, berichtigen Sie sie, und lassen Sie sie noch einmal prüfen. Adressen werden deswegen nicht gesperrt.',
      account:
        'Melden Sie sich beim Anbieter an und lesen Sie, was er über das Konto sagt; bis dahin wartet die Post oder nimmt andere Konten.',
      capacity:
        'Das Tempo wird von selbst gesenkt. Geschieht es jeden Tag, setzen Sie für diesen Anbieter eine Grenze oder verteilen Sie die Aussendung auf mehr Stunden.',
      content:
        'Lesen Sie die Worte der Empfänger, ändern Sie Wortlaut, Links oder Anhänge, und geben Sie die Aussendung für die Übrigen noch einmal auf.',
    },
  },
};

/** The name of a mailbox provider for people. */
export function receiverName(mailboxProvider: string, language: Language = 'en'): string {
  return (language === 'de' ? GERMAN_RECEIVERS : RECEIVERS)[mailboxProvider] ?? mailboxProvider;
}

/** English where no language is named: webhooks speak it. */
export function incidentTitle(kind: IncidentKind, names: IncidentNames, language: Language = 'en'): string {
  const words = WORDS[language];
  const { mailboxProvider, account, pool, domain, messageSubject } = names;
  return words.title[kind]({
    receiver: mailboxProvider === null ? words.aReceiver : receiverName(mailboxProvider, language),
    many: mailboxProvider !== null && MANY.has(mailboxProvider),
    account: account ?? words.anAccount,
    pool: pool ? ` (${words.pool} ${pool})` : '',
    domain: domain ?? words.thisDomain,
    messageSubject,
  });
}

export function incidentNextStep(kind: IncidentKind, language: Language = 'en'): string {
  return WORDS[language].next[kind];
}
