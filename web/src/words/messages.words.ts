// This file holds the texts of Messages and of a tenant's "Find a person".
import { capital, catalogue, numberWord } from './words.ts';

export const messagesWords = catalogue({
  title: ['Messages', 'Nachrichten'],
  findPerson: ['Find a person', 'Person finden'],
  what: ['the messages', 'Die Nachrichten'],
  asking: ['Looking through the messages …', 'Die Nachrichten werden durchgesehen …'],
  // Log line
  nothingYet: ['No message has been handed in yet.', 'Noch wurde keine Nachricht abgegeben.'],
  nothingMore: ['There is nothing older.', 'Älteres gibt es nicht.'],
  newest: [
    (when: string, href: string) => `The newest message [came in ${when}](${href}).`,
    (when: string, href: string) => `Die neueste Nachricht [kam ${when}](${href}) herein.`,
  ],
  newestAgo: [
    (when: string, href: string) => `The newest message [came in ${when} ago](${href}).`,
    (when: string, href: string) => `Die neueste Nachricht [kam vor ${when}](${href}) herein.`,
  ],
  trouble: [
    (count: number, shown: string) =>
      `Of the ${shown} shown, [${numberWord(count, 'en')}](/messages?state=bounced) did not reach everybody.`,
    (count: number, shown: string) =>
      `Von den ${shown} gezeigten ${count === 1 ? 'hat [eine](/messages?state=bounced)' : `haben [${numberWord(count, 'de')}](/messages?state=bounced)`} nicht alle erreicht.`,
  ],
  wait: [
    (count: number) => `[${capital(numberWord(count, 'en'))}](/messages?state=held) ${count === 1 ? 'waits' : 'wait'} for a person.`,
    (count: number) =>
      count === 1
        ? '[Eine](/messages?state=held) wartet auf einen Menschen.'
        : `[${capital(numberWord(count, 'de'))}](/messages?state=held) warten auf einen Menschen.`,
  ],
  oneRefused: ['It did not reach everybody.', 'Sie hat nicht alle erreicht.'],
  oneWell: ['It is well or on its way.', 'Ihr geht es gut, oder sie ist unterwegs.'],
  allWell: [
    (shown: string) => `All ${shown} shown are well or on their way.`,
    (shown: string) => `Alle ${shown} gezeigten sind wohlauf oder unterwegs.`,
  ],
  older: ['These are older messages.', 'Das sind ältere Nachrichten.'],
  nobody: [(what: string) => `No message is found ${what}.`, (what: string) => `Keine Nachricht gefunden ${what}.`],
  found: [
    (count: number, what: string) => `${capital(numberWord(count, 'en'))} ${count === 1 ? 'message is' : 'messages are'} found ${what}.`,
    (count: number, what: string) =>
      `${count === 1 ? 'Eine Nachricht' : `${capital(numberWord(count, 'de'))} Nachrichten`} gefunden ${what}.`,
  ],
  foundMore: [
    (count: string, what: string) => `${count} messages and more are found ${what}.`,
    (count: string, what: string) => `${count} Nachrichten und mehr gefunden ${what}.`,
  ],
  byAddress: [(text: string) => `with ${text}`, (text: string) => `mit ${text}`],
  bySubject: [(text: string) => `with “${text}” in the subject`, (text: string) => `mit „${text}“ im Betreff`],
  byId: ['under this id', 'unter dieser Kennung'],
  byState: [(state: string) => `with somebody “${state.toLowerCase()}”`, (state: string) => `mit jemandem im Zustand „${state}“`],
  byStream: [(stream: string) => `in ${stream}`, (stream: string) => `als ${stream}`],
  bySender: [(from: string) => `from ${from}`, (from: string) => `von ${from}`],
  byWaiting: ['among those that wait', 'unter den wartenden'],
  byTenant: [(tenant: string) => `of ${tenant}`, (tenant: string) => `von ${tenant}`],
  byAll: [(count: string) => `by these ${count} filters`, (count: string) => `mit diesen ${count} Filtern`],
  byTime: [(time: string) => `within ${time}`, (time: string) => `innerhalb von ${time}`],
  // Search
  searchLabel: ['Address, subject or id', 'Adresse, Betreff oder Kennung'],
  search: ['Search', 'Suchen'],
  address: ['Address', 'Adresse'],
  subject: ['Subject', 'Betreff'],
  id: ['Id', 'Kennung'],
  state: ['State', 'Zustand'],
  stream: ['Stream', 'Art'],
  tenant: ['Tenant', 'Organisation'],
  time: ['Time', 'Zeit'],
  '1h': ['last hour', 'letzte Stunde'],
  '24h': ['last 24 hours', 'letzte 24 Stunden'],
  '7d': ['last 7 days', 'letzte 7 Tage'],
  '30d': ['last 30 days', 'letzte 30 Tage'],
  clear: ['Clear all', 'Alle entfernen'],
  // Table
  caption: ['Messages, newest first', 'Nachrichten, neueste zuerst'],
  message: ['Message', 'Nachricht'],
  to: ['To', 'An'],
  takenIn: ['Taken in', 'Angenommen'],
  noSubject: ['(no subject)', '(ohne Betreff)'],
  andOthers: [(count: string) => `and ${count} more`, (count: string) => `und ${count} weitere`],
  emptyTitle: ['Nothing matches.', 'Nichts passt.'],
  emptyHow: [
    'An address must be whole; part of a subject is enough. Older messages may lie outside the time you chose.',
    'Eine Adresse muss ganz sein; vom Betreff genügt ein Teil. Ältere Nachrichten liegen vielleicht außerhalb der gewählten Zeit.',
  ],
  firstTitle: ['Messages appear here the moment they are taken in.', 'Nachrichten erscheinen hier, sobald sie angenommen sind.'],
  firstHow: [
    'An application hands them in by HTTP or SMTP with a credential.',
    'Eine Anwendung gibt sie über HTTP oder SMTP mit einem Zugang ab.',
  ],
  makeCredential: ['Make a credential', 'Zugang anlegen'],
  windowEmpty: [
    'Nothing in the part looked through so far. Older messages may match.',
    'Im bisher durchgesehenen Teil nichts. Ältere Nachrichten können passen.',
  ],
  lookOn: ['Look through older ones', 'Ältere durchsehen'],
  findHow: [
    'Type the whole address of the person who did not get her mail.',
    'Geben Sie die ganze Adresse der Person ein, bei der etwas nicht ankam.',
  ],
});
