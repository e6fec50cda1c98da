// This file names faults and marks.
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

export const markNames = catalogue({
  complained: ['Complained', 'Beschwerde'],
  opened: ['Opened', 'Geöffnet'],
  clicked: ['Clicked', 'Angeklickt'],
  unsubscribed: ['Unsubscribed', 'Abgemeldet'],
  resent: ['Handed over twice', 'Zweimal übergeben'],
  silent: ['Route gives no answers', 'Weg ohne Rückmeldung'],
} as const satisfies Record<Mark, Pair>);
