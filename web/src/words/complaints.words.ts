// This file holds the texts of Complaints. The tone is kind: people often press the wrong button.
import { capital, catalogue, numberWord } from './words.ts';

export const complaintsWords = catalogue({
  title: ['Complaints', 'Beschwerden'],
  what: ['the complaints', 'Die Beschwerden'],
  asking: ['Asking who pressed “spam” …', 'Es wird gefragt, wer auf „Spam“ gedrückt hat …'],
  // Log line
  nobody: [(time: string) => `Nobody complained ${time}.`, (time: string) => `${capital(time)} hat sich niemand beschwert.`],
  some: [
    (count: number, time: string) =>
      `[${capital(numberWord(count, 'en'))} ${count === 1 ? 'reader' : 'readers'}](#list) pressed “spam” ${time}.`,
    (count: number, time: string) =>
      count === 1
        ? `[Eine Person](#list) hat ${time} auf „Spam“ gedrückt.`
        : `[${capital(numberWord(count, 'de'))} Personen](#list) haben ${time} auf „Spam“ gedrückt.`,
  ],
  more: [
    (count: string, time: string) => `[${count} readers and more](#list) pressed “spam” ${time}.`,
    (count: string, time: string) => `[${count} Personen und mehr](#list) haben ${time} auf „Spam“ gedrückt.`,
  ],
  calm: ['No receiver is [near its line](#rates).', 'Bei keinem Anbieter ist es [nah an der Grenze](#rates).'],
  few: [
    'There is [too little mail](#rates) to hold that against a line.',
    'Für einen Vergleich mit den Grenzen ist es [zu wenig Post](#rates).',
  ],
  watch: [
    (at: string) => `At ${at} it is [worth watching](#rates).`,
    (at: string) => `Bei ${at} sollte man es [im Auge behalten](#rates).`,
  ],
  stop: [(at: string) => `At ${at} it is [over the line](#rates).`, (at: string) => `Bei ${at} ist es [über der Grenze](#rates).`],
  kind: [
    'Often it is the wrong button, or the quickest way to unsubscribe. Everybody who pressed it is off bulk mail already; nobody needs to be asked.',
    'Oft ist es der falsche Knopf oder der schnellste Weg zum Abmelden. Wer gedrückt hat, bekommt schon keine Rundschreiben mehr; niemand muss gefragt werden.',
  ],
  // Rates
  rates: ['Against the lines', 'An den Grenzen'],
  ratesQuestion: [
    (good: string, stop: string) =>
      `Receivers like a sender below ${good} and turn away from one above ${stop}. The band is what is likely.`,
    (good: string, stop: string) =>
      `Unter ${good} ist ein Absender gern gesehen, über ${stop} nicht mehr. Das Band zeigt, was wahrscheinlich ist.`,
  ],
  provider: ['Mailbox provider', 'Anbieter'],
  rate: ['Share', 'Anteil'],
  of: ['Of', 'Von'],
  verdict: ['What it means', 'Was es heißt'],
  good: ['well below', 'deutlich darunter'],
  watch2: ['near the first line', 'nahe der ersten Grenze'],
  stop2: ['over the second line', 'über der zweiten Grenze'],
  'too-little': ['too few to say', 'zu wenige für ein Urteil'],
  drawn: [
    (rate: string, between: string) => `${rate}, 90\u00a0% sure: ${between}`,
    (rate: string, between: string) => `${rate}, zu 90\u00a0% sicher: ${between}`,
  ],
  noRates: ['Nothing was delivered in this time, so there is no rate.', 'In dieser Zeit wurde nichts zugestellt, also gibt es keine Rate.'],
  // List
  list: ['Who, and on what', 'Wer, und worauf'],
  caption: ['Complaints, newest first', 'Beschwerden, neueste zuerst'],
  reader: ['Reader', 'Person'],
  mailing: ['On', 'Worauf'],
  tags: ['Tags', 'Schlagworte'],
  at: ['When', 'Wann'],
  via: ['At', 'Bei'],
  tenant: ['Tenant', 'Organisation'],
  noSubject: ['(no subject)', '(ohne Betreff)'],
  emptyTitle: ['Nobody complained.', 'Niemand hat sich beschwert.'],
  emptyHow: ['Not in this time and with these filters.', 'Nicht in dieser Zeit und mit diesen Filtern.'],
});
