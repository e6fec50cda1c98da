// This file holds the texts of Incidents.
import { capital, catalogue, numberWord } from './words.ts';

export const incidentsWords = catalogue({
  title: ['Incidents', 'Vorfälle'],
  what: ['the incidents', 'Die Vorfälle'],
  asking: ['Asking what is wrong …', 'Es wird gefragt, was nicht stimmt …'],
  // Log line of the list
  none: ['Nothing is wrong that needs a person.', 'Nichts ist gestört, das einen Menschen braucht.'],
  noneClosed: ['No incident is closed yet.', 'Noch ist kein Vorfall abgeschlossen.'],
  open: [
    (count: number) => `[${capital(numberWord(count, 'en'))} ${count === 1 ? 'incident is' : 'incidents are'}](#list) open.`,
    (count: number) =>
      count === 1 ? '[Ein Vorfall](#list) ist offen.' : `[${capital(numberWord(count, 'de'))} Vorfälle](#list) sind offen.`,
  ],
  noneSeen: [
    (count: number) => (count === 1 ? 'Nobody is on it yet.' : 'Nobody is on any of them yet.'),
    (_count: number) => 'Noch kümmert sich niemand darum.',
  ],
  unseen: [
    (count: number) => (count === 1 ? 'Nobody is on one of them yet.' : `Nobody is on ${numberWord(count, 'en')} of them yet.`),
    (count: number) => (count === 1 ? 'Um einen kümmert sich noch niemand.' : `Um ${numberWord(count, 'de')} kümmert sich noch niemand.`),
  ],
  allSeen: ['Somebody is on each of them.', 'Um jeden kümmert sich jemand.'],
  closed: [
    (count: string) => `These are ${count} incidents that are over.`,
    (count: string) => `Das sind ${count} Vorfälle, die vorbei sind.`,
  ],
  kind: ['Only', 'Nur'],
  kindIp: ['refused IPs', 'abgewiesene IP-Adressen'],
  kindAuth: ['domains not verified', 'nicht geprüfte Domains'],
  kindAccount: ['accounts that take no mail', 'Konten, die nichts annehmen'],
  kindCapacity: ['slowed down', 'gebremst'],
  kindContent: ['refused content', 'abgelehnter Inhalt'],
  // List
  state: ['State', 'Zustand'],
  showOpen: ['open', 'offen'],
  showClosed: ['closed', 'abgeschlossen'],
  showAll: ['all', 'alle'],
  caption: ['Incidents, newest first', 'Vorfälle, neueste zuerst'],
  since: [(when: string) => `since ${when}`, (when: string) => `seit ${when}`],
  until: [(when: string) => `closed ${when}`, (when: string) => `abgeschlossen ${when}`],
  reach: [
    (count: number, words: string) => `${words} ${count === 1 ? 'message' : 'messages'}`,
    (count: number, words: string) => `${words} ${count === 1 ? 'Nachricht' : 'Nachrichten'}`,
  ],
  rerouted: [
    (count: number, words: string) => `another way was taken ${count === 1 ? 'once' : `${words} times`}`,
    (count: number, words: string) => `${count === 1 ? 'einmal' : `${words}-mal`} ein anderer Weg`,
  ],
  onIt: [(who: string) => `${who} is on it`, (who: string) => `${who} kümmert sich`],
  nobodyOnIt: ['nobody is on it yet', 'noch kümmert sich niemand'],
  look: ['Look at it', 'Ansehen'],
  emptyOpen: ['Nothing is open.', 'Nichts ist offen.'],
  emptyOpenHow: [
    'An incident opens by itself when receivers refuse mail for a reason that lies with us or with a sender’s domain.',
    'Ein Vorfall öffnet sich von selbst, wenn Empfänger Post aus einem Grund abweisen, der bei uns oder bei der Domain eines Absenders liegt.',
  ],
  older: ['Older', 'Ältere'],
  newest: ['Newest', 'Neueste'],
  // One
  whatOne: ['this incident', 'Dieser Vorfall'],
  askingOne: ['Asking what happened …', 'Es wird gefragt, was geschah …'],
  lineOpen: [
    (title: string, since: string) => `${title} [Open since ${since}](#facts).`,
    (title: string, since: string) => `${title} [Offen seit ${since}](#facts).`,
  ],
  lineLong: [
    (since: string) => `This has been [open since ${since}](#facts).`,
    (since: string) => `Das ist [offen seit ${since}](#facts).`,
  ],
  lineClosed: [
    (when: string) => `This is over; it was [closed ${when}](#facts).`,
    (when: string) => `Das ist vorbei; es wurde [${when} abgeschlossen](#facts).`,
  ],
  acknowledge: ['I am on it', 'Ich kümmere mich'],
  acknowledged: ['Written down that you are on it.', 'Vermerkt, dass Sie sich kümmern.'],
  close: ['Close it', 'Abschließen'],
  closeTitle: ['Close this incident', 'Diesen Vorfall abschließen'],
  closeBody: [
    'It is over. If receivers answer like this again, a new one opens by itself.',
    'Es ist vorbei. Antworten Empfänger wieder so, öffnet sich von selbst ein neuer.',
  ],
  closeWhy: ['What ended it', 'Was es beendet hat'],
  closeWhyHint: ['For whoever meets it next.', 'Für die Nächsten, denen es begegnet.'],
  closedNow: ['It is closed.', 'Er ist abgeschlossen.'],
  next: ['What to do next', 'Was als Nächstes zu tun ist'],
  nextQuestion: ['One step; the rest follows from it.', 'Ein Schritt; das Weitere ergibt sich daraus.'],
  facts: ['What and who', 'Was und wer'],
  factsQuestion: ['What it is about, and how far it reaches.', 'Worum es geht, und wie weit es reicht.'],
  turn: ['Whose turn', 'Wer am Zug ist'],
  account: ['Provider account', 'Anbieterkonto'],
  pool: ['Pool', 'Adressgruppe'],
  mailbox_provider: ['At', 'Bei'],
  domain: ['Domain', 'Domain'],
  tenant: ['Tenant', 'Organisation'],
  opened: ['Opened', 'Geöffnet'],
  lastSeen: ['Last seen', 'Zuletzt gesehen'],
  closedAt: ['Closed', 'Abgeschlossen'],
  by: ['Who is on it', 'Wer sich kümmert'],
  messages: ['Messages it met', 'Betroffene Nachrichten'],
  words: ['In the receivers’ words', 'In den Worten der Empfänger'],
  wordsQuestion: ['Whole, as they came.', 'Ganz, wie sie kamen.'],
  said: ['They said', 'Sie sagten'],
  times: ['Times', 'Wie oft'],
  last: ['Last', 'Zuletzt'],
  read: ['We read', 'Wir lesen'],
  noWords: ['No receiver’s words were kept.', 'Es sind keine Worte festgehalten.'],
  toBounces: ['The refusals', 'Die Abweisungen'],
  mailing: ['Mailing', 'Aussendung'],
  noSubject: ['(no subject)', '(ohne Betreff)'],
  saidNothing: ['They gave no words.', 'Es kam kein Wort.'],
  // What happened, by kind; the API tells it in English, so only the German is read.
  aReceiver: ['A receiver', 'Ein Empfänger'],
  anAccount: ['an account', 'einem Konto'],
  aDomain: ['this domain', 'dieser Domain'],
  ipBlocked: [
    (at: string, account: string) => `${at} refuses the IP of ${account}.`,
    (at: string, account: string) => `${at}: Die IP-Adresse von ${account} wird abgewiesen.`,
  ],
  authentication: [
    (domain: string) => `Receivers cannot verify that mail comes from ${domain}.`,
    (domain: string) => `Empfänger können nicht prüfen, ob Post von ${domain} kommt.`,
  ],
  accountRefuses: [
    (account: string) => `${account} does not take our mail.`,
    (account: string) => `${account} nimmt unsere Post nicht an.`,
  ],
  capacity: [
    (at: string, account: string) => `${at} slows down the mail of ${account}.`,
    (at: string, account: string) => `${at}: Die Post von ${account} wird gebremst.`,
  ],
  content: [
    (subject: string) => `Receivers refuse the content of “${subject}”.`,
    (subject: string) => `Empfänger lehnen den Inhalt von „${subject}“ ab.`,
  ],
  nextIpBlocked: [
    'Look up the IP on the list that the words name, and ask for its removal.',
    'Die Post nimmt inzwischen andere Konten, wo es welche gibt, und ab und zu prüft eine einzelne Nachricht, ob es vorbei ist. Suchen Sie die IP-Adresse auf der Liste, die in den Worten steht, finden Sie heraus, wer den Anlass gab, und bitten Sie Anbieter oder Liste um die Streichung.',
  ],
  nextAuthentication: [
    'Compare the DNS records of the domain with those on its page.',
    'Vergleichen Sie die DNS-Einträge der Domain mit denen auf ihrer Seite, berichtigen Sie sie, und lassen Sie sie noch einmal prüfen. Adressen werden deswegen nicht gesperrt.',
  ],
  nextAccount: [
    'Log in at the provider and read what it says about the account.',
    'Melden Sie sich beim Anbieter an und lesen Sie, was er über das Konto sagt; bis dahin wartet die Post oder nimmt andere Konten.',
  ],
  nextCapacity: [
    'The pace is lowered by itself.',
    'Das Tempo wird von selbst gesenkt. Geschieht es jeden Tag, setzen Sie für diesen Anbieter eine Grenze oder verteilen Sie die Aussendung auf mehr Stunden.',
  ],
  nextContent: [
    'Read the words of the receivers, change wording, links or attachments.',
    'Lesen Sie die Worte der Empfänger, ändern Sie Wortlaut, Links oder Anhänge, und geben Sie die Aussendung für die Übrigen noch einmal auf.',
  ],
  failed: [(why: string) => `Not done: ${why}`, (why: string) => `Nicht geschehen: ${why}`],
});
