// This file holds the sentences of onboarding in every language we have: what each record is for, the steps at a DNS host, and the message for
// whoever runs the website.

import type { Language } from '../../language.ts';
import type { RecordPurpose } from '../dns/compared.ts';

export interface OnboardingWords {
  /** What a record is for, for somebody who never saw one. */
  readonly purpose: Readonly<Record<RecordPurpose, string>>;
  readonly type: string;
  readonly open: (host: string, where: string) => string;
  readonly add: (purpose: string) => string;
  readonly replace: (purpose: string, found: string) => string;
  readonly relative: (zone: string) => string;
  readonly root: string;
  readonly targetDot: string;
  readonly quotes: string;
  readonly long: string;
  readonly proxy: string;
  readonly done: string;
  readonly nothing: string;
  readonly policy: (domain: string) => string;
  readonly subject: (domain: string) => string;
  readonly greeting: (domain: string, zone: string) => string;
  readonly name: string;
  readonly shortName: (short: string) => string;
  readonly value: string;
  readonly replaces: (found: string) => string;
  readonly zoneFile: string;
  readonly closing: string;
}

const ENGLISH: OnboardingWords = {
  purpose: {
    ownership: 'It shows that the domain is yours.',
    dkim: 'The key by which receivers verify that mail is really from you (DKIM).',
    'return-path': 'Where failures are reported to, under your own name (return path).',
    spf: 'Which servers may hand in mail for you (SPF).',
    dmarc: 'What receivers do with forged mail, and where they report it (DMARC).',
    'mta-sts': 'It asks others to hand mail to you in encrypted form only (MTA-STS).',
    'tls-rpt': 'Where others report failed encryption to (TLS-RPT).',
    provider: 'What a delivery provider asks for.',
  },
  type: 'Type',
  open: (host, where) => (host === '' ? where : `${host}: ${where}`),
  add: (purpose) => `Add this record. ${purpose}`,
  replace: (purpose, found) => `Change the record that is there (${found}); a second one would spoil both. ${purpose}`,
  relative: (zone) => `The form appends .${zone} to the name by itself: enter it as it stands here, or it ends up with the domain twice.`,
  root: 'The name field stays empty: the record is for the domain itself.',
  targetDot: 'Keep the dot at the end of a target, or the domain is appended to it.',
  quotes: 'Enter texts with their quotation marks. A long one stands in several pieces, with a blank between them.',
  long: 'A long value goes into one field as a whole, without line breaks or blanks of your own.',
  proxy: 'For a CNAME switch the proxy off ("DNS only", the grey cloud).',
  done: 'Save, then check here. It is usually seen within minutes; nothing else has to be done.',
  nothing: 'All records are right. There is nothing to do.',
  policy: (domain) => `For MTA-STS a file has to be served at https://mta-sts.${domain}/.well-known/mta-sts.txt besides.`,
  subject: (domain) => `DNS records for ${domain}`,
  greeting: (domain, zone) =>
    `Hello,\n\nwe want our e-mail from ${domain} to arrive, and to be recognised as ours. Could you add the records below to the DNS of ${zone}? The website and the mailboxes stay as they are.`,
  name: 'Name',
  shortName: (short) => `in most forms only: ${short}`,
  value: 'Value',
  replaces: (found) => `It takes the place of the present record: ${found}`,
  zoneFile: 'The same for a zone file:',
  closing:
    'A long value is one value, without line breaks. The records are looked at automatically, so nothing has to be reported back.\n\nThank you!',
};

const GERMAN: OnboardingWords = {
  purpose: {
    ownership: 'Er zeigt, dass die Domain Ihnen gehört.',
    dkim: 'Der Schlüssel, an dem Empfänger erkennen, dass Post wirklich von Ihnen ist (DKIM).',
    'return-path': 'Wohin Fehlschläge gemeldet werden, unter Ihrem eigenen Namen (Rücksendeadresse).',
    spf: 'Welche Server Post für Sie einliefern dürfen (SPF).',
    dmarc: 'Was Empfänger mit gefälschter Post tun, und wohin sie darüber berichten (DMARC).',
    'mta-sts': 'Er bittet andere, Ihnen Post nur verschlüsselt zu übergeben (MTA-STS).',
    'tls-rpt': 'Wohin andere fehlgeschlagene Verschlüsselung melden (TLS-RPT).',
    provider: 'Was ein Versanddienst verlangt.',
  },
  type: 'Typ',
  open: (host, where) => (host === '' ? where : `${host}: ${where}`),
  add: (purpose) => `Legen Sie diesen Eintrag an. ${purpose}`,
  replace: (purpose, found) => `Ändern Sie den vorhandenen Eintrag (${found}); ein zweiter würde beide verderben. ${purpose}`,
  relative: (zone) =>
    `Das Formular hängt .${zone} selbst an den Namen: Tragen Sie ihn ein, wie er hier steht, sonst steht die Domain doppelt da.`,
  root: 'Das Feld für den Namen bleibt leer: Der Eintrag gilt für die Domain selbst.',
  targetDot: 'Lassen Sie den Punkt am Ende eines Ziels stehen, sonst wird die Domain angehängt.',
  quotes: 'Tragen Sie Texte mit ihren Anführungszeichen ein. Ein langer steht in mehreren Stücken, mit einem Leerzeichen dazwischen.',
  long: 'Ein langer Wert kommt ganz in ein Feld, ohne eigene Umbrüche oder Leerzeichen.',
  proxy: 'Schalten Sie bei einem CNAME den Proxy aus („Nur DNS“, die graue Wolke).',
  done: 'Speichern Sie und prüfen Sie dann hier. Meist ist es nach Minuten zu sehen; mehr ist nicht zu tun.',
  nothing: 'Alle Einträge stimmen. Es ist nichts zu tun.',
  policy: (domain) => `Für MTA-STS muss außerdem eine Datei unter https://mta-sts.${domain}/.well-known/mta-sts.txt liegen.`,
  subject: (domain) => `DNS-Einträge für ${domain}`,
  greeting: (domain, zone) =>
    `Guten Tag,\n\nunsere E-Mails von ${domain} sollen ankommen und als unsere erkannt werden. Könnten Sie die folgenden Einträge im DNS von ${zone} anlegen? Website und Postfächer bleiben, wie sie sind.`,
  name: 'Name',
  shortName: (short) => `in den meisten Formularen nur: ${short}`,
  value: 'Wert',
  replaces: (found) => `Er ersetzt den jetzigen Eintrag: ${found}`,
  zoneFile: 'Dasselbe für eine Zonendatei:',
  closing:
    'Ein langer Wert ist ein einziger Wert, ohne Umbrüche. Die Einträge werden von selbst geprüft, es braucht keine Rückmeldung.\n\nVielen Dank!',
};

const WORDS: Readonly<Record<Language, OnboardingWords>> = { en: ENGLISH, de: GERMAN };

export function onboardingWords(language: Language): OnboardingWords {
  return WORDS[language];
}
