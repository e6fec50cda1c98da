// This file holds the texts of one tenant's page.
import { capital, catalogue, numberWord } from './words.ts';

export const tenantWords = catalogue({
  what: ['this organisation', 'Diese Organisation'],
  asking: ['Asking how this sender stands …', 'Es wird gefragt, wie dieser Absender steht …'],
  lineReady: [
    (keys: number, domains: number) =>
      `${capital(numberWord(keys, 'en'))} ${keys === 1 ? 'credential' : 'credentials'} [${keys === 1 ? 'opens' : 'open'} the door](#credentials); mail may speak for [${numberWord(domains, 'en')} ${domains === 1 ? 'domain' : 'domains'}](#domains).`,
    (keys: number, domains: number) =>
      `${keys === 1 ? 'Ein Zugang öffnet' : `${capital(numberWord(keys, 'de'))} Zugänge öffnen`} [die Tür](#credentials); Post darf für [${domains === 1 ? 'eine Domain' : `${numberWord(domains, 'de')} Domains`}](#domains) sprechen.`,
  ],
  linePaused: [
    'This organisation is [paused](#settings): nothing it hands in is taken.',
    'Diese Organisation ist [angehalten](#settings): Nichts von ihr wird angenommen.',
  ],
  lineNoKey: [
    'It cannot hand in mail yet: it has [no credential](#credentials).',
    'Sie kann noch keine Post abgeben: Es fehlt [ein Zugang](#credentials).',
  ],
  lineNoSender: [
    'It cannot write to anybody yet: it has [no domain](#domains) and no sender.',
    'Sie kann noch niemandem schreiben: Es fehlt [eine Domain](#domains) oder ein Absender.',
  ],
  lineBroken: [
    (name: string) => `The records of [${name}](#domains) are wrong; its mail takes lesser ways until they are right.`,
    (name: string) => `Die Einträge von [${name}](#domains) sind falsch; bis sie stimmen, nimmt die Post schlechtere Wege.`,
  ],
  under: [(since: string) => `Here since ${since}.`, (since: string) => `Hier seit ${since}.`],
  messages: ['Its messages', 'Ihre Nachrichten'],
  // Ledger
  ledger: ['All its recipients', 'Alle ihre Empfänger'],
  ledgerQuestion: ['Everybody it ever wrote to, and where they are now.', 'Alle, denen sie je schrieb, und wo sie jetzt sind.'],
  ledgerNone: ['It has written to nobody yet.', 'Sie hat noch niemandem geschrieben.'],
  ledgerOff: [(count: string) => `The ledger is off by ${count}.`, (count: string) => `Das Buch geht um ${count} nicht auf.`],
  // Credentials
  credentials: ['Credentials', 'Zugänge'],
  credentialsQuestion: ['Who can hand us mail in its name.', 'Wer uns in ihrem Namen Post geben kann.'],
  newCredential: ['Make a credential', 'Zugang anlegen'],
  noCredentials: ['No credential yet.', 'Noch kein Zugang.'],
  noCredentialsHow: [
    'An application needs an API key for HTTP or a log-in for SMTP.',
    'Eine Anwendung braucht einen Schlüssel für HTTP oder eine Anmeldung für SMTP.',
  ],
});
