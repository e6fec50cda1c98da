// This file holds the texts of Inbound: mails that came back, and one of them.
import { catalogue, numberWord } from './words.ts';

export const inboundWords = catalogue({
  title: ['Inbound', 'Eingang'],
  what: ['the mails that came back', 'Die zurückgekommene Post'],
  asking: ['Asking what came back …', 'Es wird gefragt, was zurückkam …'],
  // Log line of the list
  nothing: ['No mail has come back yet.', 'Noch ist keine Post zurückgekommen.'],
  noMatch: ['No mail that came back fits.', 'Keine zurückgekommene Mail passt dazu.'],
  mailboxIll: [
    (name: string, href: string) => `The mailbox [${name}](${href}) cannot be read.`,
    (name: string, href: string) => `Das Postfach [${name}](${href}) lässt sich nicht lesen.`,
  ],
  unreadable: [
    (count: number, words: string) =>
      count === 1
        ? '[One mail](#list) could not be read and needs a person.'
        : `[${words} mails](#list) could not be read and need a person.`,
    (count: number, words: string) =>
      count === 1
        ? '[Eine Mail](#list) ließ sich nicht lesen und braucht einen Menschen.'
        : `[${words} Mails](#list) ließen sich nicht lesen und brauchen einen Menschen.`,
  ],
  unmatched: [
    (count: number, words: string) =>
      count === 1
        ? 'Every mail here was read; [one is](#list) about nobody we know.'
        : `Every mail here was read; [${words} are](#list) about nobody we know.`,
    (count: number, words: string) =>
      count === 1
        ? 'Jede Mail hier ist gelesen; [eine](#list) handelt von niemandem, den wir kennen.'
        : `Jede Mail hier ist gelesen; [${words}](#list) handeln von niemandem, den wir kennen.`,
  ],
  allRead: ['Every mail that came back was [read and placed](#list).', 'Jede zurückgekommene Mail ist [gelesen und zugeordnet](#list).'],
  // Filters
  kind: ['Kind', 'Art'],
  outcome: ['What followed', 'Was folgte'],
  tenant: ['Tenant', 'Organisation'],
  mailbox: ['Mailbox', 'Postfach'],
  clear: ['Clear all', 'Alles zurücksetzen'],
  mailboxes: ['Bounce mailboxes', 'Rücklaufpostfächer'],
  // Table
  caption: ['Mails that came back, newest first', 'Zurückgekommene Mails, neueste zuerst'],
  subject: ['Subject', 'Betreff'],
  noSubject: ['(no subject)', '(ohne Betreff)'],
  from: ['From', 'Von'],
  read: ['We read', 'Wir lesen'],
  source: ['Came by', 'Kam über'],
  came: ['Came', 'Kam'],
  byDoor: ['our inbound door', 'unsere Eingangstür'],
  byMailbox: ['a bounce mailbox', 'ein Rücklaufpostfach'],
  emptyHow: [
    'Bounces, complaints and answers of people come to the return path of each message, or are read from a bounce mailbox.',
    'Unzustellbarkeiten, Beschwerden und Antworten kommen an den Rückweg jeder Nachricht oder werden aus einem Rücklaufpostfach gelesen.',
  ],
  emptyMatch: ['Nothing fits these filters.', 'Zu diesen Filtern passt nichts.'],
  emptyMatchHow: ['Take one of them away.', 'Nehmen Sie einen davon weg.'],
  // One mail
  whatOne: ['this mail', 'Diese Mail'],
  askingOne: ['Asking what this mail was read as …', 'Es wird gefragt, als was diese Mail gelesen wurde …'],
  lineWaiting: [
    'This mail [waits to be read](#facts); that takes seconds.',
    'Diese Mail [wartet darauf, gelesen zu werden](#facts); das dauert Sekunden.',
  ],
  lineRecorded: [
    (kind: string) => `This is ${kind}, and [what it says](#read) is recorded.`,
    (kind: string) => `Das ist ${kind}, und [was darin steht](#read), ist verzeichnet.`,
  ],
  lineUnmatched: [
    (kind: string) => `This is ${kind} about [nobody we know](#read).`,
    (kind: string) => `Das ist ${kind} über [niemanden, den wir kennen](#read).`,
  ],
  lineForwarded: [
    'This is mail for people, and it [went on as a message](#facts).',
    'Das ist Post für Menschen, und sie ging [als Nachricht weiter](#facts).',
  ],
  lineKept: [
    (kind: string) => `This is ${kind}; it is kept, and nothing follows.`,
    (kind: string) => `Das ist ${kind}; die Mail wird aufbewahrt, weiter folgt nichts.`,
  ],
  lineUnreadable: [
    'This mail [could not be read](#facts); a person has to look at it.',
    'Diese Mail [ließ sich nicht lesen](#facts); ein Mensch muss sie ansehen.',
  ],
  aMail: ['a mail', 'eine Mail'],
  replay: ['Read it again', 'Noch einmal lesen'],
  replayed: ['It is read again within seconds.', 'Sie wird in Sekunden noch einmal gelesen.'],
  showSource: ['Show as it came', 'Zeigen, wie sie kam'],
  hide: ['Hide', 'Ausblenden'],
  asItCame: ['As it came', 'Wie sie kam'],
  asItCameQuestion: ['Byte for byte, before anybody read it.', 'Byte für Byte, bevor jemand sie las.'],
  wholeMail: ['The whole mail', 'Die ganze Mail'],
  look: ['Look at it', 'Ansehen'],
  readTitle: ['What was read', 'Was gelesen wurde'],
  readQuestion: [
    'Whom it is about, in the server’s words, and the rule that decided.',
    'Um wen es geht, in den Worten des Servers, und die Regel, die entschied.',
  ],
  nothingRead: ['It says nothing about a recipient.', 'Sie sagt nichts über einen Empfänger.'],
  address: ['Recipient', 'Empfänger'],
  verdict: ['Reason', 'Grund'],
  said: ['They said', 'Sie sagten'],
  rule: ['Rule', 'Regel'],
  holds: ['puts the address on hold', 'sperrt die Adresse'],
  hard: ['refused for good', 'endgültig abgewiesen'],
  ours: ['Our message', 'Unsere Nachricht'],
  toMessage: ['Open the message', 'Nachricht öffnen'],
  complaint: ['Complaint', 'Beschwerde'],
  complaintAs: [(type: string) => `of type ${type}`, (type: string) => `vom Typ ${type}`],
  challenge: ['It holds our message back until a person answers it.', 'Sie hält unsere Nachricht zurück, bis ein Mensch sie beantwortet.'],
  reportingMta: ['Reporting server', 'Meldender Server'],
  facts: ['What and when', 'Was und wann'],
  factsQuestion: [
    'The envelope it came in, and how we know whom it is about.',
    'Der Umschlag, in dem sie kam, und woher wir wissen, um wen es geht.',
  ],
  envelopeFrom: ['Envelope sender', 'Absender im Umschlag'],
  nullSender: ['none, as reports have it', 'keiner, wie bei Berichten üblich'],
  rcptTo: ['Came to', 'Kam an'],
  remote: ['From the machine', 'Vom Rechner'],
  size: ['Size', 'Größe'],
  readAt: ['Read', 'Gelesen'],
  timesRead: [
    (count: number) => (count === 1 ? 'once' : `${numberWord(count, 'en')} times`),
    (count: number) => (count === 1 ? 'einmal' : `${numberWord(count, 'de')}-mal`),
  ],
  matchedBy: ['Known by', 'Erkannt an'],
  forwardedAs: ['Went on as', 'Ging weiter als'],
  aMessage: ['a message', 'eine Nachricht'],
  note: ['Note', 'Vermerk'],
  failed: [(why: string) => `That did not work. ${why}`, (why: string) => `Das ist nicht gelungen. ${why}`],
});

/** Kinds as they stand in a table. */
export const kindNames = catalogue({
  bounce: ['Bounce', 'Unzustellbar'],
  delayed: ['Delay', 'Verzögerung'],
  delivered: ['Delivery receipt', 'Zustellbestätigung'],
  complaint: ['Complaint', 'Beschwerde'],
  'auto-reply': ['Automatic reply', 'Automatische Antwort'],
  other: ['Mail for people', 'Post für Menschen'],
});

/** Kinds as they stand in a sentence. */
export const kindPhrases = catalogue({
  bounce: ['a bounce', 'eine Unzustellbarkeit'],
  delayed: ['notice of a delay', 'eine Verzögerung'],
  delivered: ['a delivery receipt', 'eine Zustellbestätigung'],
  complaint: ['a complaint', 'eine Beschwerde'],
  'auto-reply': ['an automatic reply', 'eine automatische Antwort'],
  other: ['mail for people', 'Post für Menschen'],
});

export const outcomeNames = catalogue({
  waiting: ['waits to be read', 'wartet aufs Lesen'],
  recorded: ['recorded', 'verzeichnet'],
  unmatched: ['about nobody we know', 'über niemanden, den wir kennen'],
  forwarded: ['went on as a message', 'ging als Nachricht weiter'],
  kept: ['kept, nothing follows', 'aufbewahrt, nichts folgt'],
  unreadable: ['could not be read', 'ließ sich nicht lesen'],
});

export const matchNames = catalogue({
  'return-path': ['the return path it came to', 'am Rückweg, an den sie kam'],
  'returned-path': ['the return path it brings back', 'am Rückweg, den sie mitbringt'],
  reference: ['the reference of our message', 'am Verweis auf unsere Nachricht'],
  'message-id': ['the Message-ID of ours', 'an unserer Message-ID'],
});
