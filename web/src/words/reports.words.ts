// This file holds the texts of Reports: the list, one report, and what reports say about a domain.
import { capital, catalogue, numberWord } from './words.ts';

export const reportWords = catalogue({
  title: ['Reports', 'Berichte'],
  what: ['the reports', 'Die Berichte'],
  asking: ['Asking what receivers reported …', 'Es wird gefragt, was Empfänger berichtet haben …'],
  // Log line of the list
  lineNone: ['No receiver has reported yet.', 'Noch hat kein Empfänger berichtet.'],
  lineNoMatch: ['No report fits.', 'Kein Bericht passt dazu.'],
  lineAll: [
    (count: number, words: string) =>
      count === 1 ? '[One report](#list) came, and it counts.' : `[${words} reports](#list) are shown, and each counts.`,
    (count: number, words: string) =>
      count === 1 ? '[Ein Bericht](#list) kam, und er zählt.' : `[${words} Berichte](#list) sind gezeigt, und jeder zählt.`,
  ],
  lineUncounted: [
    (count: number, all: string) =>
      `${capital(numberWord(count, 'en'))} of ${all} reports shown [${count === 1 ? 'does' : 'do'} not count](#list).`,
    (count: number, all: string) =>
      `${capital(count === 1 ? 'einer' : numberWord(count, 'de'))} von ${all} gezeigten Berichten [${count === 1 ? 'zählt' : 'zählen'} nicht](#list).`,
  ],
  noneHow: [
    'Receivers report once a day to the address in the DMARC record of a domain. A report that came elsewhere can be handed in here.',
    'Empfänger berichten einmal am Tag an die Adresse im DMARC-Eintrag einer Domain. Ein Bericht, der woanders ankam, lässt sich hier abgeben.',
  ],
  noMatchHow: ['Take a filter away.', 'Nehmen Sie einen Filter weg.'],
  // Domains
  domains: ['By domain', 'Nach Domain'],
  domainsQuestion: ['Who sends in its name, and how that fares.', 'Wer in ihrem Namen sendet, und wie es dem ergeht.'],
  noDomains: ['No sending domain yet.', 'Noch keine Absenderdomain.'],
  // Filters and table
  received: ['As they came', 'Wie sie kamen'],
  receivedQuestion: ['Each report once, newest first.', 'Jeder Bericht einmal, neueste zuerst.'],
  domain: ['Domain', 'Domain'],
  kind: ['Kind', 'Art'],
  state: ['State', 'Zustand'],
  tenant: ['Tenant', 'Organisation'],
  clear: ['Clear all', 'Alles zurücksetzen'],
  search: ['Whole domain', 'Ganze Domain'],
  look: ['Look', 'Suchen'],
  caption: ['Reports about domains', 'Berichte über Domains'],
  reporter: ['Reported by', 'Berichtet von'],
  nobody: ['no name given', 'ohne Namen'],
  about: ['About', 'Über'],
  messages: ['Messages', 'Nachrichten'],
  proven: ['Proven', 'Bewiesen'],
  day: ['Day', 'Tag'],
  came: ['Came', 'Kam'],
  // Handing in
  hand: ['Hand in a report', 'Bericht abgeben'],
  file: ['File', 'Datei'],
  fileHint: ['XML, JSON, zip, gzip, or the whole mail; at most 25 MB.', 'XML, JSON, zip, gzip oder die ganze Mail; höchstens 25 MB.'],
  fileNone: ['Choose a file first.', 'Wählen Sie zuerst eine Datei.'],
  handVerb: ['Hand it in', 'Abgeben'],
  taken: [
    (count: number) => `${capital(numberWord(count, 'en'))} ${count === 1 ? 'report is' : 'reports are'} stored.`,
    (count: number) => (count === 1 ? 'Ein Bericht ist gespeichert.' : `${capital(numberWord(count, 'de'))} Berichte sind gespeichert.`),
  ],
  takenBefore: [
    (count: number) => `${capital(numberWord(count, 'en'))} came before.`,
    (count: number) => (count === 1 ? 'Einer war schon da.' : `${capital(numberWord(count, 'de'))} waren schon da.`),
  ],
  // One report
  whatOne: ['this report', 'Dieser Bericht'],
  askingOne: ['Asking what this report says …', 'Es wird gefragt, was dieser Bericht sagt …'],
  lineCounts: [
    (passed: string, messages: string) => `It counts: ${passed} of ${messages} messages [are proven](#rows).`,
    (passed: string, messages: string) => `Er zählt: ${passed} von ${messages} Nachrichten [sind bewiesen](#rows).`,
  ],
  lineFailure: ['It is about [one message](#facts) that failed.', 'Er handelt von [einer Nachricht](#facts), die durchfiel.'],
  lineTls: [
    (passed: string, sessions: string) => `It counts: ${passed} of ${sessions} connections [were encrypted](#facts).`,
    (passed: string, sessions: string) => `Er zählt: ${passed} von ${sessions} Verbindungen [waren verschlüsselt](#facts).`,
  ],
  lineWaits: [
    'It does [not count yet](#facts): the domain is not verified.',
    'Er zählt [noch nicht](#facts): Die Domain ist nicht geprüft.',
  ],
  lineQuarantined: ['It does [not count](#facts), and can be read here.', 'Er zählt [nicht](#facts), lässt sich hier aber lesen.'],
  lineForged: [
    'Its mail [does not prove](#facts) that it comes from the reporter, so it does not count.',
    'Die Mail [beweist nicht](#facts), dass er vom Berichtenden stammt; darum zählt er nicht.',
  ],
  lineConflict: [
    'This reporter told [something else](#facts) under this id before, so it does not count.',
    'Unter dieser Kennung wurde vorher [etwas anderes](#facts) berichtet; darum zählt er nicht.',
  ],
  accept: ['Take it for genuine', 'Als echt nehmen'],
  acceptTitle: ['Take this report for genuine', 'Diesen Bericht als echt nehmen'],
  acceptBody: [
    'It counts from now on, or once its domain is verified. Do this only if you know where it comes from.',
    'Er zählt von da an, oder sobald seine Domain geprüft ist. Tun Sie das nur, wenn Sie wissen, woher er stammt.',
  ],
  accepted: ['It is taken for genuine.', 'Er gilt als echt.'],
  facts: ['What and when', 'Was und wann'],
  factsQuestion: ['Who reports, about which time, and what the mail proves.', 'Wer berichtet, über welche Zeit, und was die Mail beweist.'],
  reportId: ['Id at the reporter', 'Kennung beim Berichtenden'],
  contact: ['Its contact', 'Kontakt dort'],
  time: ['Time it is about', 'Zeit, von der er handelt'],
  to: [(from: string, to: string) => `${from} to ${to}`, (from: string, to: string) => `${from} bis ${to}`],
  proves: ['What the mail proves', 'Was die Mail beweist'],
  submitter: ['Handed in by', 'Abgegeben von'],
  byUpload: ['a person, as a file', 'einem Menschen, als Datei'],
  mail: ['The mail it came in', 'Die Mail, in der er kam'],
  openMail: ['Open the mail', 'Mail öffnen'],
  policy: ['Policy the receiver saw', 'Richtlinie, die der Empfänger sah'],
  again: ['Came again', 'Kam wieder'],
  againTimes: [
    (count: number) => (count === 1 ? 'once' : `${numberWord(count, 'en')} times`),
    (count: number) => (count === 1 ? 'einmal' : `${numberWord(count, 'de')}-mal`),
  ],
  other: ['The other report', 'Der andere Bericht'],
  openOther: ['Open it', 'Öffnen'],
  warnings: ['What is odd in it', 'Was daran seltsam ist'],
  rows: ['Its records', 'Seine Zeilen'],
  rowsQuestion: ['By address that handed mail over, most messages first.', 'Nach Adresse, die Post übergab, die meisten zuerst.'],
  noRows: ['It holds no records.', 'Er enthält keine Zeilen.'],
  ip: ['Address', 'Adresse'],
  signed: ['Signed', 'Signiert'],
  envelope: ['Envelope', 'Umschlag'],
  handled: ['The receiver', 'Der Empfänger'],
  aligned: ['agrees', 'stimmt überein'],
  notAligned: ['does not agree', 'stimmt nicht überein'],
  detail: ['The rest of it', 'Das Übrige daraus'],
  detailQuestion: ['As the report has it.', 'Wie es im Bericht steht.'],
  failed: [(why: string) => `That did not work. ${why}`, (why: string) => `Das ist nicht gelungen. ${why}`],
});

export const reportKinds = catalogue({
  aggregate: ['DMARC, a day’s counts', 'DMARC, Zahlen eines Tages'],
  failure: ['DMARC, one message', 'DMARC, eine Nachricht'],
  tlsrpt: ['TLS', 'TLS-Bericht'],
});

export const reportStates = catalogue({
  counted: ['counts', 'zählt'],
  quarantined: ['does not count yet', 'zählt noch nicht'],
  forged: ['not proven to be genuine', 'nicht als echt bewiesen'],
  conflict: ['contradicts one before', 'widerspricht einem früheren'],
});

export const reportReasons = catalogue({
  'domain-unverified': ['the domain is not verified yet', 'die Domain ist noch nicht geprüft'],
  'domain-missing': ['it names no domain', 'er nennt keine Domain'],
  'range-unusable': ['its times make no sense', 'seine Zeiten ergeben keinen Sinn'],
  'several-owners': ['it would show one organisation’s message to another', 'er zeigte einer Organisation die Nachricht einer anderen'],
  'mail-fail': ['From of the mail is not proven', 'From der Mail ist nicht bewiesen'],
  'mail-none': ['From of the mail is not proven', 'From der Mail ist nicht bewiesen'],
  'mail-unreachable': ['From of the mail could not be checked', 'From der Mail ließ sich nicht prüfen'],
  'mail-mismatch': ['it claims to come from elsewhere than its mail', 'er gibt eine andere Herkunft an als seine Mail'],
  'other-numbers': ['other numbers under the same id', 'andere Zahlen unter derselben Kennung'],
});

/** What reports say about one domain. */
export const dmarcWords = catalogue({
  title: ['What receivers report', 'Was Empfänger berichten'],
  what: ['what receivers report', 'Was Empfänger berichten'],
  asking: ['Asking what receivers report about this domain …', 'Es wird gefragt, was Empfänger über diese Domain berichten …'],
  lineNone: ['No receiver reported on this domain in these days.', 'In diesen Tagen hat kein Empfänger über diese Domain berichtet.'],
  lineAll: [
    (messages: string) => `All ${messages} messages in its name [are proven](#volume)`,
    (messages: string) => `Alle ${messages} Nachrichten in ihrem Namen [sind bewiesen](#volume)`,
  ],
  linePart: [
    (aligned: string, messages: string) => `${aligned} of ${messages} messages in its name [are proven](#volume)`,
    (aligned: string, messages: string) => `${aligned} von ${messages} Nachrichten in ihrem Namen [sind bewiesen](#volume)`,
  ],
  lineNext: ['a stricter policy [is safe](#path).', 'eine strengere Richtlinie [ist sicher](#path).'],
  lineBlocked: [
    (count: number) => `${numberWord(count, 'en')} ${count === 1 ? 'thing stands' : 'things stand'} before [a stricter policy](#path).`,
    (count: number) =>
      `vor [einer strengeren Richtlinie](#path) ${count === 1 ? 'steht noch eines' : `stehen noch ${numberWord(count, 'de')} Dinge`}.`,
  ],
  lineEnd: ['the policy is [as strict as can be](#path).', 'strenger kann die Richtlinie [nicht werden](#path).'],
  range: ['Time', 'Zeit'],
  days7: ['7 days', '7 Tage'],
  days30: ['30 days', '30 Tage'],
  days90: ['90 days', '90 Tage'],
  days365: ['a year', 'ein Jahr'],
  csv: ['Sources as CSV', 'Quellen als CSV'],
  toReports: ['The reports themselves', 'Die Berichte selbst'],
  uncounted: [
    (count: number, words: string) =>
      count === 1 ? 'One report of these days does not count.' : `${words} reports of these days do not count.`,
    (count: number, words: string) =>
      count === 1 ? 'Ein Bericht dieser Tage zählt nicht.' : `${words} Berichte dieser Tage zählen nicht.`,
  ],
  lookWhy: ['See why', 'Ansehen, warum'],
  // Volume
  volume: ['Volume and proof', 'Menge und Nachweis'],
  volumeQuestion: [
    'Messages in the name of the domain by day, and those that DKIM or SPF proves.',
    'Nachrichten im Namen der Domain nach Tag, und die davon, die DKIM oder SPF beweist.',
  ],
  chart: [
    (messages: string, aligned: string, most: string, day: string) =>
      `${messages} messages by day, ${aligned} of them proven; most on ${day}: ${most}`,
    (messages: string, aligned: string, most: string, day: string) =>
      `${messages} Nachrichten nach Tag, davon ${aligned} bewiesen; die meisten am ${day}: ${most}`,
  ],
  keyAll: ['Messages', 'Nachrichten'],
  keyNot: ['not proven', 'nicht bewiesen'],
  keyProven: ['proven', 'bewiesen'],
  asTable: ['The same as a table', 'Dasselbe als Tabelle'],
  day: ['Day', 'Tag'],
  noneHow: [
    'Receivers report about a day after mail went to them. The DMARC record has to name the address that reports go to.',
    'Empfänger berichten etwa einen Tag, nachdem Post bei ihnen war. Der DMARC-Eintrag muss die Adresse nennen, an die Berichte gehen.',
  ],
  address: ['Reports go to', 'Berichte gehen an'],
  // Safe path
  path: ['The safe path', 'Der sichere Weg'],
  pathQuestion: [
    'From watching to refusing forged mail, one step at a time, with the evidence.',
    'Vom Zusehen zum Abweisen gefälschter Post, Schritt für Schritt, mit den Belegen.',
  ],
  unknownPolicy: ['Receivers saw no policy yet', 'Empfänger sahen noch keine Richtlinie'],
  testing: ['in test', 'im Test'],
  none: ['Watching only', 'Nur zusehen'],
  quarantine: ['Forged mail to the spam folder', 'Gefälschtes in den Spam-Ordner'],
  reject: ['Forged mail refused', 'Gefälschtes abweisen'],
  nextStep: [(policy: string) => `The next step is safe: ${policy}.`, (policy: string) => `Der nächste Schritt ist sicher: ${policy}.`],
  record: ['The record for _dmarc', 'Der Eintrag für _dmarc'],
  blockers: ['What stands before the next step', 'Was vor dem nächsten Schritt steht'],
  end: ['The path ends here; nothing is left to do.', 'Der Weg endet hier; es ist nichts zu tun.'],
  // Sources
  sources: ['Who sends in its name', 'Wer in ihrem Namen sendet'],
  sourcesQuestion: [
    'By what the machines are, with the reason where something fails.',
    'Nach dem, was die Rechner sind, mit dem Grund, wo etwas durchfällt.',
  ],
  source: ['Source', 'Quelle'],
  messages: ['Messages', 'Nachrichten'],
  proven: ['Proven', 'Bewiesen'],
  byDkim: ['by DKIM', 'durch DKIM'],
  bySpf: ['by SPF', 'durch SPF'],
  why: ['Why, and next', 'Warum, was tun'],
  addresses: [
    (count: number, words: string) => (count === 1 ? 'One address' : `${words} addresses`),
    (count: number, words: string) => (count === 1 ? 'Eine Adresse' : `${words} Adressen`),
  ],
  failures: ['What failed', 'Was durchfiel'],
  failuresQuestion: ['Each cause with its source, most messages first.', 'Jede Ursache mit ihrer Quelle, die meisten zuerst.'],
  headerFrom: ['In the name of', 'Im Namen von'],
  // TLS
  tls: ['Encryption on the way to it', 'Verschlüsselung auf dem Weg zu ihr'],
  tlsQuestion: ['How others reached the mail servers of this domain.', 'Wie andere die Mailserver dieser Domain erreichten.'],
  tlsNone: ['Nobody reported on encryption in these days.', 'In diesen Tagen hat niemand über Verschlüsselung berichtet.'],
  tlsAll: [
    (sessions: string) => `All ${sessions} connections were encrypted.`,
    (sessions: string) => `Alle ${sessions} Verbindungen waren verschlüsselt.`,
  ],
  tlsPart: [
    (failed: string, sessions: string) => `${failed} of ${sessions} connections could not be encrypted.`,
    (failed: string, sessions: string) => `${failed} von ${sessions} Verbindungen ließen sich nicht verschlüsseln.`,
  ],
  tlsCause: ['Cause', 'Ursache'],
  tlsServer: ['Mail server', 'Mailserver'],
  tlsConnections: ['Connections', 'Verbindungen'],
  reporters: ['Reported by', 'Berichtet von'],
});

export const sourceKinds = catalogue({
  ours: ['This desk', 'Dieses Pult'],
  provider: ['Services that send for many', 'Dienste, die für viele senden'],
  forwarder: ['Passed on by others', 'Von anderen weitergereicht'],
  unknown: ['Unknown', 'Unbekannt'],
});
