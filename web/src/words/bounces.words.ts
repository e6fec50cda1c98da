// This file holds the texts of the first view of Bounces, for the operator and for a tenant's "People to fix".
import { capital, catalogue, numberWord } from './words.ts';

export const bouncesWords = catalogue({
  title: ['Bounces', 'Abgewiesen'],
  peopleToFix: ['People to fix', 'Adressen richten'],
  what: ['the answers of receivers', 'Die Antworten der Empfänger'],
  asking: ['Counting what receivers answered …', 'Die Antworten der Empfänger werden gezählt …'],
  // Log line of the operator
  nobody: [
    (time: string) => `Nobody was written to ${time}, as far as these filters go.`,
    (time: string) => `Soweit diese Filter reichen, wurde ${time} an niemanden geschrieben.`,
  ],
  none: [
    (all: string, time: string) => `Nobody was refused: ${all} recipients were written to ${time}.`,
    (all: string, time: string) => `Niemand wurde abgewiesen: An ${all} Empfänger wurde ${time} geschrieben.`,
  ],
  some: [
    (share: string, time: string) => `[${share}](#list) recipients did not get their mail ${time}.`,
    (share: string, time: string) => `[${share}](#list) Empfängern bekamen ${time} ihre Post nicht.`,
  ],
  count: [
    (count: string, one: boolean, time: string) =>
      `[${count}](#list) ${one ? 'refusal' : 'refusals'} ${one ? 'was' : 'were'} counted ${time}.`,
    (count: string, one: boolean, time: string) =>
      one ? `[Eine](#list) Abweisung wurde ${time} gezählt.` : `[${count}](#list) Abweisungen wurden ${time} gezählt.`,
  ],
  ours: [
    (count: number, words: string) => `[${words}](#turn) of the refusals ${count === 1 ? 'is' : 'are'} ours to mend.`,
    (count: number, words: string) =>
      count === 1 ? '[Eine](#turn) der Abweisungen ist unsere Sache.' : `[${words}](#turn) der Abweisungen sind unsere Sache.`,
  ],
  noneOurs: ['None of it is [ours to mend](#turn).', 'Nichts davon ist [unsere Sache](#turn).'],
  // Log line of a tenant
  tenantNobody: [(time: string) => `Nobody was written to ${time}.`, (time: string) => `${capital(time)} wurde an niemanden geschrieben.`],
  tenantAll: [
    (all: string, time: string) => `Nobody is to be fixed: no refusal among ${all} recipients ${time}.`,
    (all: string, time: string) => `Nichts zu richten: keine Abweisung bei ${all} Empfängern ${time}.`,
  ],
  tenantYours: [
    (count: number, time: string) =>
      `[${capital(numberWord(count, 'en'))} ${count === 1 ? 'mail' : 'mails'}](#yours) ${time} did not reach people whose addresses need you.`,
    (count: number, time: string) =>
      `[${count === 1 ? 'Eine Nachricht' : `${capital(numberWord(count, 'de'))} Nachrichten`}](#yours) ${count === 1 ? 'erreichte' : 'erreichten'} ${time} Leute nicht, deren Adressen zu richten sind.`,
  ],
  tenantNotYours: [
    (count: string, time: string) => `${count} did not arrive ${time}, and [nothing](#itself) of it needs you.`,
    (count: string, time: string) => `${count} kamen ${time} nicht an, und [nichts](#itself) davon braucht Sie.`,
  ],
  tenantOnlyMail: [
    (share: string, time: string) =>
      `[${share}](#mail) that did not arrive ${time} were refused for your mail or your domain; no address is wrong.`,
    (share: string, time: string) =>
      `[${share}](#mail), die ${time} nicht ankamen, scheiterten an Inhalt oder Domain; keine Adresse ist falsch.`,
  ],
  tenantMail: [
    (count: string, one: boolean) => `${one ? 'One was' : `${count} were`} refused for [content or domain](#mail).`,
    (count: string, one: boolean) =>
      one ? 'Eine Nachricht scheiterte an [Inhalt oder Domain](#mail).' : `${count} scheiterten an [Inhalt oder Domain](#mail).`,
  ],
  tenantRest: ['Nothing else waits for you.', 'Sonst wartet nichts auf Sie.'],
  explainIt: ['Explain a reply', 'Antwort deuten'],
});
