// This file holds the reasons why a state forbids an action.
import { catalogue } from './words.ts';

export const canWords = catalogue({
  noTenant: ['No organisation is known yet that it would be for.', 'Es ist noch keine Organisation bekannt, für die das wäre.'],
  leftAlready: ['It has left already and cannot be called back.', 'Sie ist schon hinaus und lässt sich nicht zurückrufen.'],
  settled: ['Its fate is settled.', 'Ihr Ausgang steht fest.'],
  cancelledAlready: ['It was cancelled already.', 'Sie wurde schon abgebrochen.'],
  onTheWire: ['It is being handed over at this moment.', 'Sie wird gerade übergeben.'],
  notHeld: ['It is not held; it moves by itself.', 'Sie wird nicht zurückgehalten und geht von selbst weiter.'],
  beingChecked: ['We are asking the provider whether it has it.', 'Wir fragen beim Anbieter nach, ob er sie hat.'],
  suspendedAlready: ['It is paused already.', 'Ist schon angehalten.'],
  runsAlready: ['It is running.', 'Läuft bereits.'],
  revokedForGood: ['It was revoked for good; make a new one.', 'Wurde endgültig widerrufen; legen Sie einen neuen Zugang an.'],
  pausedAlready: ['It is paused already.', 'Ist schon angehalten.'],
  removedForGood: ['It was removed.', 'Wurde entfernt.'],
  pauseFirst: ['Pause it first, so that nothing is on its way there.', 'Halten Sie es zuerst an, damit nichts dorthin unterwegs ist.'],
  closedAlready: ['It is closed.', 'Er ist geschlossen.'],
  acknowledgedAlready: ['Somebody is on it.', 'Jemand kümmert sich darum.'],
  waitsAlready: ['It waits to be read already.', 'Sie wartet schon darauf, gelesen zu werden.'],
  unknownState: [
    'This console does not know its state; reload the page.',
    'Diese Konsole kennt den Zustand nicht; laden Sie die Seite neu.',
  ],
});
