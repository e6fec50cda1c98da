// This file holds the sentences of a domain check in German, each under its English one. {0} {1} … stand for what the sentence speaks of, in the order of the English one.
import type { SentenceList } from './sentence-list.ts';

export const GERMAN_CHECK_SENTENCES: SentenceList = {
  // The domain itself
  'DNS did not answer: {0}.': 'Das DNS antwortete nicht: {0}.',
  'Check again later; if it lasts, ask whoever runs the DNS of the domain.':
    'Prüfen Sie später noch einmal; dauert es an, fragen Sie, wer das DNS der Domain betreibt.',
  '{0} is not registered, or has no name servers.': '{0} ist nicht registriert oder hat keine Nameserver.',
  'Check the spelling; else ask whoever registered the domain.':
    'Prüfen Sie die Schreibweise; sonst fragen Sie, wer die Domain registriert hat.',
  // MX
  'The domain says that it takes no mail (null MX).': 'Die Domain sagt, dass sie keine Post annimmt (Null-MX).',
  'A null MX stands beside other exchangers, so senders cannot know whether mail is taken.':
    'Ein Null-MX steht neben anderen Einträgen; Absender wissen so nicht, ob Post angenommen wird.',
  'Remove the null MX, or all others.': 'Entfernen Sie den Null-MX oder alle anderen.',
  'Mail goes to {0}.': 'Post geht an {0}.',
  'There is no MX record; senders try the address of the domain itself.':
    'Es gibt keinen MX-Eintrag; Absender versuchen es bei der Adresse der Domain selbst.',
  'Publish an MX record, or a null MX ("0 .") where no mail is taken.':
    'Veröffentlichen Sie einen MX-Eintrag, oder einen Null-MX („0 .“), wo keine Post angenommen wird.',
  'The domain takes no mail: it has neither MX nor address.': 'Die Domain nimmt keine Post an: Sie hat weder MX noch Adresse.',
  'Bounces and answers cannot come back here; a null MX ("0 .") says so clearly.':
    'Rückläufer und Antworten kommen hier nicht an; ein Null-MX („0 .“) sagt das deutlich.',
  'The MX record names the address {0}; it has to name a host.': 'Der MX-Eintrag nennt die Adresse {0}; er muss einen Rechnernamen nennen.',
  'Give the server a name and put that into the MX record.': 'Geben Sie dem Server einen Namen, und schreiben Sie den in den MX-Eintrag.',
  'The exchanger {0} is an alias, which RFC 2181 forbids; some senders refuse it.':
    'Der Mailserver {0} ist ein Alias, was RFC 2181 verbietet; manche Absender lehnen das ab.',
  'Put the name it leads to into the MX record.': 'Schreiben Sie den Namen, zu dem er führt, in den MX-Eintrag.',
  'The exchanger {0} has no address.': 'Der Mailserver {0} hat keine Adresse.',
  'Correct the MX record, or give the host an address.': 'Berichtigen Sie den MX-Eintrag, oder geben Sie dem Rechner eine Adresse.',
  // SPF
  'One SPF record, {0} of {1} look-ups.': 'Ein SPF-Eintrag, {0} von {1} Abfragen.',
  '{0} SPF records stand at {1}; receivers treat that as an error.': 'Bei {1} stehen {0} SPF-Einträge; Empfänger werten das als Fehler.',
  'Replace them by one: {0}': 'Ersetzen Sie sie durch einen: {0}',
  'Keep one and move what the others say into it.': 'Behalten Sie einen, und nehmen Sie auf, was die anderen sagen.',
  'The SPF record cannot be read at "{0}": {1}': 'Der SPF-Eintrag ist bei „{0}“ nicht lesbar: {1}',
  'Correct the term; receivers refuse to use the record until then.':
    'Berichtigen Sie diesen Teil; bis dahin benutzen Empfänger den Eintrag nicht.',
  'A record means to be SPF but does not begin with "v=spf1 ": {0}': 'Ein Eintrag soll SPF sein, beginnt aber nicht mit „v=spf1 “: {0}',
  'Write it so that it begins with "v=spf1 ", without quotation marks.':
    'Schreiben Sie ihn so, dass er mit „v=spf1 “ beginnt, ohne Anführungszeichen.',
  'There is no SPF record.': 'Es gibt keinen SPF-Eintrag.',
  'Where mail is written in the name of the domain itself, publish one; where none is, publish "v=spf1 -all".':
    'Wird im Namen der Domain selbst geschrieben, veröffentlichen Sie einen; wenn nicht, veröffentlichen Sie „v=spf1 -all“.',
  'The SPF record has no "all" at its end, so it says nothing about other senders.':
    'Der SPF-Eintrag hat kein „all“ am Ende und sagt also nichts über andere Absender.',
  'Add "~all": {0} ~all': 'Fügen Sie „~all“ an: {0} ~all',
  '"+all" lets the whole internet write in the name of the domain.': '„+all“ lässt das ganze Internet im Namen der Domain schreiben.',
  '"?all" says nothing about other senders.': '„?all“ sagt nichts über andere Absender.',
  'End the record with "~all" or "-all".': 'Beenden Sie den Eintrag mit „~all“ oder „-all“.',
  'Remove the services that are no longer used; the tree shows what each costs.':
    'Entfernen Sie Dienste, die nicht mehr benutzt werden; der Baum zeigt, was jeder kostet.',
  'The SPF record needs {0} look-ups; receivers stop at {1} with an error.':
    'Der SPF-Eintrag braucht {0} Abfragen; Empfänger brechen bei {1} mit einem Fehler ab.',
  'The SPF record needs {0} of {1} look-ups; the next service breaks it.':
    'Der SPF-Eintrag braucht {0} von {1} Abfragen; der nächste Dienst macht ihn unbrauchbar.',
  'The SPF record asks for {0} names that do not exist; receivers allow {1}.':
    'Der SPF-Eintrag fragt nach {0} Namen, die es nicht gibt; Empfänger erlauben {1}.',
  'The SPF record asks for a name that does not exist.': 'Der SPF-Eintrag fragt nach einem Namen, den es nicht gibt.',
  'The SPF record asks for {0} names that do not exist.': 'Der SPF-Eintrag fragt nach {0} Namen, die es nicht gibt.',
  'Remove the terms of names that are gone.': 'Entfernen Sie die Teile mit Namen, die es nicht mehr gibt.',
  '{0} has no SPF record, which is an error of the whole record.': '{0} hat keinen SPF-Eintrag, und das macht den ganzen Eintrag ungültig.',
  'Remove the term, or ask the service for its name of today.':
    'Entfernen Sie diesen Teil, oder fragen Sie den Dienst, wie er heute heißt.',
  '{0} has several SPF records, which is an error of the whole.': '{0} hat mehrere SPF-Einträge, und das macht das Ganze ungültig.',
  'Tell the service, or remove the term.': 'Sagen Sie es dem Dienst, oder entfernen Sie diesen Teil.',
  'The records include each other in a circle: {0}.': 'Die Einträge nennen einander im Kreis: {0}.',
  'Remove one of the terms.': 'Entfernen Sie einen dieser Teile.',
  'the includes go on beyond what any receiver reads.': 'Die Verweise gehen weiter, als irgendein Empfänger liest.',
  'Remove the services that are no longer used.': 'Entfernen Sie Dienste, die nicht mehr benutzt werden.',
  'what stands there depends on each mail, so it is not followed here.':
    'Was dort steht, hängt von der einzelnen Mail ab; darum wird es hier nicht verfolgt.',
  'The SPF record uses "ptr", which is slow and which many receivers pass over.':
    'Der SPF-Eintrag benutzt „ptr“; das ist langsam, und viele Empfänger übergehen es.',
  'Write the addresses or an include in its place.': 'Schreiben Sie stattdessen die Adressen oder ein „include“.',
  'The SPF record has {0} characters; above {1} some old resolvers cut it off.':
    'Der SPF-Eintrag hat {0} Zeichen; über {1} schneiden manche alten Server ihn ab.',
  'An SPF record begins with "v=spf1" and a space.': 'Ein SPF-Eintrag beginnt mit „v=spf1“ und einem Leerzeichen.',
  'The record has more than {0} terms.': 'Der Eintrag hat mehr als {0} Teile.',
  'Its value is not a macro string.': 'Der Wert ist kein Makrotext.',
  '"{0}=" stands twice.': '„{0}=“ steht zweimal da.',
  'Behind the "=" there has to be a domain.': 'Hinter dem „=“ muss eine Domain stehen.',
  '"all" takes nothing behind it.': 'Hinter „all“ darf nichts stehen.',
  '"{0}:" needs a domain behind it.': 'Hinter „{0}:“ muss eine Domain stehen.',
  'What stands behind "ptr" is no domain.': 'Was hinter „ptr“ steht, ist keine Domain.',
  'What stands behind "{0}" is no domain, or the length after the slash cannot be.':
    'Was hinter „{0}“ steht, ist keine Domain, oder die Länge nach dem Schrägstrich kann nicht sein.',
  '"{0}:" needs an {1} address behind it, with or without a length.': 'Hinter „{0}:“ muss eine {1}-Adresse stehen, mit oder ohne Länge.',
  'There is no mechanism "{0}".': 'Es gibt keinen Mechanismus „{0}“.',
  // DKIM
  'Every name below _domainkey answers, so only selectors that are named can be checked.':
    'Jeder Name unterhalb von _domainkey antwortet; darum lassen sich nur genannte Selektoren prüfen.',
  'Name yours with --selector.': 'Nennen Sie Ihren mit --selector.',
  'There is no key at {0}.': 'Bei {0} steht kein Schlüssel.',
  'Publish the key, or correct the selector.': 'Veröffentlichen Sie den Schlüssel, oder berichtigen Sie den Selektor.',
  'No key was found under the usual selectors; that does not prove that there is none.':
    'Unter den üblichen Selektoren wurde kein Schlüssel gefunden; das heißt nicht, dass es keinen gibt.',
  'Look for "s=" in the DKIM-Signature of a mail from this domain and name it with --selector.':
    'Suchen Sie „s=“ in der DKIM-Signature einer Mail dieser Domain, und nennen Sie den Wert mit --selector.',
  'Keys: {0}.': 'Schlüssel: {0}.',
  '{0} records stand at {1}; receivers may read any of them.': 'Bei {1} stehen {0} Einträge; Empfänger lesen irgendeinen davon.',
  'Keep one.': 'Behalten Sie einen.',
  'The key at {0} cannot be used. {1}': 'Der Schlüssel bei {0} ist nicht brauchbar. {1}',
  'Copy the whole value again from the service it belongs to.':
    'Kopieren Sie den ganzen Wert noch einmal von dem Dienst, zu dem er gehört.',
  'The key at {0} was taken back ("p=" is empty).': 'Der Schlüssel bei {0} wurde zurückgenommen („p=“ ist leer).',
  'Publish a key of 2048 bits without "t=y" when the service offers one.':
    'Veröffentlichen Sie einen Schlüssel mit 2048 Bit ohne „t=y“, wenn der Dienst einen anbietet.',
  'The record begins with "v={0}"; a key begins with "v=DKIM1".': 'Der Eintrag beginnt mit „v={0}“; ein Schlüssel beginnt mit „v=DKIM1“.',
  'The record has no "p=" with the key.': 'Der Eintrag hat kein „p=“ mit dem Schlüssel.',
  'The key is not for mail: "s={0}".': 'Der Schlüssel ist nicht für Mail: „s={0}“.',
  '"{0}=" stands more than once; the first counts.': '„{0}=“ steht mehrmals da; das erste zählt.',
  '"t=y" says that the key is on trial; receivers may ignore the signature.':
    '„t=y“ sagt, dass der Schlüssel zur Probe da ist; Empfänger dürfen die Signatur übergehen.',
  'The key has {0} bits; {1} is what to publish.': 'Der Schlüssel hat {0} Bit; üblich sind {1}.',
  'The key holds characters that no key has.': 'Der Schlüssel enthält Zeichen, die kein Schlüssel hat.',
  'An Ed25519 key has {0} bytes; this one has {1}.': 'Ein Ed25519-Schlüssel hat {0} Bytes; dieser hat {1}.',
  'The key is cut off: {0} of {1} bytes are there.': 'Der Schlüssel ist abgeschnitten: {0} von {1} Bytes sind da.',
  'The key cannot be read.': 'Der Schlüssel ist nicht lesbar.',
  'The key is of kind {0}, the record says rsa.': 'Der Schlüssel ist von der Art {0}, der Eintrag sagt rsa.',
  'The key has {0} bits; receivers refuse less than {1}.': 'Der Schlüssel hat {0} Bit; Empfänger lehnen weniger als {1} ab.',
};
