// This file holds the phrases of a recipient's pill.
import { catalogue } from './words.ts';

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
