// This file holds the texts of the evidence on Bounces: whose turn, by receiver, over time, grouped, and the list in the receivers' words.
import { catalogue } from './words.ts';

export const bouncesPartsWords = catalogue({
  // Arrived
  arrived: ['How much arrives', 'Wie viel ankommt'],
  arrivedQuestion: [
    'Rates with what is likely: small numbers say little.',
    'Raten mit dem, was wahrscheinlich ist: Kleine Zahlen sagen wenig.',
  ],
  deliveredRate: ['Delivered, of those answered', 'Zugestellt, von den beantworteten'],
  bounceRate: ['Refused for good', 'Endgültig abgewiesen'],
  complaintRate: ['Pressed “spam”', 'Auf „Spam“ gedrückt'],
  // Whose turn
  turn: ['Whose turn', 'Wer am Zug ist'],
  turnQuestion: [
    'Every refusal has one fault, and every fault has one party who can mend it.',
    'Jede Abweisung hat eine Ursache, und jede Ursache hat jemanden, der sie beheben kann.',
  ],
  turnSentence: [
    (theirs: string, sender: string, ours: string, rule: string) =>
      `${theirs} theirs, ${sender} the sender’s, ${ours} ours, ${rule} by rule`,
    (theirs: string, sender: string, ours: string, rule: string) =>
      `${theirs} bei den Empfängern, ${sender} beim Absender, ${ours} bei uns, ${rule} nach Regel`,
  ],
  theirs: ['Theirs', 'Bei den Empfängern'],
  theirsHow: [
    'Mailbox gone, full or closed, or the receiving side is disturbed.',
    'Postfach weg, voll oder geschlossen, oder die Gegenseite ist gestört.',
  ],
  sender: ['The sender’s', 'Beim Absender'],
  senderHow: [
    'What the mail says, or a domain that cannot prove itself.',
    'Was in der Post steht, oder eine Domain, die sich nicht ausweisen kann.',
  ],
  ours: ['Ours', 'Bei uns'],
  oursHow: [
    'Our machines, our pace or our account. No address is put on hold for it.',
    'Unsere Rechner, unser Tempo, unser Konto. Dafür wird keine Adresse gesperrt.',
  ],
  rule: ['By rule', 'Nach Regel'],
  ruleHow: ['The receiver’s house rules. Nobody is at fault.', 'Die Hausregeln des Empfängers. Niemand hat Schuld.'],
  unplaced: [
    (count: string) => `${count} more have no fault that anybody named.`,
    (count: string) => `Bei ${count} weiteren nannte niemand eine Ursache.`,
  ],
  operatorFailed: [
    (count: string) => `${count} more could not leave because of our accounts; they are in nobody’s figures.`,
    (count: string) => `${count} weitere konnten wegen unserer Konten nicht hinaus; sie stehen in niemandes Zahlen.`,
  ],
  nothing: ['Nobody was refused.', 'Niemand wurde abgewiesen.'],
  nothingHow: ['Not in this time and with these filters.', 'Nicht in dieser Zeit und mit diesen Filtern.'],
  // Heat
  where: ['Fault by receiver', 'Ursache je Empfängeranbieter'],
  whereQuestion: [
    'The stronger the tint, the more. Pick a cell to see the words.',
    'Je kräftiger der Ton, desto mehr. Ein Feld führt zu den Worten.',
  ],
  fault: ['Fault', 'Ursache'],
  all: ['All', 'Alle'],
  others: ['Others', 'Andere'],
  ofThem: ['Of what went there', 'Von dem, was hinging'],
  heatCaption: ['Refusals by fault and mailbox provider', 'Abweisungen nach Ursache und Anbieter'],
  cell: [
    (count: string, fault: string, at: string) => `${count}, ${fault}, at ${at}`,
    (count: string, fault: string, at: string) => `${count}, ${fault}, bei ${at}`,
  ],
  // Time
  when: ['When', 'Wann'],
  whenHour: [
    'Refusals an hour; dark: ours to mend. Drag to choose a time.',
    'Abweisungen je Stunde; dunkel: unsere Sache. Ziehen wählt eine Zeit.',
  ],
  whenDay: [
    'Refusals a day; dark: ours to mend. Drag to choose a time.',
    'Abweisungen je Tag; dunkel: unsere Sache. Ziehen wählt eine Zeit.',
  ],
  onDay: [(day: string) => `on ${day}`, (day: string) => `am ${day}`],
  whenSentence: [
    (all: string, most: string, at: string) => `Refusals over time, ${all} in all. The most, ${most}, were ${at}.`,
    (all: string, most: string, at: string) => `Abweisungen über die Zeit, zusammen ${all}. Die meisten, ${most}, ${at}.`,
  ],
  keyAll: ['refused', 'abgewiesen'],
  keyOurs: ['of them ours', 'davon unsere Sache'],
  asTable: ['The same as a table', 'Dasselbe als Tabelle'],
  begins: ['From', 'Ab'],
  // Groups
  groups: ['Grouped', 'Gruppiert'],
  groupsQuestion: ['The most refusals first. Pick a row to see only those.', 'Die meisten zuerst. Eine Zeile führt zu nur diesen.'],
  groupBy: ['By', 'Nach'],
  byClass: ['reason', 'Grund'],
  byFault: ['fault', 'Ursache'],
  byProvider: ['mailbox provider', 'Anbieter'],
  byDomain: ['domain', 'Domain'],
  byTenant: ['tenant', 'Organisation'],
  byStream: ['stream', 'Art'],
  byAccount: ['account', 'Konto'],
  refused: ['Refused', 'Abgewiesen'],
  of: ['Of', 'Von'],
  rate: ['Refused for good', 'Endgültig'],
  share: ['Share', 'Anteil'],
  groupsMore: [
    (shown: string, all: string) => `The ${shown} with the most refusals of ${all}; the file has all of them.`,
    (shown: string, all: string) => `Die ${shown} mit den meisten Abweisungen von ${all}; die Datei enthält alle.`,
  ],
  csv: ['CSV', 'CSV'],
  // List
  list: ['In their own words', 'In ihren eigenen Worten'],
  listQuestion: [
    'What the receiver said comes first and whole; our reading stands beside it.',
    'Zuerst, und ganz, was der Empfänger sagte; daneben, wie wir es lesen.',
  ],
  listCaption: ['Refusals, newest first', 'Abweisungen, neueste zuerst'],
  recipient: ['Recipient', 'Empfänger'],
  tenant: ['Tenant', 'Organisation'],
  said: ['They said', 'Sie sagten'],
  saidNothing: ['They gave no words.', 'Es kam kein Wort.'],
  read: ['We read', 'Wir lesen'],
  next: ['Next', 'Nächster Schritt'],
  at: ['When', 'Wann'],
  now: ['Now', 'Jetzt'],
  onHold: ['on hold', 'gesperrt'],
  ruleNamed: [(rule: string) => `rule ${rule}`, (rule: string) => `Regel ${rule}`],
  providerSays: [(label: string) => `the provider calls it “${label}”`, (label: string) => `beim Anbieter heißt es „${label}“`],
  noSubject: ['(no subject)', '(ohne Betreff)'],
  newest: ['Newest', 'Neueste'],
  older: ['Older', 'Ältere'],
  listWhat: ['the list of refusals', 'Die Liste der Abweisungen'],
  listWait: ['Fetching the words …', 'Die Worte werden geholt …'],
});
