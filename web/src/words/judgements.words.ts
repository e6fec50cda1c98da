// This file holds the texts by which people say whose a source of mail is.
import { catalogue } from './words.ts';

export const judgementWords = catalogue({
  ours: ['Ours', 'Von uns'],
  notOurs: ['Not ours', 'Nicht von uns'],
  isOurs: ['Ours', 'Von uns'],
  isNotOurs: ['Not ours', 'Nicht von uns'],
  noteOurs: ['What do you call it?', 'Wie nennen Sie es?'],
  noteNotOurs: ['A note, if there is one', 'Eine Notiz, wenn es eine gibt'],
  example: ['the scanner at the office', 'der Scanner im Büro'],
  sayOurs: ['It is ours', 'Es ist von uns'],
  sayNotOurs: ['It is not ours', 'Es ist nicht von uns'],
  saidOurs: [
    (name: string) => `${name} is yours; its fix stands beside it.`,
    (name: string) => `${name} gehört Ihnen; was zu tun ist, steht daneben.`,
  ],
  saidNotOurs: [
    (name: string) => `${name} no longer counts against a stricter policy.`,
    (name: string) => `${name} zählt nicht mehr gegen eine strengere Richtlinie.`,
  ],
  takeBack: ['Take it back', 'Zurücknehmen'],
  takenBack: [(name: string) => `Nothing is said about ${name} any more.`, (name: string) => `Über ${name} ist nichts mehr gesagt.`],
  said: [(who: string, when: string) => `${who}, ${when}`, (who: string, when: string) => `${who}, ${when}`],
  program: ['a program', 'ein Programm'],
  platform: ['the platform', 'die Plattform'],
  countsAnyway: ['It carries mail of this desk, so it counts all the same.', 'Es trägt Post dieses Pults und zählt trotzdem.'],
  failed: [(why: string) => `That did not work. ${why}`, (why: string) => `Das ist nicht gelungen. ${why}`],
});
