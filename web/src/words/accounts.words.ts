// This file holds the texts of the list of provider accounts.
import { capital, catalogue, numberWord } from './words.ts';

export const accountsWords = catalogue({
  title: ['Provider accounts', 'Anbieterkonten'],
  what: ['the provider accounts', 'Die Anbieterkonten'],
  asking: ['Asking how the accounts are …', 'Es wird gefragt, wie es den Konten geht …'],
  none: ['There is no way out yet; what comes in waits here.', 'Es gibt noch keinen Weg hinaus; was hereinkommt, wartet hier.'],
  allWell: [
    (count: number) =>
      count === 1
        ? 'The one account is well.'
        : count === 2
          ? 'Both accounts are well.'
          : `All ${numberWord(count, 'en')} accounts are well.`,
    (count: number) =>
      count === 1
        ? 'Dem einen Konto geht es gut.'
        : count === 2
          ? 'Beiden Konten geht es gut.'
          : `Allen ${numberWord(count, 'de')} Konten geht es gut.`,
  ],
  someUnwell: [
    (unwell: number, all: number) =>
      `${all === 1 ? 'The one account carries' : all === 2 ? 'Both accounts carry' : `All ${numberWord(all, 'en')} accounts carry`} mail; [${all === 1 ? 'it' : numberWord(unwell, 'en')}](#list) ${unwell === 1 ? 'is' : 'are'} unwell.`,
    (unwell: number, all: number) =>
      `${all === 1 ? 'Das eine Konto trägt' : all === 2 ? 'Beide Konten tragen' : `Alle ${numberWord(all, 'de')} Konten tragen`} Post; [${all === 1 ? 'ihm' : unwell === 1 ? 'einem' : numberWord(unwell, 'de')}](#list) geht es nicht gut.`,
  ],
  oneRests: [
    (name: string, why: string, href: string) => `[${name}](${href}) rests: ${why}. The others carry its mail.`,
    (name: string, why: string, href: string) => `[${name}](${href}) ruht: ${why}. Die anderen tragen seine Post.`,
  ],
  allRest: [
    'Every account [rests](#list); mail waits here and nothing is lost.',
    'Alle Konten [ruhen](#list); die Post wartet hier, verloren ist nichts.',
  ],
  someRest: [
    (rest: number, all: number) =>
      `${capital(numberWord(rest, 'en'))} of ${numberWord(all, 'en')} accounts [rest](#list); the others carry their mail.`,
    (rest: number, all: number) =>
      `${capital(numberWord(rest, 'de'))} von ${numberWord(all, 'de')} Konten [ruhen](#list); die anderen tragen ihre Post.`,
  ],
  pausedWord: ['paused', 'angehalten'],
  add: ['Add a provider account', 'Anbieterkonto anlegen'],
  caption: ['Provider accounts', 'Anbieterkonten'],
  name: ['Name', 'Name'],
  provider: ['Provider', 'Anbieter'],
  breaker: ['Breaker', 'Schalter'],
  silent: ['Silent about', 'Schweigt über'],
  nothing: ['nothing we need', 'nichts, was wir brauchen'],
  since: ['Since', 'Seit'],
  simulated: ['simulator', 'Simulator'],
  emptyHow: [
    'Add an account at a provider, or any SMTP smarthost.',
    'Legen Sie ein Konto bei einem Anbieter an oder einen beliebigen SMTP-Server.',
  ],
  silentDelivered: ['deliveries', 'Zustellungen'],
});
