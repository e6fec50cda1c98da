// This file holds the texts of "Seen from outside": what the world finds when it looks at this desk.
import { capital, catalogue, numberWord } from './words.ts';

export const outsideWords = catalogue({
  title: ['Seen from outside', 'Von außen gesehen'],
  what: ['how the desk looks from outside', 'Der Blick von außen'],
  asking: ['Asking how the desk looks from outside …', 'Es wird gefragt, wie das Pult von außen aussieht …'],
  // Log line, worst first
  never: [
    'Nobody has looked at this desk from outside yet; it looks by itself once a day.',
    'Von außen wurde dieses Pult noch nicht angesehen; es sieht einmal am Tag von selbst nach.',
  ],
  problems: [
    (count: number) =>
      `[${capital(numberWord(count, 'en'))} ${count === 1 ? 'thing' : 'things'}](#mend) about this desk ${count === 1 ? 'makes' : 'make'} receivers refuse mail or keeps answers away.`,
    (count: number) =>
      count === 1
        ? '[Eine Sache](#mend) an diesem Pult lässt Empfänger Post abweisen oder hält Antworten fern.'
        : `[${capital(numberWord(count, 'de'))} Sachen](#mend) an diesem Pult lassen Empfänger Post abweisen oder halten Antworten fern.`,
  ],
  warnings: [
    (count: number) =>
      `Mail suffers from nothing here, but [${numberWord(count, 'en')} ${count === 1 ? 'thing' : 'things'}](#mend) will not hold for long or everywhere.`,
    (count: number) =>
      count === 1
        ? 'Hier leidet keine Post, aber [eine Sache](#mend) hält nicht lange oder nicht überall.'
        : `Hier leidet keine Post, aber [${numberWord(count, 'de')} Sachen](#mend) halten nicht lange oder nicht überall.`,
  ],
  unanswered: [
    (count: number) =>
      `What could be seen is in order; [${numberWord(count, 'en')} ${count === 1 ? 'question' : 'questions'}](#unknown) got no answer and ${count === 1 ? 'is' : 'are'} asked again.`,
    (count: number) =>
      count === 1
        ? 'Was zu sehen war, ist in Ordnung; [eine Frage](#unknown) blieb ohne Antwort und wird wieder gestellt.'
        : `Was zu sehen war, ist in Ordnung; [${numberWord(count, 'de')} Fragen](#unknown) blieben ohne Antwort und werden wieder gestellt.`,
  ],
  well: [
    'From outside, [everything](#well) about this desk is as it should be.',
    'Von außen ist an diesem Pult [alles](#well), wie es sein soll.',
  ],
  // Looking
  looked: [
    (when: string) => `Looked at ${when}; again by itself once a day.`,
    (when: string) => `Angesehen ${when}; von selbst wieder einmal am Tag.`,
  ],
  look: ['Look now', 'Jetzt ansehen'],
  looking: ['Looking …', 'Wird angesehen …'],
  lookedNow: ['Looked: what stands here is from this moment.', 'Angesehen: Was hier steht, ist von diesem Augenblick.'],
  failed: [(why: string) => `That did not work. ${why}`, (why: string) => `Das hat nicht geklappt. ${why}`],
  explain: [
    'Names of sending addresses, the way back for bounces and reports, certificates, ages of keys, the clock: as receivers find them.',
    'Namen der sendenden Adressen, der Rückweg für Rückläufer und Berichte, Zertifikate, Alter der Schlüssel, die Uhr: so, wie Empfänger sie vorfinden.',
  ],
  // Sections
  mend: ['To mend', 'Zu richten'],
  mendQuestion: ['Worst first, each with what to do.', 'Das Schlimmste zuerst, jeweils mit dem, was zu tun ist.'],
  note: ['Good to know', 'Gut zu wissen'],
  noteQuestion: ['Nothing is wrong; it matters once real mail leaves.', 'Nichts ist falsch; es zählt, sobald echte Post hinausgeht.'],
  unknown: ['Without an answer', 'Ohne Antwort'],
  unknownQuestion: ['Asked again by itself.', 'Wird von selbst wieder gefragt.'],
  wellTitle: ['As it should be', 'Wie es sein soll'],
  wellQuestion: ['Looked at and found in order.', 'Angesehen und in Ordnung.'],
  finding: ['What is found', 'Was sich findet'],
  since: ['Since', 'Seit'],
  sinceWhen: [(when: string) => `Since ${when}`, (when: string) => `Seit ${when}`],
  problem: ['Mail suffers', 'Post leidet'],
  warning: ['Will not last', 'Hält nicht'],
});
