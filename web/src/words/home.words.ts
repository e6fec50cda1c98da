// This file holds the texts of Home and of a tenant's Overview.
import { capital, catalogue, numberWord } from './words.ts';

export const homeWords = catalogue({
  title: ['Home', 'Start'],
  overview: ['Overview', 'Überblick'],
  what: ['the state of the desk', 'Der Stand des Pults'],
  asking: ['Asking the desk how the mail is …', 'Das Pult wird gefragt, wie es der Post geht …'],
  live: ['Everything on this page is live', 'Alles auf dieser Seite ist auf dem laufenden Stand'],
  // Log line, first sentence: worst first
  ledgerOff: [
    (count: string) => `The ledger is off: [${count} recipients](#ledger) cannot be accounted for.`,
    (count: string) => `Das Buch geht nicht auf: [${count} Empfänger](#ledger) sind nicht zu finden.`,
  ],
  noWay: [
    '[No way out is open](#ways); mail waits here and nothing is lost.',
    '[Kein Weg hinaus ist offen](#ways); die Post wartet hier, verloren ist nichts.',
  ],
  noAccount: [
    'There is [no way out](/accounts/new) yet; what comes in waits here.',
    'Es gibt noch [keinen Weg hinaus](/accounts/new); was hereinkommt, wartet hier.',
  ],
  oneUnwell: [
    (name: string) => `Mail is moving, but [${name}](#ways) rests; other ways carry its mail.`,
    (name: string) => `Die Post läuft, aber [${name}](#ways) ruht; andere Wege tragen sie.`,
  ],
  someUnwell: [
    (count: number) => `Mail is moving, but [${numberWord(count, 'en')} ways out](#ways) rest.`,
    (count: number) => `Die Post läuft, aber [${numberWord(count, 'de')} Wege hinaus](#ways) ruhen.`,
  ],
  late: [
    (wait: string) => `Mail is moving, but transactional mail has waited [up to ${wait}](#flow).`,
    (wait: string) => `Die Post läuft, aber Einzelpost wartet [bis zu ${wait}](#flow).`,
  ],
  quiet: ['It is quiet: nothing waits and [nothing is lost](#ledger).', 'Es ist still: Nichts wartet, und [nichts ist verloren](#ledger).'],
  nothingYet: ['Everything is ready; [no mail](#flow) has come in yet.', 'Alles ist bereit; [noch keine Post](#flow) ist hereingekommen.'],
  moving: ['Mail is moving by [every way](#ways); nothing is lost.', 'Die Post läuft auf [allen Wegen](#ways); nichts ist verloren.'],
  // Log line, second sentence
  needsYou: [
    (count: number) => `[${capital(numberWord(count, 'en'))} ${count === 1 ? 'thing waits' : 'things wait'}](#attn) for you.`,
    (count: number) => `[${count === 1 ? 'Eine Sache wartet' : `${capital(numberWord(count, 'de'))} Sachen warten`}](#attn) auf Sie.`,
  ],
  needs: [
    (count: number) =>
      `[${capital(numberWord(count, 'en'))} ${count === 1 ? 'thing' : 'things'}](#attn) ${count === 1 ? 'needs' : 'need'} a person.`,
    (count: number) =>
      count === 1
        ? '[Eine Sache](#attn) braucht einen Menschen.'
        : `[${capital(numberWord(count, 'de'))} Dinge](#attn) brauchen einen Menschen.`,
  ],
  // Tenant
  tenantNothing: ['No mail of yours has come in within a day.', 'Innerhalb eines Tages kam keine Post von Ihnen herein.'],
  tenantAll: [
    (count: string) => `All [${count} recipients](#ledger) of the last day have their mail.`,
    (count: string) => `Alle [${count} Empfänger](#ledger) des letzten Tages haben ihre Post.`,
  ],
  tenantMost: [
    (arrived: string, others: string) =>
      `[${arrived}](#ledger) arrived within the last day; ${others} are still on the way or need a look.`,
    (arrived: string, others: string) =>
      `[${arrived}](#ledger) sind am letzten Tag angekommen; ${others} sind noch unterwegs oder brauchen einen Blick.`,
  ],
  tenantHanded: [
    (handed: string) => `Handed over within the last day: [${handed}](#ledger); nothing of that came back.`,
    (handed: string) => `Am letzten Tag übergeben: [${handed}](#ledger); nichts davon kam zurück.`,
  ],
  tenantRefused: [
    (arrived: string, refused: string) =>
      `[${arrived}](#ledger) arrived within the last day; [${refused}](/messages?state=bounced&time=24h) did not.`,
    (arrived: string, refused: string) =>
      `[${arrived}](#ledger) sind am letzten Tag angekommen; [${refused}](/messages?state=bounced&time=24h) nicht.`,
  ],
  // Sections
  attention: ['Needs a person', 'Braucht einen Menschen'],
  attentionQuestion: ['Only what does not mend itself. Widest reach first.', 'Nur was sich nicht selbst behebt. Das Größte zuerst.'],
  openSince: [(when: string) => `open since ${when}`, (when: string) => `offen seit ${when}`],
  look: ['Look at it', 'Ansehen'],
  flow: ['Flow now', 'Jetzt'],
  flowQuestion: [
    'Recipients a minute, last hour. Above the waterline: taken in. Below: handed over.',
    'Empfänger je Minute, letzte Stunde. Über der Wasserlinie: angenommen. Darunter: übergeben.',
  ],
  flowSentence: [
    (peak: string, at: string, now: string) =>
      `Recipients per minute, last 60 minutes: taken in above the waterline, handed over below. Peak ${peak} at ${at}, now ${now}.`,
    (peak: string, at: string, now: string) =>
      `Empfänger je Minute, letzte 60 Minuten: angenommen über der Wasserlinie, übergeben darunter. Spitze ${peak} um ${at}, jetzt ${now}.`,
  ],
  flowEmpty: ['Nobody handed in mail during the last hour.', 'In der letzten Stunde hat niemand Post abgegeben.'],
  flowEmptyHow: [
    'Hand in a message with the curl line that the start of the desk printed, or make a credential for the application that should.',
    'Geben Sie eine Nachricht mit der curl-Zeile ab, die beim Start des Pults erschien, oder legen Sie einen Zugang für die Anwendung an.',
  ],
  makeCredential: ['Make a credential', 'Zugang anlegen'],
  keyTx: ['taken in, transactional', 'angenommen, Einzelpost'],
  keyBulk: ['taken in, bulk', 'angenommen, Rundschreiben'],
  keyOut: ['handed over', 'übergeben'],
  day: ['Last 24 hours', 'Letzte 24 Stunden'],
  dayQuestion: [
    'Every recipient has exactly one state. The bar is always the whole.',
    'Jeder Empfänger hat genau einen Zustand. Der Balken ist immer das Ganze.',
  ],
  dayEmpty: ['Nobody was written to in 24 hours.', 'In 24 Stunden wurde an niemanden geschrieben.'],
  takenIn: ['Taken in', 'Angenommen'],
  ofMessages: [
    (count: number, words: string) => (count === 1 ? 'recipients of one message' : `recipients of ${words} messages`),
    (count: number, words: string) => (count === 1 ? 'Empfänger einer Nachricht' : `Empfänger von ${words} Nachrichten`),
  ],
  rate: ['Delivered, of those answered', 'Zugestellt, von den beantworteten'],
  rateNone: ['no answers yet', 'noch keine Antworten'],
  likely: [(between: string) => `90\u00a0% sure: ${between}`, (between: string) => `zu 90\u00a0% sicher: ${between}`],
  howCounted: ['how this is counted', 'wie das gezählt wird'],
  answer: ['Answer time, middle', 'Antwortzeit, Mitte'],
  slowest: [(time: string) => `slowest 1\u00a0%: ${time}`, (time: string) => `langsamstes 1\u00a0%: ${time}`],
  ways: ['Ways out', 'Wege hinaus'],
  waysQuestion: [
    'Can each account carry mail, and if not, when does it try again?',
    'Kann jedes Konto Post tragen, und wenn nicht, wann versucht es es wieder?',
  ],
  account: ['Provider account', 'Anbieterkonto'],
  breaker: ['Breaker', 'Schalter'],
  says: ['What it said', 'Was es sagte'],
  simulated: ['simulator', 'Simulator'],
  waysEmpty: ['No provider account yet.', 'Noch kein Anbieterkonto.'],
  waysEmptyHow: ['Mail that comes in waits here until there is one.', 'Was hereinkommt, wartet hier, bis es eines gibt.'],
  addAccount: ['Add a provider account', 'Anbieterkonto anlegen'],
  zone: [
    (zone: string) => `Times are ${zone}. Hover or focus a time for UTC.`,
    (zone: string) => `Zeiten in ${zone}. Mit Zeiger oder Fokus auf einer Zeit erscheint UTC.`,
  ],
  find: ['Find a person', 'Person finden'],
  findHow: ['Why did she not get it? Look for her address.', 'Warum hat sie es nicht bekommen? Suchen Sie ihre Adresse.'],
});
