// This file says what needs a person, in every language: a title with the subject in it, and what to do.
import type { Language } from '../language.ts';
import type { IncidentKind } from '../reputation/incidents.ts';

interface Said {
  readonly title: string;
  readonly text: string;
}

export interface NeedWords {
  readonly ledger: (recipients: number) => Said;
  readonly noAccount: Said;
  readonly account: (name: string) => string;
  readonly mailbox: (name: string, error: string) => Said;
  readonly incident: Readonly<Record<IncidentKind, { readonly one: string; readonly many: (n: number) => string; readonly text: string }>>;
  readonly held: (recipients: number) => Said;
  readonly webhook: (events: string) => Said;
  readonly domain: (domains: number) => Said;
  readonly domainSoon: (domains: number) => Said;
  readonly keys: (keys: number) => Said;
  readonly keysRevoked: (keys: number) => Said;
  /** Counts stop at a thousand. */
  readonly atMost: (n: number) => string;
}

const COUNTED_MAX = 1_000;

const ENGLISH: NeedWords = {
  ledger: (n) => ({
    title: 'The ledger does not balance.',
    text: `${n} ${n === 1 ? 'recipient has' : 'recipients have'} no fate. This is a defect of ours.`,
  }),
  noAccount: { title: 'No way out is open.', text: 'Mail is taken in and waits. Add a provider account, or resume one.' },
  account: (name) => `${name} does not take our mail.`,
  mailbox: (name, error) => ({
    title: `The bounce mailbox ${name} cannot be read.`,
    text: `Reports wait there and nothing is lost. The last try ended with: ${error} Correct its host, user name or password ("packetboat mailboxes change"), or pause it; it is tried again by itself.`,
  }),
  incident: {
    'ip-blocked': {
      one: 'A receiver refuses one of our IPs.',
      many: (n) => `${n} receivers refuse our IPs.`,
      text: 'Mail takes other accounts where there are any. The words of the receiver say which list it is.',
    },
    authentication: {
      one: 'Receivers cannot verify a domain.',
      many: (n) => `${n} domains cannot be verified by receivers.`,
      text: 'DNS records have to be corrected.',
    },
    account: {
      one: 'An account does not take our mail.',
      many: (n) => `${n} accounts do not take our mail.`,
      text: 'Mail waits or takes other accounts. The provider says why.',
    },
    capacity: {
      one: 'A receiver slows us down.',
      many: (n) => `${n} receivers slow us down.`,
      text: 'The pace is lowered by itself; a limit keeps it there.',
    },
    content: {
      one: 'Receivers refuse the content of a mailing.',
      many: (n) => `${n} mailings are refused for their content.`,
      text: 'The words of the receivers say what they dislike.',
    },
  },
  held: (n) => ({
    title: `${n} ${n === 1 ? 'recipient waits' : 'recipients wait'} for a decision.`,
    text: 'Each says why, and what lets it go. What waits for its From goes by itself when that ends.',
  }),
  webhook: (events) => ({
    title: `${events} events could not be delivered to an application.`,
    text: 'They were tried for a day and can be replayed.',
  }),
  domain: (n) => ({
    title: n === 1 ? 'A sending domain has wrong records.' : `${ENGLISH.atMost(n)} sending domains have wrong records.`,
    text: 'Their mail goes by accounts that ask for no proof, where there are any. Each page shows the record and the mistake in it.',
  }),
  domainSoon: (n) => ({
    title: n === 1 ? 'A sending domain is about to break.' : `${ENGLISH.atMost(n)} sending domains are about to break.`,
    text: 'A required record went wrong. Mail goes on until the grace ends; each page shows the record and the mistake in it.',
  }),
  keys: (n) => ({
    title: n === 1 ? 'A new DKIM key is not seen in the DNS.' : `${ENGLISH.atMost(n)} new DKIM keys are not seen in the DNS.`,
    text: 'The old ones sign on, so no mail suffers. Each domain says which record is missing.',
  }),
  keysRevoked: (n) => ({
    title: n === 1 ? 'A DKIM key was revoked.' : `${ENGLISH.atMost(n)} DKIM keys were revoked.`,
    text: 'Others may have signed with it: look at the DMARC reports. Where no other key signs yet, mail goes unsigned or is held; the domain shows the records to publish.',
  }),
  atMost: (n) => (n >= COUNTED_MAX ? '1,000 or more' : String(n)),
};

const GERMAN: NeedWords = {
  ledger: (n) => ({
    title: 'Das Buch geht nicht auf.',
    text: `${n} Empfänger ${n === 1 ? 'hat' : 'haben'} keinen Verbleib. Das ist ein Fehler von uns.`,
  }),
  noAccount: {
    title: 'Kein Weg hinaus ist offen.',
    text: 'Post wird angenommen und wartet. Legen Sie ein Anbieterkonto an oder lassen Sie eines wieder zu.',
  },
  account: (name) => `${name} nimmt unsere Post nicht an.`,
  mailbox: (name, error) => ({
    title: `Das Rückläufer-Postfach ${name} lässt sich nicht lesen.`,
    text: `Berichte warten dort, verloren ist nichts. Der letzte Versuch endete mit: ${error} Berichtigen Sie Server, Benutzernamen oder Passwort („packetboat mailboxes change“) oder halten Sie es an; versucht wird es von selbst wieder.`,
  }),
  incident: {
    'ip-blocked': {
      one: 'Ein Empfänger weist eine unserer IP-Adressen ab.',
      many: (n) => `${n} Empfänger weisen unsere IP-Adressen ab.`,
      text: 'Die Post nimmt andere Konten, wo es welche gibt. In den Worten des Empfängers steht, welche Liste es ist.',
    },
    authentication: {
      one: 'Empfänger können eine Domain nicht prüfen.',
      many: (n) => `${n} Domains können von Empfängern nicht geprüft werden.`,
      text: 'DNS-Einträge müssen berichtigt werden.',
    },
    account: {
      one: 'Ein Konto nimmt unsere Post nicht an.',
      many: (n) => `${n} Konten nehmen unsere Post nicht an.`,
      text: 'Die Post wartet oder nimmt andere Konten. Der Anbieter sagt, warum.',
    },
    capacity: {
      one: 'Ein Empfänger bremst uns.',
      many: (n) => `${n} Empfänger bremsen uns.`,
      text: 'Das Tempo wird von selbst gesenkt; eine Grenze hält es dort.',
    },
    content: {
      one: 'Empfänger lehnen den Inhalt einer Aussendung ab.',
      many: (n) => `${n} Aussendungen werden wegen ihres Inhalts abgelehnt.`,
      text: 'In den Worten der Empfänger steht, was ihnen missfällt.',
    },
  },
  held: (n) => ({
    title: `${n} Empfänger ${n === 1 ? 'wartet' : 'warten'} auf eine Entscheidung.`,
    text: 'Bei jedem steht, warum, und was ihn weiterlässt. Was auf seinen Absender wartet, geht von selbst weiter, sobald das endet.',
  }),
  webhook: (events) => ({
    title: `${events} Ereignisse konnten einer Anwendung nicht zugestellt werden.`,
    text: 'Einen Tag lang wurde es versucht; sie lassen sich wiederholen.',
  }),
  domain: (n) => ({
    title: n === 1 ? 'Eine Absenderdomain hat falsche Einträge.' : `${GERMAN.atMost(n)} Absenderdomains haben falsche Einträge.`,
    text: 'Ihre Post nimmt Konten, die keinen Nachweis verlangen, wo es welche gibt. Jede Seite zeigt den Eintrag und den Fehler darin.',
  }),
  domainSoon: (n) => ({
    title: n === 1 ? 'Eine Absenderdomain fällt bald aus.' : `${GERMAN.atMost(n)} Absenderdomains fallen bald aus.`,
    text: 'Ein nötiger Eintrag stimmt nicht mehr. Bis zum Ende der Frist geht die Post weiter; jede Seite zeigt den Eintrag und den Fehler darin.',
  }),
  keys: (n) => ({
    title: n === 1 ? 'Ein neuer DKIM-Schlüssel steht nicht im DNS.' : `${GERMAN.atMost(n)} neue DKIM-Schlüssel stehen nicht im DNS.`,
    text: 'Die alten signieren weiter, also leidet keine Post. Jede Domain nennt den Eintrag, der fehlt.',
  }),
  keysRevoked: (n) => ({
    title: n === 1 ? 'Ein DKIM-Schlüssel wurde widerrufen.' : `${GERMAN.atMost(n)} DKIM-Schlüssel wurden widerrufen.`,
    text: 'Andere können mit ihm signiert haben: Sehen Sie in die DMARC-Berichte. Wo noch kein anderer signiert, geht Post unsigniert oder wird gehalten; die Domain zeigt die Einträge, die anzulegen sind.',
  }),
  atMost: (n) => (n >= COUNTED_MAX ? '1.000 oder mehr' : String(n)),
};

export const NEED_WORDS: Readonly<Record<Language, NeedWords>> = { en: ENGLISH, de: GERMAN };
