// This file holds the texts of "For developers".
import { catalogue } from './words.ts';

export const developersWords = catalogue({
  title: ['For developers', 'Für Entwickler'],
  what: ['the credentials', 'Die Zugänge'],
  asking: ['Asking which keys open the door …', 'Es wird gefragt, welche Schlüssel die Tür öffnen …'],
  credentials: ['Credentials', 'Zugänge'],
  credentialsQuestion: [
    'Keys and log-ins with which your applications hand in mail.',
    'Schlüssel und Anmeldungen, mit denen Ihre Anwendungen Post abgeben.',
  ],
  make: ['Make a credential', 'Zugang anlegen'],
  none: ['No credential yet.', 'Noch kein Zugang.'],
  noneHow: [
    'An application needs an API key for HTTP or a log-in for SMTP.',
    'Eine Anwendung braucht einen Schlüssel für HTTP oder eine Anmeldung für SMTP.',
  ],
  events: ['Events', 'Ereignisse'],
  eventsQuestion: [
    'What happened to your recipients, oldest first; the same as GET /v1/events.',
    'Was mit Ihren Empfängern geschah, Ältestes zuerst; dasselbe wie GET /v1/events.',
  ],
  eventsNone: ['No event yet.', 'Noch kein Ereignis.'],
  eventsNoneHow: [
    'Events appear when mail is handed over and when receivers answer.',
    'Ereignisse erscheinen, wenn Post übergeben wird und wenn Empfänger antworten.',
  ],
  eventsMore: ['Newer ones', 'Neuere'],
  eventsFirst: ['From the beginning', 'Von Anfang an'],
  type: ['Event', 'Ereignis'],
  recipient: ['Recipient', 'Empfänger'],
  at: ['When', 'Wann'],
  said: ['Their words', 'Ihre Worte'],
  docs: ['API documentation', 'Dokumentation der Schnittstelle'],
});
