// This file holds the texts about held messages that wait for something a page can give.
import { catalogue } from './words.ts';

export const heldWords = catalogue({
  count: [
    (count: number, shown: string) => (count === 1 ? 'One message waits' : `${shown} messages wait`),
    (count: number, shown: string) => (count === 1 ? 'Eine Nachricht wartet' : `${shown} Nachrichten warten`),
  ],
  // Behind the count: until when, and what then.
  andThen: [
    (count: number, until: string) => ` ${until}, and ${count === 1 ? 'goes out by itself' : 'go out by themselves'} then.`,
    (count: number, until: string) => ` ${until}, und ${count === 1 ? 'geht' : 'gehen'} dann von selbst hinaus.`,
  ],
  domain: ['until this domain is verified', 'bis diese Domain bestätigt ist'],
  sender: ['until mail from this address may leave', 'bis Post von dieser Adresse hinausdarf'],
  consent: ['until the organisation agrees', 'bis die Organisation zustimmt'],
  allowance: ['until the operator allows it', 'bis der Betreiber es erlaubt'],
  cap: ['for tomorrow, or a higher number', 'auf morgen, oder auf eine höhere Zahl'],
});
