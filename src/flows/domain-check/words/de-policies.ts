// This file holds the sentences of a domain check about policies (DMARC, MTA-STS, TLS-RPT, BIMI) in German, each under its English one.
import type { SentenceList } from './sentence-list.ts';

export const GERMAN_POLICY_SENTENCES: SentenceList = {
  // DMARC
  '{0} DMARC records stand at {1}; receivers use none of them.': 'Bei {1} stehen {0} DMARC-Einträge; Empfänger benutzen keinen davon.',
  'Keep one and remove the others.': 'Behalten Sie einen, und entfernen Sie die anderen.',
  'The DMARC record at {0} does not count: {1}': 'Der DMARC-Eintrag bei {0} zählt nicht: {1}',
  'Correct it.': 'Berichtigen Sie ihn.',
  'By the public suffix list the organisation is {0}, by the walk of RFC 9989 it is {1}; receivers use either.':
    'Nach der Public-Suffix-Liste ist die Organisation {0}, nach dem Weg von RFC 9989 {1}; Empfänger nehmen das eine oder andere.',
  'Publish DMARC records at both names, or keep From, SPF and DKIM below one of them.':
    'Veröffentlichen Sie DMARC-Einträge bei beiden Namen, oder halten Sie Absender, SPF und DKIM unter einem davon.',
  'There is no DMARC record for {0}.': 'Für {0} gibt es keinen DMARC-Eintrag.',
  'Publish one to start with: {0}': 'Veröffentlichen Sie für den Anfang einen: {0}',
  'Edit the record.': 'Ändern Sie den Eintrag.',
  'The policy of {0} is {1}.': 'Die Richtlinie von {0} ist {1}.',
  'The policy is "none": forged mail is only reported, not stopped.':
    'Die Richtlinie ist „none“: Gefälschte Post wird nur berichtet, nicht aufgehalten.',
  'When reports show that your own mail passes, go on to "quarantine", then "reject".':
    'Zeigen Berichte, dass Ihre eigene Post besteht, gehen Sie weiter zu „quarantine“, dann „reject“.',
  '"t=y" lowers the policy by one step.': '„t=y“ senkt die Richtlinie um eine Stufe.',
  'Take it out when the test is over.': 'Nehmen Sie es heraus, wenn die Probe vorbei ist.',
  'Nobody gets the reports of receivers ("rua" is missing).': 'Niemand bekommt die Berichte der Empfänger („rua“ fehlt).',
  'Add an address, so that you see who writes in the name of the domain.':
    'Fügen Sie eine Adresse hinzu, damit Sie sehen, wer im Namen der Domain schreibt.',
  '{0} does not say that it takes reports about {1}, so receivers pass over {2}.':
    '{0} sagt nicht, dass es Berichte über {1} annimmt; darum übergehen Empfänger {2}.',
  'Whoever runs {0} publishes: {1}': 'Wer {0} betreibt, veröffentlicht: {1}',
  'The record has to begin with "v=DMARC1", in exactly these letters.':
    'Der Eintrag muss mit „v=DMARC1“ beginnen, in genau diesen Buchstaben.',
  'The record does not begin with "v=DMARC1".': 'Der Eintrag beginnt nicht mit „v=DMARC1“.',
  '"{0}" is not of the form name=value and is passed over.': '„{0}“ hat nicht die Form Name=Wert und wird übergangen.',
  '"{0}=" was removed from DMARC (RFC 9989); take it out.': '„{0}=“ gibt es in DMARC nicht mehr (RFC 9989); nehmen Sie es heraus.',
  '"{0}=" is no tag of DMARC and is passed over.': '„{0}=“ gehört nicht zu DMARC und wird übergangen.',
  'A policy in the record is none of none, quarantine, reject, so the record does not count.':
    'Eine Richtlinie im Eintrag ist nichts von none, quarantine, reject; darum zählt der Eintrag nicht.',
  '"p=" is missing; receivers read it as none.': '„p=“ fehlt; Empfänger lesen es als none.',
  'A policy is none of none, quarantine, reject; receivers read the whole record as p=none.':
    'Eine Richtlinie ist nichts von none, quarantine, reject; Empfänger lesen den ganzen Eintrag als p=none.',
  '"{0}" is none of none, quarantine, reject.': '„{0}“ ist nichts von none, quarantine, reject.',
  '"{0}" is none of {1}; the default counts.': '„{0}“ ist nichts von {1}; es gilt der Standard.',
  '"fo={0}" holds something other than 0, 1, d, s.': '„fo={0}“ enthält anderes als 0, 1, d, s.',
  '"{0}=" holds {1}; write mailto:{2}.': '„{0}=“ enthält {1}; schreiben Sie mailto:{2}.',
  '"{0}=" holds "{1}", which is no address to report to.': '„{0}=“ enthält „{1}“; das ist keine Adresse für Berichte.',
  // MTA-STS
  'The domain does not ask for encrypted delivery (no MTA-STS).': 'Die Domain verlangt keine verschlüsselte Zustellung (kein MTA-STS).',
  'Optional: it keeps others from listening to mail on its way to you.':
    'Freigestellt: Es hindert andere daran, Post auf dem Weg zu Ihnen mitzulesen.',
  'Several MTA-STS records stand there; senders use none of them.': 'Dort stehen mehrere MTA-STS-Einträge; Absender benutzen keinen davon.',
  'Correct the record.': 'Berichtigen Sie den Eintrag.',
  'The policy cannot be fetched: {0}': 'Die Richtlinie ist nicht abrufbar: {0}',
  'Serve it at {0} with a valid certificate.': 'Stellen Sie sie unter {0} bereit, mit gültigem Zertifikat.',
  'Correct the policy file and change the id in DNS.': 'Berichtigen Sie die Datei der Richtlinie, und ändern Sie die id im DNS.',
  'Edit the policy file and change the id in DNS.': 'Ändern Sie die Datei der Richtlinie und die id im DNS.',
  'The policy is in mode "{0}": nothing is enforced.': 'Die Richtlinie ist im Modus „{0}“: Nichts wird erzwungen.',
  'The policy is in mode "{0}" and names every exchanger.': 'Die Richtlinie ist im Modus „{0}“ und nennt jeden Mailserver.',
  'Add it to the policy file and change the id in DNS.': 'Nehmen Sie ihn in die Datei der Richtlinie auf, und ändern Sie die id im DNS.',
  'The policy does not name {0}, so mail to it is refused by senders that keep to the policy.':
    'Die Richtlinie nennt {0} nicht; Absender, die sich daran halten, schicken keine Post dorthin.',
  'The policy does not name {0}.': 'Die Richtlinie nennt {0} nicht.',
  'the server redirects, which is not allowed here.': 'Der Server leitet um, was hier nicht erlaubt ist.',
  'the server answers {0}.': 'Der Server antwortet mit {0}.',
  'The policy is served as "{0}"; it should be text/plain.': 'Die Richtlinie kommt als „{0}“; sie sollte text/plain sein.',
  'no answer within {0} seconds.': 'Keine Antwort binnen {0} Sekunden.',
  'The record does not begin with "v=STSv1;".': 'Der Eintrag beginnt nicht mit „v=STSv1;“.',
  'The record has no "id=".': 'Der Eintrag hat kein „id=“.',
  '"id={0}" is not 1 to 32 letters and digits.': '„id={0}“ besteht nicht aus 1 bis 32 Buchstaben und Ziffern.',
  '"{0}" is not of the form "key: value".': '„{0}“ hat nicht die Form „Name: Wert“.',
  'The policy does not say "version: STSv1".': 'Die Richtlinie sagt nicht „version: STSv1“.',
  'The policy has no "mode" of enforce, testing, none.': 'Die Richtlinie hat keinen „mode“ aus enforce, testing, none.',
  'The policy has no "max_age" from 0 to {0} seconds.': 'Die Richtlinie hat kein „max_age“ von 0 bis {0} Sekunden.',
  '"mx: {0}" is no name of a mail server; "*." may only stand first.':
    '„mx: {0}“ ist kein Name eines Mailservers; „*.“ darf nur am Anfang stehen.',
  'The policy names no "mx".': 'Die Richtlinie nennt kein „mx“.',
  '"max_age" is shorter than a week.': '„max_age“ ist kürzer als eine Woche.',
  // TLS-RPT
  'Nobody gets reports about encrypted delivery (no TLS-RPT).': 'Niemand bekommt Berichte über verschlüsselte Zustellung (kein TLS-RPT).',
  'Optional: publish one together with MTA-STS.': 'Freigestellt: Veröffentlichen Sie einen zusammen mit MTA-STS.',
  'Several TLS-RPT records stand there; nobody uses any of them.': 'Dort stehen mehrere TLS-RPT-Einträge; niemand benutzt einen davon.',
  'Reports about encrypted delivery go to {0}.': 'Berichte über verschlüsselte Zustellung gehen an {0}.',
  'The record does not begin with "v=TLSRPTv1;".': 'Der Eintrag beginnt nicht mit „v=TLSRPTv1;“.',
  'The record has no "rua=" with an address to report to.': 'Der Eintrag hat kein „rua=“ mit einer Adresse für Berichte.',
  '"{0}" is neither "mailto:" with an address nor "https://".': '„{0}“ ist weder „mailto:“ mit einer Adresse noch „https://“.',
  // BIMI
  'The domain says that it has no picture (BIMI declined).': 'Die Domain sagt, dass sie kein Bild hat (BIMI abgelehnt).',
  'The picture {0} is no SVG at an https address.': 'Das Bild {0} ist kein SVG unter einer https-Adresse.',
  'Put a square SVG (Tiny PS) at an https address into "l=".':
    'Setzen Sie ein quadratisches SVG (Tiny PS) unter einer https-Adresse in „l=“.',
  'The picture is not shown while the DMARC policy is weaker than "quarantine".':
    'Das Bild wird nicht gezeigt, solange die DMARC-Richtlinie schwächer ist als „quarantine“.',
  'Strengthen DMARC first.': 'Machen Sie zuerst DMARC strenger.',
  'A picture is published, with a certificate.': 'Ein Bild ist veröffentlicht, mit Zertifikat.',
  'A picture is published, without a certificate, so only some mailbox providers show it.':
    'Ein Bild ist veröffentlicht, ohne Zertifikat; darum zeigen es nur manche Anbieter.',
};
