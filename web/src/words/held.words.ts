// This file holds the texts about held messages that wait for something a page can give.
import { catalogue, type Words } from './words.ts';

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

/** Chips of the list of messages. */
export const waitChips = catalogue({
  sender: ['From', 'Von'],
  waitsFor: ['Waits for', 'Wartet auf'],
  or: ['or', 'oder'],
});

/** What a held message waits for, by the codes of the API, to stand behind "waits for". */
export const waitsWords = catalogue({
  'sender-not-allowed': ['a confirmed sender', 'einen bestätigten Absender'],
  'rewriting-not-agreed': ['the organisation’s consent', 'die Zustimmung der Organisation'],
  'free-mailbox': ['leave to write From anew', 'die Erlaubnis, den Absender umzuschreiben'],
  'domain-not-authenticated': ['the domain’s records', 'die Einträge der Domain'],
  'key-revoked': ['the domain’s next key', 'den nächsten Schlüssel der Domain'],
  'rewriting-cap': ['room in the day', 'Platz im Tag'],
  'signed-by-author': ['a way that keeps From', 'einen Weg, der den Absender lässt'],
  'no-account': ['a provider account', 'ein Anbieterkonto'],
  'every-account-out': ['an open way', 'einen offenen Weg'],
  unknown: ['the router’s answer', 'die Antwort des Routers'],
  anything: ['something that will come', 'etwas, das noch kommt'],
});

/** The codes of a filter in words: "a, b or c". What is no code is shown as it stands. */
export function sayWaits(codes: string, words: Words<typeof waitsWords>, or: string): string {
  // `in` looked the code up.
  const said = codes.split(',').map((code) => (code in words ? words[code as keyof typeof words] : code));
  const last = said.pop() ?? '';
  return said.length === 0 ? last : `${said.join(', ')} ${or} ${last}`;
}
