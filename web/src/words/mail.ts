// This file names what every room speaks of: states, faults, classes, streams, marks.
import type { Fault, Health, Mark, RecipientState, Stream } from '../api/model.ts';
import { catalogue } from './words.ts';

type Pair = readonly [string, string];

/** One word each, for legends and filters. */
export const stateNames = catalogue({
  delivered: ['Delivered', 'Zugestellt'],
  handed_over: ['Handed over', 'Übergeben'],
  submitting: ['Being handed over', 'In Übergabe'],
  queued: ['Queued', 'Wartet'],
  scheduled: ['Scheduled', 'Geplant'],
  deferred: ['Deferred', 'Aufgeschoben'],
  held: ['Held', 'Angehalten'],
  uncertain: ['Uncertain', 'Ungewiss'],
  bounced: ['Bounced', 'Abgewiesen'],
  failed: ['Not handed over', 'Nicht übergeben'],
  expired: ['Expired', 'Abgelaufen'],
  suppressed: ['Suppressed', 'Gesperrt'],
  cancelled: ['Cancelled', 'Abgebrochen'],
} as const satisfies Record<RecipientState, Pair>);

/** What a state means, for the one who asks. */
export const stateMeanings = catalogue({
  delivered: ['The receiver took it.', 'Der Empfänger hat sie angenommen.'],
  handed_over: ['A provider has it; the receiver has not answered yet.', 'Ein Anbieter hat sie; der Empfänger hat noch nicht geantwortet.'],
  submitting: ['It is on the wire to a provider.', 'Sie ist gerade auf der Leitung zu einem Anbieter.'],
  queued: ['It waits for its turn.', 'Sie wartet, bis sie an der Reihe ist.'],
  scheduled: ['It waits for the time it was given.', 'Sie wartet auf den gewünschten Zeitpunkt.'],
  deferred: ['The receiver asked us to come back later.', 'Der Empfänger bat uns, später wiederzukommen.'],
  held: ['It waits for a person.', 'Sie wartet auf die Entscheidung eines Menschen.'],
  uncertain: ['The line broke while handing it over; we are asking the provider.', 'Die Leitung brach bei der Übergabe ab; wir fragen beim Anbieter nach.'],
  bounced: ['A receiver refused it for good.', 'Ein Empfänger hat sie endgültig abgewiesen.'],
  failed: ['We could not hand it over.', 'Wir konnten sie nicht übergeben.'],
  expired: ['Its lifetime ran out.', 'Ihre Frist ist abgelaufen.'],
  suppressed: ['We do not write to this address.', 'An diese Adresse schreiben wir nicht.'],
  cancelled: ['Somebody stopped it in time.', 'Jemand hat sie rechtzeitig abgebrochen.'],
} as const satisfies Record<RecipientState, Pair>);

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

export const turns = catalogue({
  theirs: ['Theirs to mend.', 'Das liegt bei der Gegenseite.'],
  sender: ['The sender’s to mend.', 'Das kann der Absender beheben.'],
  ours: ['Ours to mend.', 'Das liegt an uns.'],
  rule: ['A rule somebody chose.', 'Eine Regel, die jemand gewählt hat.'],
});

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
  complaint: ['pressed “spam”', 'hat auf „Spam“ gedrückt'],
  'auto-reply': ['an automatic reply', 'eine automatische Antwort'],
  unsubscribed: ['unsubscribed', 'hat sich abgemeldet'],
  manual: ['put on hold by a person', 'von einem Menschen gesperrt'],
  'no-route': ['no way out is open', 'kein Weg hinaus ist offen'],
  unclassified: ['an answer we cannot place yet', 'eine Antwort, die wir noch nicht einordnen'],
});

export const streamNames = catalogue({
  transactional: ['transactional', 'Einzelpost'],
  bulk: ['bulk', 'Rundschreiben'],
} as const satisfies Record<Stream, Pair>);

export const markNames = catalogue({
  complained: ['Complained', 'Beschwerde'],
  opened: ['Opened', 'Geöffnet'],
  clicked: ['Clicked', 'Angeklickt'],
  unsubscribed: ['Unsubscribed', 'Abgemeldet'],
  resent: ['Handed over twice', 'Zweimal übergeben'],
  silent: ['Route gives no answers', 'Weg ohne Rückmeldung'],
} as const satisfies Record<Mark, Pair>);

export const healthNames = catalogue({
  well: ['well', 'in Ordnung'],
  unreachable: ['unreachable', 'nicht erreichbar'],
  throttled: ['slowed down by the provider', 'vom Anbieter gebremst'],
  quota: ['quota used up', 'Kontingent aufgebraucht'],
  suspended: ['suspended by the provider', 'vom Anbieter gesperrt'],
  misconfigured: ['set up wrongly', 'falsch eingerichtet'],
  degraded: ['unwell', 'angeschlagen'],
} as const satisfies Record<Health, Pair>);

/** Phrases of the state pill: the word after the comma says what comes next. */
export const pillWords = catalogue({
  leavesAt: [(at: string) => `Leaves at ${at}`, (at: string) => `Geht um ${at} Uhr hinaus`],
  queued: ['Queued, next in line', 'Wartet, gleich an der Reihe'],
  queuedUntil: [(at: string) => `Queued, next at ${at}`, (at: string) => `Wartet, weiter um ${at} Uhr`],
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
  plainAgain: [(at: string) => `We try again at ${at}`, (at: string) => `Nächster Versuch ${at} Uhr`],
  plainHeld: ['Waits for a decision', 'Wartet auf eine Entscheidung'],
  plainUncertain: ['We are checking whether it arrived', 'Wir prüfen, ob es ankam'],
  plainBounced: [(why: string) => `Did not arrive: ${why}`, (why: string) => `Nicht angekommen: ${why}`],
  plainSuppressed: [(why: string) => `We did not write: ${why}`, (why: string) => `Nicht angeschrieben: ${why}`],
  plainFailed: [(why: string) => `Could not leave: ${why}`, (why: string) => `Konnte nicht hinaus: ${why}`],
  plainExpired: [(lapse: string) => `We gave up after ${lapse}`, (lapse: string) => `Nach ${lapse} aufgegeben`],
});
