// This file holds the texts of the policy of holds: its rules as sentences, the form, and what a change would have done.
import { capital, catalogue, numberWord } from './words.ts';

const days = (count: number, lang: 'en' | 'de') =>
  lang === 'en'
    ? `${numberWord(count, 'en')} ${count === 1 ? 'day' : 'days'}`
    : `${count === 1 ? 'einen' : numberWord(count, 'de')} ${count === 1 ? 'Tag' : 'Tage'}`;

export const holdPolicyWords = catalogue({
  title: ['When an address goes on hold', 'Wann eine Adresse gesperrt wird'],
  what: ['the policy of holds', 'Die Sperrregeln'],
  asking: ['Asking for the rules …', 'Die Regeln werden geholt …'],
  // Log line
  platform: [
    (count: number) =>
      `${capital(numberWord(count, 'en'))} ${count === 1 ? 'rule decides' : 'rules decide'} for everybody who has none of their own.`,
    (count: number) =>
      count === 1
        ? 'Eine Regel entscheidet für alle, die keine eigenen haben.'
        : `${capital(numberWord(count, 'de'))} Regeln entscheiden für alle, die keine eigenen haben.`,
  ],
  inherited: [
    (name: string) => `${name} goes by the platform’s rules; only a fault of the recipient holds an address.`,
    (name: string) => `Für ${name} gelten die Regeln der Plattform; nur was am Empfänger liegt, sperrt eine Adresse.`,
  ],
  own: [
    (name: string, count: number) => `${name} has ${numberWord(count, 'en')} ${count === 1 ? 'rule' : 'rules'} of its own.`,
    (name: string, count: number) => `${name} hat ${count === 1 ? 'eine eigene Regel' : `${numberWord(count, 'de')} eigene Regeln`}.`,
  ],
  wouldHold: [
    (held: string, later: string) => `These rules would have [held ${held} addresses](#dry), ${later} of which were later delivered.`,
    (held: string, later: string) => `Diese Regeln hätten [${held} Adressen gesperrt](#dry); bei ${later} davon kam später Post an.`,
  ],
  whose: ['Rules for', 'Regeln für'],
  everybody: ['the platform', 'die Plattform'],
  you: ['Your organisation', 'Ihre Organisation'],
  // Rules in words
  rules: ['The rules', 'Die Regeln'],
  rulesQuestion: [
    'A fault of ours, of the mail or of a house rule never holds an address, whatever stands here.',
    'Was an uns, am Inhalt oder an einer Hausregel liegt, sperrt nie eine Adresse, was auch immer hier steht.',
  ],

  consequence: ['What happens', 'Was geschieht'],
  first: ['at the first time', 'beim ersten Mal'],
  after: [
    (failures: number, over: number) =>
      `after ${numberWord(failures, 'en')} failed mails${over === 0 ? '' : `, spread over at least ${days(over, 'en')}`}`,
    (failures: number, over: number) =>
      `nach ${numberWord(failures, 'de')} Fehlschlägen${over === 0 ? '' : `, verteilt über mindestens ${days(over, 'de')}`}`,
  ],
  forGood: ['on hold until somebody lets it go', 'gesperrt bis zur Freigabe'],
  forDays: [(count: number) => `on hold for ${days(count, 'en')}`, (count: number) => `${days(count, 'de')} gesperrt`],
  bulkOnly: ['for bulk mail only', 'nur für Rundschreiben'],
  doubling: [
    (cap: number) => `twice as long each time, at most ${days(cap, 'en')}`,
    (cap: number) => `jedes Mal doppelt so lang, höchstens ${days(cap, 'de')}`,
  ],
  capitalOf: [(text: string) => `${capital(text)}.`, (text: string) => `${capital(text)}.`],
  reset: ['A delivery in between sets the count back.', 'Kommt dazwischen etwas an, beginnt die Zählung von vorn.'],
  // Form
  edit: ['Edit', 'Ändern'],
  ready: ['Done with this rule', 'Mit dieser Regel fertig'],
  drop: ['Take it out', 'Herausnehmen'],
  add: ['Add a rule', 'Regel hinzufügen'],
  classes: ['Answers', 'Antworten'],
  failures: ['Failed mails', 'Fehlschläge'],
  overDays: ['Spread over at least, days', 'Verteilt über mindestens, Tage'],
  holdDays: ['On hold, days', 'Gesperrt, Tage'],
  holdDaysHint: ['Empty: until somebody lets it go.', 'Leer: bis zur Freigabe.'],
  streams: ['Which mail', 'Welche Post'],
  streamsAll: ['all mail', 'alle Post'],
  streamsBulk: ['bulk mail only', 'nur Rundschreiben'],
  doubles: ['Twice as long each time', 'Jedes Mal doppelt so lang'],
  wrongNumber: ['A whole number, one or more.', 'Eine ganze Zahl, mindestens eins.'],
  wrongDays: ['A number of days, zero or more.', 'Eine Zahl von Tagen, null oder mehr.'],
  wrongClasses: ['Choose at least one.', 'Wählen Sie mindestens eine.'],
  newRule: ['A rule without answers yet', 'Eine Regel noch ohne Antworten'],
  // Dry run
  dry: ['What it would have done', 'Was es bewirkt hätte'],
  dryQuestion: ['Counted over what happened here, nothing is changed.', 'Gezählt an dem, was hier geschah; verändert wird nichts.'],
  dryRun: ['See what it would have done', 'Ansehen, was es bewirkt hätte'],
  dryOf: [
    (all: string, days: string) => `Of ${all} addresses that mail went to in the last ${days} days.`,
    (all: string, days: string) => `Von ${all} Adressen, an die in den letzten ${days} Tagen Post ging.`,
  ],
  drySampled: [
    (since: string) => `There were too many events to read them all; these go back to ${since}.`,
    (since: string) => `Es waren zu viele Ereignisse, um alle zu lesen; diese reichen zurück bis ${since}.`,
  ],
  dryNone: ['These rules would have held nobody.', 'Diese Regeln hätten niemanden gesperrt.'],
  reason: ['Reason', 'Grund'],
  held: ['Held', 'Gesperrt'],
  later: ['Later delivered', 'Später zugestellt'],
  save: ['Save these rules', 'Diese Regeln speichern'],
  saveFirst: ['See first what they would have done.', 'Sehen Sie zuerst an, was sie bewirkt hätten.'],
  saved: ['The rules hold from the next answer on.', 'Die Regeln gelten ab der nächsten Antwort.'],
  forget: ['Leave the changes', 'Änderungen verwerfen'],
  back: ['Back to the platform’s rules', 'Zurück zu den Regeln der Plattform'],
  backHouse: ['Back to the rules it came with', 'Zurück zu den mitgelieferten Regeln'],
  backTitle: ['Go back to the rules above', 'Zu den übergeordneten Regeln zurück'],
  backBody: [
    'The rules of their own are deleted. Holds that stand, stay.',
    'Die eigenen Regeln werden gelöscht. Bestehende Sperren bleiben.',
  ],
  backVerb: ['Go back', 'Zurück'],
  backDone: ['The rules above hold again.', 'Es gelten wieder die übergeordneten Regeln.'],
});
