// This file holds the texts of explaining a reply.
import { catalogue } from './words.ts';

export const explainWords = catalogue({
  title: ['Explain a reply', 'Antwort deuten'],
  ask: ['Paste what a mail server said, and read what it means.', 'Fügen Sie ein, was ein Mailserver sagte, und lesen Sie, was es heißt.'],
  hold: [
    'By the usual rules this alone puts the address [on hold](#verdict).',
    'Nach den üblichen Regeln [sperrt](#verdict) das allein die Adresse.',
  ],
  noHold: [
    'By the usual rules this alone puts [nobody on hold](#verdict).',
    'Nach den üblichen Regeln [sperrt](#verdict) das allein niemanden.',
  ],
  theirs: ['It lies with the recipient.', 'Es liegt beim Empfänger.'],
  sender: ['It lies with the mail or its sender.', 'Es liegt an der Nachricht oder ihrem Absender.'],
  ours: ['It is ours to mend.', 'Es ist unsere Sache.'],
  rule: ['It is a house rule of the receiver.', 'Es ist eine Hausregel des Empfängers.'],
  nobodys: ['Nobody is at fault that we could name.', 'Eine Ursache können wir nicht nennen.'],
  reply: ['The reply', 'Die Antwort'],
  replyHint: ['All of it, as it came; several lines are fine.', 'Ganz, wie sie kam; mehrere Zeilen sind in Ordnung.'],
  verb: ['Explain it', 'Deuten'],
  verdict: ['What it means', 'Was es heißt'],
  verdictQuestion: [
    'In plain words first, then as the classifier reads it.',
    'Erst in einfachen Worten, dann so, wie es eingeordnet wird.',
  ],
  next: ['Next', 'Nächster Schritt'],
  developer: ['For developers', 'Für Entwickler'],
  class: ['Class', 'Einordnung'],
  fault: ['Whose turn', 'Wer am Zug ist'],
  kind: ['Kind', 'Art'],
  hard: ['the address is gone', 'die Adresse gibt es nicht mehr'],
  block: ['refused for us or this mail', 'wegen uns oder dieser Nachricht abgewiesen'],
  soft: ['for the moment', 'für den Augenblick'],
  code: ['Code', 'Antwortcode'],
  rule2: ['Rule that decided', 'Regel, die entschied'],
  noRule: ['none; the code decided', 'keine; der Code entschied'],
  suppress: ['Alone enough for a hold', 'Allein genug für eine Sperre'],
  yes: ['yes', 'ja'],
  no: ['no', 'nein'],
  noCode: ['none in it', 'keiner darin'],
});
