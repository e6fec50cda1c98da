// This file holds the texts of a tenant's domains, senders and settings.
import { capital, catalogue, numberWord } from './words.ts';

export const tenantPartWords = catalogue({
  // Domains
  domains: ['Sending domains', 'Absenderdomains'],
  domainsQuestion: [
    'Names its mail may come from, and the records that prove them.',
    'Namen, unter denen ihre Post kommen darf, und die Einträge, die das beweisen.',
  ],
  noDomains: ['No sending domain yet.', 'Noch keine Absenderdomain.'],
  noDomainsHow: [
    'A domain of its own lets receivers check that the mail is genuine.',
    'Mit einer eigenen Domain können Empfänger prüfen, ob die Post echt ist.',
  ],
  domain: ['Domain', 'Domain'],
  domainAdd: ['Add the domain', 'Domain anlegen'],
  domainHint: ['As it stands after the @, for example rowing-club.example.', 'Wie sie nach dem @ steht, zum Beispiel ruderclub.example.'],
  domainAdded: [
    (name: string) => `${name} is added. Its records follow below.`,
    (name: string) => `${name} ist angelegt. Die Einträge stehen darunter.`,
  ],
  domainNew: ['Add a domain', 'Domain anlegen'],
  senderNew: ['Add a single sender', 'Einzelnen Absender anlegen'],
  // Senders
  senders: ['Single senders', 'Einzelne Absender'],
  sendersQuestion: [
    'Addresses it may use in From without owning their domain.',
    'Adressen, die sie als Absender nutzen darf, ohne dass ihr die Domain gehört.',
  ],
  noSenders: ['No single sender.', 'Kein einzelner Absender.'],
  noSendersHow: ['Only needed where the organisation has no domain of its own.', 'Nur nötig, wo die Organisation keine eigene Domain hat.'],
  contact: ['Contact address', 'Kontaktadresse'],
  contactHint: [
    'Where the desk writes when a domain needs care, and once a week about reports. Empty: nowhere.',
    'Wohin das Pult schreibt, wenn eine Domain Pflege braucht, und einmal die Woche zu Berichten. Leer: nirgends.',
  ],
  language: ['Language of its mails', 'Sprache dieser Mails'],
  // Settings
  settings: ['Settings', 'Einstellungen'],
  settingsQuestion: [
    'Its name, and what happens when a hand-over is uncertain.',
    'Ihr Name, und was bei einer ungewissen Übergabe geschieht.',
  ],
  name: ['Name', 'Name'],
  save: ['Save', 'Speichern'],
  saved: ['Saved.', 'Gespeichert.'],
  pause: ['Pause this organisation', 'Organisation anhalten'],
  pauseTitle: [(name: string) => `Pause ${name}`, (name: string) => `${name} anhalten`],
  pauseBody: [
    (keys: number) =>
      `${capital(numberWord(keys, 'en'))} ${keys === 1 ? 'credential stops' : 'credentials stop'} working at once: what it hands in is refused, at both doors. Mail taken in already goes on. It can be resumed at any time.`,
    (keys: number) =>
      `${keys === 1 ? 'Ein Zugang wirkt' : `${capital(numberWord(keys, 'de'))} Zugänge wirken`} sofort nicht mehr: Was sie abgibt, wird an beiden Türen abgewiesen. Schon angenommene Post geht weiter. Sie lässt sich jederzeit wieder zulassen.`,
  ],
  pauseVerb: ['Pause it', 'Anhalten'],
  pausedNow: [(name: string) => `${name} is paused.`, (name: string) => `${name} ist angehalten.`],
  resume: ['Resume it', 'Wieder zulassen'],
  resumed: [(name: string) => `${name} may hand in mail again.`, (name: string) => `${name} darf wieder Post abgeben.`],
  failed: [(why: string) => `That did not work. ${why}`, (why: string) => `Das ist nicht gelungen. ${why}`],
});
