// This file names what is said about one recipient: faults, classes, marks, and the phrases of its pill.
import type { Fault, Mark } from '../api/model.ts';
import { catalogue } from './words.ts';

type Pair = readonly [string, string];

export const faultNames = catalogue({
  recipient: ['the recipient', 'Empfänger'],
  receiver: ['the receiving side', 'Gegenstelle'],
  content: ['content', 'Inhalt'],
  'sender-reputation': ['our reputation', 'unser Ruf'],
  authentication: ['authentication', 'Absendernachweis'],
  policy: ['a rule', 'eine Regel'],
  capacity: ['capacity', 'Kapazität'],
  operator: ['our account', 'unser Konto'],
} as const satisfies Record<Fault, Pair>);

/** What the receiver's answer says, as a short sentence part. */
export const classNames = catalogue({
  'invalid-recipient': ['no such address', 'diese Adresse gibt es nicht'],
  'inactive-mailbox': ['the mailbox is closed', 'das Postfach ist stillgelegt'],
  'mailbox-full': ['the mailbox is full', 'das Postfach ist voll'],
  'bad-domain': ['this domain does not exist', 'diese Domain gibt es nicht'],
  'domain-not-accepting': ['the domain takes no mail', 'die Domain nimmt keine E-Mail an'],
  greylist: ['asked to knock again later', 'bat uns, später noch einmal anzuklopfen'],
  network: ['could not be reached', 'war nicht erreichbar'],
  expired: ['time ran out', 'die Frist lief ab'],
  system: ['has a fault of its own', 'hat selbst eine Störung'],
  protocol: ['did not understand us', 'hat uns nicht verstanden'],
  tls: ['no encrypted line could be made', 'keine verschlüsselte Leitung möglich'],
  'relay-denied': ['does not take mail for this address', 'nimmt für diese Adresse nichts an'],
  'spam-content': ['the content looks like spam to them', 'der Inhalt wirkt dort wie Spam'],
  content: ['the content was refused', 'der Inhalt wurde abgelehnt'],
  virus: ['something in it looks like a virus', 'etwas darin sieht nach einem Virus aus'],
  'message-too-large': ['the message is too large', 'die Nachricht ist zu groß'],
  'ip-reputation': ['refused the machine we came from', 'hat den Rechner abgewiesen, von dem wir kamen'],
  'auth-failure': ['the sender could not be proved', 'der Absender ließ sich nicht nachweisen'],
  'rate-limited': ['we came too often', 'wir kamen zu häufig'],
  policy: ['a rule of the receiver', 'eine Regel des Empfängers'],
  'sender-rejected': ['does not want mail from this sender', 'will von diesem Absender nichts'],
  'recipient-filtered': ['the recipient’s own filter', 'der Filter des Empfängers'],
  operator: ['our account at the provider', 'unser Konto beim Anbieter'],
  complaint: ['the person pressed “spam”', 'die Person hat auf „Spam“ gedrückt'],
  'auto-reply': ['an automatic reply', 'eine automatische Antwort'],
  unsubscribed: ['the person unsubscribed', 'die Person hat sich abgemeldet'],
  manual: ['somebody put it on hold', 'jemand hat sie gesperrt'],
  'provider-list': ['the provider keeps the address on its own list', 'der Anbieter führt die Adresse auf seiner eigenen Sperrliste'],
  'line-broke': ['the line broke', 'die Leitung brach ab'],
  'not-sent': ['the line broke before anything was handed over', 'die Leitung brach ab, bevor etwas übergeben war'],
  'no-route': ['no way out is open', 'kein Weg hinaus ist offen'],
  'free-mailbox': ['nobody may write in this mailbox provider’s name', 'niemand darf im Namen dieses Postfachanbieters schreiben'],
  'rewriting-not-agreed': ['the organisation has to agree to a new From', 'die Organisation muss einem neuen Absender zustimmen'],
  'signed-by-author': ['it is signed, so From cannot be written anew', 'sie ist signiert, der Absender bleibt also'],
  unclassified: ['an answer we cannot place yet', 'eine Antwort, die wir noch nicht einordnen'],
});

export const markNames = catalogue({
  complained: ['Complained', 'Beschwerde'],
  opened: ['Opened', 'Geöffnet'],
  clicked: ['Clicked', 'Angeklickt'],
  unsubscribed: ['Unsubscribed', 'Abgemeldet'],
  resent: ['Handed over twice', 'Zweimal übergeben'],
  silent: ['Route gives no answers', 'Weg ohne Rückmeldung'],
} as const satisfies Record<Mark, Pair>);

/** Phrases of the state pill: the word after the comma says what comes next. */
export const pillWords = catalogue({
  leaves: [(ahead: string) => `Leaves ${ahead}`, (ahead: string) => `Geht ${ahead} hinaus`],
  queued: ['Queued, next in line', 'Wartet, gleich an der Reihe'],
  queuedUntil: [(ahead: string) => `Queued, next ${ahead}`, (ahead: string) => `Wartet, weiter ${ahead}`],
  submitting: ['Being handed over', 'Wird gerade übergeben'],
  handedOver: ['Handed over, answer due', 'Übergeben, Antwort steht aus'],
  handedOverSilent: ['Handed over, this route gives no answers', 'Übergeben, dieser Weg meldet nichts zurück'],
  delivered: ['Delivered', 'Zugestellt'],
  deliveredAfter: [(lapse: string) => `Delivered after ${lapse}`, (lapse: string) => `Zugestellt nach ${lapse}`],
  deferred: ['Deferred, tries again by itself', 'Aufgeschoben, neuer Versuch von selbst'],
  deferredUntil: [(at: string) => `Deferred, next try ${at}`, (at: string) => `Aufgeschoben, nächster Versuch ${at}`],
  held: [(why: string) => `Held: ${why}`, (why: string) => `Angehalten: ${why}`],
  heldPlain: ['Held, waits for a person', 'Angehalten, wartet auf einen Menschen'],
  uncertain: [(who: string) => `Uncertain, asking ${who}`, (who: string) => `Ungewiss, Nachfrage bei ${who}`],
  uncertainPlain: ['Uncertain, asking the provider', 'Ungewiss, Nachfrage beim Anbieter'],
  bounced: [(why: string) => `Bounced: ${why}`, (why: string) => `Abgewiesen: ${why}`],
  suppressed: [(why: string) => `Suppressed: ${why}`, (why: string) => `Gesperrt: ${why}`],
  failed: [(why: string) => `Not handed over: ${why}`, (why: string) => `Nicht übergeben: ${why}`],
  expiredAfter: [(lapse: string) => `Expired after ${lapse}`, (lapse: string) => `Abgelaufen nach ${lapse}`],
  cancelled: ['Cancelled', 'Abgebrochen'],
  // The same for people of a tenant organisation.
  plainWay: ['Still on the way', 'Noch unterwegs'],
  plainHandedOver: ['Handed over, no answer yet', 'Übergeben, noch ohne Antwort'],
  plainArrived: ['Arrived', 'Angekommen'],
  plainAgain: [(ahead: string) => `We try again ${ahead}`, (ahead: string) => `Nächster Versuch ${ahead}`],
  plainHeld: ['Waits for a decision', 'Wartet auf eine Entscheidung'],
  plainUncertain: ['We are checking whether it arrived', 'Wir prüfen, ob es ankam'],
  plainBounced: [(why: string) => `Did not arrive: ${why}`, (why: string) => `Nicht angekommen: ${why}`],
  plainSuppressed: [(why: string) => `We did not write: ${why}`, (why: string) => `Nicht angeschrieben: ${why}`],
  plainFailed: [(why: string) => `Could not leave: ${why}`, (why: string) => `Konnte nicht hinaus: ${why}`],
  plainExpired: [(lapse: string) => `We gave up after ${lapse}`, (lapse: string) => `Nach ${lapse} aufgegeben`],
});
