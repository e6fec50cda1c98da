// This file holds the texts of one message's page.
import { capital, catalogue, numberWord } from './words.ts';

const one = (count: number, lang: 'en' | 'de') => numberWord(count, lang);

export const messageWords = catalogue({
  what: ['this message', 'Diese Nachricht'],
  asking: ['Looking for this message …', 'Diese Nachricht wird gesucht …'],
  // Log line, one recipient
  oneDelivered: [
    (lapse: string, at: string) => `It [arrived](${at}) after ${lapse}.`,
    (lapse: string, at: string) => `Sie ist nach ${lapse} [angekommen](${at}).`,
  ],
  oneSecondRoute: [
    (lapse: string, at: string) => `It arrived by a [second route](${at}) after ${lapse}.`,
    (lapse: string, at: string) => `Sie kam nach ${lapse} auf einem [zweiten Weg](${at}) an.`,
  ],
  oneHandedOver: [
    (who: string, at: string) => `It is [handed over to ${who}](${at}); the receiver has not answered yet.`,
    (who: string, at: string) => `Sie ist [an ${who} übergeben](${at}); der Empfänger hat noch nicht geantwortet.`,
  ],
  oneSilent: [
    (who: string, at: string) => `It is [handed over to ${who}](${at}), which tells no more unless it bounces.`,
    (who: string, at: string) => `Sie ist [an ${who} übergeben](${at}); mehr meldet dieser Weg nur, wenn sie zurückkommt.`,
  ],
  onePlain: [
    (at: string) => `It is [handed over](${at}); the receiver has not answered yet.`,
    (at: string) => `Sie ist [übergeben](${at}); der Empfänger hat noch nicht geantwortet.`,
  ],
  oneSubmitting: [
    (at: string) => `It is [being handed over](${at}) at this moment.`,
    (at: string) => `Sie wird in diesem Augenblick [übergeben](${at}).`,
  ],
  oneQueued: [
    (at: string) => `It waits [for its turn](${at}) and leaves by itself.`,
    (at: string) => `Sie wartet, bis sie [an der Reihe](${at}) ist, und geht von selbst hinaus.`,
  ],
  oneScheduled: [
    (ahead: string, at: string) => `It leaves [${ahead}](${at}), by itself.`,
    (ahead: string, at: string) => `Sie geht [${ahead}](${at}) von selbst hinaus.`,
  ],
  oneDeferred: [
    (ahead: string, why: string, at: string) => `It will be tried again [${ahead}](${at}), by itself: ${why}.`,
    (ahead: string, why: string, at: string) => `Der nächste Versuch ist [${ahead}](${at}), von selbst: ${why}.`,
  ],
  oneHeld: [
    (why: string, at: string) => `It is [held](${at}): ${why}.`,
    (why: string, at: string) => `Sie ist [angehalten](${at}): ${why}.`,
  ],
  oneUncertain: [
    (at: string) => `The line broke [while handing it over](${at}); we are asking the provider.`,
    (at: string) => `Die Leitung brach [während der Übergabe](${at}) ab; wir fragen beim Anbieter nach.`,
  ],
  oneBounced: [
    (why: string, at: string) => `It [did not arrive](${at}): ${why}.`,
    (why: string, at: string) => `Sie ist [nicht angekommen](${at}): ${why}.`,
  ],
  oneFailed: [
    (why: string, at: string) => `We [could not hand it over](${at}): ${why}.`,
    (why: string, at: string) => `Wir konnten sie [nicht übergeben](${at}): ${why}.`,
  ],
  oneExpired: [
    (lapse: string, at: string) => `We [gave up](${at}) after ${lapse} of trying.`,
    (lapse: string, at: string) => `Nach ${lapse} haben wir [aufgegeben](${at}).`,
  ],
  oneSuppressed: [
    (why: string, at: string) => `We [did not write](${at}) to this address: ${why}.`,
    (why: string, at: string) => `An diese Adresse haben wir [nicht geschrieben](${at}): ${why}.`,
  ],
  oneCancelled: [
    (at: string) => `It was [cancelled](${at}) before it left.`,
    (at: string) => `Sie wurde [abgebrochen](${at}), bevor sie hinausging.`,
  ],
  // Log line, several: clauses, worst first
  manyFailed: [
    (n: number, at: string) => `${one(n, 'en')} [could not leave](${at})`,
    (n: number, at: string) => `${n === 1 ? 'eine' : one(n, 'de')} [${n === 1 ? 'konnte' : 'konnten'} nicht hinaus](${at})`,
  ],
  manyBounced: [
    (n: number, at: string) => `${one(n, 'en')} [did not arrive](${at})`,
    (n: number, at: string) => `${n === 1 ? 'eine kam' : `${one(n, 'de')} kamen`} [nicht an](${at})`,
  ],
  manyNoAddress: [
    (n: number, at: string) => `${one(n, 'en')} ${n === 1 ? 'address' : 'addresses'} [${n === 1 ? 'does' : 'do'} not exist](${at})`,
    (n: number, at: string) => `${n === 1 ? 'eine Adresse' : `${one(n, 'de')} Adressen`} [${n === 1 ? 'gibt' : 'gibt'} es nicht](${at})`,
  ],
  manyHeld: [
    (n: number, at: string) => `${one(n, 'en')} [${n === 1 ? 'waits' : 'wait'} for a person](${at})`,
    (n: number, at: string) => `${n === 1 ? 'eine wartet' : `${one(n, 'de')} warten`} [auf einen Menschen](${at})`,
  ],
  manyUncertain: [
    (n: number, at: string) => `${one(n, 'en')} ${n === 1 ? 'is' : 'are'} [uncertain](${at})`,
    (n: number, at: string) => `${n === 1 ? 'eine ist' : `${one(n, 'de')} sind`} [ungewiss](${at})`,
  ],
  manyExpired: [
    (n: number, at: string) => `we [gave up](${at}) on ${one(n, 'en')}`,
    (n: number, at: string) => `${n === 1 ? 'eine' : one(n, 'de')} haben wir [aufgegeben](${at})`,
  ],
  manyDeferred: [
    (n: number, ahead: string, at: string) => `${one(n, 'en')} will be [tried again ${ahead}](${at})`,
    (n: number, ahead: string, at: string) => `${n === 1 ? 'eine wird' : `${one(n, 'de')} werden`} [${ahead} neu versucht](${at})`,
  ],
  manySuppressed: [
    (n: number, at: string) => `${one(n, 'en')} [${n === 1 ? 'is' : 'are'} on hold](${at})`,
    (n: number, at: string) => `${n === 1 ? 'eine ist' : `${one(n, 'de')} sind`} [gesperrt](${at})`,
  ],
  manyOnTheWay: [
    (n: number, at: string) => `${one(n, 'en')} ${n === 1 ? 'is' : 'are'} [on the way](${at})`,
    (n: number, at: string) => `${n === 1 ? 'eine ist' : `${one(n, 'de')} sind`} [unterwegs](${at})`,
  ],
  manySecondRoute: [
    (n: number, at: string) => `${one(n, 'en')} arrived by a [second route](${at})`,
    (n: number, at: string) => `${n === 1 ? 'eine kam' : `${one(n, 'de')} kamen`} auf einem [zweiten Weg](${at}) an`,
  ],
  manyDelivered: [
    (n: number, at: string) => `${one(n, 'en')} [arrived](${at})`,
    (n: number, at: string) => `${n === 1 ? 'eine ist' : `${one(n, 'de')} sind`} [angekommen](${at})`,
  ],
  manyCancelled: [
    (n: number, at: string) => `${one(n, 'en')} ${n === 1 ? 'was' : 'were'} [cancelled](${at})`,
    (n: number, at: string) => `${n === 1 ? 'eine wurde' : `${one(n, 'de')} wurden`} [abgebrochen](${at})`,
  ],
  manyAllArrived: [
    (n: number) => `${n === 2 ? 'Both' : `All ${one(n, 'en')}`} [arrived](#passages).`,
    (n: number) => `${n === 2 ? 'Beide' : `Alle ${one(n, 'de')}`} sind [angekommen](#passages).`,
  ],
  // Under the line
  under: [
    (subject: string, stream: string, from: string, when: string) => `“${subject}”, ${stream}, from ${from}. Taken in ${when}`,
    (subject: string, stream: string, from: string, when: string) => `„${subject}“, ${stream}, von ${from}. Angenommen ${when}`,
  ],
  byCredential: [(name: string) => ` from credential ${name}.`, (name: string) => ` über den Zugang ${name}.`],
  noSubject: ['no subject', 'ohne Betreff'],
  // Actions
  cancel: ['Cancel the rest', 'Den Rest abbrechen'],
  cancelTitle: ['Cancel what has not left', 'Abbrechen, was noch nicht hinaus ist'],
  cancelBody: [
    (still: string, left: string) =>
      `${still} would not be written to. ${left} have left already or are settled, and stay as they are. This cannot be undone.`,
    (still: string, left: string) =>
      `An ${still} würde nicht geschrieben. ${left} sind schon hinaus oder entschieden und bleiben, wie sie sind. Das lässt sich nicht rückgängig machen.`,
  ],
  recipients: [
    (count: number) => `${one(count, 'en')} ${count === 1 ? 'recipient' : 'recipients'}`,
    (count: number) => `${count === 1 ? 'einen' : one(count, 'de')} Empfänger`,
  ],
  others: [
    (count: number) => (count === 0 ? 'None' : capital(one(count, 'en'))),
    (count: number) => (count === 0 ? 'Keine' : capital(count === 1 ? 'eine' : one(count, 'de'))),
  ],
  cancelVerb: [
    (count: number) => `Cancel ${one(count, 'en')}`,
    (count: number) => `${count === 1 ? 'Eine' : capital(one(count, 'de'))} abbrechen`,
  ],
  cancelled: [
    (count: number) => `${capital(one(count, 'en'))} cancelled.`,
    (count: number) => `${count === 1 ? 'Eine' : capital(one(count, 'de'))} abgebrochen.`,
  ],
  release: ['Release', 'Freigeben'],
  released: [
    (address: string) => `${address} is released and leaves when its turn comes.`,
    (address: string) => `${address} ist freigegeben und geht hinaus, sobald sie an der Reihe ist.`,
  ],
  notReleased: [(why: string) => `It could not be released. ${why}`, (why: string) => `Die Freigabe ist nicht gelungen. ${why}`],
  copyLink: ['Copy link', 'Link kopieren'],
  asJson: ['As JSON', 'Als JSON'],
  // Passages
  passages: [
    (count: number) => (count === 1 ? 'The passage' : `${capital(one(count, 'en'))} passages`),
    (count: number) => (count === 1 ? 'Der Weg' : `${capital(one(count, 'de'))} Wege`),
  ],
  passagesQuestion: [
    'One row, one recipient, one fate. Each keeps its own time.',
    'Eine Zeile, ein Empfänger, ein Ausgang. Jeder hat seine eigene Zeit.',
  ],
  recipient: ['Recipient', 'Empfänger'],
  state: ['State', 'Zustand'],
  tries: ['Tries', 'Versuche'],
  said: ['Their words', 'Ihre Worte'],
  since: ['Since', 'Seit'],
  caption: ['Recipients of this message', 'Empfänger dieser Nachricht'],
  chosen: [(address: string) => `The passage of ${address}`, (address: string) => `Der Weg von ${address}`],
  // Sentences above a lane
  laneRerouted: [
    'A receiver refused the first way. We left by another one; nobody was put on hold for it.',
    'Ein Empfänger hat den ersten Weg abgewiesen. Wir nahmen einen anderen; niemand wurde deshalb gesperrt.',
  ],
  laneResent: [
    'It was handed over a second time, because nobody could tell what became of the first.',
    'Sie wurde ein zweites Mal übergeben, weil niemand sagen konnte, was aus dem ersten Mal wurde.',
  ],
  laneTheirs: ['The receiver says so; somebody there has to correct it.', 'So sagt es der Empfänger; dort muss es jemand richtigstellen.'],
  laneSender: ['This is the sender’s to mend.', 'Das kann der Absender beheben.'],
  laneOurs: ['This is ours to mend.', 'Das liegt an uns.'],
  laneRule: [
    'A rule of the receiver says so; nobody is at fault.',
    'So will es eine Regel des Empfängers; niemand hat einen Fehler gemacht.',
  ],
});
